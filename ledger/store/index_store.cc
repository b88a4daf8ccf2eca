#include "ledger/store/index_store.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "rocksdb/db.h"
#include "rocksdb/env.h"
#include "rocksdb/file_system.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/slice_transform.h"
#include "rocksdb/write_batch.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/status.h"
#include "ledger/format/big_endian.h"
#include "ledger/store/flush_tracker.h"
#include "ledger/store/index_families.h"
#include "ledger/store/index_keys.h"
#include "ledger/store/index_view.h"
#include "ledger/store/rocks_folder.h"
#include "ledger/store/rocks_options.h"
#include "ledger/store/rocks_status.h"

namespace scrutiny::ledger {
namespace {

constexpr uint32_t kIndexFormat = 2;
constexpr size_t kCacheBytes = 64 * kMiB;
constexpr size_t kBuffersBytes = 64 * kMiB;
constexpr double kFilterBitsPerKey = 10;
// A flush starts when half of what may be lost has come together, so that it is done in time.
constexpr uint64_t kFlushEveryEntries = kIndexLagEntriesMax / 2;

// Key in the default family: which index this is.
constexpr char kIdentityKey[] = "index";

absl::Status WriteFailed(const rocksdb::Status& status) {
  if (status.ok()) return absl::OkStatus();
  const absl::string_view why = status.IsNoSpace() ? "the disk is full" : "writing failed";
  return Error(absl::StatusCode::kUnavailable, Reason::kInternal,
               absl::StrCat("The index could not be written, ", why, ": ", DetailOf(status), "."))
      .Next("Put the disk right and start the server again; no entry is lost.");
}

// Keys and values of one family, gathered to be written in the order of their keys: what a
// memtable takes at a fraction of the cost of random order.
class SortedRows {
 public:
  // The buffer to append a key to; its end is marked with EndKey, the value's with EndRow.
  std::string* bytes() { return &bytes_; }
  void EndKey() { value_at_ = bytes_.size(); }
  void EndRow() {
    rows_.push_back({row_at_, value_at_, bytes_.size()});
    row_at_ = bytes_.size();
  }

  rocksdb::Status Write(rocksdb::ColumnFamilyHandle* family, rocksdb::WriteBatch* batch) {
    std::sort(rows_.begin(), rows_.end(),
              [this](const Row& a, const Row& b) { return Key(a).compare(Key(b)) < 0; });
    for (const Row& row : rows_) {
      const rocksdb::Slice value(bytes_.data() + row.value, row.end - row.value);
      const rocksdb::Status put = batch->Put(family, Key(row), value);
      if (!put.ok()) return put;
    }
    rows_.clear();
    bytes_.clear();
    row_at_ = 0;
    return rocksdb::Status::OK();
  }

 private:
  struct Row {
    size_t key;
    size_t value;
    size_t end;
  };

  rocksdb::Slice Key(const Row& row) const {
    return rocksdb::Slice(bytes_.data() + row.key, row.value - row.key);
  }

  std::string bytes_;
  std::vector<Row> rows_;
  size_t row_at_ = 0;
  size_t value_at_ = 0;
};

class RocksIndexStore final : public IndexStore {
 public:
  explicit RocksIndexStore(const IndexOptions& options)
      : path_(options.path),
        file_system_(options.file_system != nullptr ? options.file_system
                                                    : rocksdb::FileSystem::Default()),
        env_(rocksdb::NewCompositeEnv(file_system_)),
        tracker_(std::make_shared<FlushTracker>()) {}
  ~RocksIndexStore() override { CloseDatabase().PermitUncheckedError(); }

  absl::Status Start(const std::string& ledger_id);

  TreeSize position() const override { return TreeSize(position_.load(std::memory_order_acquire)); }
  TreeSize flushed() const override { return tracker_->flushed(); }
  absl::Status Apply(absl::Span<const IndexedEntry> entries,
                     absl::Span<const IndexedRequest> requests, absl::Span<const FullTile> tiles,
                     TreeSize end) override;
  std::unique_ptr<IndexView> View() const override {
    return std::make_unique<RocksIndexView>(*db_, families_);
  }
  absl::Status Flush() override;
  absl::Status Close() override;
  uint64_t bytes_on_disk() const override { return FolderBytes(*file_system_, path_); }

