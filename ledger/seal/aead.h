// ledger/seal/aead.h
// AES-256-GCM as everything in this room uses it, and one key wrapped under another.
//
// Guarantees:  a wrapped key opens only under the wrapping key and the context it was wrapped with.
// Threads:     pure functions; the RandomSource must be thread-safe where it is shared.
// Errors:      kCorrupt where what is opened was not made so; lengths of keys and nonces are the
//              caller's promise and checked.
// Limits:      with random nonces, one wrapping key is good for 2^32 keys.
// Cost:        about 1 µs and the cipher itself; nothing of a key stays in OpenSSL's contexts.
// Format:      ledger/seal/README.md.   Tests: tests/ledger/seal/aead_test.cc
#ifndef SCRUTINY_LEDGER_SEAL_AEAD_H_
#define SCRUTINY_LEDGER_SEAL_AEAD_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "ledger/base/random.h"
#include "ledger/seal/secret.h"

namespace scrutiny::ledger {

inline constexpr size_t kAeadKeyBytes = 32;
inline constexpr size_t kAeadNonceBytes = 12;
inline constexpr size_t kAeadTagBytes = 16;
// What a nonce and a tag add.
inline constexpr size_t kAeadOverheadBytes = kAeadNonceBytes + kAeadTagBytes;
// A key of 32 bytes, wrapped.
inline constexpr size_t kWrappedKeyBytes = kAeadKeyBytes + kAeadOverheadBytes;

// nonce || ciphertext || tag. A nonce must never come twice with one key.
std::string AeadSeal(absl::string_view key, absl::string_view nonce, absl::string_view aad,
                     absl::string_view plain);

// Opens what AeadSeal made; kCorrupt, with `what` in the sentence, if anything of it is different.
absl::StatusOr<Secret> AeadOpen(absl::string_view key, absl::string_view aad,
                                absl::string_view sealed, absl::string_view what);

// Wraps a key of 32 bytes under another with a random nonce: kWrappedKeyBytes bytes.
std::string WrapKey(const Secret& under, absl::string_view context, const Secret& key,
                    RandomSource& random);

absl::StatusOr<Secret> UnwrapKey(const Secret& under, absl::string_view context,
                                 absl::string_view wrapped, absl::string_view what);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_SEAL_AEAD_H_
