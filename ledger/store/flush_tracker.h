// ledger/store/flush_tracker.h
// Tells up to which position the index survives a crash. RocksDB says which of its own sequence
// numbers a finished flush covers; this knows which position each of them stands for.
//
// Guarantees:  flushed() never runs ahead of what is on the disk.
// Threads:     thread-safe; RocksDB calls it from threads of its own.
// Tests:       tests/ledger/store/index_store_test.cc
#ifndef SCRUTINY_LEDGER_STORE_FLUSH_TRACKER_H_
#define SCRUTINY_LEDGER_STORE_FLUSH_TRACKER_H_

#include <cstdint>
#include <deque>

#include "absl/base/thread_annotations.h"
#include "rocksdb/listener.h"

#include "ledger/base/ids.h"
#include "ledger/base/mutex.h"

namespace scrutiny::ledger {

class FlushTracker : public rocksdb::EventListener {
 public:
  const char* Name() const override { return "scrutiny.FlushTracker"; }

  // The position found when opening: all of it is on the disk.
  void Start(TreeSize flushed) ABSL_LOCKS_EXCLUDED(mutex_);
  // A batch that ended at `position` had `number` as RocksDB's last sequence number. To be called
  // before anything else is written.
  void Written(uint64_t number, TreeSize position) ABSL_LOCKS_EXCLUDED(mutex_);
  // Everything written up to this number is on the disk.
  void Flushed(uint64_t number) ABSL_LOCKS_EXCLUDED(mutex_);
  TreeSize flushed() const ABSL_LOCKS_EXCLUDED(mutex_);

  void OnFlushCompleted(rocksdb::DB* db, const rocksdb::FlushJobInfo& info) override;
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason reason, rocksdb::Status error,
                            bool* auto_recovery) override;

 private:
  struct Batch {
    uint64_t number;
    TreeSize position;
  };

  mutable Mutex mutex_;
  std::deque<Batch> unflushed_ ABSL_GUARDED_BY(mutex_);
  TreeSize flushed_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_STORE_FLUSH_TRACKER_H_
