#include "ledger/merkle/compact_range.h"

#include <bit>
#include <cstdint>
#include <limits>
#include <tuple>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

#include "ledger/base/error.h"
#include "ledger/merkle/proof.h"
#include "tests/ledger/merkle/vectors.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using Emitted = std::tuple<int, uint64_t, Hash>;

std::vector<Hash> Copy(absl::Span<const Hash> roots) { return {roots.begin(), roots.end()}; }

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

TEST(CompactRangeTest, EveryRootIsTheDefinedOne) {
  const std::vector<Hash> leaves = RecordLeaves(600);
  CompactRange range;
  for (size_t size = 0; size < leaves.size(); ++size) {
    ASSERT_EQ(range.Root(), DefinedRoot(absl::MakeConstSpan(leaves).subspan(0, size))) << size;
    range.Append(leaves[size]);
  }
}

TEST(CompactRangeTest, ThereIsARootForEachPerfectSubtreeLargestFirst) {
  MemoryNodes nodes(RecordLeaves(13));
  CompactRange range;
  for (const Hash& leaf : nodes.level(0)) range.Append(leaf);
  EXPECT_EQ(Copy(range.roots()),
            (std::vector<Hash>{nodes.level(3)[0], nodes.level(2)[2], nodes.level(0)[12]}));
}

TEST(CompactRangeTest, EachAppendEmitsWhatItCompletesLowestFirst) {
  MemoryNodes nodes(RecordLeaves(600));
  CompactRange range;
  for (uint64_t i = 0; i < nodes.level(0).size(); ++i) {
    std::vector<Emitted> emitted;
    range.Append(nodes.level(0)[i], [&](uint8_t level, uint64_t index, const Hash& hash) {
      emitted.emplace_back(level, index, hash);
    });
    std::vector<Emitted> expected;
    for (int level = 0; (i + 1) % (uint64_t{1} << level) == 0; ++level) {
      const uint64_t index = ((i + 1) >> level) - 1;
      expected.emplace_back(level, index, nodes.level(static_cast<size_t>(level))[index]);
    }
    ASSERT_EQ(emitted, expected) << i;
  }
}

TEST(CompactRangeTest, ARangeRestoredFromItsPartsGoesOnAlike) {
  const std::vector<Hash> leaves = RecordLeaves(600);
  CompactRange original;
  for (uint64_t size = 0; size < 300; ++size) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(CompactRange restored,
                                  CompactRange::FromParts(original.size(), Copy(original.roots())));
    ASSERT_EQ(restored, original);
    CompactRange copy = original;
    for (uint64_t i = size; i < size + 300; ++i) {
      std::vector<Emitted> by_restored;
      std::vector<Emitted> by_copy;
      restored.Append(leaves[i], [&](uint8_t level, uint64_t index, const Hash& hash) {
        by_restored.emplace_back(level, index, hash);
      });
      copy.Append(leaves[i], [&](uint8_t level, uint64_t index, const Hash& hash) {
        by_copy.emplace_back(level, index, hash);
      });
      ASSERT_EQ(by_restored, by_copy) << "entry " << i << ", restored at " << size;
    }
    ASSERT_EQ(restored, copy);
    ASSERT_EQ(restored.Root(), copy.Root());
    original.Append(leaves[size]);
  }
}

TEST(CompactRangeTest, PartsThatDoNotFitTheSizeAreRefused) {
  const Hash root = LeafHash("root");
  for (uint64_t size = 0; size <= 300; ++size) {
    for (size_t roots = 0; roots <= 10; ++roots) {
      const auto range = CompactRange::FromParts(TreeSize(size), std::vector<Hash>(roots, root));
      if (roots == static_cast<size_t>(std::popcount(size))) {
        SCRUTINY_EXPECT_OK(range);
      } else {
        EXPECT_THAT(range, FailsWith(Reason::kCorrupt)) << size << " with " << roots;
      }
    }
  }
  EXPECT_THAT(CompactRange::FromParts(kTreeSizeMax, std::vector<Hash>(64, root)),
              FailsWith(Reason::kCorrupt));
}

TEST(CompactRangeTest, ASizeBeyondTheLargestTreeIsRefused) {
  const Hash root = LeafHash("root");
  EXPECT_THAT(CompactRange::FromParts(kTreeSizeMax + 1, {root}), FailsWith(Reason::kOverLimit));
  EXPECT_THAT(CompactRange::FromParts(TreeSize(std::numeric_limits<uint64_t>::max()),
                                      std::vector<Hash>(64, root)),
              FailsWith(Reason::kOverLimit));
}

// Goal: nothing overflows near the largest size. Method: a tree of like leaves has a right edge
// that is known without making it.
TEST(CompactRangeTest, TheLargestTreeIsReachedAndNotPassed) {
  UniformNodes nodes;
  std::vector<Hash> roots;
  for (size_t level = 62; level >= 1; --level) roots.push_back(nodes.At(level));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(CompactRange range,
                                CompactRange::FromParts(kTreeSizeMax - 1, roots));
  std::vector<std::pair<int, uint64_t>> emitted;
  range.Append(nodes.leaf(), [&](uint8_t level, uint64_t index, const Hash&) {
    emitted.emplace_back(level, index);
  });
  EXPECT_EQ(emitted, (std::vector<std::pair<int, uint64_t>>{{0, kTreeSizeMax.value() - 1}}));
  EXPECT_EQ(range.size(), kTreeSizeMax);
  EXPECT_EQ(range.roots().size(), 63u);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash root, RootAt(nodes, kTreeSizeMax));
  EXPECT_EQ(range.Root(), root);
  EXPECT_DEATH(range.Append(nodes.leaf()), "the tree is full");
}

RC_GTEST_PROP(CompactRangePropertyTest, RangesOfLikeLeavesAgreeWithRootsFromNodes, ()) {
  UniformNodes nodes;
  const int bits = *rc::gen::inRange(1, 64);
  const uint64_t size = *rc::gen::arbitrary<uint64_t>() >> (64 - bits);
  std::vector<Hash> roots;
  for (int bit = 62; bit >= 0; --bit) {
    if ((size >> bit & 1) != 0) roots.push_back(nodes.At(static_cast<size_t>(bit)));
  }
  absl::StatusOr<CompactRange> range = CompactRange::FromParts(TreeSize(size), roots);
  RC_ASSERT(range.ok());
  RC_ASSERT(range->Root() == RootAt(nodes, TreeSize(size)).value());
  if (size == kTreeSizeMax.value()) return;
  range->Append(nodes.leaf());
  RC_ASSERT(range->Root() == RootAt(nodes, TreeSize(size + 1)).value());
}

}  // namespace
}  // namespace scrutiny::ledger
