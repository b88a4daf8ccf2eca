#include "ledger/seal/cipher.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/seal/aead.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::IsOk;
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

}  // namespace
}  // namespace scrutiny::ledger
