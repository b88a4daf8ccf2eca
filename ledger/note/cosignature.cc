#include "ledger/note/cosignature.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "ledger/base/status.h"
#include "ledger/format/big_endian.h"
#include "ledger/note/ed25519.h"
#include "ledger/note/lines.h"

namespace scrutiny::ledger {
namespace {

std::string SignedMessage(absl::string_view checkpoint_text, uint64_t seconds) {
  return absl::StrCat("cosignature/v1\ntime ", seconds, "\n", checkpoint_text);
}

}  // namespace

NoteSignature Cosign(absl::string_view checkpoint_text, const Signer& signer, uint64_t seconds) {
  SCRUTINY_CHECK(signer.type() == KeyType::kCosignature) << "a log's key does not cosign";
  SCRUTINY_CHECK(absl::EndsWith(checkpoint_text, "\n") && IsNoteText(checkpoint_text))
      << "this is no checkpoint's text";
  SCRUTINY_CHECK(seconds <= kCosignedAtMax) << seconds;
  const Signature signature = signer.key().Sign(SignedMessage(checkpoint_text, seconds));
  NoteSignature line{signer.name(), signer.id(), {}};
  AppendBigEndian(seconds, &line.signature);
  absl::StrAppend(&line.signature, AsBytes(signature));
  return line;
}

absl::optional<uint64_t> VerifyCosignature(absl::string_view checkpoint_text,
                                           absl::string_view signature, const PublicKey& key) {
  uint64_t seconds = 0;
  if (!TakeBigEndian(&signature, &seconds) || seconds > kCosignedAtMax) return absl::nullopt;
  if (!VerifySignature(key, SignedMessage(checkpoint_text, seconds), signature)) {
    return absl::nullopt;
  }
  return seconds;
}

}  // namespace scrutiny::ledger
