#include "ledger/store/entry_log.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "rocksdb/db.h"
#include "rocksdb/env.h"
#include "rocksdb/file_system.h"
#include "rocksdb/metadata.h"
#include "rocksdb/utilities/checkpoint.h"
#include "rocksdb/write_batch.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/status.h"
#include "ledger/format/big_endian.h"
#include "ledger/store/chunk_reader.h"
#include "ledger/store/rocks_folder.h"
#include "ledger/store/rocks_options.h"
#include "ledger/store/rocks_sealed.h"
#include "ledger/store/rocks_status.h"
#include "ledger/store/table_tracker.h"
#include "ledger/store/write_latch.h"

namespace scrutiny::ledger {
namespace {

// 1: without the tree's edge and sealed parts; opened as it is, and 2 from then on.
constexpr uint32_t kStoreFormat = 2;
constexpr uint32_t kStoreFormatOldest = 1;
constexpr uint32_t kChunkFormat = 1;
constexpr size_t kCacheBytes = 32 * kMiB;
// How far the write-ahead log may grow: what opening after a crash reads again at most.
constexpr size_t kLogBuffers = 3;

constexpr char kEntriesFamily[] = "entries";
// Keys of the default column family.
constexpr char kFormatKey[] = "format";  // store format, chunk format
constexpr char kHeadKey[] = "head";      // the size; there only after a clean Close
constexpr char kEdgeKey[] = "edge";      // the size, the roots of the tree's right edge
constexpr char kDamageKey[] = "damage";  // what was found wrong when opening

absl::Status Damage(absl::string_view message) {
  return Error(Reason::kCorrupt, message).Next(kRestoreEntries);
}

rocksdb::WriteOptions Synced() {
  rocksdb::WriteOptions options;
  options.sync = true;
  // A bit that flips in memory on the way to the disk is noticed.
  options.protection_bytes_per_key = 8;
  return options;
}

class RocksEntryLog final : public EntryLog {
 public:
  explicit RocksEntryLog(const EntryLogOptions& options)
      : path_(options.path),
        write_buffer_bytes_(options.write_buffer_bytes),
        file_system_(options.file_system != nullptr ? options.file_system
                                                    : rocksdb::FileSystem::Default()),
        env_(rocksdb::NewCompositeEnv(file_system_)),
        latch_(std::make_shared<WriteLatch>()),
        sealed_tables_(
            std::make_shared<TableTracker>(std::set<std::string>{kSealedFamily, kSubjectsFamily})),
        gone_within_micros_(options.gone_within_micros) {}
  ~RocksEntryLog() override { CloseDatabase().PermitUncheckedError(); }

  absl::Status Start(const EntryLogOptions& start);

  TreeSize size() const override { return TreeSize(size_.load(std::memory_order_acquire)); }
  absl::Status Commit(absl::Span<const ChunkPtr> group, const CommitExtras& extras) override;
  absl::StatusOr<absl::optional<CompactRange>> Edge() const override;
  SealedStore& sealed() override { return *sealed_; }
  absl::StatusOr<TreeSize> CopyTo(const std::string& folder) override;
  absl::StatusOr<std::vector<ChunkPtr>> Chunks(Sequence from, TreeSize end,
                                               size_t max_bytes) override;
  absl::StatusOr<std::vector<ChunkPtr>> ChunksBackwards(Sequence from, size_t max_bytes) override;
  absl::StatusOr<std::vector<Hash>> LeafHashes(Sequence from, TreeSize end) override;
  absl::Status Close() override;
  uint64_t bytes_on_disk() const override { return FolderBytes(*file_system_, path_); }

 private:
  absl::Status OpenDatabase(bool create);
  rocksdb::Status CloseDatabase();
  absl::StatusOr<absl::optional<std::string>> Meta(const char* key) const;

