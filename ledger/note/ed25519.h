// ledger/note/ed25519.h
// Ed25519 (RFC 8032) over OpenSSL: what signs and checks notes.
//
// Guarantees:  signing is deterministic; a signature in any other form (s not reduced, another
//              encoding of R) does not verify. A SigningKey wipes its secret when it goes.
// Threads:     VerifySignature is thread-safe; a SigningKey may sign from several threads at once.
// Cost:        some 50 us to sign, 130 us to verify.
// Tests:       tests/ledger/note/ed25519_test.cc
#ifndef SCRUTINY_LEDGER_NOTE_ED25519_H_
#define SCRUTINY_LEDGER_NOTE_ED25519_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "absl/strings/string_view.h"

#include "ledger/base/random.h"

namespace scrutiny::ledger {

inline constexpr size_t kPublicKeyBytes = 32;
inline constexpr size_t kSeedBytes = 32;
inline constexpr size_t kSignatureBytes = 64;

using PublicKey = std::array<uint8_t, kPublicKeyBytes>;
using Seed = std::array<uint8_t, kSeedBytes>;
using Signature = std::array<uint8_t, kSignatureBytes>;

inline absl::string_view AsBytes(const Signature& signature) {
  return absl::string_view(reinterpret_cast<const char*>(signature.data()), signature.size());
}

// A private key. It moves and is never copied; one moved from may only be destroyed or assigned.
class SigningKey {
 public:
  static SigningKey FromSeed(std::span<const uint8_t, kSeedBytes> seed);
  static SigningKey Generate(RandomSource& random);

  SigningKey(SigningKey&& other) noexcept;
  SigningKey& operator=(SigningKey&& other) noexcept;
  ~SigningKey();

  Signature Sign(absl::string_view message) const;
  const PublicKey& public_key() const { return public_key_; }
  // The secret itself.
  const Seed& seed() const { return seed_; }

 private:
  struct Key;

  SigningKey();
  void Wipe();

  Seed seed_{};
  PublicKey public_key_{};
  std::unique_ptr<Key> key_;
};

// Whether `signature` is that of the key over the message; false for a signature of another length
// and for bytes that are no public key.
bool VerifySignature(const PublicKey& key, absl::string_view message, absl::string_view signature);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_NOTE_ED25519_H_
