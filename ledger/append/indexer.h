// ledger/append/indexer.h
// Follows the sequencer and writes what committed groups add to the index, many groups at a time.
//
// Guarantees:  groups are applied in commit order, whole; what is not applied when it stops is
//              completed from the entries at the next open.
// Threads:     thread-safe; owns one thread.
// Lifetime:    borrows `store`, which must outlive it.
// Errors:      a failed write stops it; every wait then returns that error.
// Limits:      kIndexLagEntriesMax entries behind (the sequencer waits).
// Tests:       tests/ledger/append/ledger_test.cc
#ifndef SCRUTINY_LEDGER_APPEND_INDEXER_H_
#define SCRUTINY_LEDGER_APPEND_INDEXER_H_

#include <deque>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"

#include "ledger/append/overlay.h"
#include "ledger/base/ids.h"
#include "ledger/base/mutex.h"
#include "ledger/store/index_store.h"

namespace scrutiny::ledger {

class Indexer {
 public:
  explicit Indexer(IndexStore& store);
  ~Indexer();

  void Push(IndexWork work);

  // The index is complete below this.
  TreeSize position() const;

  // Waits until the index is complete below `position`.
  absl::Status WaitFor(TreeSize position) const;

  // Applies what was pushed and ends the thread.
  void Stop();

 private:
  void Run();
  absl::Status Apply(const std::vector<IndexWork>& works);

  IndexStore& store_;
  mutable Mutex mutex_;
  mutable CondVar changed_;
  std::deque<IndexWork> queue_ ABSL_GUARDED_BY(mutex_);
  TreeSize position_ ABSL_GUARDED_BY(mutex_);
  absl::Status failed_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_APPEND_INDEXER_H_
