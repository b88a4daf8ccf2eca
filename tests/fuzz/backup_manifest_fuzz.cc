// Manifests of backups: one form each; one that opens is one that the ledger signed.
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "ledger/note/lines.h"
#include "ledger/verify/backup_manifest.h"
#include "tests/fuzz/fuzz.h"
#include "tests/ledger/verify/test_log.h"

namespace scrutiny::ledger {
namespace {

Trust TestTrust() {
  Trust trust;
  trust.log_keys.push_back(
      testing::TestSigner(testing::kTestOrigin, KeyType::kEd25519, 7).verifier());
  return trust;
}

void CheckText(absl::string_view text) {
  const absl::StatusOr<BackupManifest> manifest = ParseBackupManifest(text);
  if (!manifest.ok()) return fuzz::CheckRefusal(manifest.status());
  SCRUTINY_CHECK(FormatBackupManifest(*manifest) == text);
  SCRUTINY_CHECK(manifest->ledger_id.size() == 16);
  for (size_t i = 1; i < manifest->files.size(); ++i) {
    SCRUTINY_CHECK(manifest->files[i - 1].path < manifest->files[i].path);
  }
  for (const BackupFile& file : manifest->files) {
    const std::string inside = absl::StrCat("/", file.path, "/");
    SCRUTINY_CHECK(!absl::StrContains(inside, "//") && !absl::StrContains(inside, "/../"));
  }
}

// The input as the ledger would have signed it, and as a note by itself.
void CheckNote(absl::string_view bytes) {
  static const auto& signer =
      *new Signer(testing::TestSigner(testing::kTestOrigin, KeyType::kEd25519, 7));
  static const auto& trust = *new Trust(TestTrust());
  std::vector<VerifiedSignature> verified;
  const absl::StatusOr<BackupManifest> forged = OpenBackupManifest(bytes, trust, &verified);
  if (!forged.ok()) fuzz::CheckRefusal(forged.status());

  if (bytes.empty() || bytes.back() != '\n' || bytes.size() > 8 * kKiB) return;
  if (!IsNoteText(bytes)) return;
  const std::string note = Format(SignedNote{std::string(bytes), {SignNote(bytes, signer)}});
  const absl::StatusOr<BackupManifest> opened = OpenBackupManifest(note, trust, &verified);
  const absl::StatusOr<BackupManifest> parsed = ParseBackupManifest(bytes);
  if (!opened.ok()) {
    fuzz::CheckRefusal(opened.status());
    SCRUTINY_CHECK(!parsed.ok() || parsed->origin != signer.name());
    return;
  }
  SCRUTINY_CHECK(parsed.ok() && *parsed == *opened && opened->origin == signer.name());
}

}  // namespace
}  // namespace scrutiny::ledger

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes = scrutiny::fuzz::AsView(data, size);
  scrutiny::ledger::CheckText(bytes);
  scrutiny::ledger::CheckNote(bytes);
  return 0;
}
