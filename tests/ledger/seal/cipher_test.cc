#include "ledger/seal/cipher.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/format/hash.h"
#include "ledger/seal/aead.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::SeededRandom;
using ::testing::HasSubstr;

constexpr absl::string_view kPayload = "alice@example.com";

SealId IdOf(char byte) {
  SealId id;
  id.fill(static_cast<uint8_t>(byte));
  return id;
}

// The vector of the format: key 11.., nonce 22.., salt 33.., seal id 44.., context "hdr".
SealedPayload Vector() {
  return SealPayloadWith("hdr", kPayload, Secret(std::string(32, '\x11')), std::string(12, '\x22'),
                         std::string(32, '\x33'), IdOf('\x44'));
}

TEST(CipherTest, TheBytesAreThoseOfTheFormat) {
  const SealedPayload sealed = Vector();
  EXPECT_EQ(
      ToHex(sealed.sealed),
      "22222222222222222222222224c4347af3fcac6cd60ced0f7b95dae62ca0fed159b29f78617c39db3ad256304"
      "57fab1332c490bd2b18885587353959d6fcfd0df8727afeb474eaf9e26befb2cfe575a9bb73f0bd65ea4bdfb8"
      "3161f3");
  EXPECT_EQ(ToHex(AsBytes(sealed.commitment)),
            "97578f11a0b7258c13fef0fd6bbcd35a56c19b915fd702311d1cf0c4f4b5bc49");
  EXPECT_EQ(sealed.sealed.size(), SealedBytes(kPayload.size()));
}

TEST(CipherTest, TheVectorOpensAndItsCommitmentHolds) {
  const SealedPayload sealed = Vector();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const OpenedSeal opened,
                                OpenPayload(sealed.key, "hdr", sealed.seal_id, sealed.sealed));
  EXPECT_EQ(opened.payload.view(), kPayload);
  EXPECT_EQ(opened.salt.view(), std::string(32, '\x33'));
  EXPECT_TRUE(
      CommitmentHolds("hdr", sealed.seal_id, opened.salt.view(), kPayload, sealed.commitment));
}

// --- What does not open.

// Seals bytes as they are, so that what is inside can be wrong in ways SealPayload never makes it.
std::string SealRaw(absl::string_view padded, const SealId& seal_id) {
  const std::string aad =
      absl::StrCat("ledger-seal-v1\n", AsBytes(Sha256Of("hdr")), AsBytes(seal_id));
  return AeadSeal(std::string(32, '\x11'), std::string(12, '\x22'), aad, padded);
}

absl::Status OpenRaw(absl::string_view padded) {
  const Secret key(std::string(32, '\x11'));
  return OpenPayload(key, "hdr", IdOf(1), SealRaw(padded, IdOf(1))).status();
}

// Salt, a length as given, and the rest.
std::string Padded(const std::string& length, const std::string& rest) {
  return absl::StrCat(std::string(32, 's'), length, rest);
}

