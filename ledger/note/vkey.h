// ledger/note/vkey.h
// The keys of notes, as one line of text each: verifier keys, which are public, and signers, whose
// text is a secret. A log signs with type 01, a witness with type 04.
//
// Guarantees:  the text has one form; a key whose id is not that of its name, type and bytes is
//              refused. No error quotes what it was given: it might be a private key.
// Threads:     values; a Signer may sign from several threads at once.
// Errors:      kMalformed, kOverLimit (a name beyond kKeyNameBytesMax).
// Format:      name+hex8(id)+base64(type || key); private: PRIVATE+KEY+name+hex8(id)+base64(type ||
//              seed), as Go's sumdb/note writes it. C2SP signed-note v1.0.0.
// Tests:       tests/ledger/note/vkey_test.cc
#ifndef SCRUTINY_LEDGER_NOTE_VKEY_H_
#define SCRUTINY_LEDGER_NOTE_VKEY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "ledger/note/ed25519.h"

namespace scrutiny::ledger {

// A key's name: C2SP bounds a cosigner's and an origin's by one byte of length.
inline constexpr size_t kKeyNameBytesMax = 255;

// What a key signs; the type is part of its id, so that one never stands for the other.
enum class KeyType : uint8_t {
  kEd25519 = 1,      // the note's text
  kCosignature = 4,  // cosignature/v1 with a time, before the text of a checkpoint
};

struct VerifierKey {
  std::string name;
  uint32_t id = 0;
  KeyType type = KeyType::kEd25519;
  PublicKey key{};

  friend bool operator==(const VerifierKey&, const VerifierKey&) = default;
};

// The first four bytes of SHA-256(name || newline || type || key).
uint32_t KeyId(absl::string_view name, KeyType type, const PublicKey& key);

// Whether a signature line may bear this name: UTF-8, not empty, no Unicode space, no control
// character, no plus.
bool IsKeyName(absl::string_view name);

// The same and not too long, for a key of our own making or trust.
absl::Status ValidateKeyName(absl::string_view name);

absl::StatusOr<VerifierKey> ParseVerifierKey(absl::string_view text);
std::string ToString(const VerifierKey& key);

// A private key with its name and type. It moves and is never copied.
class Signer {
 public:
  // Fails for a name that ValidateKeyName refuses.
  static absl::StatusOr<Signer> Create(absl::string_view name, KeyType type, SigningKey key);

  const std::string& name() const { return verifier_.name; }
  uint32_t id() const { return verifier_.id; }
  KeyType type() const { return verifier_.type; }
  const VerifierKey& verifier() const { return verifier_; }
  const SigningKey& key() const { return key_; }

 private:
  Signer(VerifierKey verifier, SigningKey key)
      : verifier_(std::move(verifier)), key_(std::move(key)) {}

  VerifierKey verifier_;
  SigningKey key_;
};

absl::StatusOr<Signer> ParseSigner(absl::string_view text);

// The secret text of a signer: for a key file, never for a log or a message.
std::string ToString(const Signer& signer);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_NOTE_VKEY_H_
