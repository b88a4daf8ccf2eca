// Signed notes: one form each; and what verifies is a text that was signed, whatever else is done
// to the note around it.
#include <string>
#include <vector>

#include "ledger/note/signed_note.h"
#include "tests/fuzz/fuzz.h"
#include "tests/ledger/note/support.h"

namespace scrutiny::ledger {
namespace {

void CheckLines(absl::string_view bytes) {
  const absl::StatusOr<std::vector<NoteSignature>> lines = ParseSignatureLines(bytes);
  if (!lines.ok()) return fuzz::CheckRefusal(lines.status());
  SCRUTINY_CHECK(!lines->empty() && lines->size() <= kNoteSignaturesMax);
  std::string again;
  for (const NoteSignature& line : *lines) again += Format(line);
  SCRUTINY_CHECK(again == bytes);
}

void CheckNote(absl::string_view bytes) {
  const absl::StatusOr<SignedNote> note = ParseNote(bytes);
  if (!note.ok()) return fuzz::CheckRefusal(note.status());
  SCRUTINY_CHECK(Format(*note) == bytes);
  SCRUTINY_CHECK(!note->text.empty() && note->text.back() == '\n');

  static const auto& keys =
      *new std::vector<VerifierKey>{KeyOf(kLogVkey), KeyOf(kMirrorVkey), KeyOf(kSpecVkey)};
  const absl::StatusOr<std::vector<VerifiedSignature>> verified = VerifyNote(*note, keys);
  if (!verified.ok()) return fuzz::CheckRefusal(verified.status());
  SCRUTINY_CHECK(!verified->empty() && verified->size() <= keys.size());
  // Nobody can sign anything else with these keys.
  for (const VerifiedSignature& signature : *verified) {
    if (signature.key == keys[0]) SCRUTINY_CHECK(note->text == kLogText);
    if (signature.key == keys[1]) {
      SCRUTINY_CHECK(note->text == kMirrorText && signature.cosigned_at == kMirrorTime);
    }
    if (signature.key == keys[2]) SCRUTINY_CHECK(note->text == "This is an example message.\n");
  }
}

}  // namespace
}  // namespace scrutiny::ledger

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes = scrutiny::fuzz::AsView(data, size);
  scrutiny::ledger::CheckLines(bytes);
  scrutiny::ledger::CheckNote(bytes);
  return 0;
}
