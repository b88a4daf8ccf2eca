// ledger/store/table_tracker.h
// Which tables of some column families lie in the folder: also those that RocksDB needs no more and
// has not deleted yet, because somebody still reads them or a copy is being made.
//
// Threads:     thread-safe; RocksDB calls it from threads of its own.
// Tests:       tests/ledger/store/sealed_store_test.cc
#ifndef SCRUTINY_LEDGER_STORE_TABLE_TRACKER_H_
#define SCRUTINY_LEDGER_STORE_TABLE_TRACKER_H_

#include <set>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "rocksdb/db.h"
#include "rocksdb/listener.h"

#include "ledger/base/mutex.h"

namespace scrutiny::ledger {

class TableTracker : public rocksdb::EventListener {
 public:
  explicit TableTracker(std::set<std::string> families) : families_(std::move(families)) {}

  const char* Name() const override { return "scrutiny.TableTracker"; }

  // The tables in use, by file name.
  std::set<std::string> InUse(rocksdb::DB& db) const;
  // Once after opening: those that were there before.
  void Begin(rocksdb::DB& db) ABSL_LOCKS_EXCLUDED(mutex_);
  // The tables in the folder.
  std::set<std::string> InFolder() const ABSL_LOCKS_EXCLUDED(mutex_);

  void OnTableFileCreated(const rocksdb::TableFileCreationInfo& info) override;
  void OnTableFileDeleted(const rocksdb::TableFileDeletionInfo& info) override;

 private:
  const std::set<std::string> families_;
  mutable Mutex mutex_;
  std::set<std::string> tables_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_STORE_TABLE_TRACKER_H_
