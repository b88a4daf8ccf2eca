// ledger/checkpoint/restore.h
// A ledger out of a copy: a backup's folder, or an export of the whole log. The entries come back
// with the same bytes and the same root; what is derived is made again when the ledger is opened.
//
// Guarantees:  everything is verified before anything is written, and the root of an export again
//              from the entries as they were added. What an earlier ledger left of derived data in
//              the folder is removed. Where no ledger is, it comes back whole or not
//              at all; a backup is restored only there. An export that holds more than the ledger
//              there is, and begins with it, adds what is missing, and may be restored again if it
//              was cut short; any other ledger is left alone. An export brings no ciphertexts. What
//              was erased before stays erased: see SealedParts.
// Threads:     runs on the caller's; nobody else has the folder open.
// Errors:      kCorrupt and those of CheckBackup and VerifyLog; kMalformed without a key, or for
//              an export of chosen records; ALREADY_EXISTS where there is a ledger that the source
//              does not continue.
// Format:      ledger/FORMAT.md, "Backups", "Export bundles".
// Tests:       tests/ledger/checkpoint/restore_test.cc
#ifndef SCRUTINY_LEDGER_CHECKPOINT_RESTORE_H_
#define SCRUTINY_LEDGER_CHECKPOINT_RESTORE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "ledger/base/ids.h"
#include "ledger/note/vkey.h"

namespace scrutiny::ledger {

struct RestoreOptions {
  std::string from;  // a backup's folder, an export (.tar) or its unpacked folder
  std::string data;  // the ledger's folder
  // Keys that may have signed the copy: those of the identity folder and those named.
  std::vector<VerifierKey> keys;
  std::function<void(uint64_t done, uint64_t total)> progress;  // may be null
};

struct Restored {
  TreeSize size;           // entries the ledger has then
  std::string checkpoint;  // of the copy, verified
};

absl::StatusOr<Restored> Restore(const RestoreOptions& options);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_CHECKPOINT_RESTORE_H_