  // What Start checks, in this order.
  absl::Status CheckFormat(bool* is_new) const;
  absl::Status CheckHead(bool had_logs) const;
  absl::Status CheckRecovered() const;
  // From now on, until Close, the store counts as in use.
  absl::Status MarkInUse();

  ChunkReader reader() const { return ChunkReader(*file_system_, *db_, *entries_); }

  const std::string path_;
  const size_t write_buffer_bytes_;
  const std::shared_ptr<rocksdb::FileSystem> file_system_;
  const std::unique_ptr<rocksdb::Env> env_;  // RocksDB's name for the file system and its threads
  const std::shared_ptr<WriteLatch> latch_;  // shared with RocksDB, as is what follows
  const std::shared_ptr<TableTracker> sealed_tables_;
  const int64_t gone_within_micros_;
  std::unique_ptr<rocksdb::DB> db_;
  rocksdb::ColumnFamilyHandle* meta_ = nullptr;
  rocksdb::ColumnFamilyHandle* entries_ = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;  // all of them
  std::unique_ptr<RocksSealedStore> sealed_;
  rocksdb::WriteBatch batch_;  // keeps its memory from commit to commit
  std::string edge_bytes_;     // likewise
  std::atomic<uint64_t> size_{0};
};

absl::Status RocksEntryLog::Start(const EntryLogOptions& start) {
  SCRUTINY_ASSIGN_OR_RETURN(const FolderContents before, InspectFolder(*file_system_, path_));
  if (before.IsHeadless()) {
    return Damage(absl::StrCat("The folder ", path_,
                               " holds entries, but its file CURRENT, without which they cannot "
                               "be found, is gone."));
  }
  if (before.IsNew()) {
    if (!start.create_if_missing) {
      return Error(Reason::kNotFound, absl::StrCat("There is no ledger in ", path_, "."))
          .Value(path_)
          .Next("Name the folder of a ledger, or let a new one be made.");
    }
    SCRUTINY_RETURN_IF_ERROR(MakeFolder(*file_system_, path_));
  }
  SCRUTINY_RETURN_IF_ERROR(OpenDatabase(before.IsNew()));

  bool is_new = false;
  SCRUTINY_RETURN_IF_ERROR(CheckFormat(&is_new));
  SCRUTINY_ASSIGN_OR_RETURN(const TreeSize size, reader().FindSize());
  size_.store(size.value(), std::memory_order_release);
  if (is_new && size > TreeSize(0)) {
    return Damage(absl::StrCat("The ledger in ", path_, " does not say which format it has."));
  }
  if (!is_new) SCRUTINY_RETURN_IF_ERROR(CheckHead(before.logs || start.is_copy));

  const absl::Status recovered = CheckRecovered();
  if (!recovered.ok()) {
    // Recovery has used up the log, so the next opening could not find this again.
    db_->Put(Synced(), meta_, kDamageKey, std::string(recovered.message())).PermitUncheckedError();
    db_->Flush(rocksdb::FlushOptions(), meta_).PermitUncheckedError();
    return recovered;
  }
  return MarkInUse();
}

absl::Status RocksEntryLog::OpenDatabase(bool create) {
  rocksdb::DBOptions options = StoreOptions(env_.get());
  options.create_if_missing = create;
  options.max_total_wal_size = kLogBuffers * write_buffer_bytes_;
  options.listeners.push_back(latch_);
  options.listeners.push_back(sealed_tables_);

  rocksdb::ColumnFamilyOptions family = FamilyOptions(TableOptions(kCacheBytes));
  family.write_buffer_size = write_buffer_bytes_;
  family.max_write_buffer_number = static_cast<int>(kLogBuffers);
  // Held back until the entries have been looked at.
  family.disable_auto_compactions = true;

  const std::vector<rocksdb::ColumnFamilyDescriptor> families = {
      {rocksdb::kDefaultColumnFamilyName, family},
      {kEntriesFamily, family},
      {kSealedFamily, family},
      {kSubjectsFamily, family}};
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened = rocksdb::DB::Open(options, path_, families, &handles, &db);
  if (!opened.ok()) return OpenError(opened, path_, kRestoreEntries);
  db_.reset(db);
  meta_ = handles[0];
  entries_ = handles[1];
  families_ = handles;
  sealed_tables_->Begin(*db_);
  sealed_ = std::make_unique<RocksSealedStore>(
      *db_, RocksSealedStore::Families{handles[2], handles[3], families_}, *latch_, *sealed_tables_,
      gone_within_micros_);
  return absl::OkStatus();
}

rocksdb::Status RocksEntryLog::CloseDatabase() {
  if (db_ == nullptr) return rocksdb::Status::OK();
  sealed_.reset();
  for (rocksdb::ColumnFamilyHandle* family : families_) {
    db_->DestroyColumnFamilyHandle(family).PermitUncheckedError();
  }
  rocksdb::Status closed = db_->Close();
  db_.reset();
  return closed;
}

absl::StatusOr<absl::optional<std::string>> RocksEntryLog::Meta(const char* key) const {
  std::string value;
  const rocksdb::Status got = db_->Get(rocksdb::ReadOptions(), meta_, key, &value);
  if (got.IsNotFound()) return absl::optional<std::string>();
  if (!got.ok()) return ReadError(got, "The ledger's own records", kRestoreEntries);
  return absl::make_optional(std::move(value));
}

absl::Status RocksEntryLog::CheckFormat(bool* is_new) const {
  SCRUTINY_ASSIGN_OR_RETURN(const absl::optional<std::string> damage, Meta(kDamageKey));
  if (damage.has_value()) return Damage(*damage);
  SCRUTINY_ASSIGN_OR_RETURN(const absl::optional<std::string> format, Meta(kFormatKey));
  *is_new = !format.has_value();
  if (*is_new) return absl::OkStatus();

  absl::string_view rest = *format;
  uint32_t store_format = 0;
  uint32_t chunk_format = 0;
  if (!TakeBigEndian(&rest, &store_format) || !TakeBigEndian(&rest, &chunk_format)) {
    return Damage(absl::StrCat("The ledger in ", path_, " does not say which format it has."));
  }
  if (store_format < kStoreFormatOldest || store_format > kStoreFormat ||
      chunk_format != kChunkFormat) {
    return Error(Reason::kCorrupt,
                 absl::StrCat("The ledger in ", path_, " has format ", store_format, ".",
                              chunk_format, ", and this program reads format ", kStoreFormat, ".",
                              kChunkFormat, "."))
        .Value(absl::StrCat(store_format, ".", chunk_format))
        .Next("Open it with the version of the program that wrote it.");
  }
  return absl::OkStatus();
}

absl::Status RocksEntryLog::CheckHead(bool had_logs) const {
  SCRUTINY_ASSIGN_OR_RETURN(const absl::optional<std::string> head, Meta(kHeadKey));
  const uint64_t size = size_.load(std::memory_order_relaxed);
  if (!head.has_value()) {
    if (had_logs) return absl::OkStatus();
    return Damage(absl::StrCat("The ledger in ", path_,
                               " was not closed, and its write-ahead log (*.log) is gone: entries "
                               "from entry ",
                               size, " on may be lost."));
  }
  absl::string_view rest = *head;
  uint64_t closed_at = 0;
  if (!TakeBigEndian(&rest, &closed_at)) {
    return Damage(
        absl::StrCat("The record of how the ledger in ", path_, " was closed is damaged."));
  }
  if (closed_at == size) return absl::OkStatus();
  if (closed_at < size) {
    return Damage(absl::StrCat("The ledger in ", path_, " was closed with ", closed_at,
                               " entries, and now holds ", size, "."));
  }
  return Damage(absl::StrCat("The ledger in ", path_, " was closed with ", closed_at,
                             " entries; entries ", size, " to ", closed_at - 1, " are gone."));
}

absl::Status RocksEntryLog::CheckRecovered() const {
  const std::vector<std::string> recovered = latch_->RecoveredTables(kEntriesFamily);
  if (recovered.empty()) return absl::OkStatus();
  std::vector<rocksdb::LiveFileMetaData> files;
  db_->GetLiveFilesMetaData(&files);
  Sequence from = NextSequence(size());
  for (const rocksdb::LiveFileMetaData& file : files) {
    if (std::find(recovered.begin(), recovered.end(), file.relative_filename) == recovered.end() ||
        file.smallestkey.size() != sizeof(uint64_t)) {
      continue;
    }
    from = std::min(from, Sequence(LoadBigEndian<uint64_t>(file.smallestkey.data())));
  }
  if (from > Sequence(0)) from = from - 1;  // It must join on to what was there before.
  while (from < NextSequence(size())) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<ChunkPtr> chunks,
                              reader().Forwards(from, size(), kGroupBytesMax));
    from = NextSequence(chunks.back()->end());
  }
  return absl::OkStatus();
}

