// ledger/store/rocks_sealed.h
// The sealed store as column families of the entries' database, so that a commit writes an entry
// and its ciphertexts in one batch.
//
// Threads:     thread-safe.
// Lifetime:    borrows the database, and must be gone before it closes.
// Tests:       tests/ledger/store/sealed_store_test.cc
#ifndef SCRUTINY_LEDGER_STORE_ROCKS_SEALED_H_
#define SCRUTINY_LEDGER_STORE_ROCKS_SEALED_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"

#include "ledger/store/sealed_store.h"
#include "ledger/store/write_latch.h"

namespace scrutiny::ledger {

inline constexpr char kSealedFamily[] = "sealed";
inline constexpr char kSubjectsFamily[] = "subjects";

class RocksSealedStore final : public SealedStore {
 public:
  // `all`: every column family of the database; the write-ahead log is let go of when all of them
  // are written out.
  RocksSealedStore(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* sealed,
                   rocksdb::ColumnFamilyHandle* subjects,
                   std::vector<rocksdb::ColumnFamilyHandle*> all, WriteLatch& latch)
      : db_(db), sealed_(sealed), subjects_(subjects), all_(std::move(all)), latch_(latch) {}

  // Adds rows to the commit of their entries.
  rocksdb::Status Put(absl::Span<const SealedRow> rows, rocksdb::WriteBatch* batch);

  absl::StatusOr<absl::optional<std::string>> Get(const SealPlace& place) const override;
  absl::StatusOr<std::vector<SealedRow>> From(const SealPlace& place, size_t max) const override;
  absl::StatusOr<std::vector<SealPlace>> HeldFor(absl::string_view subject,
                                                 absl::optional<SealPlace> after,
                                                 size_t max) const override;
  absl::Status Erase(absl::Span<const SealedRow> rows) override;
  absl::StatusOr<uint64_t> erasures_followed() const override;
  absl::Status SetErasuresFollowed(uint64_t count) override;
  absl::Status Compact() override;

 private:
  rocksdb::DB& db_;
  rocksdb::ColumnFamilyHandle* const sealed_;
  rocksdb::ColumnFamilyHandle* const subjects_;
  const std::vector<rocksdb::ColumnFamilyHandle*> all_;
  WriteLatch& latch_;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_STORE_ROCKS_SEALED_H_
