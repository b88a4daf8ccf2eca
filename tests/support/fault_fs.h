// tests/support/fault_fs.h
// A file system that can fail any call, and lose power: what was not synced is then gone, file
// contents, new files, renames and deletions alike.
//
//   auto fs = std::make_shared<FaultFs>();
//   fs->Inject({.call = FsCall::kSync, .nth = 3, .effect = Effect::kPowerOff});
//   ... use a store until it fails, drop it ...
//   fs->RestorePower({.torn_seed = 7});   // the disk as a restart finds it
//
// The model: a file's bytes are durable up to its last successful sync; a name (creation, rename,
// deletion) once its folder was synced, or with a later name that is, as journals keep their order.
// After a failed sync the bytes it covered stay lost, though a second sync succeeds, as on Linux.
// RocksDB's info log (LOG*) and lock file are left alone.
//
// Threads:  thread-safe.
// Tests:    tests/ledger/store/fault_fs_test.cc
#ifndef SCRUTINY_TESTS_SUPPORT_FAULT_FS_H_
#define SCRUTINY_TESTS_SUPPORT_FAULT_FS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "rocksdb/file_system.h"

#include "ledger/base/mutex.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::testing {

// The kinds of calls that can fail and are counted.
enum class FsCall : uint8_t {
  kCreate,      // opening a file for writing
  kAppend,      // writing to it
  kSync,        // making its bytes durable
  kClose,       // closing it
  kTruncate,    // cutting it
  kSyncFolder,  // making names durable
  kRename,
  kDelete,
  kMakeFolder,
  kOpen,  // opening a file for reading
  kRead,
  kList,  // names in a folder
  kStat,  // existence, size, time
};
inline constexpr size_t kFsCalls = static_cast<size_t>(FsCall::kStat) + 1;
const char* FsCallName(FsCall call);

enum class Effect : uint8_t {
  kError,     // an I/O error; nothing happens
  kNoSpace,   // the disk is full; an append leaves half of its bytes
  kPowerOff,  // the power goes before the call: it and every later change fail
};

struct Fault {
  FsCall call = FsCall::kAppend;
  uint64_t nth = 1;      // of the calls that follow, from 1
  bool onwards = false;  // and every one after it
  Effect effect = Effect::kError;
  std::string path_part = {};  // only calls on paths that contain it
};

struct PowerLoss {
  // 0: nothing unsynced survives. Else a random part of it does, as far as the model allows: a torn
  // piece of each file's tail, and the first few of the unsynced changes of names.
  uint64_t torn_seed = 0;
};

class FaultFs : public rocksdb::FileSystemWrapper {
 public:
  FaultFs();
  ~FaultFs() override;
  const char* Name() const override { return "scrutiny.FaultFs"; }

  void Inject(const Fault& fault) ABSL_LOCKS_EXCLUDED(mutex_);
  void ClearFaults() ABSL_LOCKS_EXCLUDED(mutex_);
  // How often a fault struck.
  uint64_t faults_struck() const ABSL_LOCKS_EXCLUDED(mutex_);
  // Calls of a kind so far.
  uint64_t count(FsCall call) const ABSL_LOCKS_EXCLUDED(mutex_);

  // Stops every change, as of now.
  void PowerOff() ABSL_LOCKS_EXCLUDED(mutex_);
  // Puts the disk into the state it has after the loss, and lets changes happen again. Everything
  // that had files open must be gone. Faults are cleared.
  void RestorePower(const PowerLoss& loss = {}) ABSL_LOCKS_EXCLUDED(mutex_);

