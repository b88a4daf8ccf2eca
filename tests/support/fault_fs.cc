#include "tests/support/fault_fs.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <random>
#include <system_error>
#include <utility>

namespace scrutiny::testing {
namespace {

namespace fs = std::filesystem;
using ledger::MutexLock;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

std::string FolderOf(const std::string& path) { return fs::path(path).parent_path().string(); }

// RocksDB names the same file with and without doubled slashes.
std::string Plain(const std::string& path) {
  std::string plain = fs::path(path).lexically_normal().string();
  while (plain.size() > 1 && plain.back() == '/') plain.pop_back();
  return plain;
}

// The info log and the lock are no data.
bool IsLeftAlone(const std::string& path) {
  const std::string name = fs::path(path).filename().string();
  return name.rfind("LOG", 0) == 0 || name == "LOCK";
}

}  // namespace

const char* FsCallName(FsCall call) {
  static constexpr std::array<const char*, kFsCalls> kNames = {
      "create", "append",      "sync", "close", "truncate", "sync folder", "rename",
      "delete", "make folder", "open", "read",  "list",     "stat"};
  return kNames[static_cast<size_t>(call)];
}

// --- Files.

class FaultFs::WritableFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  WritableFile(FaultFs& owner, std::string path, std::unique_ptr<rocksdb::FSWritableFile> target)
      : FSWritableFileOwnerWrapper(std::move(target)), owner_(owner), path_(std::move(path)) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* dbg) override {
    bool half = false;
    const IOStatus met = owner_.Meet(FsCall::kAppend, path_, &half);
    if (met.ok() || half) {
      const Slice part(data.data(), half ? data.size() / 2 : data.size());
      const IOStatus appended = target()->Append(part, options, dbg);
      if (!appended.ok()) return appended;
      owner_.Appended(path_, part.size());
    }
    return met;
  }
  IOStatus Append(const Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo& /*info*/, IODebugContext* dbg) override {
    return Append(data, options, dbg);
  }
  IOStatus Truncate(uint64_t size, const IOOptions& options, IODebugContext* dbg) override {
    IOStatus status = owner_.Meet(FsCall::kTruncate, path_);
    if (status.ok()) status = target()->Truncate(size, options, dbg);
    if (status.ok()) owner_.Cut(path_, size);
    return status;
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* dbg) override {
    return Durably(options, dbg);
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* dbg) override {
    return Durably(options, dbg);
  }
  // Hints that would only make the real disk work.
  IOStatus RangeSync(uint64_t /*offset*/, uint64_t /*bytes*/, const IOOptions& /*options*/,
                     IODebugContext* /*dbg*/) override {
    return IOStatus::OK();
  }
  IOStatus Allocate(uint64_t /*offset*/, uint64_t /*bytes*/, const IOOptions& /*options*/,
                    IODebugContext* /*dbg*/) override {
    return IOStatus::OK();
  }
  void PrepareWrite(size_t /*offset*/, size_t /*bytes*/, const IOOptions& /*options*/,
                    IODebugContext* /*dbg*/) override {}
  IOStatus Close(const IOOptions& options, IODebugContext* dbg) override {
    const IOStatus met = owner_.Meet(FsCall::kClose, path_);
    const IOStatus closed = target()->Close(options, dbg);
    return met.ok() ? closed : met;
  }

 private:
  IOStatus Durably(const IOOptions& options, IODebugContext* dbg) {
    const uint64_t through = owner_.WrittenTo(path_);
    const IOStatus met = owner_.Meet(FsCall::kSync, path_);
    if (!met.ok()) {
      owner_.SyncFailed(path_);
      return met;
    }
    const IOStatus synced = target()->Flush(options, dbg);
    if (synced.ok()) owner_.Synced(path_, through);
    return synced;
  }

  FaultFs& owner_;
  const std::string path_;
};

