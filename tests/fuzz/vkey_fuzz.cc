// Keys as text: one form each, ids that are right, and no error that quotes what may be a secret.
#include <set>
#include <string>

#include "ledger/note/vkey.h"
#include "tests/fuzz/fuzz.h"

namespace scrutiny::ledger {
namespace {

// An error that quoted what it was given would have as many forms as there are inputs.
void CheckNotQuoted(const absl::Status& status) {
  constexpr size_t kErrorsMax = 50;
  if (ReasonOf(status) == Reason::kOverLimit) return;  // says how long the name is
  static auto& errors = *new std::set<std::string>();
  errors.insert(status.ToString());
  SCRUTINY_CHECK(errors.size() <= kErrorsMax) << status.ToString();
}

void CheckVerifierKey(absl::string_view text) {
  const absl::StatusOr<VerifierKey> key = ParseVerifierKey(text);
  if (!key.ok()) {
    fuzz::CheckRefusal(key.status());
    CheckNotQuoted(key.status());
    return;
  }
  SCRUTINY_CHECK(ToString(*key) == text);
  SCRUTINY_CHECK(key->id == KeyId(key->name, key->type, key->key));
  SCRUTINY_CHECK(ValidateKeyName(key->name).ok() && IsKeyName(key->name));
}

void CheckSigner(absl::string_view text) {
  const absl::StatusOr<Signer> signer = ParseSigner(text);
  if (!signer.ok()) {
    fuzz::CheckRefusal(signer.status());
    CheckNotQuoted(signer.status());
    return;
  }
  SCRUTINY_CHECK(ToString(*signer) == text);
  const absl::StatusOr<VerifierKey> verifier = ParseVerifierKey(ToString(signer->verifier()));
  SCRUTINY_CHECK(verifier.ok() && *verifier == signer->verifier());
}

}  // namespace
}  // namespace scrutiny::ledger

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = scrutiny::fuzz::AsView(data, size);
  scrutiny::ledger::CheckVerifierKey(text);
  scrutiny::ledger::CheckSigner(text);
  return 0;
}
