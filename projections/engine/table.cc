#include "projections/engine/table.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "rocksdb/db.h"
#include "rocksdb/iterator.h"
#include "rocksdb/write_batch.h"

#include "ledger/base/status.h"
#include "ledger/format/big_endian.h"
#include "projections/engine/rocks.h"

namespace scrutiny::projections {
namespace {

using ledger::Sequence;

constexpr char kLog = 'L';
constexpr char kRow = 'R';
constexpr char kIndex = 'X';
constexpr char kDigest = 'D';
constexpr char kHead = 'H';
// Versions skipped one by one before a seek is cheaper.
constexpr int kStepsBeforeSeek = 8;
constexpr size_t kNumberBytes = 8;

// 'L' record 00, 'R' record 00: what the keys of one record begin with.
std::string RecordPrefix(char kind, absl::string_view record) {
  std::string prefix(1, kind);
  prefix.append(record.data(), record.size());
  prefix.push_back('\0');
  return prefix;
}

void IndexPrefix(absl::string_view index, absl::string_view value, std::string* key) {
  key->assign(1, kIndex);
  key->append(index.data(), index.size());
  key->push_back('=');
  key->append(value.data(), value.size());
  key->push_back('\0');
}

uint64_t Complement(Sequence sequence) { return ~sequence.value(); }

// A row's key in parts: `versions` is what all versions of the row share.
struct RowKey {
  absl::string_view versions;
  absl::string_view record;
  absl::string_view key;
  Sequence position;
};

bool ParseRowKey(absl::string_view stored, RowKey* parsed) {
  if (stored.size() < kNumberBytes + 3) return false;
  parsed->versions = stored.substr(0, stored.size() - kNumberBytes);
  parsed->position =
      Sequence(~ledger::LoadBigEndian<uint64_t>(stored.data() + parsed->versions.size()));
  const size_t end = parsed->versions.find('\0');
  if (end == absl::string_view::npos || end + 1 >= parsed->versions.size()) return false;
  parsed->record = parsed->versions.substr(1, end - 1);
  parsed->key = parsed->versions.substr(end + 1, parsed->versions.size() - end - 2);
  return true;
}

absl::Status Damaged() {
  return ledger::Error(ledger::Reason::kCorrupt, "A register holds a key that cannot be read.")
      .Next("Rebuild the register.");
}

bool ToHash(absl::string_view bytes, ledger::Hash* hash) {
  if (bytes.size() != hash->size()) return false;
  std::copy(bytes.begin(), bytes.end(), hash->begin());
  return true;
}

// Moves past all versions that begin so.
void SkipVersions(const std::string& versions, rocksdb::Iterator* it) {
  for (int step = 0; it->Valid() && absl::StartsWith(ToView(it->key()), versions); ++step) {
    if (step == kStepsBeforeSeek) {
      std::string after = versions;
      after.append(kNumberBytes + 1, '\xff');
      it->Seek(after);
      return;
    }
    it->Next();
  }
}

// Moves to the newest version as of `at`; false if there is none, and then `it` is past them all.
bool SeekVersion(const std::string& versions, Sequence at, rocksdb::Iterator* it, RowKey* row) {
  std::string wanted = versions;
  ledger::AppendBigEndian(Complement(at), &wanted);
  it->Seek(wanted);
  return it->Valid() && absl::StartsWith(ToView(it->key()), versions) &&
         ParseRowKey(ToView(it->key()), row);
}

// Where the keys of that record and those after it begin.
std::string AtRecord(char kind, absl::string_view record) {
  std::string key(1, kind);
  key.append(record.data(), record.size());
  return key;
}

}  // namespace

Table::Batch::Batch(const Table& table)
    : table_(table), batch_(std::make_unique<rocksdb::WriteBatch>()) {}
Table::Batch::~Batch() = default;

void Table::Batch::Clear() { batch_->Clear(); }

void Table::Batch::Put(absl::string_view value) {
  // Only fails for a batch with a size limit, which ours have not.
  const rocksdb::Status status = batch_->Put(table_.family_, key_, ToSlice(value));
  SCRUTINY_CHECK(status.ok()) << status.ToString();
}

void Table::Batch::PutEntry(absl::string_view record, Sequence sequence, absl::string_view bytes) {
  key_ = RecordPrefix(kLog, record);
  ledger::AppendBigEndian(sequence.value(), &key_);
  Put(bytes);
}

void Table::Batch::PutRow(absl::string_view record, absl::string_view key, Sequence position,
                          absl::string_view row) {
  SCRUTINY_CHECK(!row.empty()) << "an empty row is a removed one";
  key_ = RecordPrefix(kRow, record);
  key_.append(key.data(), key.size());
  key_.push_back('\0');
  ledger::AppendBigEndian(Complement(position), &key_);
  Put(row);
}

void Table::Batch::RemoveRow(absl::string_view record, absl::string_view key, Sequence position) {
  key_ = RecordPrefix(kRow, record);
  key_.append(key.data(), key.size());
  key_.push_back('\0');
  ledger::AppendBigEndian(Complement(position), &key_);
  Put("");
}

void Table::Batch::PutIndex(absl::string_view index, absl::string_view value,
                            absl::string_view record) {
  IndexPrefix(index, value, &key_);
  key_.append(record.data(), record.size());
  Put("");
}

void Table::Batch::PutDigest(Sequence position, const ledger::Hash& digest) {
  key_.assign(1, kDigest);
  ledger::AppendBigEndian(Complement(position), &key_);
  Put(ledger::AsBytes(digest));
}

void Table::Batch::PutHead(const TableHead& head) {
  std::string value;
  ledger::AppendBigEndian(head.version, &value);
  ledger::AppendBigEndian(head.applied.value(), &value);
  ledger::AppendBigEndian(head.rows, &value);
  value.append(ledger::AsBytes(head.digest).data(), head.digest.size());
  key_.assign(1, kHead);
  Put(value);
}

Table::Table(std::shared_ptr<rocksdb::DB> db, rocksdb::ColumnFamilyHandle* family, std::string name,
             uint64_t generation)
    : db_(std::move(db)), family_(family), name_(std::move(name)), generation_(generation) {}

Table::~Table() {
  // Fails only for a handle that is not the database's.
  const rocksdb::Status status = db_->DestroyColumnFamilyHandle(family_);
  SCRUTINY_CHECK(status.ok()) << status.ToString();
}

absl::StatusOr<TableHead> Table::Head() const {
  TableHead head;
  std::string value;
  const rocksdb::Status status =
      db_->Get(rocksdb::ReadOptions(), family_, rocksdb::Slice(&kHead, 1), &value);
  if (status.IsNotFound()) return head;
  SCRUTINY_RETURN_IF_ERROR(FromRocks(status, "reading how far a register is"));
  absl::string_view bytes = value;
  uint64_t applied = 0;
  if (!ledger::TakeBigEndian(&bytes, &head.version) || !ledger::TakeBigEndian(&bytes, &applied) ||
      !ledger::TakeBigEndian(&bytes, &head.rows) || !ToHash(bytes, &head.digest)) {
    return Damaged();
  }
  head.applied = ledger::TreeSize(applied);
  return head;
}

absl::StatusOr<ledger::Hash> Table::DigestAt(Sequence position) const {
  const std::unique_ptr<rocksdb::Iterator> it = Iterate(/*within_prefix=*/false);
  std::string wanted(1, kDigest);
  ledger::AppendBigEndian(Complement(position), &wanted);
  it->Seek(wanted);
  SCRUTINY_RETURN_IF_ERROR(FromRocks(it->status(), "reading a digest"));
  ledger::Hash digest = {};
  if (!it->Valid() || ToView(it->key()).front() != kDigest) return digest;
  if (!ToHash(ToView(it->value()), &digest)) return Damaged();
  return digest;
}

std::unique_ptr<rocksdb::Iterator> Table::Iterate(bool within_prefix) const {
  rocksdb::ReadOptions options;
  options.prefix_same_as_start = within_prefix;
  options.total_order_seek = !within_prefix;
  return std::unique_ptr<rocksdb::Iterator>(db_->NewIterator(options, family_));
}

absl::Status Table::Rows(Sequence at, RowFn fn) const {
  return ScanRows(std::string(1, kRow), /*within_prefix=*/false, at, fn);
}

absl::Status Table::RowsOf(absl::string_view record, Sequence at, RowFn fn) const {
  return ScanRows(RecordPrefix(kRow, record), /*within_prefix=*/true, at, fn);
}

absl::Status Table::ScanRows(const std::string& prefix, bool within_prefix, Sequence at,
                             RowFn fn) const {
  const std::unique_ptr<rocksdb::Iterator> it = Iterate(within_prefix);
  std::string versions;
  for (it->Seek(prefix); it->Valid() && absl::StartsWith(ToView(it->key()), prefix);) {
    RowKey row;
    if (!ParseRowKey(ToView(it->key()), &row)) return Damaged();
    versions.assign(row.versions.data(), row.versions.size());
    if (row.position > at && !SeekVersion(versions, at, it.get(), &row)) continue;
    if (!it->value().empty() && !fn(row.record, row.key, ToView(it->value()))) break;
    SkipVersions(versions, it.get());
  }
  return FromRocks(it->status(), "reading rows");
}

absl::Status Table::Changes(Sequence from, Sequence to, absl::string_view from_record,
                            ChangeFn fn) const {
  const Sequence early = std::min(from, to);
  const Sequence late = std::max(from, to);
  const std::unique_ptr<rocksdb::Iterator> it = Iterate(/*within_prefix=*/false);
  const std::string prefix(1, kRow);
  std::string versions;
  std::string new_row;
  it->Seek(AtRecord(kRow, from_record));
  while (it->Valid() && absl::StartsWith(ToView(it->key()), prefix)) {
    RowKey row;
    if (!ParseRowKey(ToView(it->key()), &row)) return Damaged();
    versions.assign(row.versions.data(), row.versions.size());
    // The newest version of the row as of `late`; changed if it is newer than `early`.
    if (row.position > late && !SeekVersion(versions, late, it.get(), &row)) continue;
    if (row.position > early) {
      new_row = it->value().ToString();
      const bool has_old = SeekVersion(versions, early, it.get(), &row);
      const std::string old_row = has_old ? it->value().ToString() : std::string();
      const std::string name(versions, 1, versions.find('\0') - 1);
      const std::string key(versions, name.size() + 2, versions.size() - name.size() - 3);
      const bool forwards = from < to;
      if (old_row != new_row &&
          !fn(name, key, forwards ? old_row : new_row, forwards ? new_row : old_row)) {
        break;
      }
    }
    SkipVersions(versions, it.get());
  }
  return FromRocks(it->status(), "comparing rows");
}

absl::Status Table::Log(Sequence last, absl::string_view from_record, LogFn fn) const {
  const std::unique_ptr<rocksdb::Iterator> it = Iterate(/*within_prefix=*/false);
  const std::string prefix(1, kLog);
  std::string record;
  std::vector<StoredEntry> entries;
  for (it->Seek(AtRecord(kLog, from_record));
       it->Valid() && absl::StartsWith(ToView(it->key()), prefix); it->Next()) {
    const absl::string_view key = ToView(it->key());
    if (key.size() < kNumberBytes + 2) return Damaged();
    const absl::string_view of = key.substr(1, key.size() - kNumberBytes - 2);
    if (of != record) {
      if (!entries.empty() && !fn(record, entries)) return absl::OkStatus();
      record.assign(of.data(), of.size());
      entries.clear();
    }
    const Sequence sequence(
        ledger::LoadBigEndian<uint64_t>(key.data() + key.size() - kNumberBytes));
    if (sequence <= last) entries.push_back({sequence, it->value().ToString()});
  }
  SCRUTINY_RETURN_IF_ERROR(FromRocks(it->status(), "reading entries"));
  if (!entries.empty()) fn(record, entries);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<StoredEntry>> Table::LogOf(absl::string_view record,
                                                      Sequence last) const {
  const std::unique_ptr<rocksdb::Iterator> it = Iterate(/*within_prefix=*/true);
  const std::string prefix = RecordPrefix(kLog, record);
  std::vector<StoredEntry> entries;
  for (it->Seek(prefix); it->Valid() && absl::StartsWith(ToView(it->key()), prefix); it->Next()) {
    const absl::string_view key = ToView(it->key());
    if (key.size() != prefix.size() + kNumberBytes) return Damaged();
    const Sequence sequence(ledger::LoadBigEndian<uint64_t>(key.data() + prefix.size()));
    if (sequence > last) break;
    entries.push_back({sequence, it->value().ToString()});
  }
  SCRUTINY_RETURN_IF_ERROR(FromRocks(it->status(), "reading the entries of a record"));
  return entries;
}

absl::StatusOr<std::vector<std::string>> Table::Indexed(absl::string_view index,
                                                        absl::string_view value) const {
  const std::unique_ptr<rocksdb::Iterator> it = Iterate(/*within_prefix=*/true);
  std::string prefix;
  IndexPrefix(index, value, &prefix);
  std::vector<std::string> records;
  for (it->Seek(prefix); it->Valid() && absl::StartsWith(ToView(it->key()), prefix); it->Next()) {
    const absl::string_view record = ToView(it->key()).substr(prefix.size());
    records.emplace_back(record.data(), record.size());
  }
  SCRUTINY_RETURN_IF_ERROR(FromRocks(it->status(), "reading an index"));
  return records;
}

absl::Status Table::Write(Batch& batch) {
  rocksdb::WriteOptions options;
  options.disableWAL = true;
  return FromRocks(db_->Write(options, batch.batch_.get()), "writing rows");
}

}  // namespace scrutiny::projections