class FaultFs::RandomAccessFile final : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  RandomAccessFile(FaultFs& owner, std::string path,
                   std::unique_ptr<rocksdb::FSRandomAccessFile> target)
      : FSRandomAccessFileOwnerWrapper(std::move(target)), owner_(owner), path_(std::move(path)) {}

  IOStatus Read(uint64_t offset, size_t n, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* dbg) const override {
    const IOStatus met = owner_.Meet(FsCall::kRead, path_);
    return met.ok() ? target()->Read(offset, n, options, result, scratch, dbg) : met;
  }
  IOStatus MultiRead(rocksdb::FSReadRequest* requests, size_t count, const IOOptions& options,
                     IODebugContext* dbg) override {
    const IOStatus met = owner_.Meet(FsCall::kRead, path_);
    return met.ok() ? target()->MultiRead(requests, count, options, dbg) : met;
  }

 private:
  FaultFs& owner_;
  const std::string path_;
};

class FaultFs::SequentialFile final : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  SequentialFile(FaultFs& owner, std::string path,
                 std::unique_ptr<rocksdb::FSSequentialFile> target)
      : FSSequentialFileOwnerWrapper(std::move(target)), owner_(owner), path_(std::move(path)) {}

  IOStatus Read(size_t n, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* dbg) override {
    const IOStatus met = owner_.Meet(FsCall::kRead, path_);
    return met.ok() ? target()->Read(n, options, result, scratch, dbg) : met;
  }

 private:
  FaultFs& owner_;
  const std::string path_;
};

class FaultFs::Directory final : public rocksdb::FSDirectory {
 public:
  Directory(FaultFs& owner, std::string path) : owner_(owner), path_(std::move(path)) {}

  IOStatus Fsync(const IOOptions& /*options*/, IODebugContext* /*dbg*/) override {
    IOStatus met = owner_.Meet(FsCall::kSyncFolder, path_);
    if (met.ok()) owner_.FolderSynced(path_);
    return met;
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* dbg,
                               const rocksdb::DirFsyncOptions& /*which*/) override {
    return Fsync(options, dbg);
  }
  IOStatus Close(const IOOptions& /*options*/, IODebugContext* /*dbg*/) override {
    return IOStatus::OK();
  }

 private:
  FaultFs& owner_;
  const std::string path_;
};

// --- Faults and power.

FaultFs::FaultFs() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

FaultFs::~FaultFs() = default;

void FaultFs::Inject(const Fault& fault) {
  MutexLock lock(mutex_);
  fault_ = fault;
  met_ = 0;
  struck_ = 0;
}

void FaultFs::ClearFaults() {
  MutexLock lock(mutex_);
  fault_.reset();
}

uint64_t FaultFs::faults_struck() const {
  MutexLock lock(mutex_);
  return struck_;
}

uint64_t FaultFs::count(FsCall call) const {
  MutexLock lock(mutex_);
  return counts_[static_cast<size_t>(call)];
}

void FaultFs::PowerOff() {
  MutexLock lock(mutex_);
  off_ = true;
}

bool FaultFs::IsChange(FsCall call) const { return call < FsCall::kOpen; }

IOStatus FaultFs::Meet(FsCall call, const std::string& path, bool* half) {
  if (IsLeftAlone(path)) return IOStatus::OK();
  MutexLock lock(mutex_);
  ++counts_[static_cast<size_t>(call)];
  if (off_) return IsChange(call) ? IOStatus::IOError("the power is off") : IOStatus::OK();
  if (!fault_.has_value() || fault_->call != call ||
      path.find(fault_->path_part) == std::string::npos) {
    return IOStatus::OK();
  }
  ++met_;
  if (met_ != fault_->nth && !(fault_->onwards && met_ > fault_->nth)) return IOStatus::OK();
  ++struck_;
  switch (fault_->effect) {
    case Effect::kError:
      return IOStatus::IOError("injected error", path);
    case Effect::kNoSpace: {
      if (half != nullptr) *half = true;
      IOStatus full = IOStatus::NoSpace("injected: no space left on device", path);
      full.SetRetryable(true);  // As RocksDB's own file system says of ENOSPC.
      return full;
    }
    case Effect::kPowerOff:
      off_ = true;
      return IOStatus::IOError("the power went off");
  }
  return IOStatus::OK();
}

