// ledger/feed/feed.h
// The live tail: what was committed last, kept in memory for readers that keep up, and the news
// that there is more. Readers pull; the feed keeps no queue for anybody, so a slow one costs
// nobody else anything.
//
// Guarantees:  publishes in commit order, whole groups; a listener is never called again once
//              RemoveListener has returned.
// Threads:     thread-safe; Publish is called by the committing thread alone.
// Limits:      kFeedTailBytesMax bytes of chunks.
// Tests:       tests/ledger/feed/feed_test.cc
#ifndef SCRUTINY_LEDGER_FEED_FEED_H_
#define SCRUTINY_LEDGER_FEED_FEED_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"

#include "ledger/base/ids.h"
#include "ledger/base/mutex.h"
#include "ledger/format/chunk.h"

namespace scrutiny::ledger {

class Feed {
 public:
  explicit Feed(TreeSize size) : size_(size) {}

  // What is committed.
  TreeSize size() const;

  // Makes a committed group visible and wakes whoever waits.
  void Publish(absl::Span<const ChunkPtr> group);

  // Chunks from memory, the first containing `from`, as many as EntrySource::Chunks would return;
  // none if `from` is older than the tail.
  std::vector<ChunkPtr> Tail(Sequence from, size_t max_bytes) const;

  bool WaitForMoreThan(TreeSize size, int64_t timeout_micros);
  uint64_t AddListener(std::function<void(TreeSize)> listener);
  void RemoveListener(uint64_t id);

  // Ends all waiting.
  void Close();

 private:
  mutable Mutex mutex_;
  CondVar published_;
  TreeSize size_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  std::deque<ChunkPtr> tail_ ABSL_GUARDED_BY(mutex_);
  size_t tail_bytes_ ABSL_GUARDED_BY(mutex_) = 0;

  // Held while listeners are called, so that removing one waits for its last call.
  Mutex listeners_mutex_;
  absl::flat_hash_map<uint64_t, std::function<void(TreeSize)>> listeners_
      ABSL_GUARDED_BY(listeners_mutex_);
  uint64_t next_listener_ ABSL_GUARDED_BY(listeners_mutex_) = 1;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_FEED_FEED_H_
