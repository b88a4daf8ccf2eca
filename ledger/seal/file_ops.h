// ledger/seal/file_ops.h
// The few file operations the key store is made of, so that a test can fail or cut off each one.
//
// Guarantees:  what is written, renamed or removed and then synced is on the disk; files are made
//              for their owner alone (0600), folders too (0700); symbolic links are not followed.
// Threads:     SystemFiles is thread-safe.
// Errors:      NotFound for what is not there; else Unavailable with the operation, the path and
//              the system's reason.
// Tests:       tests/ledger/seal/file_ops_test.cc, key_store_crash_test.cc
#ifndef SCRUTINY_LEDGER_SEAL_FILE_OPS_H_
#define SCRUTINY_LEDGER_SEAL_FILE_OPS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "ledger/seal/secret.h"

namespace scrutiny::ledger {

// Holds a folder against other processes until it is destroyed.
class FolderLock {
 public:
  virtual ~FolderLock() = default;
};

class FileOps {
 public:
  virtual ~FileOps() = default;

  // The permission bits of a file or folder.
  virtual absl::StatusOr<uint32_t> Mode(const std::string& path) = 0;
  // Makes a folder, and syncs the one it stands in. AlreadyExists if it is there.
  virtual absl::Status MakeFolder(const std::string& path) = 0;
  // The names in a folder, sorted.
  virtual absl::StatusOr<std::vector<std::string>> List(const std::string& folder) = 0;
  virtual absl::StatusOr<Secret> Read(const std::string& path) = 0;
  // Makes a new file and syncs its bytes; not yet its name. AlreadyExists if it is there.
  virtual absl::Status Create(const std::string& path, absl::string_view bytes) = 0;
  // Writes over a file's bytes where they lie, and syncs them.
  virtual absl::Status Overwrite(const std::string& path, absl::string_view bytes) = 0;
  virtual absl::Status Rename(const std::string& from, const std::string& to) = 0;
  virtual absl::Status Remove(const std::string& path) = 0;
  // Makes durable which names a folder holds.
  virtual absl::Status SyncFolder(const std::string& folder) = 0;
  // Fails with FailedPrecondition while another holds it.
  virtual absl::StatusOr<std::unique_ptr<FolderLock>> Lock(const std::string& folder) = 0;
};

// The machine's own files.
FileOps& SystemFiles();

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_SEAL_FILE_OPS_H_