 private:
  absl::Status OpenDatabase(bool create);
  rocksdb::Status CloseDatabase();
  bool IsOfEarlierFormat() const;
  absl::Status StartAnew();
  absl::Status CheckIdentity(const std::string& ledger_id);
  rocksdb::Status FlushAll(bool wait);
  void Gather(const IndexedEntry& entry);
  absl::Status FlushIfDue();

  SortedRows& rows(IndexFamily family) { return rows_[static_cast<size_t>(family)]; }

  const std::string path_;
  const std::shared_ptr<rocksdb::FileSystem> file_system_;
  const std::unique_ptr<rocksdb::Env> env_;
  const std::shared_ptr<FlushTracker> tracker_;  // shared with RocksDB
  std::unique_ptr<rocksdb::DB> db_;
  IndexFamilies families_;
  std::atomic<uint64_t> position_{0};

  // Of the thread that applies.
  std::array<SortedRows, kIndexFamilies> rows_;
  rocksdb::WriteBatch batch_;
  TreeSize flush_started_;
};

absl::Status RocksIndexStore::Start(const std::string& ledger_id) {
  SCRUTINY_ASSIGN_OR_RETURN(const FolderContents before, InspectFolder(*file_system_, path_));
  if (before.IsHeadless()) {
    return Error(Reason::kCorrupt,
                 absl::StrCat("The index in ", path_, " has lost its file CURRENT."))
        .Value(path_)
        .Next(kRebuildIndex);
  }
  if (before.IsNew()) SCRUTINY_RETURN_IF_ERROR(MakeFolder(*file_system_, path_));
  SCRUTINY_RETURN_IF_ERROR(OpenDatabase(before.IsNew()));
  if (IsOfEarlierFormat()) SCRUTINY_RETURN_IF_ERROR(StartAnew());
  return CheckIdentity(ledger_id);
}

bool RocksIndexStore::IsOfEarlierFormat() const {
  std::string identity;
  const rocksdb::Status got =
      db_->Get(rocksdb::ReadOptions(), families_[IndexFamily::kMeta], kIdentityKey, &identity);
  absl::string_view rest = identity;
  uint32_t format = 0;
  return got.ok() && TakeBigEndian(&rest, &format) && format >= 1 && format < kIndexFormat;
}

absl::Status RocksIndexStore::StartAnew() {
  SCRUTINY_RETURN_IF_ERROR(WriteFailed(CloseDatabase()));
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const absl::string_view name : kIndexFamilyNames) {
    families.emplace_back(std::string(name), rocksdb::ColumnFamilyOptions());
  }
  rocksdb::Options options;
  options.env = env_.get();
  SCRUTINY_RETURN_IF_ERROR(WriteFailed(rocksdb::DestroyDB(path_, options, families)));
  SCRUTINY_RETURN_IF_ERROR(MakeFolder(*file_system_, path_));
  return OpenDatabase(/*create=*/true);
}

absl::Status RocksIndexStore::OpenDatabase(bool create) {
  rocksdb::DBOptions db_options = StoreOptions(env_.get());
  db_options.create_if_missing = create;
  db_options.atomic_flush = true;  // Without a log, families must not part company in a crash.
  db_options.db_write_buffer_size = kBuffersBytes;
  db_options.listeners.push_back(tracker_);

  rocksdb::BlockBasedTableOptions table = TableOptions(kCacheBytes);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kFilterBitsPerKey));
  table.whole_key_filtering = true;
  rocksdb::ColumnFamilyOptions family = FamilyOptions(table);
  family.write_buffer_size = 16 * kMiB;
  family.max_write_buffer_number = 4;
  // Rows come in any order and are never replaced: fewer rewrites for a few more filter checks.
  family.compaction_style = rocksdb::CompactionStyle::kCompactionStyleUniversal;
  family.level0_file_num_compaction_trigger = 8;
  family.level0_slowdown_writes_trigger = 40;
  family.level0_stop_writes_trigger = 60;
  // A memtable finds the place of a sorted batch's next key beside the last one.
  family.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(0));

  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const absl::string_view name : kIndexFamilyNames) {
    families.emplace_back(std::string(name), family);
  }
  // Where most questions are for what is not there: new records, new requests.
  for (const IndexFamily asked : {IndexFamily::kRecords, IndexFamily::kRequests}) {
    rocksdb::ColumnFamilyOptions& options = families[static_cast<size_t>(asked)].options;
    options.memtable_prefix_bloom_size_ratio = 0.02;
    options.memtable_whole_key_filtering = true;
  }
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened = rocksdb::DB::Open(db_options, path_, families, &handles, &db);
  if (!opened.ok()) return OpenError(opened, path_, kRebuildIndex);
  db_.reset(db);
  std::copy(handles.begin(), handles.end(), families_.handles.begin());
  return absl::OkStatus();
}

