#include "ledger/seal/secret.h"

#include <string>
#include <utility>

#include "gtest/gtest.h"

namespace scrutiny::ledger {
namespace {

TEST(SecretTest, HoldsWhatItWasGiven) {
  const Secret secret(absl::string_view("a\0b", 3));
  EXPECT_EQ(secret.view(), absl::string_view("a\0b", 3));
  EXPECT_EQ(secret.size(), 3u);
  EXPECT_FALSE(secret.empty());
  EXPECT_EQ(Secret(4).view(), std::string(4, '\0'));
}

TEST(SecretTest, MovingLeavesNothingBehind) {
  Secret from("key");
  Secret to(std::move(from));
  EXPECT_EQ(to.view(), "key");
  EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(from.data(), nullptr);
  Secret over("another");
  over = std::move(to);
  EXPECT_EQ(over.view(), "key");
  EXPECT_TRUE(to.empty());  // NOLINT(bugprone-use-after-move)
}

TEST(SecretTest, ACopyIsItsOwn) {
  Secret secret("key");
  Secret copy = secret.Copy();
  secret.Wipe();
  EXPECT_TRUE(secret.empty());
  EXPECT_EQ(copy.view(), "key");
  Secret& same = copy;
  copy = std::move(same);
  EXPECT_EQ(copy.view(), "key");
}

TEST(SecretTest, AnEmptyOneIsLikeAnyOther) {
  Secret empty;
  EXPECT_EQ(empty.view(), "");
  EXPECT_EQ(empty.Copy().size(), 0u);
  empty.Wipe();
  EXPECT_EQ(Secret("").size(), 0u);
  EXPECT_TRUE(empty.span().empty());
}

TEST(SecretTest, ComparingNeedsSizeAndBytes) {
  EXPECT_TRUE(SameSecret("abc", "abc"));
  EXPECT_TRUE(SameSecret("", ""));
  EXPECT_FALSE(SameSecret("abc", "abd"));
  EXPECT_FALSE(SameSecret("abc", "ab"));
}

}  // namespace
}  // namespace scrutiny::ledger
