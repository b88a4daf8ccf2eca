#include "ledger/checkpoint/backup.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/folders.h"
#include "ledger/base/limits.h"
#include "ledger/base/status.h"

namespace scrutiny::ledger {
namespace {

constexpr int kHashThreads = 1;  // the server is serving
constexpr int64_t kMicrosPerSecond = 1'000'000;
// With its signature the manifest is a note.
constexpr size_t kManifestBytesMax = kNoteBytesMax - 4 * kKiB;
// How long a group that is written takes at most until it is synced and can be read.
constexpr int64_t kPublishedWithinMicros = 60'000'000;

}  // namespace

absl::StatusOr<BackupSummary> MakeBackup(Ledger& ledger, Checkpointer& checkpointer, Clock& clock,
                                         const std::string& directory,
                                         const BackupProgress& progress,
                                         const std::function<absl::Status()>& add) {
  if (!absl::StartsWith(directory, "/")) {
    return Error(Reason::kMalformed, "The folder must be an absolute path on the server.")
        .Field("directory")
        .Value(directory)
        .Next("Name it from the root, as in /srv/backups/ledger-2026-11-24.");
  }
  SCRUTINY_RETURN_IF_ERROR(CheckOutside(directory, ledger.folder()));
  SCRUTINY_RETURN_IF_ERROR(CheckOutside(directory, checkpointer.identity_folder()));
  SCRUTINY_RETURN_IF_ERROR(MakeEmptyFolder(directory));
  BackupSummary summary;
  SCRUTINY_ASSIGN_OR_RETURN(summary.size, ledger.CopyTo(absl::StrCat(directory, "/log")));
  // What was written when it was copied may still be on its way to its readers.
  if (ledger.size() < summary.size) {
    ledger.WaitForMoreThan(TreeSize(summary.size.value() - 1), kPublishedWithinMicros);
  }
  // It gets a checkpoint of exactly what it holds. One that covers as much is in the checkpoint log
  // before: nothing is signed that a later start would not know of.
  SCRUTINY_RETURN_IF_ERROR(checkpointer.WaitCovered(summary.size).status());
  SCRUTINY_ASSIGN_OR_RETURN(const std::string checkpoint, checkpointer.SignAt(summary.size));
  SCRUTINY_RETURN_IF_ERROR(
      WriteNewFile(absl::StrCat(directory, "/", kBackupCheckpointName), checkpoint));
  if (add != nullptr) SCRUTINY_RETURN_IF_ERROR(add());

  const LedgerIdentity identity = ledger.identity();
  BackupManifest manifest;
  manifest.origin = identity.origin;
  manifest.ledger_id = identity.ledger_id;
  manifest.size = summary.size;
  manifest.created_at = clock.WallMicros() / kMicrosPerSecond;
  SCRUTINY_ASSIGN_OR_RETURN(manifest.files, ListBackup(directory, kHashThreads, progress));
  for (const BackupFile& file : manifest.files) {
    summary.bytes += file.bytes;
    ++summary.files;
  }
  const std::string manifest_text = FormatBackupManifest(manifest);
  if (manifest_text.size() > kManifestBytesMax) {
    return Error(Reason::kOverLimit, absl::StrCat("The backup has ", summary.files,
                                                  " files, more than one signed list can hold."))
        .Next("Nothing is lost; the folder is no backup. Export the ledger instead.");
  }
  SCRUTINY_ASSIGN_OR_RETURN(const std::string signed_manifest,
                            checkpointer.SignText(manifest_text));
  SCRUTINY_RETURN_IF_ERROR(SyncFolder(absl::StrCat(directory, "/log")));
  SCRUTINY_RETURN_IF_ERROR(
      WriteNewFile(absl::StrCat(directory, "/", kBackupManifestName), signed_manifest));
  SCRUTINY_RETURN_IF_ERROR(SyncFolder(directory));
  return summary;
}

}  // namespace scrutiny::ledger
