// ledger/store/index_view.h
// A view of the index as a RocksDB snapshot: what it answers and its position belong together.
//
// Threads:     thread-safe.
// Lifetime:    borrows the database, and must be gone before it closes.
// Errors:      kCorrupt with the advice to delete the index.
// Cost:        Head of a record not held: one Get behind a Bloom filter; else a seek each.
// Tests:       tests/ledger/store/index_store_test.cc
#ifndef SCRUTINY_LEDGER_STORE_INDEX_VIEW_H_
#define SCRUTINY_LEDGER_STORE_INDEX_VIEW_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "rocksdb/db.h"
#include "rocksdb/options.h"

#include "ledger/store/index_families.h"
#include "ledger/store/index_store.h"

namespace scrutiny::ledger {

class RocksIndexView final : public IndexView {
 public:
  RocksIndexView(rocksdb::DB& db, const IndexFamilies& families);
  ~RocksIndexView() override;
  RocksIndexView(const RocksIndexView&) = delete;
  RocksIndexView& operator=(const RocksIndexView&) = delete;

  TreeSize position() const override { return position_; }
  absl::StatusOr<RecordHead> Head(absl::string_view record) const override;
  absl::StatusOr<std::vector<HistoryItem>> History(absl::string_view record, Revision from,
                                                   size_t max) const override;
  absl::StatusOr<absl::optional<RequestRecord>> Request(
      absl::string_view principal, absl::string_view request_id) const override;
  absl::StatusOr<std::vector<ClaimHit>> Claims(absl::string_view key, size_t max) const override;
  absl::StatusOr<std::vector<uint64_t>> NumbersUsed(absl::string_view series_prefix) const override;
  absl::StatusOr<Ordinal> LastOrdinal(FactType type) const override;
  absl::StatusOr<std::vector<Sequence>> OfType(FactType type, Ordinal from,
                                               size_t max) const override;
  absl::StatusOr<std::vector<Sequence>> CitedBy(absl::string_view record,
                                                size_t max) const override;
  absl::StatusOr<std::vector<std::string>> Records(absl::string_view prefix,
                                                   absl::string_view after,
                                                   size_t max) const override;
  absl::StatusOr<absl::optional<std::vector<Hash>>> Tile(TileId id) const override;

 private:
  class Scan;

  // False if the key is not there.
  absl::StatusOr<bool> Get(IndexFamily family, const std::string& key,
                           rocksdb::PinnableSlice* value) const;

  rocksdb::DB& db_;
  const IndexFamilies families_;
  const rocksdb::Snapshot* const snapshot_;
  rocksdb::ReadOptions options_;
  TreeSize position_;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_STORE_INDEX_VIEW_H_
