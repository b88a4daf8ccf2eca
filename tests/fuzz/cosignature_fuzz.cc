// Cosignatures: any bytes as a signature verify only if they are the one that was made; and what is
// made verifies, with its time, over its text alone.
#include <string>

#include "ledger/note/cosignature.h"
#include "ledger/note/lines.h"
#include "tests/fuzz/fuzz.h"
#include "tests/ledger/note/support.h"

namespace scrutiny::ledger {
namespace {

// The input is a signature.
void CheckForged(absl::string_view signature) {
  static const auto& key = *new VerifierKey(KeyOf(kMirrorVkey));
  static const auto& right = *new std::string([] {
    const absl::StatusOr<SignedNote> note =
        ParseNote(std::string(kMirrorText) + "\n" + kMirrorLine);
    SCRUTINY_CHECK_OK(note.status());
    return note->signatures[0].signature;
  }());
  const absl::optional<uint64_t> time = VerifyCosignature(kMirrorText, signature, key.key);
  SCRUTINY_CHECK(time.has_value() == (signature == right));
  SCRUTINY_CHECK(!time.has_value() || *time == kMirrorTime);
}

// The input is a time, a place to change, and a text.
void CheckMade(fuzz::Input input) {
  static const auto& signer = *new Signer(MirrorSigner());
  const uint64_t time = input.Number() & kCosignedAtMax;
  const uint16_t place = input.Short();
  const uint8_t change = input.Byte();
  if (input.rest().size() > 4 * kKiB || !IsNoteText(input.rest())) return;
  const std::string text = std::string(input.rest()) + "\n";

  std::string signature = Cosign(text, signer, time).signature;
  const PublicKey& key = signer.key().public_key();
  SCRUTINY_CHECK(VerifyCosignature(text, signature, key) == time);
  SCRUTINY_CHECK(!VerifyCosignature(text + "\n", signature, key).has_value());
  if (change == 0) return;
  signature[place % signature.size()] ^= static_cast<char>(change);
  SCRUTINY_CHECK(!VerifyCosignature(text, signature, key).has_value());
}

}  // namespace
}  // namespace scrutiny::ledger

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  scrutiny::ledger::CheckForged(scrutiny::fuzz::AsView(data, size));
  scrutiny::ledger::CheckMade(scrutiny::fuzz::Input(data, size));
  return 0;
}
