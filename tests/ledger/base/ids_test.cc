#include "ledger/base/ids.h"

#include <sstream>
#include <string>
#include <type_traits>

#include "absl/hash/hash_testing.h"
#include "gtest/gtest.h"

namespace scrutiny::ledger {
namespace {

TEST(IdsTest, NumbersDoNotConvertIntoEachOther) {
  static_assert(!std::is_convertible_v<uint64_t, Sequence>);
  static_assert(!std::is_convertible_v<Sequence, uint64_t>);
  static_assert(!std::is_convertible_v<Sequence, Revision>);
  static_assert(!std::is_constructible_v<Revision, Sequence>);
  static_assert(sizeof(Sequence) == sizeof(uint64_t));
  static_assert(sizeof(FactType) == sizeof(uint32_t));
}

TEST(IdsTest, ArithmeticIsThatOfTheNumber) {
  Sequence n(41);
  EXPECT_EQ((++n).value(), 42u);
  EXPECT_EQ((n + 8).value(), 50u);
  EXPECT_EQ((n - 2).value(), 40u);
  EXPECT_EQ(Sequence(50) - n, 8u);
  n += 8;
  EXPECT_EQ(n, Sequence(50));
}

TEST(IdsTest, OrderIsThatOfTheNumber) {
  EXPECT_LT(Revision(1), Revision(2));
  EXPECT_GE(Revision(2), Revision(2));
  EXPECT_NE(Revision(1), Revision(2));
}

TEST(IdsTest, ZeroIsTheDefault) { EXPECT_EQ(Sequence(), Sequence(0)); }

TEST(IdsTest, TextIsTheNumber) {
  EXPECT_EQ(Ordinal(7).ToString(), "7");
  std::ostringstream out;
  out << FactType(300);
  EXPECT_EQ(out.str(), "300");
}

TEST(IdsTest, SizeIsOneMoreThanTheLastSequence) {
  EXPECT_EQ(SizeThrough(Sequence(0)), TreeSize(1));
  EXPECT_EQ(NextSequence(TreeSize(0)), Sequence(0));
  EXPECT_EQ(NextSequence(SizeThrough(Sequence(9))), Sequence(10));
}

TEST(IdsTest, HashFollowsEquality) {
  EXPECT_TRUE(absl::VerifyTypeImplementsAbslHashCorrectly(
      {Sequence(0), Sequence(1), Sequence(2), Sequence(~uint64_t{0})}));
}

}  // namespace
}  // namespace scrutiny::ledger
