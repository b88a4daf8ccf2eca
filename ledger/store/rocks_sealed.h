// ledger/store/rocks_sealed.h
// The sealed store as column families of the entries' database, so that a commit writes an entry
// and its ciphertexts in one batch.
//
// Threads:     thread-safe.
// Lifetime:    borrows the database, and must be gone before it closes.
// Tests:       tests/ledger/store/sealed_store_test.cc
#ifndef SCRUTINY_LEDGER_STORE_ROCKS_SEALED_H_
#define SCRUTINY_LEDGER_STORE_ROCKS_SEALED_H_

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"

#include "ledger/store/sealed_store.h"
#include "ledger/store/table_tracker.h"
#include "ledger/store/write_latch.h"

namespace scrutiny::ledger {

inline constexpr char kSealedFamily[] = "sealed";
inline constexpr char kSubjectsFamily[] = "subjects";

class RocksSealedStore final : public SealedStore {
 public:
  struct Families {
    rocksdb::ColumnFamilyHandle* sealed;
    rocksdb::ColumnFamilyHandle* subjects;
    // Every one of the database: the write-ahead log is let go of when all are written out.
    std::vector<rocksdb::ColumnFamilyHandle*> all;
  };
  // `tables`: those of the two families. `gone_within_micros`: see EntryLogOptions.
  RocksSealedStore(rocksdb::DB& db, Families families, WriteLatch& latch,
                   const TableTracker& tables, int64_t gone_within_micros)
      : db_(db),
        sealed_(families.sealed),
        subjects_(families.subjects),
        all_(std::move(families.all)),
        latch_(latch),
        tables_(tables),
        gone_within_micros_(gone_within_micros) {}

  // Adds rows to the commit of their entries.
  rocksdb::Status Put(absl::Span<const SealedRow> rows, rocksdb::WriteBatch* batch);

  absl::StatusOr<absl::optional<std::string>> Get(const SealPlace& place) const override;
  absl::StatusOr<std::vector<SealedRow>> From(const SealPlace& place, size_t max) const override;
  absl::StatusOr<std::vector<SealPlace>> HeldFor(absl::string_view subject,
                                                 absl::optional<SealPlace> after,
                                                 size_t max) const override;
  absl::Status Erase(absl::Span<const SealedRow> rows) override;
  absl::StatusOr<std::string> erasures_followed() const override;
  absl::Status SetErasuresFollowed(absl::string_view mark) override;
  absl::Status Compact() override;

 private:
  struct LogFile {
    std::string name;
    uint64_t bytes;
  };
  // The write-ahead logs in the folder, by rising number.
  absl::StatusOr<std::vector<LogFile>> Logs() const;
  // The files, of these, that still hold something; tables that are in use do not count.
  absl::StatusOr<std::vector<std::string>> Left(const std::vector<LogFile>& logs,
                                                const std::set<std::string>& tables) const;

  rocksdb::DB& db_;
  rocksdb::ColumnFamilyHandle* const sealed_;
  rocksdb::ColumnFamilyHandle* const subjects_;
  const std::vector<rocksdb::ColumnFamilyHandle*> all_;
  WriteLatch& latch_;
  const TableTracker& tables_;
  const int64_t gone_within_micros_;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_STORE_ROCKS_SEALED_H_
