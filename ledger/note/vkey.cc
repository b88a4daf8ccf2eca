#include "ledger/note/vkey.h"

#include <algorithm>
#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/types/optional.h"
#include "openssl/crypto.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/base/text.h"
#include "ledger/format/big_endian.h"
#include "ledger/format/hash.h"
#include "ledger/note/base64.h"

namespace scrutiny::ledger {
namespace {

constexpr absl::string_view kPrivatePrefix = "PRIVATE+KEY+";
constexpr size_t kIdHexBytes = 8;
// The type before a public key or a seed, both of 32 bytes.
constexpr size_t kMaterialBytes = 33;

// The characters of Unicode's White_Space property beyond ASCII, in UTF-8.
constexpr std::array<absl::string_view, 19> kWideSpaces = {
    "\xC2\x85",      // U+0085
    "\xC2\xA0",      // U+00A0
    "\xE1\x9A\x80",  // U+1680
    "\xE2\x80\x80", "\xE2\x80\x81", "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84",
    "\xE2\x80\x85", "\xE2\x80\x86", "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89",
    "\xE2\x80\x8A",  // U+2000 to U+200A
    "\xE2\x80\xA8",  // U+2028
    "\xE2\x80\xA9",  // U+2029
    "\xE2\x80\xAF",  // U+202F
    "\xE2\x81\x9F",  // U+205F
    "\xE3\x80\x80",  // U+3000
};

struct Parts {
  absl::string_view name;
  uint32_t id = 0;
  KeyType type = KeyType::kEd25519;
  std::array<uint8_t, 32> bytes{};  // a public key or a seed
};

absl::Status Malformed(absl::string_view sentence) {
  return Error(Reason::kMalformed, sentence)
      .Field("key")
      .Next("Give the key as the line that was printed when it was made.");
}

absl::optional<uint32_t> ParseKeyId(absl::string_view hex) {
  if (hex.size() != kIdHexBytes) return absl::nullopt;
  uint32_t id = 0;
  for (const char c : hex) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit && (c < 'a' || c > 'f')) return absl::nullopt;
    id = id << 4 | static_cast<uint32_t>(digit ? c - '0' : c - 'a' + 10);
  }
  return id;
}

std::string FormatKeyId(uint32_t id) {
  std::string bytes;
  AppendBigEndian(id, &bytes);
  return ToHex(bytes);
}

// name+hex8+base64: split at the first two plus signs alone, for base64 has them too.
absl::StatusOr<Parts> ParseParts(absl::string_view text) {
  const size_t name_end = text.find('+');
  const size_t id_end =
      name_end == absl::string_view::npos ? name_end : text.find('+', name_end + 1);
  if (id_end == absl::string_view::npos) {
    return Malformed("A key has the form name+id+base64; this has fewer than two plus signs.");
  }
  Parts parts;
  parts.name = text.substr(0, name_end);
  SCRUTINY_RETURN_IF_ERROR(ValidateKeyName(parts.name));
  const absl::optional<uint32_t> id = ParseKeyId(text.substr(name_end + 1, id_end - name_end - 1));
  if (!id) return Malformed("A key's id has eight lower-case hexadecimal digits; this has not.");
  parts.id = *id;

  absl::optional<std::string> material = DecodeBase64(text.substr(id_end + 1));
  if (!material) return Malformed("A key's last part is base64 with padding; this is not.");
  const bool right_size = material->size() == kMaterialBytes;
  const auto type = static_cast<KeyType>(right_size ? (*material)[0] : '\0');
  if (right_size) std::copy(material->begin() + 1, material->end(), parts.bytes.begin());
  OPENSSL_cleanse(material->data(), material->size());
  if (!right_size) {
    return Malformed("An Ed25519 key holds a type and 32 bytes; this holds another number.");
  }
  if (type != KeyType::kEd25519 && type != KeyType::kCosignature) {
    return Malformed("Only keys of type 01 (Ed25519) and 04 (cosignature) are known here.");
  }
  parts.type = type;
  return parts;
}

