// ledger/checkpoint/backup.h
// A backup: a copy of the store, made while it serves, with a checkpoint of exactly what it holds
// and a signed list of its files. Keys are not in it.
//
// Guarantees:  complete and synced when it returns OK; until the manifest is there, the last file
//              written, a folder is no backup. Files that cannot change are linked where the disk
//              allows it, so that a backup beside the ledger takes little room; copy it elsewhere.
//              Ciphertexts of sealed parts are in it.
// Threads:     runs on the caller's; thread-safe. One that fails leaves what it had written.
// Errors:      INVALID_ARGUMENT (not absolute), ALREADY_EXISTS (something is there), UNAVAILABLE,
//              kOutcomeUnknown and kReadOnly after a failed write to the ledger, those of waiting
//              for a checkpoint.
// Limits:      those of a manifest (ledger/verify/backup_manifest.h): some 8,000 files.
// Format:      ledger/FORMAT.md, "Backups".   Tests: tests/ledger/checkpoint/backup_test.cc
#ifndef SCRUTINY_LEDGER_CHECKPOINT_BACKUP_H_
#define SCRUTINY_LEDGER_CHECKPOINT_BACKUP_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"

#include "ledger/append/ledger.h"
#include "ledger/base/clock.h"
#include "ledger/base/ids.h"
#include "ledger/checkpoint/checkpointer.h"
#include "ledger/verify/backup_manifest.h"

namespace scrutiny::ledger {

struct BackupSummary {
  TreeSize size;
  uint64_t bytes = 0;
  uint32_t files = 0;
};

// `directory` is absolute; it may be there, empty. `progress` hears of the bytes hashed, and of all
// there are, and may stop it (CANCELLED: a folder without a manifest, no backup); of the copying
// before, nothing. `bytes` and `files` count all but the manifest. `add` may put more into the
// folder before it is listed, such as papers.
absl::StatusOr<BackupSummary> MakeBackup(Ledger& ledger, Checkpointer& checkpointer, Clock& clock,
                                         const std::string& directory,
                                         const BackupProgress& progress,
                                         const std::function<absl::Status()>& add = nullptr);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_CHECKPOINT_BACKUP_H_
