// ledger/seal/cipher.h
// One sealed part: the payload encrypted under a key of its own, and a commitment to the payload
// that stands in the public entry. The commitment, not the ciphertext, binds what was said: with
// AES-GCM one ciphertext can be made to open to two texts under two keys.
//
// Guarantees:  what opens and whose commitment holds is exactly what was sealed, for this entry and
//              this place in it; without the salt the commitment tells nothing of the payload, and
//              the ciphertext nothing but its length, rounded up to 64 bytes.
// Threads:     pure functions; a RandomSource that is shared must be thread-safe.
// Errors:      kCorrupt for anything that SealPayload did not make so, down to the padding.
// Limits:      payloads of kFactBytesMax bytes, for they are parts of a fact.
// Cost:        see ledger/seal/README.md, "Measured".
// Format:      ledger/seal/README.md, "The seal".   Tests: tests/ledger/seal/cipher_test.cc
#ifndef SCRUTINY_LEDGER_SEAL_CIPHER_H_
#define SCRUTINY_LEDGER_SEAL_CIPHER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "ledger/base/random.h"
#include "ledger/format/hash.h"
#include "ledger/seal/aead.h"
#include "ledger/seal/secret.h"

namespace scrutiny::event::v1 {
class Seal;
}  // namespace scrutiny::event::v1

namespace scrutiny::ledger {

inline constexpr size_t kSealIdBytes = 16;
inline constexpr size_t kSealSaltBytes = 32;
inline constexpr size_t kSealEntryIdBytes = 16;
// The payload is padded to a multiple of this.
inline constexpr size_t kSealPaddingBytes = 64;

// A seal's id: random, so that the seals of one person cannot be linked.
using SealId = std::array<uint8_t, kSealIdBytes>;

// What a seal is bound to: the entry's id and which of the entry's seals it is, from 0. Both are
// made before the sequencer assigns anything.
class SealContext {
 public:
  SealContext(absl::Span<const uint8_t> entry_id, uint8_t index);

  absl::string_view view() const {
    return absl::string_view(reinterpret_cast<const char*>(bytes_.data()), bytes_.size());
  }

 private:
  std::array<uint8_t, kSealEntryIdBytes + 1> bytes_;
};

// What sealing gives. The key is to be wrapped and then forgotten; seal id, commitment and the hash
// of `sealed` go into the entry; `sealed` is kept outside of it.
struct SealedPayload {
  SealId seal_id;
  Hash commitment;
  std::string sealed;  // nonce || ciphertext || tag
  Secret key;
};

// What opening gives: enough to prove the commitment without a key.
struct OpenedSeal {
  Secret salt;
  Secret payload;
};

// Seals a payload under a new key.
SealedPayload SealPayload(absl::string_view context, absl::string_view payload,
                          RandomSource& random);

// The same with everything random given: for test vectors. Nothing of it may ever come twice.
SealedPayload SealPayloadWith(absl::string_view context, absl::string_view payload, Secret key,
                              absl::string_view nonce, absl::string_view salt,
                              const SealId& seal_id);

// Opens what was sealed; the commitment is still to be compared.
absl::StatusOr<OpenedSeal> OpenPayload(const Secret& key, absl::string_view context,
                                       const SealId& seal_id, absl::string_view sealed);

// Opens a seal as its entry describes it: length, hash and commitment are all compared.
absl::StatusOr<OpenedSeal> OpenSeal(const Secret& key, absl::string_view context,
                                    const event::v1::Seal& seal, absl::string_view sealed);

// The commitment to a payload: HMAC-SHA256 with the salt as its key.
Hash CommitmentTo(absl::string_view context, const SealId& seal_id, absl::string_view salt,
                  absl::string_view payload);

// Whether salt and payload are what the commitment was made of. No key is needed.
bool CommitmentHolds(absl::string_view context, const SealId& seal_id, absl::string_view salt,
                     absl::string_view payload, const Hash& commitment);

// Bytes of the ciphertext of a payload.
size_t SealedBytes(size_t payload_bytes);

// The seal's id in an entry; kCorrupt unless it has 16 bytes.
absl::StatusOr<SealId> SealIdOf(const event::v1::Seal& seal);

inline absl::string_view AsBytes(const SealId& id) {
  return absl::string_view(reinterpret_cast<const char*>(id.data()), id.size());
}

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_SEAL_CIPHER_H_
