#include "ledger/store/index_view.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/format/big_endian.h"
#include "ledger/store/index_keys.h"
#include "ledger/store/rocks_status.h"

namespace scrutiny::ledger {
namespace {

absl::string_view View(const rocksdb::Slice& slice) {
  return absl::string_view(slice.data(), slice.size());
}

absl::Status Damaged(absl::string_view what) {
  return Error(Reason::kCorrupt, absl::StrCat("The index is damaged: ", what, "."))
      .Next(kRebuildIndex);
}

}  // namespace

// The keys of one family that start with a prefix.
class RocksIndexView::Scan {
 public:
  Scan(const RocksIndexView& view, IndexFamily family, std::string prefix)
      : begin_(std::move(prefix)),
        end_(AfterPrefix(begin_)),
        begin_slice_(begin_),
        end_slice_(end_),
        options_(view.options_) {
    options_.iterate_lower_bound = &begin_slice_;
    if (!end_.empty()) options_.iterate_upper_bound = &end_slice_;
    at_.reset(view.db_.NewIterator(options_, view.families_[family]));
  }
  Scan(const Scan&) = delete;
  Scan& operator=(const Scan&) = delete;

  bool Valid() const { return at_->Valid(); }
  void Seek(const std::string& key) { at_->Seek(key); }
  void SeekToFirst() { at_->SeekToFirst(); }
  void SeekToLast() { at_->SeekToLast(); }
  void Next() { at_->Next(); }
  absl::string_view key() const { return View(at_->key()); }
  absl::string_view value() const { return View(at_->value()); }
  // Why it is not valid any more; OK at the end.
  absl::Status status() const { return ReadError(at_->status(), "The index files", kRebuildIndex); }