std::string FormatParts(const VerifierKey& key, const std::array<uint8_t, 32>& bytes) {
  std::string material(1, static_cast<char>(key.type));
  material.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  std::string text = EncodeBase64(material);
  std::string line = absl::StrCat(key.name, "+", FormatKeyId(key.id), "+", text);
  OPENSSL_cleanse(material.data(), material.size());
  OPENSSL_cleanse(text.data(), text.size());
  return line;
}

}  // namespace

uint32_t KeyId(absl::string_view name, KeyType type, const PublicKey& key) {
  std::string bytes = absl::StrCat(name, "\n");
  bytes.push_back(static_cast<char>(type));
  bytes.append(reinterpret_cast<const char*>(key.data()), key.size());
  const Hash hash = Sha256Of(bytes);
  return LoadBigEndian<uint32_t>(AsBytes(hash).data());
}

bool IsKeyName(absl::string_view name) {
  const auto is_bad = [](char c) { return static_cast<uint8_t>(c) <= 0x20 || c == '+'; };
  const auto is_in = [name](absl::string_view space) { return absl::StrContains(name, space); };
  return !name.empty() && std::none_of(name.begin(), name.end(), is_bad) && IsValidUtf8(name) &&
         std::none_of(kWideSpaces.begin(), kWideSpaces.end(), is_in);
}

absl::Status ValidateKeyName(absl::string_view name) {
  constexpr absl::string_view kNext =
      "Use the log's address without scheme or trailing slash, such as ledger.example.org/2026.";
  if (name.size() > kKeyNameBytesMax) {
    return Error(Reason::kOverLimit, absl::StrCat("A key's name has at most ", kKeyNameBytesMax,
                                                  " bytes; this has ", name.size(), "."))
        .Field("name")
        .Next(kNext);
  }
  if (!IsKeyName(name)) {
    return Error(Reason::kMalformed,
                 "A key's name is UTF-8 text that is not empty and has no space, plus sign or "
                 "control character; this one is not.")
        .Field("name")
        .Next(kNext);
  }
  return absl::OkStatus();
}

absl::StatusOr<VerifierKey> ParseVerifierKey(absl::string_view text) {
  if (absl::StartsWith(text, kPrivatePrefix)) {
    return Error(Reason::kMalformed, "This is a private key where a verifier key is wanted.")
        .Field("key")
        .Next("Give the verifier key, and consider whether the private key is still secret.");
  }
  SCRUTINY_ASSIGN_OR_RETURN(const Parts parts, ParseParts(text));
  VerifierKey key{std::string(parts.name), parts.id, parts.type, parts.bytes};
  if (KeyId(key.name, key.type, key.key) != key.id) {
    return Malformed("The key's id is not that of its name and bytes: the line was changed.");
  }
  return key;
}

std::string ToString(const VerifierKey& key) { return FormatParts(key, key.key); }

absl::StatusOr<Signer> Signer::Create(absl::string_view name, KeyType type, SigningKey key) {
  SCRUTINY_RETURN_IF_ERROR(ValidateKeyName(name));
  VerifierKey verifier{std::string(name), KeyId(name, type, key.public_key()), type,
                       key.public_key()};
  return Signer(std::move(verifier), std::move(key));
}

absl::StatusOr<Signer> ParseSigner(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, kPrivatePrefix)) {
    return Malformed("A private key begins with PRIVATE+KEY+; this does not.");
  }
  SCRUTINY_ASSIGN_OR_RETURN(Parts parts, ParseParts(text));
  SigningKey key = SigningKey::FromSeed(parts.bytes);
  OPENSSL_cleanse(parts.bytes.data(), parts.bytes.size());
  SCRUTINY_ASSIGN_OR_RETURN(Signer signer, Signer::Create(parts.name, parts.type, std::move(key)));
  if (signer.id() != parts.id) {
    return Malformed("The private key's id is not that of its name and bytes: it was changed.");
  }
  return signer;
}

std::string ToString(const Signer& signer) {
  std::string parts = FormatParts(signer.verifier(), signer.key().seed());
  std::string text = absl::StrCat(kPrivatePrefix, parts);
  OPENSSL_cleanse(parts.data(), parts.size());
  return text;
}

}  // namespace scrutiny::ledger
