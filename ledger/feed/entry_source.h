// ledger/feed/entry_source.h
// Where readers of the ledger get entries from: subscriptions, the registers, an export. What it
// shows is committed; nobody sees an entry before it is synced, misses one, or sees part of an
// append as the whole.
//
// Threads:  thread-safe.
// Tests:    tests/ledger/feed/feed_test.cc
#ifndef SCRUTINY_LEDGER_FEED_ENTRY_SOURCE_H_
#define SCRUTINY_LEDGER_FEED_ENTRY_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

#include "ledger/base/ids.h"
#include "ledger/format/chunk.h"

namespace scrutiny::ledger {

// Which ledger a position belongs to.
struct LedgerIdentity {
  std::string ledger_id;     // 16 bytes
  uint32_t incarnation = 0;  // from 1
  std::string origin;
  uint32_t format_version = 0;
  // The verifier key that signs its checkpoints; empty: none is named yet. After changes of keys,
  // the ones before, the newest first, each with the time until which it signs too.
  std::string log_key;
  std::vector<std::pair<std::string, int64_t>> log_keys_before;

  friend bool operator==(const LedgerIdentity& a, const LedgerIdentity& b) {
    return a.ledger_id == b.ledger_id && a.incarnation == b.incarnation;
  }
};

class EntrySource {
 public:
  virtual ~EntrySource() = default;

  virtual LedgerIdentity identity() const = 0;

  // How many entries are committed; always the end of a whole append.
  virtual TreeSize size() const = 0;

  // Consecutive chunks, the first containing `from`, at least one, and no more once `max_bytes`
  // are reached. A chunk may begin before `from`, and never reaches beyond size() as of the call.
  // Errors: kBeyondHead if `from` is not committed; kCorrupt naming the entry.
  virtual absl::StatusOr<std::vector<ChunkPtr>> Chunks(Sequence from, size_t max_bytes) = 0;

  // The same towards the beginning: the first contains `from`, the next ends where it begins.
  virtual absl::StatusOr<std::vector<ChunkPtr>> ChunksBackwards(Sequence from,
                                                                size_t max_bytes) = 0;

  // Waits until more than `size` entries are committed; false when the time ran out or the
  // ledger is closing.
  virtual bool WaitForMoreThan(TreeSize size, int64_t timeout_micros) = 0;

  // Calls `listener` with the new size after every commit, from the thread that commits: it must
  // only wake somebody. Returns an id for RemoveListener, after which it is not called any more.
  virtual uint64_t AddListener(std::function<void(TreeSize)> listener) = 0;
  virtual void RemoveListener(uint64_t id) = 0;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_FEED_ENTRY_SOURCE_H_