rocksdb::Status RocksIndexStore::CloseDatabase() {
  if (db_ == nullptr) return rocksdb::Status::OK();
  for (rocksdb::ColumnFamilyHandle* family : families_.handles) {
    db_->DestroyColumnFamilyHandle(family).PermitUncheckedError();
  }
  rocksdb::Status closed = db_->Close();
  db_.reset();
  return closed;
}

absl::Status RocksIndexStore::CheckIdentity(const std::string& ledger_id) {
  std::string expected;
  AppendBigEndian(kIndexFormat, &expected);
  expected += ledger_id;

  rocksdb::ColumnFamilyHandle* const meta = families_[IndexFamily::kMeta];
  std::string position_bytes;
  rocksdb::Status got = db_->Get(rocksdb::ReadOptions(), meta, kIndexPositionKey, &position_bytes);
  const bool is_new = got.IsNotFound();
  if (!is_new) SCRUTINY_RETURN_IF_ERROR(ReadError(got, "The index files", kRebuildIndex));
  if (is_new) {
    rocksdb::WriteOptions unlogged;
    unlogged.disableWAL = true;
    AppendBigEndian(uint64_t{0}, &position_bytes);
    rocksdb::WriteBatch batch;
    rocksdb::Status put = batch.Put(meta, kIdentityKey, expected);
    if (put.ok()) put = batch.Put(meta, kIndexPositionKey, position_bytes);
    if (put.ok()) put = db_->Write(unlogged, &batch);
    if (put.ok()) put = FlushAll(/*wait=*/true);
    SCRUTINY_RETURN_IF_ERROR(WriteFailed(put));
  }

  std::string identity;
  got = db_->Get(rocksdb::ReadOptions(), meta, kIdentityKey, &identity);
  SCRUTINY_RETURN_IF_ERROR(ReadError(got, "The index files", kRebuildIndex));
  absl::string_view rest = identity;
  uint32_t format = 0;
  if (!TakeBigEndian(&rest, &format) || format != kIndexFormat) {
    return Error(Reason::kCorrupt,
                 absl::StrCat("The index in ", path_, " has format ", format,
                              ", and this program reads format ", kIndexFormat, "."))
        .Value(path_)
        .Next(kRebuildIndex);
  }
  if (identity != expected) {
    return Error(Reason::kLedgerChanged,
                 absl::StrCat("The index in ", path_, " belongs to another ledger."))
        .Value(path_)
        .Next(kRebuildIndex);
  }
  rest = position_bytes;
  uint64_t position = 0;
  if (!TakeBigEndian(&rest, &position)) {
    return Error(Reason::kCorrupt, absl::StrCat("The index in ", path_, " is damaged."))
        .Value(path_)
        .Next(kRebuildIndex);
  }
  position_.store(position, std::memory_order_release);
  flush_started_ = TreeSize(position);
  tracker_->Start(TreeSize(position));
  return absl::OkStatus();
}

void RocksIndexStore::Gather(const IndexedEntry& entry) {
  SortedRows& records = rows(IndexFamily::kRecords);
  AppendRecordKey(entry.record, entry.revision, records.bytes());
  records.EndKey();
  AppendHistoryValue(entry, records.bytes());
  records.EndRow();

  SortedRows& types = rows(IndexFamily::kTypes);
  AppendTypeKey(entry.derived.type, entry.ordinal, types.bytes());
  types.EndKey();
  AppendBigEndian(entry.sequence.value(), types.bytes());
  types.EndRow();

  SortedRows& claims = rows(IndexFamily::kClaims);
  for (const Claim& claim : entry.derived.claims) {
    AppendClaimKey(claim.key, entry.sequence, claims.bytes());
    claims.EndKey();
    AppendClaimValue(entry.record, claim, claims.bytes());
    claims.EndRow();
  }

  SortedRows& citations = rows(IndexFamily::kCitations);
  for (const std::string& cited : entry.derived.cites) {
    AppendCitationKey(cited, entry.sequence, citations.bytes());
    citations.EndKey();
    citations.EndRow();
  }
}