  // rocksdb::FileSystem.
  rocksdb::IOStatus NewSequentialFile(const std::string& path, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* result,
                                      rocksdb::IODebugContext* dbg) override;
  rocksdb::IOStatus NewRandomAccessFile(const std::string& path,
                                        const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* result,
                                        rocksdb::IODebugContext* dbg) override;
  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    rocksdb::IODebugContext* dbg) override;
  rocksdb::IOStatus ReopenWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* result,
                                       rocksdb::IODebugContext* dbg) override;
  rocksdb::IOStatus ReuseWritableFile(const std::string& path, const std::string& old_path,
                                      const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSWritableFile>* result,
                                      rocksdb::IODebugContext* dbg) override;
  rocksdb::IOStatus NewDirectory(const std::string& path, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* result,
                                 rocksdb::IODebugContext* dbg) override;
  rocksdb::IOStatus FileExists(const std::string& path, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* dbg) override;
  rocksdb::IOStatus GetChildren(const std::string& path, const rocksdb::IOOptions& options,
                                std::vector<std::string>* result,
                                rocksdb::IODebugContext* dbg) override;
  rocksdb::IOStatus GetFileSize(const std::string& path, const rocksdb::IOOptions& options,
                                uint64_t* size, rocksdb::IODebugContext* dbg) override;
  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* dbg) override;
  rocksdb::IOStatus Truncate(const std::string& path, size_t size,
                             const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* dbg) override;
  rocksdb::IOStatus CreateDir(const std::string& path, const rocksdb::IOOptions& options,
                              rocksdb::IODebugContext* dbg) override;
  rocksdb::IOStatus CreateDirIfMissing(const std::string& path, const rocksdb::IOOptions& options,
                                       rocksdb::IODebugContext* dbg) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* dbg) override;

 private:
  class WritableFile;
  class RandomAccessFile;
  class SequentialFile;
  class Directory;

  // Bytes of a file being written.
  struct FileState {
    uint64_t written = 0;
    uint64_t synced = 0;
    bool lost_writes = false;  // a sync failed: what it covered is gone whatever follows
  };

  // A change of names that no sync of its folder has made durable.
  struct NameChange {
    enum class Kind : uint8_t { kCreated, kRenamed, kDeleted, kFolder };
    Kind kind;
    std::string path;                  // as it is now
    std::string from;                  // renamed: as it was
    std::string stash;                 // what stood at `path` before; empty: nothing
    std::optional<FileState> stashed;  // its state, if it was being written
  };

  // Counts the call and says what happens to it; OK: let it through.
  rocksdb::IOStatus Meet(FsCall call, const std::string& path, bool* half = nullptr)
      ABSL_LOCKS_EXCLUDED(mutex_);
  bool IsChange(FsCall call) const;

  // Moves what stands at the path aside, if anything does; returns where to.
  std::string StashLocked(const std::string& path) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::optional<FileState> TakeStateLocked(const std::string& path)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void UndoLocked(const NameChange& change) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  void Appended(const std::string& path, uint64_t bytes) ABSL_LOCKS_EXCLUDED(mutex_);
  void Synced(const std::string& path, uint64_t through) ABSL_LOCKS_EXCLUDED(mutex_);
  void SyncFailed(const std::string& path) ABSL_LOCKS_EXCLUDED(mutex_);
  void Cut(const std::string& path, uint64_t size) ABSL_LOCKS_EXCLUDED(mutex_);
  uint64_t WrittenTo(const std::string& path) const ABSL_LOCKS_EXCLUDED(mutex_);
  void FolderSynced(const std::string& folder) ABSL_LOCKS_EXCLUDED(mutex_);

  TempDir stash_;
  mutable ledger::Mutex mutex_;
  bool off_ ABSL_GUARDED_BY(mutex_) = false;
  std::array<uint64_t, kFsCalls> counts_ ABSL_GUARDED_BY(mutex_) = {};
  std::optional<Fault> fault_ ABSL_GUARDED_BY(mutex_);
  uint64_t met_ ABSL_GUARDED_BY(mutex_) = 0;     // calls that matched the fault
  uint64_t struck_ ABSL_GUARDED_BY(mutex_) = 0;  // of them, those it hit
  uint64_t stashes_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, FileState> files_ ABSL_GUARDED_BY(mutex_);
  std::vector<NameChange> changes_ ABSL_GUARDED_BY(mutex_);  // in the order they were made
};

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_SUPPORT_FAULT_FS_H_
