#include "ledger/note/cosignature.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "ledger/format/big_endian.h"
#include "tests/ledger/note/support.h"

namespace scrutiny::ledger {
namespace {

TEST(CosignatureTest, TheTimeIsSignedWithTheText) {
  const Signer witness = SignerOf("witness.example", KeyType::kCosignature, 1);
  const NoteSignature line = Cosign(kLogText, witness, 1679315147);
  ASSERT_EQ(line.signature.size(), 72u);
  EXPECT_EQ(LoadBigEndian<uint64_t>(line.signature.data()), 1679315147u);
  EXPECT_TRUE(VerifySignature(witness.key().public_key(),
                              absl::StrCat("cosignature/v1\ntime 1679315147\n", kLogText),
                              line.signature.substr(8)));
  EXPECT_EQ(VerifyCosignature(kLogText, line.signature, witness.key().public_key()), 1679315147u);
}

TEST(CosignatureTest, TimesOfEveryLengthVerify) {
  const Signer witness = SignerOf("witness.example", KeyType::kCosignature, 1);
  for (const uint64_t time : {uint64_t{0}, uint64_t{1}, uint64_t{4294967296}, kCosignedAtMax}) {
    EXPECT_EQ(VerifyCosignature(kLogText, Cosign(kLogText, witness, time).signature,
                                witness.key().public_key()),
              time);
  }
}

// Times beyond 2^63-1 are no POSIX times, even if signed.
TEST(CosignatureTest, ATimeBeyondTheLastIsRefused) {
  const Signer witness = SignerOf("witness.example", KeyType::kCosignature, 1);
  const uint64_t time = kCosignedAtMax + 1;
  std::string signature;
  AppendBigEndian(time, &signature);
  absl::StrAppend(
      &signature,
      AsBytes(witness.key().Sign(absl::StrCat("cosignature/v1\ntime ", time, "\n", kLogText))));
  EXPECT_FALSE(VerifyCosignature(kLogText, signature, witness.key().public_key()));
}

TEST(CosignatureTest, EveryBitOfTimeAndSignatureCounts) {
  const Signer witness = SignerOf("witness.example", KeyType::kCosignature, 1);
  const std::string good = Cosign(kLogText, witness, 1679315147).signature;
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string changed = good;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(VerifyCosignature(kLogText, changed, witness.key().public_key())) << bit;
  }
}

TEST(CosignatureTest, OtherLengthsAreNoCosignature) {
  const Signer witness = SignerOf("witness.example", KeyType::kCosignature, 1);
  const std::string good = Cosign(kLogText, witness, 5).signature;
  for (const std::string& bad : {std::string(), good.substr(0, 7), good.substr(0, 8),
                                 good.substr(0, 71), good.substr(8), good + "x"}) {
    EXPECT_FALSE(VerifyCosignature(kLogText, bad, witness.key().public_key())) << bad.size();
  }
}

TEST(CosignatureDeathTest, OnlyACosignersKeyCosigns) {
  EXPECT_DEATH(Cosign(kLogText, LogSigner(), 5), "does not cosign");
  EXPECT_DEATH(Cosign("no newline", MirrorSigner(), 5), "no checkpoint's text");
  EXPECT_DEATH(Cosign(kLogText, MirrorSigner(), kCosignedAtMax + 1), "9223372036854775808");
}

}  // namespace
}  // namespace scrutiny::ledger