void FaultFs::RestorePower(const PowerLoss& loss) {
  MutexLock lock(mutex_);
  std::mt19937_64 random(loss.torn_seed);
  // The first few name changes may have reached the disk on their own; the rest never did.
  size_t kept = 0;
  if (loss.torn_seed != 0) kept = random() % (changes_.size() + 1);
  while (changes_.size() > kept) {
    UndoLocked(changes_.back());
    changes_.pop_back();
  }
  for (const NameChange& change : changes_) {
    std::error_code ignored;
    if (!change.stash.empty()) fs::remove(change.stash, ignored);
  }
  changes_.clear();

  for (const auto& [path, state] : files_) {
    std::error_code ignored;
    if (!fs::exists(path, ignored)) continue;
    uint64_t size = state.synced;
    if (loss.torn_seed != 0) size += random() % (state.written - state.synced + 1);
    if (fs::file_size(path, ignored) > size) fs::resize_file(path, size, ignored);
  }
  files_.clear();
  fault_.reset();
  off_ = false;
}

// --- The model.

std::string FaultFs::StashLocked(const std::string& path) {
  std::error_code missing;
  if (!fs::exists(path, missing)) return "";
  const std::string stash = stash_.File(std::to_string(stashes_++));
  fs::rename(path, stash, missing);
  return missing ? "" : stash;
}

std::optional<FaultFs::FileState> FaultFs::TakeStateLocked(const std::string& path) {
  const auto found = files_.find(path);
  if (found == files_.end()) return std::nullopt;
  const FileState state = found->second;
  files_.erase(found);
  return state;
}

void FaultFs::UndoLocked(const NameChange& change) {
  std::error_code ignored;
  switch (change.kind) {
    case NameChange::Kind::kFolder:
      fs::remove_all(change.path, ignored);
      return;
    case NameChange::Kind::kRenamed:
      fs::rename(change.path, change.from, ignored);
      if (const auto state = TakeStateLocked(change.path)) files_[change.from] = *state;
      break;
    case NameChange::Kind::kCreated:
      fs::remove(change.path, ignored);
      TakeStateLocked(change.path);
      break;
    case NameChange::Kind::kDeleted:
      break;
  }
  if (change.stash.empty()) return;
  fs::rename(change.stash, change.path, ignored);
  if (change.stashed.has_value()) files_[change.path] = *change.stashed;
}

void FaultFs::Appended(const std::string& path, uint64_t bytes) {
  MutexLock lock(mutex_);
  const auto found = files_.find(path);
  if (found != files_.end()) found->second.written += bytes;
}

uint64_t FaultFs::WrittenTo(const std::string& path) const {
  MutexLock lock(mutex_);
  const auto found = files_.find(path);
  return found == files_.end() ? 0 : found->second.written;
}

void FaultFs::Synced(const std::string& path, uint64_t through) {
  MutexLock lock(mutex_);
  const auto found = files_.find(path);
  if (found == files_.end() || found->second.lost_writes) return;
  found->second.synced = std::max(found->second.synced, through);
}

void FaultFs::SyncFailed(const std::string& path) {
  MutexLock lock(mutex_);
  const auto found = files_.find(path);
  if (found != files_.end()) found->second.lost_writes = true;
}

void FaultFs::Cut(const std::string& path, uint64_t size) {
  MutexLock lock(mutex_);
  const auto found = files_.find(path);
  if (found == files_.end()) return;
  found->second.written = std::min(found->second.written, size);
  found->second.synced = std::min(found->second.synced, size);
}

