// Checkpoints: one form each; one that opens is one that the log signed.
#include <string>
#include <vector>

#include "ledger/note/checkpoint.h"
#include "ledger/note/lines.h"
#include "tests/fuzz/fuzz.h"
#include "tests/ledger/note/support.h"

namespace scrutiny::ledger {
namespace {

void CheckText(absl::string_view text) {
  const absl::StatusOr<Checkpoint> checkpoint = ParseCheckpoint(text);
  if (!checkpoint.ok()) return fuzz::CheckRefusal(checkpoint.status());
  SCRUTINY_CHECK(Format(*checkpoint) == text);
  SCRUTINY_CHECK(!checkpoint->origin.empty());
}

void CheckSigned(absl::string_view note) {
  static const auto& keys =
      *new std::vector<VerifierKey>{KeyOf(kLogVkey), KeyOf(kMirrorVkey), KeyOf(kSpecVkey)};
  std::vector<VerifiedSignature> verified;
  const absl::StatusOr<Checkpoint> checkpoint = OpenCheckpoint(note, keys, &verified);
  if (!checkpoint.ok()) return fuzz::CheckRefusal(checkpoint.status());
  SCRUTINY_CHECK(Format(*checkpoint) == kLogText);
  SCRUTINY_CHECK(!verified.empty() && verified.front().key.name == kLogName);
}

// Any text, signed as it is: it opens exactly if it is a checkpoint of that log.
void CheckAsSigned(absl::string_view text) {
  if (text.empty() || text.back() != '\n' || text.size() > kKiB || !IsNoteText(text)) return;
  static const auto& signer = *new Signer(LogSigner());
  const std::string note = Format(SignedNote{std::string(text), {SignNote(text, signer)}});
  const absl::StatusOr<Checkpoint> opened = OpenCheckpoint(note, {signer.verifier()});
  const absl::StatusOr<Checkpoint> parsed = ParseCheckpoint(text);
  if (opened.ok()) {
    SCRUTINY_CHECK(parsed.ok() && *opened == *parsed && opened->origin == kLogName);
  } else {
    fuzz::CheckRefusal(opened.status());
    SCRUTINY_CHECK(!parsed.ok() || parsed->origin != kLogName) << opened.status().ToString();
  }
}

}  // namespace
}  // namespace scrutiny::ledger

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes = scrutiny::fuzz::AsView(data, size);
  scrutiny::ledger::CheckText(bytes);
  scrutiny::ledger::CheckSigned(bytes);
  scrutiny::ledger::CheckAsSigned(bytes);
  return 0;
}
