#include "ledger/merkle/tree_hash.h"

#include <cstdint>
#include <cstring>
#include <limits>
#include <string>

#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/format/hash.h"
#include "tests/ledger/merkle/vectors.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;

// The published vectors hash children that are no hashes; this is what NodeHash must do with those
// that are.
Hash NodeByDefinition(absl::string_view left, absl::string_view right) {
  return Sha256Of(absl::StrCat("\x01", left, right));
}

TEST(TreeHashTest, ANodeIsHashedAsInTheVectorsOfTransparencyLogs) {
  EXPECT_EQ(ToHex(AsBytes(NodeByDefinition("N123", "N456"))),
            "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb");
  const Hash left = LeafHash("left");
  const Hash right = LeafHash("right");
  EXPECT_EQ(NodeHash(left, right), NodeByDefinition(AsBytes(left), AsBytes(right)));
}

TEST(TreeHashTest, TheEmptyTreesRootIsTheHashOfNothing) {
  EXPECT_EQ(EmptyRoot(), Rfc6962Roots()[0]);
}

TEST(TreeHashTest, ANodesChildrenAreOrdered) {
  const Hash left = LeafHash("left");
  const Hash right = LeafHash("right");
  EXPECT_NE(NodeHash(left, right), NodeHash(right, left));
}

TEST(TreeHashTest, ANodeIsNoLeafOverTheSameBytes) {
  const Hash left = LeafHash("left");
  const Hash right = LeafHash("right");
  EXPECT_NE(NodeHash(left, right), LeafHash(absl::StrCat(AsBytes(left), AsBytes(right))));
}

TEST(TreeHashTest, ATreeHasFewerThanTwoToThe63Entries) {
  SCRUTINY_EXPECT_OK(CheckTreeSize(TreeSize(0)));
  SCRUTINY_EXPECT_OK(CheckTreeSize(kTreeSizeMax));
  EXPECT_EQ(kTreeSizeMax.value(), 9'223'372'036'854'775'807u);
  EXPECT_THAT(CheckTreeSize(kTreeSizeMax + 1), FailsWith(Reason::kOverLimit));
  const absl::Status largest = CheckTreeSize(TreeSize(std::numeric_limits<uint64_t>::max()));
  EXPECT_THAT(largest, FailsWith(Reason::kOverLimit));
  EXPECT_EQ(InfoOf(largest).value, "18446744073709551615");
}

}  // namespace
}  // namespace scrutiny::ledger