 private:
  const std::string begin_;
  const std::string end_;
  const rocksdb::Slice begin_slice_;
  const rocksdb::Slice end_slice_;
  rocksdb::ReadOptions options_;
  std::unique_ptr<rocksdb::Iterator> at_;
};

RocksIndexView::RocksIndexView(rocksdb::DB& db, const IndexFamilies& families)
    : db_(db), families_(families), snapshot_(db.GetSnapshot()) {
  options_.snapshot = snapshot_;
  options_.verify_checksums = true;
  rocksdb::PinnableSlice value;
  const absl::StatusOr<bool> found = Get(IndexFamily::kMeta, kIndexPositionKey, &value);
  // Opening made sure that it can be read; a view at 0 would only show less than there is.
  uint64_t position = 0;
  absl::string_view bytes = View(value);
  if (found.ok() && *found && TakeBigEndian(&bytes, &position)) position_ = TreeSize(position);
}

RocksIndexView::~RocksIndexView() { db_.ReleaseSnapshot(snapshot_); }

absl::StatusOr<bool> RocksIndexView::Get(IndexFamily family, const std::string& key,
                                         rocksdb::PinnableSlice* value) const {
  const rocksdb::Status got = db_.Get(options_, families_[family], key, value);
  if (got.IsNotFound()) return false;
  SCRUTINY_RETURN_IF_ERROR(ReadError(got, "The index files", kRebuildIndex));
  return true;
}

absl::StatusOr<RecordHead> RocksIndexView::Head(absl::string_view record) const {
  std::string first_key;
  AppendRecordKey(record, Revision(1), &first_key);
  rocksdb::PinnableSlice value;
  SCRUTINY_ASSIGN_OR_RETURN(const bool held, Get(IndexFamily::kRecords, first_key, &value));
  if (!held) return RecordHead{};

  Scan scan(*this, IndexFamily::kRecords, RecordPrefix(record));
  scan.SeekToLast();
  if (!scan.Valid()) {
    SCRUTINY_RETURN_IF_ERROR(scan.status());
    return Damaged("a record has a first entry and no last one");
  }
  absl::string_view name;
  RecordHead head;
  if (!ReadRecordKey(scan.key(), &name, &head.revision)) return Damaged("a record's key");
  const absl::optional<HistoryItem> item = ReadHistoryValue(scan.value());
  if (!item.has_value()) return Damaged("a record's entry");
  head.last = item->sequence;
  return head;
}

absl::StatusOr<std::vector<HistoryItem>> RocksIndexView::History(absl::string_view record,
                                                                 Revision from, size_t max) const {
  std::string from_key;
  AppendRecordKey(record, from, &from_key);
  std::vector<HistoryItem> items;
  Scan scan(*this, IndexFamily::kRecords, RecordPrefix(record));
  for (scan.Seek(from_key); scan.Valid() && items.size() < max; scan.Next()) {
    absl::optional<HistoryItem> item = ReadHistoryValue(scan.value());
    if (!item.has_value()) return Damaged("a record's entry");
    items.push_back(*std::move(item));
  }
  SCRUTINY_RETURN_IF_ERROR(scan.status());
  return items;
}

absl::StatusOr<absl::optional<RequestRecord>> RocksIndexView::Request(
    absl::string_view principal, absl::string_view request_id) const {
  std::string key;
  AppendRequestKey(principal, request_id, &key);
  rocksdb::PinnableSlice value;
  SCRUTINY_ASSIGN_OR_RETURN(const bool found, Get(IndexFamily::kRequests, key, &value));
  if (!found) return absl::optional<RequestRecord>();
  absl::optional<RequestRecord> request = ReadRequestValue(View(value));
  if (!request.has_value()) return Damaged("a request's record");
  return request;
}

absl::StatusOr<std::vector<ClaimHit>> RocksIndexView::Claims(absl::string_view key,
                                                             size_t max) const {
  std::vector<ClaimHit> hits;
  Scan scan(*this, IndexFamily::kClaims, ClaimPrefix(key));
  std::string claim;
  for (scan.SeekToFirst(); scan.Valid() && hits.size() < max; scan.Next()) {
    ClaimHit hit;
    if (!ReadClaimKey(scan.key(), &claim, &hit.sequence) || !ReadClaimValue(scan.value(), &hit)) {
      return Damaged("a claim");
    }
    hits.push_back(std::move(hit));
  }
  SCRUTINY_RETURN_IF_ERROR(scan.status());
  return hits;
}

absl::StatusOr<std::vector<uint64_t>> RocksIndexView::NumbersUsed(
    absl::string_view series_prefix) const {
  Scan scan(*this, IndexFamily::kClaims, EscapedClaim(series_prefix));
  std::vector<uint64_t> used;
  std::string claim;
  Sequence sequence;
  for (scan.SeekToFirst(); scan.Valid(); scan.Next()) {
    if (!ReadClaimKey(scan.key(), &claim, &sequence)) return Damaged("a claim");
    if (claim.size() != series_prefix.size() + sizeof(uint64_t)) continue;
    const auto number = LoadBigEndian<uint64_t>(claim.data() + series_prefix.size());
    if (used.empty() || used.back() != number) used.push_back(number);
  }
  SCRUTINY_RETURN_IF_ERROR(scan.status());
  return used;
}

absl::StatusOr<Ordinal> RocksIndexView::LastOrdinal(FactType type) const {
  Scan scan(*this, IndexFamily::kTypes, TypePrefix(type));
  scan.SeekToLast();
  if (!scan.Valid()) {
    SCRUTINY_RETURN_IF_ERROR(scan.status());
    return Ordinal(0);
  }
  Ordinal ordinal;
  if (!ReadTypeKey(scan.key(), &ordinal)) return Damaged("a type's key");
  return ordinal;
}

absl::StatusOr<std::vector<Sequence>> RocksIndexView::OfType(FactType type, Ordinal from,
                                                             size_t max) const {
  std::string from_key;
  AppendTypeKey(type, from, &from_key);
  std::vector<Sequence> sequences;
  Scan scan(*this, IndexFamily::kTypes, TypePrefix(type));
  for (scan.Seek(from_key); scan.Valid() && sequences.size() < max; scan.Next()) {
    absl::string_view value = scan.value();
    uint64_t sequence = 0;
    if (!TakeBigEndian(&value, &sequence)) return Damaged("a type's entry");
    sequences.push_back(Sequence(sequence));
  }
  SCRUTINY_RETURN_IF_ERROR(scan.status());
  return sequences;
}

absl::StatusOr<std::vector<Sequence>> RocksIndexView::CitedBy(absl::string_view record,
                                                              size_t max) const {
  std::vector<Sequence> sequences;
  Scan scan(*this, IndexFamily::kCitations, RecordPrefix(record));
  for (scan.SeekToFirst(); scan.Valid() && sequences.size() < max; scan.Next()) {
    Sequence sequence;
    if (!ReadCitationKey(scan.key(), &sequence)) return Damaged("a citation");
    sequences.push_back(sequence);
  }
  SCRUTINY_RETURN_IF_ERROR(scan.status());
  return sequences;
}

absl::StatusOr<std::vector<std::string>> RocksIndexView::Records(absl::string_view prefix,
                                                                 absl::string_view after,
                                                                 size_t max) const {
  std::vector<std::string> names;
  Scan scan(*this, IndexFamily::kRecords, std::string(prefix));
  // One seek a record, over all its revisions at once.
  std::string from = after.empty() ? std::string(prefix) : AfterPrefix(RecordPrefix(after));
  while (names.size() < max) {
    scan.Seek(from);
    if (!scan.Valid()) break;
    absl::string_view name;
    Revision revision;
    if (!ReadRecordKey(scan.key(), &name, &revision)) return Damaged("a record's key");
    names.emplace_back(name);
    from = AfterPrefix(RecordPrefix(name));
  }
  SCRUTINY_RETURN_IF_ERROR(scan.status());
  return names;
}

absl::StatusOr<absl::optional<std::vector<Hash>>> RocksIndexView::Tile(TileId id) const {
  rocksdb::PinnableSlice value;
  SCRUTINY_ASSIGN_OR_RETURN(const bool held, Get(IndexFamily::kTiles, TileKey(id), &value));
  if (!held) return absl::optional<std::vector<Hash>>();
  if (value.size() != kTileWidth * sizeof(Hash)) return Damaged("a tile");
  std::vector<Hash> hashes(kTileWidth);
  for (size_t i = 0; i < hashes.size(); ++i) {
    std::copy_n(value.data() + i * sizeof(Hash), sizeof(Hash),
                reinterpret_cast<char*>(hashes[i].data()));
  }
  return absl::make_optional(std::move(hashes));
}

}  // namespace scrutiny::ledger
