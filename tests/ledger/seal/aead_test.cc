#include "ledger/seal/aead.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/format/hash.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::SeededRandom;

const std::string& Key() {
  static const std::string& key = *new std::string(32, '\0');
  return key;
}

// Test cases 13 and 14 of the GCM specification (McGrew and Viega): a key and nonce of zeros.
TEST(AeadTest, TheBytesAreThoseOfTheStandard) {
  const std::string nonce(12, '\0');
  EXPECT_EQ(ToHex(AeadSeal(Key(), nonce, "", "")),
            "000000000000000000000000"
            "530f8afbc74536b9a963b4f1c4cb738b");
  EXPECT_EQ(ToHex(AeadSeal(Key(), nonce, "", std::string(16, '\0'))),
            "000000000000000000000000"
            "cea7403d4d606b6e074ec5d3baf39d18"
            "d0d1c8a799996bf0265b98b5d48ab919");
}

TEST(AeadTest, OpensWhatItSealed) {
  const std::string sealed = AeadSeal(Key(), "nonce of 12.", "context", "payload");
  EXPECT_EQ(sealed.size(), 7 + kAeadOverheadBytes);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Secret opened, AeadOpen(Key(), "context", sealed, "It"));
  EXPECT_EQ(opened.view(), "payload");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Secret nothing,
                                AeadOpen(Key(), "", AeadSeal(Key(), "nonce of 12.", "", ""), "It"));
  EXPECT_TRUE(nothing.empty());
}

TEST(AeadTest, EveryFlippedBitIsNoticed) {
  const std::string sealed = AeadSeal(Key(), "nonce of 12.", "context", "payload");
  for (size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string altered = sealed;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << bit % 8));
    EXPECT_THAT(AeadOpen(Key(), "context", altered, "It"), FailsWith(Reason::kCorrupt)) << bit;
  }
}

TEST(AeadTest, EveryOtherLengthIsNoticed) {
  const std::string sealed = AeadSeal(Key(), "nonce of 12.", "context", "payload");
  for (size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_THAT(AeadOpen(Key(), "context", sealed.substr(0, size), "It"),
                FailsWith(Reason::kCorrupt));
  }
  EXPECT_THAT(AeadOpen(Key(), "context", sealed + '\0', "It"), FailsWith(Reason::kCorrupt));
}

TEST(AeadTest, KeyAndContextMustBeTheSame) {
  const std::string sealed = AeadSeal(Key(), "nonce of 12.", "context", "payload");
  EXPECT_THAT(AeadOpen(Key(), "contex", sealed, "It"), FailsWith(Reason::kCorrupt));
  std::string other = Key();
  other[31] = 1;
  EXPECT_THAT(AeadOpen(other, "context", sealed, "It"), FailsWith(Reason::kCorrupt));
}

TEST(AeadTest, AWrappedKeyUnwrapsInItsContextAlone) {
  SeededRandom random(1);
  const Secret under(Key());
  const Secret key(std::string(32, 'k'));
  const std::string wrapped = WrapKey(under, "context", key, random);
  EXPECT_EQ(wrapped.size(), kWrappedKeyBytes);
  EXPECT_NE(wrapped, WrapKey(under, "context", key, random)) << "the nonce is new each time";
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Secret unwrapped, UnwrapKey(under, "context", wrapped, "It"));
  EXPECT_EQ(unwrapped.view(), key.view());
  EXPECT_THAT(UnwrapKey(under, "another", wrapped, "It"), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(UnwrapKey(key, "context", wrapped, "It"), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(UnwrapKey(under, "context", wrapped.substr(1), "It"), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(UnwrapKey(under, "context", wrapped + "x", "It"), FailsWith(Reason::kCorrupt));
}

}  // namespace
}  // namespace scrutiny::ledger
