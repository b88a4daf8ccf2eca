// tests/ledger/seal/crash_disk.h
// A disk in memory that forgets what was not synced, and can be cut off at any operation.
//
// What it keeps through a crash: bytes of files that were synced, and names that a sync of their
// folder made durable. Everything since may have reached the disk or not, each change for itself: a
// seed decides.
//
// Threads:  thread-compatible.
#ifndef SCRUTINY_TESTS_LEDGER_SEAL_CRASH_DISK_H_
#define SCRUTINY_TESTS_LEDGER_SEAL_CRASH_DISK_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "ledger/seal/file_ops.h"

namespace scrutiny::testing {

class CrashDisk final : public ledger::FileOps {
 public:
  // The operation with this number, from 0, and all after it fail; those that write may have done
  // part of their work. Operations that only look are not counted.
  void FailFrom(int operation) { fail_from_ = operation; }
  // That one alone fails, without effect.
  void FailOnce(int operation) { fail_once_ = operation; }
  // Nothing fails any more; counting starts again.
  void Heal();
  int operations() const { return operations_; }
  // What the failed or last counted operation was, for the reader of a failure.
  const std::string& last() const { return last_; }

  // The power fails: what is not durable is kept or lost as the seed says. Locks are let go.
  void Crash(uint64_t seed);

  // Every byte string that ever lay in a file of the folder: what a thorough reader of the medium
  // might find, save what Overwrite wrote over.
  const std::set<std::string>& traces() const { return traces_; }
  // What lies in a file now.
  std::string Bytes(const std::string& path) const;
  bool Exists(const std::string& path) const { return names_.count(path) != 0; }
  void SetMode(const std::string& path, uint32_t mode) { modes_[path] = mode; }
  void SetBytes(const std::string& path, const std::string& bytes);
  void Delete(const std::string& path);
  std::vector<std::string> Files() const;

  absl::StatusOr<uint32_t> Mode(const std::string& path) override;
  absl::Status MakeFolder(const std::string& path) override;
  absl::StatusOr<std::vector<std::string>> List(const std::string& folder) override;
  absl::StatusOr<ledger::Secret> Read(const std::string& path) override;
  absl::Status Create(const std::string& path, absl::string_view bytes) override;
  absl::Status Overwrite(const std::string& path, absl::string_view bytes) override;
  absl::Status Rename(const std::string& from, const std::string& to) override;
  absl::Status Remove(const std::string& path) override;
  absl::Status SyncFolder(const std::string& folder) override;
  absl::StatusOr<std::unique_ptr<ledger::FolderLock>> Lock(const std::string& folder) override;

 private:
  struct File {
    std::string now;
    std::string durable;
  };
  using Names = std::map<std::string, std::shared_ptr<File>>;

  // Counts an operation; false if it fails. `partly`: the failure may leave part of it done.
  bool Go(const std::string& what, bool* partly);
  absl::Status Broken() const;

  std::set<std::string> folders_;
  std::map<std::string, uint32_t> modes_;
  Names names_;    // as a process sees them
  Names durable_;  // as they are after a crash at the least
  // Changes of names since the last sync, in order, each whole: a rename is one.
  std::vector<std::function<void(Names&)>> changes_;
  std::set<std::string> traces_;
  std::shared_ptr<std::set<std::string>> locks_ = std::make_shared<std::set<std::string>>();
  int operations_ = 0;
  int fail_from_ = -1;
  int fail_once_ = -1;
  std::string last_;
};

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_LEDGER_SEAL_CRASH_DISK_H_