TEST(CipherTest, TheInsideIsReadStrictly) {
  const std::string five("\0\0\0\5", 4);
  const auto zeros = [](size_t n) { return std::string(n, '\0'); };
  SCRUTINY_EXPECT_OK(OpenRaw(Padded(five, "hello" + zeros(23))));
  // Padding that is not zero, at its first and last byte.
  EXPECT_THAT(OpenRaw(Padded(five, "hello\1" + zeros(22))), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(OpenRaw(Padded(five, "hello" + zeros(22) + "\1")), FailsWith(Reason::kCorrupt));
  // More or less padding than there should be.
  EXPECT_THAT(OpenRaw(Padded(five, "hello" + zeros(22))), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(OpenRaw(Padded(five, "hello" + zeros(24))), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(OpenRaw(Padded(five, "hello" + zeros(23 + 64))), FailsWith(Reason::kCorrupt));
  // A length beyond the end, the largest one, and one that leaves a byte in the padding.
  EXPECT_THAT(OpenRaw(Padded(std::string("\0\0\0\35", 4), "hello" + zeros(23))),
              FailsWith(Reason::kCorrupt));
  EXPECT_THAT(OpenRaw(Padded("\xff\xff\xff\xff", "hello" + zeros(23))),
              FailsWith(Reason::kCorrupt));
  EXPECT_THAT(OpenRaw(Padded(std::string("\0\0\0\4", 4), "hello" + zeros(23))),
              FailsWith(Reason::kCorrupt));
  // Too short for salt and length.
  EXPECT_THAT(OpenRaw(""), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(OpenRaw(std::string(35, '\0')), FailsWith(Reason::kCorrupt));
}

TEST(CipherTest, EveryFlippedBitOfTheCiphertextIsNoticed) {
  const SealedPayload made = Vector();
  for (size_t bit = 0; bit < made.sealed.size() * 8; ++bit) {
    std::string altered = made.sealed;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << bit % 8));
    EXPECT_THAT(OpenPayload(made.key, "hdr", made.seal_id, altered), FailsWith(Reason::kCorrupt));
  }
}

TEST(CipherTest, ItOpensForItsEntryAndPlaceAlone) {
  SeededRandom random(3);
  const std::array<uint8_t, 16> entry = {1, 2, 3};
  const std::array<uint8_t, 16> other_entry = {1, 2, 4};
  const SealContext context(entry, 0);
  const SealedPayload made = SealPayload(context.view(), kPayload, random);
  const auto opens = [&made](const SealContext& at, const SealId& id) {
    return OpenPayload(made.key, at.view(), id, made.sealed);
  };
  SCRUTINY_EXPECT_OK(opens(context, made.seal_id));
  EXPECT_THAT(opens(SealContext(entry, 1), made.seal_id), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(opens(SealContext(other_entry, 0), made.seal_id), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(opens(context, IdOf(9)), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(OpenPayload(Secret(std::string(32, 'x')), context.view(), made.seal_id, made.sealed),
              FailsWith(Reason::kCorrupt));
  EXPECT_THAT(OpenPayload(Secret("short"), context.view(), made.seal_id, made.sealed),
              FailsWith(Reason::kCorrupt));
}

TEST(CipherTest, EverythingRandomIsNewForEverySeal) {
  SeededRandom random(4);
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const SealedPayload made = SealPayload("hdr", kPayload, random);
    EXPECT_TRUE(seen.insert(std::string(made.key.view())).second);
    EXPECT_TRUE(seen.insert(std::string(AsBytes(made.seal_id))).second);
    EXPECT_TRUE(seen.insert(std::string(AsBytes(made.commitment))).second);
    EXPECT_TRUE(seen.insert(made.sealed.substr(0, 12)).second) << "the nonce";
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const OpenedSeal opened,
                                  OpenPayload(made.key, "hdr", made.seal_id, made.sealed));
    EXPECT_TRUE(seen.insert(std::string(opened.salt.view())).second);
  }
}

// --- The commitment.

TEST(CipherTest, TheCommitmentHoldsForNothingElse) {
  const SealedPayload made = Vector();
  const std::string salt(32, '\x33');
  const auto holds = [&made](absl::string_view context, const SealId& id, absl::string_view salt,
                             absl::string_view payload) {
    return CommitmentHolds(context, id, salt, payload, made.commitment);
  };
  EXPECT_TRUE(holds("hdr", made.seal_id, salt, kPayload));
  EXPECT_FALSE(holds("hdx", made.seal_id, salt, kPayload));
  EXPECT_FALSE(holds("hdr", IdOf(9), salt, kPayload));
  EXPECT_FALSE(holds("hdr", made.seal_id, salt, "alice@example.con"));
  EXPECT_FALSE(
      holds("hdr", made.seal_id, salt, absl::StrCat(kPayload, absl::string_view("\0", 1))));
  EXPECT_FALSE(holds("hdr", made.seal_id, std::string(32, '\x34'), kPayload));
  // HMAC pads a short key with zeros: a salt of another length is none.
  EXPECT_FALSE(holds("hdr", made.seal_id, salt.substr(1), kPayload));
  EXPECT_FALSE(holds("hdr", made.seal_id, salt + std::string(1, '\0'), kPayload));
}

// What AES-GCM alone would let pass: a ciphertext for another text, rightly encrypted and hashed by
// whoever has the key. The commitment in the entry exposes it.
TEST(CipherTest, AnotherTextUnderTheSameSealIsExposedByTheCommitment) {
  const SealedPayload made = Vector();
  const SealedPayload forged =
      SealPayloadWith("hdr", "mallory@example.c", made.key.Copy(), std::string(12, '\x23'),
                      std::string(32, '\x33'), made.seal_id);
  event::v1::Seal seal;
  seal.set_seal_id(std::string(AsBytes(made.seal_id)));
  seal.set_commitment(std::string(AsBytes(made.commitment)));
  seal.set_ciphertext_bytes(forged.sealed.size());
  seal.set_ciphertext_sha256(std::string(AsBytes(Sha256Of(forged.sealed))));
  const absl::Status status = OpenSeal(made.key, "hdr", seal, forged.sealed).status();
  EXPECT_THAT(status, FailsWith(Reason::kCorrupt));
  EXPECT_THAT(std::string(status.message()), HasSubstr("did not commit to"));
}

// --- The seal in the entry.

event::v1::Seal SealOf(const SealedPayload& made) {
  event::v1::Seal seal;
  seal.set_seal_id(std::string(AsBytes(made.seal_id)));
  seal.set_commitment(std::string(AsBytes(made.commitment)));
  seal.set_ciphertext_bytes(made.sealed.size());
  seal.set_ciphertext_sha256(std::string(AsBytes(Sha256Of(made.sealed))));
  return seal;
}

TEST(CipherTest, ASealOpensAsItsEntryDescribesIt) {
  const SealedPayload made = Vector();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const OpenedSeal opened,
                                OpenSeal(made.key, "hdr", SealOf(made), made.sealed));
  EXPECT_EQ(opened.payload.view(), kPayload);
}

TEST(CipherTest, WhateverTheEntrySaysOtherwiseIsRefused) {
  const SealedPayload made = Vector();
  const auto refused = [&made](void (*change)(event::v1::Seal&)) {
    event::v1::Seal seal = SealOf(made);
    change(seal);
    return OpenSeal(made.key, "hdr", seal, made.sealed);
  };
  EXPECT_THAT(refused([](event::v1::Seal& s) { s.set_ciphertext_bytes(91); }),
              FailsWith(Reason::kCorrupt));
  EXPECT_THAT(refused([](event::v1::Seal& s) { (*s.mutable_ciphertext_sha256())[3] ^= 1; }),
              FailsWith(Reason::kCorrupt));
  EXPECT_THAT(refused([](event::v1::Seal& s) { s.mutable_ciphertext_sha256()->pop_back(); }),
              FailsWith(Reason::kCorrupt));
  EXPECT_THAT(refused([](event::v1::Seal& s) { (*s.mutable_commitment())[31] ^= 1; }),
              FailsWith(Reason::kCorrupt));
  EXPECT_THAT(refused([](event::v1::Seal& s) { s.mutable_commitment()->pop_back(); }),
              FailsWith(Reason::kCorrupt));
  EXPECT_THAT(refused([](event::v1::Seal& s) { (*s.mutable_seal_id())[0] ^= 1; }),
              FailsWith(Reason::kCorrupt));
  EXPECT_THAT(refused([](event::v1::Seal& s) { s.mutable_seal_id()->push_back('x'); }),
              FailsWith(Reason::kCorrupt));
}

// --- Any payload.

RC_GTEST_PROP(CipherTest, WhatIsSealedOpens, (const std::string& context, uint64_t seed)) {
  SeededRandom random(seed);
  const std::string payload(*rc::gen::inRange<size_t>(0, 3000), 'p');
  const SealedPayload made = SealPayload(context, payload, random);
  RC_ASSERT(made.sealed.size() == SealedBytes(payload.size()));
  RC_ASSERT((made.sealed.size() - kAeadOverheadBytes) % kSealPaddingBytes == 0u);
  const absl::StatusOr<OpenedSeal> opened =
      OpenPayload(made.key, context, made.seal_id, made.sealed);
  RC_ASSERT(opened.ok());
  RC_ASSERT(opened->payload.view() == payload);
  RC_ASSERT(CommitmentHolds(context, made.seal_id, opened->salt.view(), payload, made.commitment));
}

TEST(CipherTest, TheLargestFactFits) {
  SeededRandom random(5);
  const std::string payload(kFactBytesMax, 'p');
  const SealedPayload made = SealPayload("hdr", payload, random);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const OpenedSeal opened,
                                OpenPayload(made.key, "hdr", made.seal_id, made.sealed));
  EXPECT_EQ(opened.payload.view(), payload);
}

}  // namespace
}  // namespace scrutiny::ledger
