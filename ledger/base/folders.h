// ledger/base/folders.h
// Folders and whole files, written durably.
//
// Threads:  functions are as thread-safe as the file system.
// Errors:   UNAVAILABLE with the system's words; ALREADY_EXISTS from MakeEmptyFolder.
// Tests:    tests/ledger/base/folders_test.cc, tests/ledger/checkpoint/backup_test.cc
#ifndef SCRUTINY_LEDGER_BASE_FOLDERS_H_
#define SCRUTINY_LEDGER_BASE_FOLDERS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace scrutiny::ledger {

// Refuses a folder that is one of the ledger's own or lies in it: what is made there would go with
// it, or be copied with it.
absl::Status CheckOutside(const std::string& folder, const std::string& own);

// Makes the folder, and those above it, and syncs their names; one that is there is left.
absl::Status MakeFolder(const std::string& folder);

// Makes the folder, and those above it, and syncs their names; ALREADY_EXISTS if something is in
// it.
absl::Status MakeEmptyFolder(const std::string& folder);

// Writes a new file, which must not be there, and syncs it.
absl::Status WriteNewFile(const std::string& path, absl::string_view bytes);

// Copies a file and syncs the copy.
absl::Status CopyFileSynced(const std::string& from, const std::string& to);

// Syncs the folder itself, so that the names in it survive a crash.
absl::Status SyncFolder(const std::string& folder);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_BASE_FOLDERS_H_
