// ledger/verify/backup_manifest.h
// What a backup consists of: a list of its files, signed by the ledger. The server writes it, the
// checker and a restore read it.
//
// Guarantees:  FormatBackupManifest is the exact inverse of ParseBackupManifest. A folder that
//              passes CheckBackup has exactly the files that were signed for, byte for byte.
// Threads:     pure functions; hashing uses several threads.
// Errors:      kMalformed, kNotFound and those of VerifyNote for the manifest; of reading for the
//              files. Damage is in the report.
// Limits:      the manifest is a note of at most kNoteBytesMax, some 8,000 files.
// Format:      ledger/FORMAT.md, "Backups".   Tests: tests/ledger/verify/backup_manifest_test.cc
#ifndef SCRUTINY_LEDGER_VERIFY_BACKUP_MANIFEST_H_
#define SCRUTINY_LEDGER_VERIFY_BACKUP_MANIFEST_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include "ledger/base/ids.h"
#include "ledger/format/hash.h"
#include "ledger/note/signed_note.h"
#include "ledger/verify/report.h"
#include "ledger/verify/signed_checkpoint.h"

namespace scrutiny::ledger {

inline constexpr char kBackupManifestName[] = "MANIFEST";
inline constexpr char kBackupCheckpointName[] = "checkpoint";

struct BackupFile {
  Hash sha256{};
  uint64_t bytes = 0;
  std::string path;  // from the folder, with slashes

  friend bool operator==(const BackupFile&, const BackupFile&) = default;
};

struct BackupManifest {
  std::string origin;
  std::string ledger_id;          // 16 bytes
  TreeSize size;                  // entries in the backup
  int64_t created_at = 0;         // seconds since 1970-01-01 UTC
  std::vector<BackupFile> files;  // by path

  friend bool operator==(const BackupManifest&, const BackupManifest&) = default;
};

// The text that is signed. Files must be in order and have paths such as ParseBackupManifest takes.
std::string FormatBackupManifest(const BackupManifest& manifest);
absl::StatusOr<BackupManifest> ParseBackupManifest(absl::string_view text);

// The manifest in a signed note; at least one of the keys must be of type 01, bear the manifest's
// origin as its name and have signed.
absl::StatusOr<BackupManifest> OpenBackupManifest(absl::string_view note, const Trust& trust,
                                                  std::vector<VerifiedSignature>* verified);

// Bytes done, and in all. False: to stop, with CANCELLED.
using BackupProgress = std::function<bool(uint64_t done, uint64_t total)>;

// All files below the folder, the manifest not counted, by path, each with its hash. Refuses
// anything that is neither file nor folder, and names that a manifest cannot hold.
absl::StatusOr<std::vector<BackupFile>> ListBackup(const std::string& folder, int threads,
                                                   const BackupProgress& progress);

struct BackupReport {
  BackupManifest manifest;
  std::vector<VerifiedSignature> signatures;
  // Of the checkpoint in the backup, where it verifies.
  absl::optional<SignedCheckpoint> checkpoint;
  std::vector<Damage> damages;
};

// The folder against its manifest.
absl::StatusOr<BackupReport> CheckBackup(const std::string& folder, const Trust& trust,
                                         int threads = 0, const BackupProgress& progress = nullptr);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_VERIFY_BACKUP_MANIFEST_H_