void FaultFs::FolderSynced(const std::string& folder) {
  MutexLock lock(mutex_);
  // A journal keeps its order: with this folder's last change all before it are durable too.
  size_t durable = 0;
  for (size_t i = 0; i < changes_.size(); ++i) {
    if (FolderOf(changes_[i].path) == folder) durable = i + 1;
  }
  for (size_t i = 0; i < durable; ++i) {
    std::error_code ignored;
    if (!changes_[i].stash.empty()) fs::remove(changes_[i].stash, ignored);
  }
  changes_.erase(changes_.begin(), changes_.begin() + static_cast<std::ptrdiff_t>(durable));
}

// --- rocksdb::FileSystem.

IOStatus FaultFs::NewSequentialFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSSequentialFile>* result,
                                    IODebugContext* dbg) {
  IOStatus status = Meet(FsCall::kOpen, path);
  if (status.ok()) status = target()->NewSequentialFile(path, options, result, dbg);
  if (status.ok())
    *result = std::make_unique<SequentialFile>(*this, Plain(path), std::move(*result));
  return status;
}

IOStatus FaultFs::NewRandomAccessFile(const std::string& path, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSRandomAccessFile>* result,
                                      IODebugContext* dbg) {
  IOStatus status = Meet(FsCall::kOpen, path);
  if (status.ok()) status = target()->NewRandomAccessFile(path, options, result, dbg);
  if (status.ok()) {
    *result = std::make_unique<RandomAccessFile>(*this, Plain(path), std::move(*result));
  }
  return status;
}

IOStatus FaultFs::NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                  std::unique_ptr<rocksdb::FSWritableFile>* result,
                                  IODebugContext* dbg) {
  if (IsLeftAlone(path)) return target()->NewWritableFile(path, options, result, dbg);
  const IOStatus met = Meet(FsCall::kCreate, path);
  if (!met.ok()) return met;
  const std::string plain = Plain(path);
  MutexLock lock(mutex_);
  NameChange change{NameChange::Kind::kCreated, plain, "", StashLocked(plain),
                    TakeStateLocked(plain)};
  const IOStatus opened = target()->NewWritableFile(path, options, result, dbg);
  if (!opened.ok()) {
    UndoLocked(change);
    return opened;
  }
  changes_.push_back(std::move(change));
  files_[plain] = FileState{};
  *result = std::make_unique<WritableFile>(*this, plain, std::move(*result));
  return opened;
}

IOStatus FaultFs::ReopenWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                     std::unique_ptr<rocksdb::FSWritableFile>* result,
                                     IODebugContext* dbg) {
  IOStatus status = Meet(FsCall::kCreate, path);
  const std::string plain = Plain(path);
  std::error_code ignored;
  const bool existed = fs::exists(plain, ignored);
  const uint64_t size = existed ? fs::file_size(plain, ignored) : 0;
  if (status.ok()) status = target()->ReopenWritableFile(path, options, result, dbg);
  if (!status.ok() || IsLeftAlone(path)) return status;
  MutexLock lock(mutex_);
  if (!existed) changes_.push_back({NameChange::Kind::kCreated, plain, "", "", std::nullopt});
  files_.try_emplace(plain, FileState{size, size, false});
  *result = std::make_unique<WritableFile>(*this, plain, std::move(*result));
  return status;
}

IOStatus FaultFs::ReuseWritableFile(const std::string& path, const std::string& old_path,
                                    const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    IODebugContext* dbg) {
  const IOStatus renamed = RenameFile(old_path, path, IOOptions(), dbg);
  return renamed.ok() ? NewWritableFile(path, options, result, dbg) : renamed;
}

IOStatus FaultFs::NewDirectory(const std::string& path, const IOOptions& options,
                               std::unique_ptr<rocksdb::FSDirectory>* result, IODebugContext* dbg) {
  std::unique_ptr<rocksdb::FSDirectory> real;
  IOStatus status = target()->NewDirectory(path, options, &real, dbg);
  if (status.ok()) *result = std::make_unique<Directory>(*this, Plain(path));
  return status;
}

