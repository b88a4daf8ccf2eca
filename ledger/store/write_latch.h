// ledger/store/write_latch.h
// Remembers that RocksDB failed to write, in the foreground or behind, and keeps it from going on
// by itself; also which tables it made out of its write-ahead log while opening.
//
// Guarantees:  once tripped it stays so; the first reason is kept.
// Threads:     thread-safe; RocksDB calls it from threads of its own.
// Tests:       tests/ledger/store/entry_log_fault_test.cc
#ifndef SCRUTINY_LEDGER_STORE_WRITE_LATCH_H_
#define SCRUTINY_LEDGER_STORE_WRITE_LATCH_H_

#include <atomic>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "rocksdb/listener.h"

#include "ledger/base/mutex.h"

namespace scrutiny::ledger {

class WriteLatch : public rocksdb::EventListener {
 public:
  const char* Name() const override { return "scrutiny.WriteLatch"; }

  bool tripped() const { return tripped_.load(std::memory_order_acquire); }
  void Trip(const std::string& why) ABSL_LOCKS_EXCLUDED(mutex_);
  // kReadOnly with the reason, once tripped.
  absl::Status status() const ABSL_LOCKS_EXCLUDED(mutex_);

  // File names of the tables that recovery wrote for the column family.
  std::vector<std::string> RecoveredTables(const std::string& family) const
      ABSL_LOCKS_EXCLUDED(mutex_);

  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* error) override;
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason reason, rocksdb::Status error,
                            bool* auto_recovery) override;
  void OnTableFileCreated(const rocksdb::TableFileCreationInfo& info) override;

 private:
  struct Recovered {
    std::string family;
    std::string path;
  };

  std::atomic<bool> tripped_{false};
  mutable Mutex mutex_;
  std::string why_ ABSL_GUARDED_BY(mutex_);
  std::vector<Recovered> recovered_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_STORE_WRITE_LATCH_H_
