// Sealed parts: of arbitrary bytes only the ciphertext that was made opens; of arbitrary plain text
// under the right key only what sealing would have written.
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "ledger/base/limits.h"
#include "ledger/seal/aead.h"
#include "ledger/seal/cipher.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "tests/fuzz/fuzz.h"

namespace scrutiny::ledger {
namespace {

constexpr absl::string_view kContext = "hdr";

SealId VectorId() {
  SealId id;
  id.fill(0x44);
  return id;
}

Secret VectorKey() { return Secret(std::string(kAeadKeyBytes, '\x11')); }

const SealedPayload& Vector() {
  static const auto& vector = *new SealedPayload(SealPayloadWith(
      kContext, "alice@example.com", VectorKey(), std::string(kAeadNonceBytes, '\x22'),
      std::string(kSealSaltBytes, '\x33'), VectorId()));
  return vector;
}

void CheckForged(absl::string_view sealed) {
  const absl::StatusOr<OpenedSeal> opened = OpenPayload(VectorKey(), kContext, VectorId(), sealed);
  SCRUTINY_CHECK(opened.ok() == (sealed == Vector().sealed));
  if (!opened.ok()) return fuzz::CheckRefusal(opened.status());
  SCRUTINY_CHECK(opened->payload.view() == "alice@example.com");

  SealId other = VectorId();
  other[0] ^= 1;
  SCRUTINY_CHECK(!OpenPayload(VectorKey(), kContext, other, sealed).ok());
  SCRUTINY_CHECK(!OpenPayload(VectorKey(), "hds", VectorId(), sealed).ok());
}

// Somebody with the key seals arbitrary bytes instead of a payload with its salt and padding.
void CheckPlain(absl::string_view plain) {
  const std::string aad =
      absl::StrCat("ledger-seal-v1\n", AsBytes(Sha256Of(kContext)), AsBytes(VectorId()));
  const std::string nonce(kAeadNonceBytes, 'n');
  const std::string sealed = AeadSeal(VectorKey().view(), nonce, aad, plain);
  const absl::StatusOr<OpenedSeal> opened = OpenPayload(VectorKey(), kContext, VectorId(), sealed);
  if (!opened.ok()) return fuzz::CheckRefusal(opened.status());
  SCRUTINY_CHECK(opened->salt.view() == plain.substr(0, kSealSaltBytes));
  SCRUTINY_CHECK(sealed.size() == SealedBytes(opened->payload.size()));
  if (opened->payload.size() > kFactBytesMax) return;
  const SealedPayload again = SealPayloadWith(kContext, opened->payload.view(), VectorKey(), nonce,
                                              opened->salt.view(), VectorId());
  SCRUTINY_CHECK(again.sealed == sealed);
  SCRUTINY_CHECK(CommitmentHolds(kContext, VectorId(), opened->salt.view(), opened->payload.view(),
                                 again.commitment));
}

// Any Seal as an entry may describe it, over the ciphertext that was made.
void CheckDescribed(absl::string_view bytes) {
  event::v1::Seal seal;
  if (!seal.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return;
  const absl::StatusOr<OpenedSeal> opened = OpenSeal(VectorKey(), kContext, seal, Vector().sealed);
  const bool right = seal.seal_id() == AsBytes(VectorId()) &&
                     seal.commitment() == AsBytes(Vector().commitment) &&
                     seal.ciphertext_sha256() == AsBytes(Sha256Of(Vector().sealed)) &&
                     seal.ciphertext_bytes() == Vector().sealed.size();
  SCRUTINY_CHECK(opened.ok() == right);
  if (!opened.ok()) fuzz::CheckRefusal(opened.status());
}

}  // namespace
}  // namespace scrutiny::ledger

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes = scrutiny::fuzz::AsView(data, size);
  scrutiny::ledger::CheckForged(bytes);
  scrutiny::ledger::CheckPlain(bytes);
  scrutiny::ledger::CheckDescribed(bytes);
  return 0;
}