absl::Status RocksEntryLog::MarkInUse() {
  std::string format;
  AppendBigEndian(kStoreFormat, &format);
  AppendBigEndian(kChunkFormat, &format);
  rocksdb::WriteBatch batch;
  rocksdb::Status status = batch.Put(meta_, kFormatKey, format);
  if (status.ok()) status = batch.Delete(meta_, kHeadKey);
  if (status.ok()) status = db_->Write(Synced(), &batch);
  // Out of the log: should the log vanish, the store must still know that it was in use.
  if (status.ok()) status = db_->Flush(rocksdb::FlushOptions(), meta_);
  if (status.ok()) status = db_->EnableAutoCompaction(families_);
  return WriteError(status);
}

absl::StatusOr<absl::optional<CompactRange>> RocksEntryLog::Edge() const {
  SCRUTINY_ASSIGN_OR_RETURN(const absl::optional<std::string> stored, Meta(kEdgeKey));
  if (!stored.has_value()) return absl::optional<CompactRange>();
  absl::string_view rest = *stored;
  uint64_t of_size = 0;
  std::vector<Hash> roots;
  const bool shaped = TakeBigEndian(&rest, &of_size) && rest.size() % sizeof(Hash) == 0;
  for (; shaped && !rest.empty(); rest.remove_prefix(sizeof(Hash))) {
    std::copy_n(rest.data(), sizeof(Hash), reinterpret_cast<char*>(roots.emplace_back().data()));
  }
  absl::StatusOr<CompactRange> edge = CompactRange::FromParts(TreeSize(of_size), std::move(roots));
  if (!shaped || !edge.ok() || edge->size() != size()) {
    return Damage(absl::StrCat("The tree's right edge in ", path_, " is not that of the ",
                               size().value(), " entries stored."));
  }
  return absl::make_optional(*std::move(edge));
}

