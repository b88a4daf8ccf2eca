#include "ledger/store/flush_tracker.h"

#include "rocksdb/db.h"

namespace scrutiny::ledger {

void FlushTracker::Start(TreeSize flushed) {
  MutexLock lock(mutex_);
  flushed_ = flushed;
}

void FlushTracker::Written(uint64_t number, TreeSize position) {
  MutexLock lock(mutex_);
  unflushed_.push_back({number, position});
}

TreeSize FlushTracker::flushed() const {
  MutexLock lock(mutex_);
  return flushed_;
}

void FlushTracker::Flushed(uint64_t number) {
  MutexLock lock(mutex_);
  while (!unflushed_.empty() && unflushed_.front().number <= number) {
    flushed_ = unflushed_.front().position;
    unflushed_.pop_front();
  }
}

// All families are flushed as one, and each batch ends with the position in the default family: a
// table of that family which covers a number therefore covers whole batches, in all families.
void FlushTracker::OnFlushCompleted(rocksdb::DB* /*db*/, const rocksdb::FlushJobInfo& info) {
  if (info.cf_name == rocksdb::kDefaultColumnFamilyName) Flushed(info.largest_seqno);
}

void FlushTracker::OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason /*reason*/,
                                        rocksdb::Status error, bool* auto_recovery) {
  error.PermitUncheckedError();
  *auto_recovery = false;
}

}  // namespace scrutiny::ledger
