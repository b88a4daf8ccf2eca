#include "ledger/merkle/compact_range.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

#include "tests/ledger/merkle/vectors.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

TEST(CompactRangeTest, TheRootsAreThoseOfRfc6962) {
  CompactRange range;
  EXPECT_EQ(range.Root(), Rfc6962Roots()[0]);
  for (const Hash& leaf : Rfc6962Leaves()) {
    range.Append(leaf);
    EXPECT_EQ(range.Root(), Rfc6962Roots()[range.size().value()]) << range.size();
  }
}

TEST(CompactRangeTest, TheRootsOverSeveralTilesAreTheKnownOnes) {
  const std::vector<Hash> leaves = RecordLeaves(70000);
  CompactRange range;
  for (const auto& [size, root] : RecordRoots()) {
    while (range.size() < TreeSize(size)) range.Append(leaves[range.size().value()]);
    EXPECT_EQ(range.Root(), root) << size;
  }
}

}  // namespace
}  // namespace scrutiny::ledger
