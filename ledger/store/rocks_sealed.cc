#include "ledger/store/rocks_sealed.h"

#include "absl/strings/str_cat.h"
#include "rocksdb/iterator.h"
#include "rocksdb/options.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/store/rocks_status.h"

namespace scrutiny::ledger {
namespace {

absl::Status Damaged(const SealPlace& place) {
  return Error(Reason::kCorrupt, absl::StrCat("The ciphertext of seal ", place.index, " of entry ",
                                              place.sequence.value(), " is damaged."))
      .Next("Restore it from a backup; the entry itself and its proofs are not touched by this.");
}

}  // namespace

rocksdb::Status RocksSealedStore::Put(absl::Span<const SealedRow> rows,
                                      rocksdb::WriteBatch* batch) {
  rocksdb::Status status;
  for (const SealedRow& row : rows) {
    if (status.ok()) status = batch->Put(sealed_, SealedKey(row.place), SealedValue(row));
    if (status.ok()) status = batch->Put(subjects_, SubjectKey(row.subject, row.place), "");
  }
  return status;
}

absl::StatusOr<absl::optional<SealedRow>> RocksSealedStore::Get(const SealPlace& place) const {
  const std::string key = SealedKey(place);
  rocksdb::PinnableSlice value;
  const rocksdb::Status got = db_.Get(rocksdb::ReadOptions(), sealed_, key, &value);
  if (got.IsNotFound()) return absl::optional<SealedRow>();
  if (!got.ok()) return ReadError(got, "The sealed parts", kRestoreEntries);
  absl::optional<SealedRow> row = ReadSealedRow(key, absl::string_view(value.data(), value.size()));
  if (!row) return Damaged(place);
  return row;
}

absl::StatusOr<std::vector<SealPlace>> RocksSealedStore::HeldFor(absl::string_view subject,
                                                                 absl::optional<SealPlace> after,
                                                                 size_t max) const {
  std::string prefix(subject.data(), subject.size());
  prefix.push_back('\0');
  std::string from = prefix;
  if (after) from = SubjectKey(subject, {after->sequence, after->index + 1});
  std::vector<SealPlace> places;
  const std::unique_ptr<rocksdb::Iterator> at(db_.NewIterator(rocksdb::ReadOptions(), subjects_));
  for (at->Seek(from); at->Valid() && places.size() < max; at->Next()) {
    if (!at->key().starts_with(prefix)) break;
    const absl::optional<SealPlace> place =
        ReadSubjectKey(absl::string_view(at->key().data(), at->key().size()));
    if (!place) {
      return Error(Reason::kCorrupt, "The list of what is sealed for a subject is damaged.")
          .Next(kRestoreEntries);
    }
    places.push_back(*place);
  }
  if (!at->status().ok()) return ReadError(at->status(), "The sealed parts", kRestoreEntries);
  return places;
}

absl::Status RocksSealedStore::Erase(absl::Span<const SealPlace> places) {
  if (latch_.tripped()) return latch_.status();
  rocksdb::WriteBatch batch;
  rocksdb::Status status;
  for (const SealPlace& place : places) {
    SCRUTINY_ASSIGN_OR_RETURN(const absl::optional<SealedRow> row, Get(place));
    if (!row) continue;
    if (status.ok()) status = batch.Delete(sealed_, SealedKey(place));
    if (status.ok()) status = batch.Delete(subjects_, SubjectKey(row->subject, place));
  }
  rocksdb::WriteOptions synced;
  synced.sync = true;
  if (status.ok()) status = db_.Write(synced, &batch);
  if (!status.ok()) latch_.Trip(DetailOf(status));
  return WriteError(status);
}

absl::Status RocksSealedStore::Compact() {
  if (latch_.tripped()) return latch_.status();
  // Every family: a log goes when nothing in it is needed any more.
  rocksdb::Status status = db_.Flush(rocksdb::FlushOptions(), all_);
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  for (rocksdb::ColumnFamilyHandle* family : {sealed_, subjects_}) {
    if (status.ok()) status = db_.CompactRange(options, family, nullptr, nullptr);
  }
  return WriteError(status);
}

}  // namespace scrutiny::ledger
