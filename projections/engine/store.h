// projections/engine/store.h
// The registers' RocksDB: opens the folder, sees that it belongs to the ledger, and hands out a
// table for each register.
//
// A register is served from one table. Beside it there may be one being built, to be served from
// once it is level, and the one it was served from before, to go back to.
//
// Guarantees:  what belongs to another ledger, incarnation or layout, or cannot be opened, is
//              thrown away: everything here follows from the ledger. Which table is what changes in
//              one synced write.
// Threads:     thread-safe once everything is taken; tables as they say.
// Errors:      kReadOnly, kCorrupt.
// Limits:      StoreOptions::write_buffer_bytes of unflushed rows, cache_bytes of blocks.
// Tests:       tests/projections/engine/engine_test.cc
#ifndef SCRUTINY_PROJECTIONS_ENGINE_STORE_H_
#define SCRUTINY_PROJECTIONS_ENGINE_STORE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "ledger/base/mutex.h"
#include "ledger/feed/entry_source.h"
#include "projections/engine/table.h"

namespace scrutiny::projections {

struct StoreOptions {
  std::string path;
  size_t write_buffer_bytes = 32 << 20;
  size_t cache_bytes = 32 << 20;
};

// The tables of a register.
struct RegisterTables {
  std::shared_ptr<Table> serving;
  std::shared_ptr<Table> building;  // null: none
  std::shared_ptr<Table> previous;  // null: none
  bool paused = false;              // the building waits until it is told to go on
};

class Store {
 public:
  // Opens the folder or makes it. `note` says in a sentence if it was thrown away, and why.
  static absl::StatusOr<std::unique_ptr<Store>> Open(const StoreOptions& options,
                                                     const ledger::LedgerIdentity& identity,
                                                     std::string* note);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // What the register's tables are; one to serve from is made if there is none. Asked once.
  absl::StatusOr<RegisterTables> TakeTables(absl::string_view name);
  // An empty table of the register, which is nothing until Arrange says what.
  absl::StatusOr<std::shared_ptr<Table>> NewTable(absl::string_view name);
  // Says durably, in one write, which table is what; drops those that were something before and are
  // nothing now. Who still reads one that is dropped reads on.
  absl::Status Arrange(absl::string_view name, const RegisterTables& before,
                       const RegisterTables& now);
  // Drops tables that nobody took: of registers that are no more, or left by a stop.
  absl::Status DropUntaken();

  // Writes everything in memory to the files.
  absl::Status Flush(const std::vector<std::shared_ptr<Table>>& tables);

 private:
  Store();
  absl::Status OpenDatabase(const StoreOptions& options);
  absl::Status Claim(const ledger::LedgerIdentity& identity);

  struct Options;
  std::unique_ptr<Options> options_;
  // Shared with the tables: the database closes when the last of them is gone.
  std::shared_ptr<rocksdb::DB> db_;
  rocksdb::ColumnFamilyHandle* default_family_ = nullptr;
  // Found at open and not taken yet, by register and generation.
  std::map<std::string, std::map<uint64_t, rocksdb::ColumnFamilyHandle*>> found_;
  ledger::Mutex mutex_;
  // The last generation of each register.
  std::map<std::string, uint64_t> newest_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_ENGINE_STORE_H_
