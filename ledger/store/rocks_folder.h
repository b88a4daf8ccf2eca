// ledger/store/rocks_folder.h
// A store's folder, looked at and made ready before RocksDB sees it: an existing store that lost a
// file must never be taken for a new one.
//
// Threads:  functions are thread-safe as far as the file system is.
// Errors:   those of OpenError.
// Tests:    tests/ledger/store/entry_log_open_test.cc
#ifndef SCRUTINY_LEDGER_STORE_ROCKS_FOLDER_H_
#define SCRUTINY_LEDGER_STORE_ROCKS_FOLDER_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rocksdb/file_system.h"

namespace scrutiny::ledger {

// Which of RocksDB's files a folder holds.
struct FolderContents {
  bool current = false;  // CURRENT, which names the manifest
  bool tables = false;   // any *.sst
  bool logs = false;     // any *.log: the write-ahead log

  // Nothing was ever stored here; what a creation cut short left behind counts as nothing.
  bool IsNew() const { return !current && !tables && !logs; }
  // Data without the file that leads to it.
  bool IsHeadless() const { return !current && (tables || logs); }
};

// What the folder holds; nothing if it does not exist.
absl::StatusOr<FolderContents> InspectFolder(rocksdb::FileSystem& file_system,
                                             const std::string& path);

// Makes the folder and those above it, and syncs the folders that gained a name.
absl::Status MakeFolder(rocksdb::FileSystem& file_system, const std::string& path);

// Size of the files in the folder; 0 if it cannot be read.
uint64_t FolderBytes(rocksdb::FileSystem& file_system, const std::string& path);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_STORE_ROCKS_FOLDER_H_
