// projections/engine/store.h
// The registers' RocksDB: opens the folder, sees that it belongs to the ledger, and hands out a
// table for each register.
//
// Guarantees:  what belongs to another ledger, incarnation or layout, or cannot be opened, is
//              thrown away: everything here follows from the ledger. A table is renewed by making
//              the next one before the old one goes, so that a stop in between leaves either.
// Threads:     thread-compatible; tables as they say.
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

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "ledger/feed/entry_source.h"
#include "projections/engine/table.h"

namespace scrutiny::projections {

struct StoreOptions {
  std::string path;
  size_t write_buffer_bytes = 32 << 20;
  size_t cache_bytes = 32 << 20;
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

  // The table of the register, made if there is none; a table is taken once.
  absl::StatusOr<std::shared_ptr<Table>> TakeTable(absl::string_view name);
  // An empty table in place of that one, which is dropped; who still reads it reads on.
  absl::StatusOr<std::shared_ptr<Table>> Renew(const Table& table);
  // Drops tables that nobody took: of registers that are no more.
  absl::Status DropUntaken();

  // Writes everything in memory to the files.
  absl::Status Flush(const std::vector<std::shared_ptr<Table>>& tables);

 private:
  Store();
  absl::Status OpenDatabase(const StoreOptions& options);
  absl::Status Claim(const ledger::LedgerIdentity& identity);
  absl::StatusOr<std::shared_ptr<Table>> Create(const std::string& family_name);

  struct Options;
  std::unique_ptr<Options> options_;
  // Shared with the tables: the database closes when the last of them is gone.
  std::shared_ptr<rocksdb::DB> db_;
  rocksdb::ColumnFamilyHandle* default_family_ = nullptr;
  // Found at open and not taken yet, by register and generation.
  std::map<std::string, std::map<uint64_t, rocksdb::ColumnFamilyHandle*>> found_;
};

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_ENGINE_STORE_H_
