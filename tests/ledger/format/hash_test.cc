#include "ledger/format/hash.h"

#include <string>
#include <thread>

#include "gtest/gtest.h"

namespace scrutiny::ledger {
namespace {

TEST(HashTest, Sha256MatchesTheStandardsExamples) {
  EXPECT_EQ(ToHex(AsBytes(Sha256Of(""))),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(ToHex(AsBytes(Sha256Of("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(HashTest, LeafHashMatchesTheVectorsOfTransparencyLogs) {
  EXPECT_EQ(ToHex(AsBytes(LeafHash(""))),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  EXPECT_EQ(ToHex(AsBytes(LeafHash("L123456"))),
            "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
}

TEST(HashTest, ALeafIsNotHashedLikePlainBytes) { EXPECT_NE(LeafHash("a"), Sha256Of("a")); }

TEST(HashTest, PiecesHashLikeTheWhole) {
  Sha256 pieces;
  pieces.Update("a");
  pieces.Update("");
  pieces.Update("bc");
  EXPECT_EQ(pieces.Finish(), Sha256Of("abc"));
}

TEST(HashTest, AnIncrementalHashIsReusableAfterFinish) {
  Sha256 hash;
  hash.Update("something else");
  hash.Finish();
  hash.Update("abc");
  EXPECT_EQ(hash.Finish(), Sha256Of("abc"));
  EXPECT_EQ(hash.Finish(), Sha256Of(""));
}

TEST(HashTest, AnIncrementalHashStandsApartFromTheThreadsOwn) {
  Sha256 hash;
  hash.Update("a");
  LeafHash("in between");
  hash.Update("bc");
  EXPECT_EQ(hash.Finish(), Sha256Of("abc"));
}

TEST(HashTest, EveryThreadHashesForItself) {
  const Hash expected = LeafHash("L123456");
  const auto hash_many = [&expected] {
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(LeafHash("L123456"), expected);
  };
  std::thread one(hash_many);
  std::thread other(hash_many);
  one.join();
  other.join();
}

TEST(HashTest, HexIsLowerCaseAndKeepsLeadingZeros) {
  EXPECT_EQ(ToHex(std::string("\x00\x0f\xf0\xff", 4)), "000ff0ff");
  EXPECT_EQ(ToHex(""), "");
}

}  // namespace
}  // namespace scrutiny::ledger