absl::StatusOr<TreeSize> RocksEntryLog::CopyTo(const std::string& folder) {
  if (latch_->tripped()) return latch_->status();
  rocksdb::Checkpoint* made = nullptr;
  rocksdb::Status status = rocksdb::Checkpoint::Create(db_.get(), &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  if (status.ok()) status = checkpoint->CreateCheckpoint(folder);
  if (!status.ok()) {
    return Error(absl::StatusCode::kUnavailable, Reason::kInternal,
                 absl::StrCat("The copy to ", folder, " could not be made: ", DetailOf(status)))
        .Value(folder)
        .Next("Name a folder that does not exist, on a disk with room.");
  }
  // Opening it looks at what was copied; closing it writes down how many entries it must have.
  EntryLogOptions options;
  options.path = folder;
  options.file_system = file_system_;
  options.create_if_missing = false;
  options.is_copy = true;
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<EntryLog> copy, EntryLog::Open(options));
  const TreeSize copied = copy->size();
  SCRUTINY_RETURN_IF_ERROR(copy->Close());
  return copied;
}

absl::Status RocksEntryLog::Commit(absl::Span<const ChunkPtr> group, const CommitExtras& extras) {
  if (latch_->tripped()) return latch_->status();
  if (group.empty()) return absl::OkStatus();
  TreeSize end = size();
  batch_.Clear();
  for (const ChunkPtr& chunk : group) {
    if (chunk->first() != NextSequence(end)) {
      return Error(Reason::kInternal, absl::StrCat("A commit has entry ", chunk->first().value(),
                                                   " where entry ", end.value(), " must follow."));
    }
    const absl::string_view value = chunk->value();
    const rocksdb::Status put =
        batch_.Put(entries_, ChunkKey(chunk->first()), rocksdb::Slice(value.data(), value.size()));
    if (!put.ok()) return Error(Reason::kInternal, DetailOf(put));
    end = chunk->end();
  }
  rocksdb::Status put = sealed_->Put(extras.sealed, &batch_);
  if (put.ok() && extras.edge != nullptr) {
    edge_bytes_.clear();
    AppendBigEndian(extras.edge->size().value(), &edge_bytes_);
    for (const Hash& root : extras.edge->roots()) {
      edge_bytes_.append(reinterpret_cast<const char*>(root.data()), root.size());
    }
    put = batch_.Put(meta_, kEdgeKey, edge_bytes_);
  }
  if (!put.ok()) return Error(Reason::kInternal, DetailOf(put));
  const rocksdb::Status written = db_->Write(Synced(), &batch_);
  if (!written.ok()) {
    latch_->Trip(DetailOf(written));
    return WriteError(written);
  }
  size_.store(end.value(), std::memory_order_release);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<ChunkPtr>> RocksEntryLog::Chunks(Sequence from, TreeSize end,
                                                            size_t max_bytes) {
  end = std::min(end, size());
  if (from >= NextSequence(end)) {
    return Error(Reason::kBeyondHead,
                 absl::StrCat("Entry ", from.value(), " does not exist: there are ", end.value(),
                              " entries, counted from 0."))
        .Value(absl::StrCat(from.value()));
  }
  return reader().Forwards(from, end, max_bytes);
}

absl::StatusOr<std::vector<ChunkPtr>> RocksEntryLog::ChunksBackwards(Sequence from,
                                                                     size_t max_bytes) {
  const TreeSize end = size();
  if (from >= NextSequence(end)) {
    return Error(Reason::kBeyondHead,
                 absl::StrCat("Entry ", from.value(), " does not exist: there are ", end.value(),
                              " entries, counted from 0."))
        .Value(absl::StrCat(from.value()));
  }
  return reader().Backwards(from, max_bytes);
}

absl::StatusOr<std::vector<Hash>> RocksEntryLog::LeafHashes(Sequence from, TreeSize end) {
  return reader().LeafHashes(from, std::min(end, size()), size());
}

absl::Status RocksEntryLog::Close() {
  if (db_ == nullptr) return absl::OkStatus();
  if (latch_->tripped()) {
    CloseDatabase().PermitUncheckedError();
    return latch_->status();
  }
  std::string head;
  AppendBigEndian(size().value(), &head);
  // The head first: should the machine stop in between, it says what must be there.
  rocksdb::Status status = db_->Put(Synced(), meta_, kHeadKey, head);
  if (status.ok()) status = db_->Flush(rocksdb::FlushOptions(), families_);
  const rocksdb::Status closed = CloseDatabase();
  return WriteError(status.ok() ? closed : status);
}

}  // namespace

absl::StatusOr<std::unique_ptr<EntryLog>> EntryLog::Open(const EntryLogOptions& options) {
  auto log = std::make_unique<RocksEntryLog>(options);
  SCRUTINY_RETURN_IF_ERROR(log->Start(options));
  return log;
}

}  // namespace scrutiny::ledger
