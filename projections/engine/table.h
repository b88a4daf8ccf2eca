// projections/engine/table.h
// What is stored of one register: the entries of each record, the rows in all their versions, the
// index, and how far the ledger has been folded. A column family of the registers' RocksDB.
//
// Keys: 'L' record 00 sequence        an entry's bytes
//       'R' record 00 key 00 ~position  a row as of that position; empty: there is none any more
//       'X' index = value 00 record   the record mentioned the value once
//       'D' ~position                 the digest there, of positions where rows changed
//       'H'                           version, next sequence, number of rows, digest
// Numbers are 8 bytes, big-endian; ~ is the complement, so that the newest version comes first.
//
// Guarantees:  what was read at a position reads the same for ever; a batch is kept whole or not at
//              all, also when the machine stops: the head never runs ahead of the rows.
// Threads:     reading is thread-safe; one thread writes.
// Lifetime:    keeps the database open as long as it lives.
// Errors:      kCorrupt, kReadOnly with what RocksDB says.
// Cost:        a row at a position costs one seek.
// Tests:       tests/projections/engine/engine_test.cc
#ifndef SCRUTINY_PROJECTIONS_ENGINE_TABLE_H_
#define SCRUTINY_PROJECTIONS_ENGINE_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "ledger/base/ids.h"
#include "ledger/format/hash.h"

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
class Iterator;
class WriteBatch;
}  // namespace rocksdb

namespace scrutiny::projections {

// How far a register is.
struct TableHead {
  uint32_t version = 0;      // of the register's rules
  ledger::TreeSize applied;  // every entry before it; always the end of a whole append
  uint64_t rows = 0;         // live rows
  ledger::Hash digest = {};  // of all that was applied; digest.h
};

struct StoredEntry {
  ledger::Sequence sequence;
  std::string bytes;
};

// Returns false to stop.
using RowFn =
    absl::FunctionRef<bool(absl::string_view record, absl::string_view key, absl::string_view row)>;
using LogFn =
    absl::FunctionRef<bool(absl::string_view record, const std::vector<StoredEntry>& entries)>;
// A row before and after; empty where there is none.
using ChangeFn = absl::FunctionRef<bool(absl::string_view record, absl::string_view key,
                                        absl::string_view before, absl::string_view after)>;

class Table {
 public:
  // Changes that become visible together. Cheapest where records come in order; it may be used
  // again after Clear, and then keeps its memory.
  class Batch {
   public:
    explicit Batch(const Table& table);
    ~Batch();
    Batch(const Batch&) = delete;
    Batch& operator=(const Batch&) = delete;

    void Clear();

    void PutEntry(absl::string_view record, ledger::Sequence sequence, absl::string_view bytes);
    // `row` must not be empty.
    void PutRow(absl::string_view record, absl::string_view key, ledger::Sequence position,
                absl::string_view row);
    void RemoveRow(absl::string_view record, absl::string_view key, ledger::Sequence position);
    void PutIndex(absl::string_view index, absl::string_view value, absl::string_view record);
    void PutDigest(ledger::Sequence position, const ledger::Hash& digest);
    void PutHead(const TableHead& head);

   private:
    friend class Table;
    void Put(absl::string_view value);

    const Table& table_;
    std::string key_;
    std::unique_ptr<rocksdb::WriteBatch> batch_;
  };

  // Shared with the other tables of the database: it closes when the last of them is gone.
  Table(std::shared_ptr<rocksdb::DB> db, rocksdb::ColumnFamilyHandle* family, std::string name,
        uint64_t generation);
  ~Table();
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  absl::StatusOr<TableHead> Head() const;
  // The digest as of a position; zero before the first change.
  absl::StatusOr<ledger::Hash> DigestAt(ledger::Sequence position) const;
  // Rows as of a position, by record and key; of one record, or of all.
  absl::Status Rows(ledger::Sequence at, RowFn fn) const;
  absl::Status RowsOf(absl::string_view record, ledger::Sequence at, RowFn fn) const;
  // Rows that are not the same at two positions, by record and key, from a record on.
  absl::Status Changes(ledger::Sequence from, ledger::Sequence to, absl::string_view from_record,
                       ChangeFn fn) const;
  // Entries up to a sequence, record by record, by sequence, from a record on.
  absl::Status Log(ledger::Sequence last, absl::string_view from_record, LogFn fn) const;
  absl::StatusOr<std::vector<StoredEntry>> LogOf(absl::string_view record,
                                                 ledger::Sequence last) const;
  // Records that mentioned the value once, whatever holds now.
  absl::StatusOr<std::vector<std::string>> Indexed(absl::string_view index,
                                                   absl::string_view value) const;

  absl::Status Write(Batch& batch);

  const std::string& family_name() const { return name_; }
  // Rises with every table of the register.
  uint64_t generation() const { return generation_; }
  rocksdb::ColumnFamilyHandle* family() const { return family_; }

 private:
  std::unique_ptr<rocksdb::Iterator> Iterate(bool within_prefix) const;
  absl::Status ScanRows(const std::string& prefix, bool within_prefix, ledger::Sequence at,
                        RowFn fn) const;

  const std::shared_ptr<rocksdb::DB> db_;
  rocksdb::ColumnFamilyHandle* const family_;
  const std::string name_;
  const uint64_t generation_;
};

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_ENGINE_TABLE_H_
