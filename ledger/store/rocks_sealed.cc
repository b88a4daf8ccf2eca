#include "ledger/store/rocks_sealed.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "rocksdb/file_system.h"
#include "rocksdb/iterator.h"
#include "rocksdb/options.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/store/rocks_status.h"

namespace scrutiny::ledger {
namespace {

constexpr int64_t kLookEveryMicros = 1'000;

// Key in the family of subjects; none of theirs begins with a zero.
constexpr char kFollowedKey[] = {'\0', 'e', 'r', 'a', 's', 'u', 'r', 'e', 's'};

// An earlier version kept how many there were.
constexpr size_t kCountBytes = 8;

rocksdb::Slice FollowedKey() { return rocksdb::Slice(kFollowedKey, sizeof(kFollowedKey)); }

rocksdb::WriteOptions Synced() {
  rocksdb::WriteOptions options;
  options.sync = true;
  return options;
}

absl::Status NotGone(const std::string& file) {
  return Error(absl::StatusCode::kUnavailable, Reason::kInternal,
               absl::StrCat("What was erased is deleted, but its bytes still lie in the file ",
                            file, ", which is being read or copied, or cannot be deleted."))
      .Value(file)
      .Next("Ask for the same again, once a backup that is being made is done.");
}

absl::Status Damaged() {
  return Error(Reason::kCorrupt, "The store of sealed parts is damaged.").Next(kRestoreEntries);
}

}  // namespace

rocksdb::Status RocksSealedStore::Put(absl::Span<const SealedRow> rows,
                                      rocksdb::WriteBatch* batch) {
  rocksdb::Status status;
  for (const SealedRow& row : rows) {
    if (status.ok()) status = batch->Put(sealed_, SealedKey(row.place), row.value);
    if (status.ok()) status = batch->Put(subjects_, SubjectRowKey(row.subject, row.place), "");
  }
  return status;
}

absl::StatusOr<absl::optional<std::string>> RocksSealedStore::Get(const SealPlace& place) const {
  std::string value;
  const rocksdb::Status got = db_.Get(rocksdb::ReadOptions(), sealed_, SealedKey(place), &value);
  if (got.IsNotFound()) return absl::optional<std::string>();
  if (!got.ok()) return ReadError(got, "The sealed parts", kRestoreEntries);
  return absl::make_optional(std::move(value));
}

absl::StatusOr<std::vector<SealedRow>> RocksSealedStore::From(const SealPlace& place,
                                                              size_t max) const {
  std::vector<SealedRow> rows;
  const std::unique_ptr<rocksdb::Iterator> at(db_.NewIterator(rocksdb::ReadOptions(), sealed_));
  for (at->Seek(SealedKey(place)); at->Valid() && rows.size() < max; at->Next()) {
    const absl::optional<SealPlace> found =
        ReadSealedKey(absl::string_view(at->key().data(), at->key().size()));
    if (!found) return Damaged();
    rows.push_back({*found, "", at->value().ToString()});
  }
  if (!at->status().ok()) return ReadError(at->status(), "The sealed parts", kRestoreEntries);
  return rows;
}

absl::StatusOr<std::vector<SealPlace>> RocksSealedStore::HeldFor(absl::string_view subject,
                                                                 absl::optional<SealPlace> after,
                                                                 size_t max) const {
  std::string prefix(subject.data(), subject.size());
  prefix.push_back('\0');
  std::string from = prefix;
  if (after) from = SubjectRowKey(subject, {after->sequence, after->index + 1});
  std::vector<SealPlace> places;
  const std::unique_ptr<rocksdb::Iterator> at(db_.NewIterator(rocksdb::ReadOptions(), subjects_));
  for (at->Seek(from); at->Valid() && places.size() < max; at->Next()) {
    if (!at->key().starts_with(prefix)) break;
    const absl::optional<SealPlace> place =
        ReadSubjectRowKey(absl::string_view(at->key().data(), at->key().size()));
    if (!place) return Damaged();
    places.push_back(*place);
  }
  if (!at->status().ok()) return ReadError(at->status(), "The sealed parts", kRestoreEntries);
  return places;
}

absl::Status RocksSealedStore::Erase(absl::Span<const SealedRow> rows) {
  if (latch_.tripped()) return latch_.status();
  rocksdb::WriteBatch batch;
  rocksdb::Status status;
  for (const SealedRow& row : rows) {
    if (status.ok()) status = batch.Delete(sealed_, SealedKey(row.place));
    if (status.ok()) status = batch.Delete(subjects_, SubjectRowKey(row.subject, row.place));
  }
  if (status.ok()) status = db_.Write(Synced(), &batch);
  if (!status.ok()) latch_.Trip(DetailOf(status));
  return WriteError(status);
}

absl::StatusOr<std::string> RocksSealedStore::erasures_followed() const {
  std::string value;
  const rocksdb::Status got = db_.Get(rocksdb::ReadOptions(), subjects_, FollowedKey(), &value);
  if (got.IsNotFound()) return std::string();
  if (!got.ok()) return ReadError(got, "The sealed parts", kRestoreEntries);
  for (const size_t size : {size_t{0}, kCountBytes, kFollowedMarkBytes}) {
    if (value.size() == size) return value;
  }
  return Damaged();
}

absl::Status RocksSealedStore::SetErasuresFollowed(absl::string_view mark) {
  SCRUTINY_CHECK(mark.empty() || mark.size() == kFollowedMarkBytes);
  if (latch_.tripped()) return latch_.status();
  const rocksdb::Status status =
      db_.Put(Synced(), subjects_, FollowedKey(), rocksdb::Slice(mark.data(), mark.size()));
  if (!status.ok()) latch_.Trip(DetailOf(status));
  return WriteError(status);
}

absl::StatusOr<std::vector<RocksSealedStore::LogFile>> RocksSealedStore::Logs() const {
  std::vector<rocksdb::FileAttributes> files;
  const rocksdb::IOStatus listed = db_.GetFileSystem()->GetChildrenFileAttributes(
      db_.GetName(), rocksdb::IOOptions(), &files, nullptr);
  if (!listed.ok()) return ReadError(listed, "The ledger's folder", kRestoreEntries);
  std::vector<LogFile> logs;
  for (const rocksdb::FileAttributes& file : files) {
    if (absl::EndsWith(file.name, ".log")) logs.push_back({file.name, file.size_bytes});
  }
  // Numbers have so many digits at least, and grow longer only together.
  std::sort(logs.begin(), logs.end(), [](const LogFile& a, const LogFile& b) {
    return std::make_pair(a.name.size(), a.name) < std::make_pair(b.name.size(), b.name);
  });
  return logs;
}

absl::StatusOr<std::vector<std::string>> RocksSealedStore::Left(
    const std::vector<LogFile>& logs, const std::set<std::string>& tables) const {
  std::vector<std::string> left;
  SCRUTINY_ASSIGN_OR_RETURN(std::vector<LogFile> there, Logs());
  // The newest is being written; where it is one of them, nothing had to be written out.
  if (!there.empty()) there.pop_back();
  for (const LogFile& log : there) {
    const bool old = std::any_of(logs.begin(), logs.end(),
                                 [&](const LogFile& other) { return other.name == log.name; });
    if (old && log.bytes > 0) left.push_back(log.name);
  }
  const std::set<std::string> in_use = tables_.InUse(db_);
  const std::set<std::string> in_folder = tables_.InFolder();
  for (const std::string& table : tables) {
    if (in_folder.count(table) > 0 && in_use.count(table) == 0) left.push_back(table);
  }
  return left;
}

absl::Status RocksSealedStore::Compact() {
  if (latch_.tripped()) return latch_.status();
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<LogFile> logs, Logs());
  // Every family: a log goes when nothing in it is needed any more.
  rocksdb::Status status = db_.Flush(rocksdb::FlushOptions(), all_);
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  for (rocksdb::ColumnFamilyHandle* family : {sealed_, subjects_}) {
    if (status.ok()) status = db_.CompactRange(options, family, nullptr, nullptr);
  }
  // This looks through the folder: a log that a crash left may be forgotten otherwise.
  if (status.ok()) status = db_.DisableFileDeletions();
  if (status.ok()) status = db_.EnableFileDeletions(/*force=*/false);
  SCRUTINY_RETURN_IF_ERROR(WriteError(status));
  // What others still need is deleted a moment later, by who reads or copies it.
  const std::set<std::string> tables = tables_.InFolder();
  for (int64_t waited = 0;; waited += kLookEveryMicros) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> left, Left(logs, tables));
    if (left.empty()) return absl::OkStatus();
    if (waited >= gone_within_micros_) return NotGone(left.front());
    std::this_thread::sleep_for(std::chrono::microseconds(kLookEveryMicros));
  }
}

}  // namespace scrutiny::ledger
