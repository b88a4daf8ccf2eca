#include "ledger/note/ed25519.h"

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"

#include "ledger/format/hash.h"
#include "tests/ledger/note/support.h"
#include "tests/support/seeded_random.h"

namespace scrutiny::ledger {
namespace {

SigningKey KeyOfHex(absl::string_view hex) {
  return SigningKey::FromSeed(ArrayOf<Seed>(absl::HexStringToBytes(hex)));
}

std::string PublicHex(const SigningKey& key) {
  return ToHex(absl::string_view(reinterpret_cast<const char*>(key.public_key().data()),
                                 key.public_key().size()));
}

// RFC 8032 §7.1, tests 1 and 2.
TEST(Ed25519Test, TheVectorsOfTheStandard) {
  const SigningKey one =
      KeyOfHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  EXPECT_EQ(PublicHex(one), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  EXPECT_EQ(ToHex(AsBytes(one.Sign(""))),
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39"
            "701cf9b46bd25bf5f0595bbe24655141438e7a100b");
  const SigningKey two =
      KeyOfHex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
  EXPECT_EQ(PublicHex(two), "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  EXPECT_EQ(ToHex(AsBytes(two.Sign("\x72"))),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f36"
            "13d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
}

TEST(Ed25519Test, WhatWasSignedVerifies) {
  testing::SeededRandom random(1);
  const SigningKey key = SigningKey::Generate(random);
  const std::string signature(AsBytes(key.Sign("message")));
  EXPECT_TRUE(VerifySignature(key.public_key(), "message", signature));
  EXPECT_FALSE(VerifySignature(key.public_key(), "Message", signature));
  EXPECT_FALSE(VerifySignature(key.public_key(), "message ", signature));
  EXPECT_FALSE(VerifySignature(key.public_key(), "", signature));
  const SigningKey other = SigningKey::Generate(random);
  EXPECT_NE(other.public_key(), key.public_key());
  EXPECT_FALSE(VerifySignature(other.public_key(), "message", signature));
}

TEST(Ed25519Test, EveryBitOfTheSignatureCounts) {
  const SigningKey key = SigningKey::FromSeed(Seed{1});
  std::string signature(AsBytes(key.Sign("message")));
  for (size_t bit = 0; bit < signature.size() * 8; ++bit) {
    signature[bit / 8] = static_cast<char>(signature[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(VerifySignature(key.public_key(), "message", signature)) << bit;
    signature[bit / 8] = static_cast<char>(signature[bit / 8] ^ (1 << bit % 8));
  }
  EXPECT_TRUE(VerifySignature(key.public_key(), "message", signature));
}

TEST(Ed25519Test, EveryBitOfTheKeyCounts) {
  const SigningKey key = SigningKey::FromSeed(Seed{1});
  const std::string signature(AsBytes(key.Sign("message")));
  for (size_t bit = 0; bit < kPublicKeyBytes * 8; ++bit) {
    PublicKey changed = key.public_key();
    changed[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    EXPECT_FALSE(VerifySignature(changed, "message", signature)) << bit;
  }
}

// s and s + L satisfy the same equation; only the smaller one is the signature. Otherwise anybody
// could make a second valid note of one that was published.
TEST(Ed25519Test, ASignatureHasOneForm) {
  const std::string order =
      absl::HexStringToBytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  const SigningKey key = SigningKey::FromSeed(Seed{2});
  std::string signature(AsBytes(key.Sign("message")));
  unsigned carry = 0;
  for (size_t i = 0; i < order.size(); ++i) {
    carry += static_cast<uint8_t>(signature[32 + i]) + static_cast<uint8_t>(order[i]);
    signature[32 + i] = static_cast<char>(carry & 0xff);
    carry >>= 8;
  }
  ASSERT_EQ(carry, 0u);
  EXPECT_FALSE(VerifySignature(key.public_key(), "message", signature));
}

TEST(Ed25519Test, OtherLengthsAreNoSignature) {
  const SigningKey key = SigningKey::FromSeed(Seed{1});
  const std::string signature(AsBytes(key.Sign("message")));
  EXPECT_FALSE(VerifySignature(key.public_key(), "message", ""));
  EXPECT_FALSE(VerifySignature(key.public_key(), "message", signature.substr(0, 63)));
  EXPECT_FALSE(VerifySignature(key.public_key(), "message", signature + std::string(1, '\0')));
}

TEST(Ed25519Test, AKeyThatMovedAwayHoldsNoSecret) {
  SigningKey key = SigningKey::FromSeed(Seed{7});
  const PublicKey pub = key.public_key();
  SigningKey moved(std::move(key));
  EXPECT_EQ(key.seed(), Seed{});  // NOLINT(bugprone-use-after-move): what is left is the question.
  EXPECT_EQ(moved.seed(), Seed{7});
  SigningKey assigned = SigningKey::FromSeed(Seed{8});
  assigned = std::move(moved);
  EXPECT_EQ(moved.seed(), Seed{});  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(assigned.public_key(), pub);
  EXPECT_TRUE(VerifySignature(pub, "message", AsBytes(assigned.Sign("message"))));
}

TEST(Ed25519Test, OneKeySignsFromSeveralThreads) {
  const SigningKey key = SigningKey::FromSeed(Seed{9});
  const Signature expected = key.Sign("message");
  std::vector<std::thread> threads;
  std::vector<int> wrong(4, 0);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&key, &expected, &count = wrong[static_cast<size_t>(t)]] {
      for (int i = 0; i < 200; ++i) {
        if (key.Sign("message") != expected) ++count;
        if (!VerifySignature(key.public_key(), "message", AsBytes(expected))) ++count;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

}  // namespace
}  // namespace scrutiny::ledger