IOStatus FaultFs::FileExists(const std::string& path, const IOOptions& options,
                             IODebugContext* dbg) {
  const IOStatus met = Meet(FsCall::kStat, path);
  return met.ok() ? target()->FileExists(path, options, dbg) : met;
}

IOStatus FaultFs::GetChildren(const std::string& path, const IOOptions& options,
                              std::vector<std::string>* result, IODebugContext* dbg) {
  const IOStatus met = Meet(FsCall::kList, path);
  return met.ok() ? target()->GetChildren(path, options, result, dbg) : met;
}

IOStatus FaultFs::GetFileSize(const std::string& path, const IOOptions& options, uint64_t* size,
                              IODebugContext* dbg) {
  const IOStatus met = Meet(FsCall::kStat, path);
  return met.ok() ? target()->GetFileSize(path, options, size, dbg) : met;
}

IOStatus FaultFs::DeleteFile(const std::string& path, const IOOptions& options,
                             IODebugContext* dbg) {
  if (IsLeftAlone(path)) return target()->DeleteFile(path, options, dbg);
  const IOStatus met = Meet(FsCall::kDelete, path);
  if (!met.ok()) return met;
  const std::string plain = Plain(path);
  MutexLock lock(mutex_);
  std::error_code ignored;
  if (!fs::exists(plain, ignored)) return IOStatus::NotFound(path);
  NameChange change{NameChange::Kind::kDeleted, plain, "", StashLocked(plain),
                    TakeStateLocked(plain)};
  changes_.push_back(std::move(change));
  return IOStatus::OK();
}

IOStatus FaultFs::Truncate(const std::string& path, size_t size, const IOOptions& options,
                           IODebugContext* dbg) {
  IOStatus status = Meet(FsCall::kTruncate, path);
  if (status.ok()) status = target()->Truncate(path, size, options, dbg);
  if (status.ok()) Cut(Plain(path), size);
  return status;
}

IOStatus FaultFs::CreateDir(const std::string& path, const IOOptions& options,
                            IODebugContext* dbg) {
  IOStatus status = Meet(FsCall::kMakeFolder, path);
  if (status.ok()) status = target()->CreateDir(path, options, dbg);
  if (status.ok()) {
    MutexLock lock(mutex_);
    changes_.push_back({NameChange::Kind::kFolder, Plain(path), "", "", std::nullopt});
  }
  return status;
}

IOStatus FaultFs::CreateDirIfMissing(const std::string& path, const IOOptions& options,
                                     IODebugContext* dbg) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return CreateDir(path, options, dbg);
  const IOStatus met = Meet(FsCall::kMakeFolder, path);
  return met.ok() ? target()->CreateDirIfMissing(path, options, dbg) : met;
}

IOStatus FaultFs::RenameFile(const std::string& from, const std::string& to,
                             const IOOptions& options, IODebugContext* dbg) {
  if (IsLeftAlone(from)) return target()->RenameFile(from, to, options, dbg);
  const IOStatus met = Meet(FsCall::kRename, to);
  if (!met.ok()) return met;
  const std::string plain = Plain(to);
  MutexLock lock(mutex_);
  NameChange change{NameChange::Kind::kRenamed, plain, Plain(from), StashLocked(plain),
                    TakeStateLocked(plain)};
  const IOStatus renamed = target()->RenameFile(from, to, options, dbg);
  if (!renamed.ok()) {
    std::error_code ignored;
    if (!change.stash.empty()) fs::rename(change.stash, plain, ignored);
    return renamed;
  }
  if (const auto state = TakeStateLocked(change.from)) files_[plain] = *state;
  changes_.push_back(std::move(change));
  return renamed;
}

}  // namespace scrutiny::testing
