// tests/ledger/note/support.h
// The published vectors of notes, and keys for tests.
#ifndef SCRUTINY_TESTS_LEDGER_NOTE_SUPPORT_H_
#define SCRUTINY_TESTS_LEDGER_NOTE_SUPPORT_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"

#include "ledger/base/ids.h"
#include "ledger/base/status.h"
#include "ledger/format/hash.h"
#include "ledger/note/base64.h"
#include "ledger/note/vkey.h"

namespace scrutiny::ledger {

// Tessera's public test key: never in production.
inline constexpr char kLogName[] = "example.com/log/testdata";
inline constexpr char kLogVkey[] =
    "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";
inline constexpr char kLogSeedHex[] =
    "eca663f499017d2365c27c7a7679158d43cfec1330bdb259290afbd0d21777a0";
inline constexpr char kLogPublicHex[] =
    "e1d3bb843784420c1cda9ce9f01232cab7aca371dbcd0d23ea0ee710859244b1";
// Its checkpoint over the entries one, two, three, four, five.
inline constexpr char kLogText[] =
    "example.com/log/testdata\n5\ngy5gl3aksFyiCO95a/1vLXz88A3dRq+0l9Sxte8ZqZQ=\n";
inline constexpr char kLogLine[] =
    "\xE2\x80\x94 example.com/log/testdata M9e0lmn5eDHyHP10zJObZdFAX2y1V8fdDKBi4IiHbDYf1TCUBwxZOhqw"
    "v2QZCqrdda2zTRTrmnwjwscN5RBTEmZUYAs=\n";

// Sunlight's cosignature; its seed is SHA-256("skylight test mirror key").
inline constexpr char kMirrorName[] = "mirror.example.org";
inline constexpr char kMirrorVkey[] =
    "mirror.example.org+3fb148ef+BAAjjch9GyYz0sJsJx7ALhbdAtz2ov0unbzSl1vMp94O";
inline constexpr uint64_t kMirrorTime = 1767139200;
inline constexpr char kMirrorText[] =
    "rome2026h1.example.org\n300\ngw31yQrqZZCcEOPrzX+bpy3nJ6QgngTKn8G1m0i62uU=\n";
inline constexpr char kMirrorLine[] =
    "\xE2\x80\x94 mirror.example.org P7FI7wAAAABpVGeAjA1S4pJm6MbcXjX7UUImu4azZtrfcVW2uyr/LXIYlwEJzX"
    "C0N0EiZkbqfLdXt/4gVEEuGmxJjAfXKMCISpsJAg==\n";

// The example of C2SP's signed-note.
inline constexpr char kSpecVkey[] =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
inline constexpr char kSpecNote[] =
    "This is an example message.\n\n\xE2\x80\x94 example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfX"
    "ppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

template <typename Array>
Array ArrayOf(absl::string_view bytes) {
  Array array{};
  SCRUTINY_CHECK(bytes.size() == array.size()) << bytes.size();
  std::copy(bytes.begin(), bytes.end(), array.begin());
  return array;
}

inline Signer SignerOf(absl::string_view name, KeyType type, absl::string_view seed) {
  absl::StatusOr<Signer> signer =
      Signer::Create(name, type, SigningKey::FromSeed(ArrayOf<Seed>(seed)));
  SCRUTINY_CHECK_OK(signer.status());
  return *std::move(signer);
}

// Any key, told apart by a number.
inline Signer SignerOf(absl::string_view name, KeyType type, uint64_t number) {
  return SignerOf(name, type, AsBytes(Sha256Of(std::to_string(number))));
}

inline Signer LogSigner() {
  return SignerOf(kLogName, KeyType::kEd25519, absl::HexStringToBytes(kLogSeedHex));
}

inline Signer MirrorSigner() {
  return SignerOf(kMirrorName, KeyType::kCosignature,
                  AsBytes(Sha256Of("skylight test mirror key")));
}

inline VerifierKey KeyOf(absl::string_view vkey) {
  const absl::StatusOr<VerifierKey> key = ParseVerifierKey(vkey);
  SCRUTINY_CHECK_OK(key.status());
  return *key;
}

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_TESTS_LEDGER_NOTE_SUPPORT_H_