absl::Status RocksIndexStore::Apply(absl::Span<const IndexedEntry> entries,
                                    absl::Span<const IndexedRequest> requests,
                                    absl::Span<const FullTile> tiles, TreeSize end) {
  Sequence next = NextSequence(position());
  for (const IndexedEntry& entry : entries) {
    if (entry.sequence != next) break;
    ++next;
  }
  if (next != NextSequence(end)) {
    return Error(Reason::kInternal, absl::StrCat("The index is given entries up to ", end.value(),
                                                 ", but not entry ", next.value(), "."));
  }

  // Flushes run behind; only when too much would be lost in a crash is there a wait for one.
  if (end - flushed() > kIndexLagEntriesMax) SCRUTINY_RETURN_IF_ERROR(Flush());

  for (const IndexedEntry& entry : entries) Gather(entry);
  SortedRows& remembered = rows(IndexFamily::kRequests);
  for (const IndexedRequest& request : requests) {
    AppendRequestKey(request.principal, request.request_id, remembered.bytes());
    remembered.EndKey();
    AppendRequestValue(request.record, remembered.bytes());
    remembered.EndRow();
  }
  SortedRows& full = rows(IndexFamily::kTiles);
  for (const FullTile& tile : tiles) {
    full.bytes()->append(TileKey(tile.id));
    full.EndKey();
    for (const Hash& hash : *tile.hashes) {
      full.bytes()->append(reinterpret_cast<const char*>(hash.data()), hash.size());
    }
    full.EndRow();
  }

  batch_.Clear();
  rocksdb::Status status;
  for (size_t i = 0; i < kIndexFamilies && status.ok(); ++i) {
    status = rows_[i].Write(families_.handles[i], &batch_);
  }
  std::string position_bytes;
  AppendBigEndian(end.value(), &position_bytes);
  // The last of the batch, as FlushTracker relies on.
  if (status.ok()) {
    status = batch_.Put(families_[IndexFamily::kMeta], kIndexPositionKey, position_bytes);
  }
  rocksdb::WriteOptions unlogged;
  unlogged.disableWAL = true;
  if (status.ok()) status = db_->Write(unlogged, &batch_);
  SCRUTINY_RETURN_IF_ERROR(WriteFailed(status));
  tracker_->Written(db_->GetLatestSequenceNumber(), end);
  position_.store(end.value(), std::memory_order_release);
  return FlushIfDue();
}

absl::Status RocksIndexStore::FlushIfDue() {
  if (position() - flush_started_ < kFlushEveryEntries) return absl::OkStatus();
  flush_started_ = position();
  return WriteFailed(FlushAll(/*wait=*/false));
}

rocksdb::Status RocksIndexStore::FlushAll(bool wait) {
  rocksdb::FlushOptions options;
  options.wait = wait;
  options.allow_write_stall = true;
  return db_->Flush(options, {families_.handles.begin(), families_.handles.end()});
}

absl::Status RocksIndexStore::Flush() {
  flush_started_ = position();
  const uint64_t written = db_->GetLatestSequenceNumber();
  SCRUTINY_RETURN_IF_ERROR(WriteFailed(FlushAll(/*wait=*/true)));
  tracker_->Flushed(written);
  return absl::OkStatus();
}

absl::Status RocksIndexStore::Close() {
  if (db_ == nullptr) return absl::OkStatus();
  const absl::Status flushed = Flush();
  const rocksdb::Status closed = CloseDatabase();
  return flushed.ok() ? WriteFailed(closed) : flushed;
}

}  // namespace

absl::StatusOr<std::unique_ptr<IndexStore>> IndexStore::Open(const IndexOptions& options) {
  auto store = std::make_unique<RocksIndexStore>(options);
  SCRUTINY_RETURN_IF_ERROR(store->Start(options.ledger_id));
  return store;
}

}  // namespace scrutiny::ledger
