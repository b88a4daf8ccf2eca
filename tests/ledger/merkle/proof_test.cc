#include "ledger/merkle/proof.h"

#include <bit>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

#include "ledger/base/error.h"
#include "ledger/merkle/tree_hash.h"
#include "tests/ledger/merkle/vectors.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr uint64_t kSweptSizes = 600;

// The roots of the trees of 0 to `sizes` records.
std::vector<Hash> RootsOf(MemoryNodes& nodes, uint64_t sizes) {
  std::vector<Hash> roots;
  for (uint64_t size = 0; size <= sizes; ++size) {
    roots.push_back(RootAt(nodes, TreeSize(size)).value());
  }
  return roots;
}

TEST(ProofTest, TheRootsAreThoseOfRfc6962) {
  MemoryNodes nodes(Rfc6962Leaves());
  for (uint64_t size = 0; size <= 8; ++size) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash root, RootAt(nodes, TreeSize(size)));
    EXPECT_EQ(root, Rfc6962Roots()[size]) << size;
  }
}

TEST(ProofTest, TheRootsOverSeveralTilesAreTheKnownOnes) {
  MemoryNodes nodes(RecordLeaves(70000));
  for (const auto& [size, root] : RecordRoots()) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash found, RootAt(nodes, TreeSize(size)));
    EXPECT_EQ(found, root) << size;
  }
}

TEST(ProofTest, TheProofsAreThoseOfRfc6962) {
  MemoryNodes nodes(Rfc6962Leaves());
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::vector<Hash> proof,
                                ConsistencyProof(nodes, TreeSize(6), TreeSize(8)));
  EXPECT_THAT(
      proof,
      ElementsAre(HashFromHex("0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"),
                  HashFromHex("ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"),
                  Rfc6962Roots()[4]));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::vector<Hash> path,
                                InclusionProof(nodes, Sequence(4), TreeSize(5)));
  EXPECT_THAT(path, ElementsAre(Rfc6962Roots()[4]));
}

TEST(ProofTest, EveryProofOfASmallTreeIsTheDefinedOne) {
  const std::vector<Hash> leaves = RecordLeaves(140);
  MemoryNodes nodes(leaves);
  for (uint64_t size = 1; size <= leaves.size(); ++size) {
    const absl::Span<const Hash> tree = absl::MakeConstSpan(leaves).subspan(0, size);
    for (uint64_t i = 0; i < size; ++i) {
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::vector<Hash> path,
                                    InclusionProof(nodes, Sequence(i), TreeSize(size)));
      ASSERT_EQ(path, DefinedPath(i, tree)) << i << " of " << size;
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::vector<Hash> proof,
                                    ConsistencyProof(nodes, TreeSize(i + 1), TreeSize(size)));
      ASSERT_EQ(proof, DefinedProof(i + 1, tree)) << i + 1 << " in " << size;
    }
  }
}

TEST(ProofTest, TheProofsOfALargeTreeAreTheDefinedOnes) {
  const std::vector<Hash> leaves = RecordLeaves(70000);
  MemoryNodes nodes(leaves);
  for (const uint64_t i : {0, 255, 256, 32767, 65535, 65536, 69887, 69888, 69999}) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::vector<Hash> path,
                                  InclusionProof(nodes, Sequence(i), TreeSize(leaves.size())));
    ASSERT_EQ(path, DefinedPath(i, leaves)) << i;
    SCRUTINY_ASSERT_OK_AND_ASSIGN(
        const std::vector<Hash> proof,
        ConsistencyProof(nodes, TreeSize(i + 1), TreeSize(leaves.size())));
    ASSERT_EQ(proof, DefinedProof(i + 1, leaves)) << i + 1;
  }
}

TEST(ProofTest, EveryInclusionProofUpTo600EntriesVerifies) {
  const std::vector<Hash> leaves = RecordLeaves(kSweptSizes);
  MemoryNodes nodes(leaves);
  const std::vector<Hash> roots = RootsOf(nodes, kSweptSizes);
  for (uint64_t size = 1; size <= kSweptSizes; ++size) {
    for (uint64_t i = 0; i < size; ++i) {
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::vector<Hash> path,
                                    InclusionProof(nodes, Sequence(i), TreeSize(size)));
      SCRUTINY_ASSERT_OK(VerifyInclusion(Sequence(i), TreeSize(size), leaves[i], path, roots[size]))
          << i << " of " << size;
    }
  }
}

TEST(ProofTest, EveryConsistencyProofUpTo600EntriesVerifies) {
  MemoryNodes nodes(RecordLeaves(kSweptSizes));
  const std::vector<Hash> roots = RootsOf(nodes, kSweptSizes);
  for (uint64_t size = 1; size <= kSweptSizes; ++size) {
    for (uint64_t old = 1; old <= size; ++old) {
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::vector<Hash> path,
                                    ConsistencyProof(nodes, TreeSize(old), TreeSize(size)));
      SCRUTINY_ASSERT_OK(
          VerifyConsistency(TreeSize(old), TreeSize(size), path, roots[old], roots[size]))
          << old << " in " << size;
    }
  }
}

TEST(ProofTest, AProofReadsAtMostTwoNodesALevel) {
  MemoryNodes nodes(RecordLeaves(kSweptSizes));
  for (uint64_t size = 1; size <= kSweptSizes; ++size) {
    const size_t most = 2 * static_cast<size_t>(std::bit_width(size));
    for (uint64_t i = 0; i < size; ++i) {
      const size_t before = nodes.reads();
      SCRUTINY_ASSERT_OK(InclusionProof(nodes, Sequence(i), TreeSize(size)));
      const size_t between = nodes.reads();
      ASSERT_LE(between - before, most) << i << " of " << size;
      SCRUTINY_ASSERT_OK(ConsistencyProof(nodes, TreeSize(i + 1), TreeSize(size)));
      ASSERT_LE(nodes.reads() - between, most) << i + 1 << " in " << size;
    }
  }
}

// --- The ends of the range.

TEST(ProofTest, TheOnlyEntryIsProvenByNothing) {
  MemoryNodes nodes(RecordLeaves(1));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto path, InclusionProof(nodes, Sequence(0), TreeSize(1)));
  EXPECT_THAT(path, IsEmpty());
  EXPECT_EQ(nodes.reads(), 0u);
}

TEST(ProofTest, AnEntryOutsideTheTreeIsNotProven) {
  MemoryNodes nodes(RecordLeaves(8));
  constexpr uint64_t kLargest = std::numeric_limits<uint64_t>::max();
  for (const uint64_t index : {uint64_t{5}, uint64_t{6}, kLargest}) {
    EXPECT_THAT(InclusionProof(nodes, Sequence(index), TreeSize(5)),
                FailsWith(Reason::kBeyondHead));
    EXPECT_THAT(VerifyInclusion(Sequence(index), TreeSize(5), {}, {}, {}),
                FailsWith(Reason::kCorrupt));
  }
  EXPECT_THAT(InclusionProof(nodes, Sequence(0), TreeSize(0)), FailsWith(Reason::kBeyondHead));
  EXPECT_THAT(VerifyInclusion(Sequence(0), TreeSize(0), {}, {}, EmptyRoot()),
              FailsWith(Reason::kCorrupt));
  EXPECT_EQ(nodes.reads(), 0u);
}

TEST(ProofTest, ATreeIsConsistentWithItselfByNothing) {
  MemoryNodes nodes(RecordLeaves(8));
  for (uint64_t size = 0; size <= 8; ++size) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto path,
                                  ConsistencyProof(nodes, TreeSize(size), TreeSize(size)));
    EXPECT_THAT(path, IsEmpty());
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash root, RootAt(nodes, TreeSize(size)));
    SCRUTINY_EXPECT_OK(VerifyConsistency(TreeSize(size), TreeSize(size), {}, root, root));
    EXPECT_THAT(VerifyConsistency(TreeSize(size), TreeSize(size), {root}, root, root),
                FailsWith(Reason::kCorrupt));
    EXPECT_THAT(VerifyConsistency(TreeSize(size), TreeSize(size), {}, root, LeafHash("other")),
                FailsWith(Reason::kCorrupt));
  }
}

// What a caller makes of it is its own to say; an empty path is all it may accept.
TEST(ProofTest, FromTheEmptyTreeThereIsNothingToProve) {
  MemoryNodes nodes(RecordLeaves(8));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash root, RootAt(nodes, TreeSize(8)));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto path, ConsistencyProof(nodes, TreeSize(0), TreeSize(8)));
  EXPECT_THAT(path, IsEmpty());
  EXPECT_THAT(VerifyConsistency(TreeSize(0), TreeSize(8), {}, EmptyRoot(), root),
              FailsWith(Reason::kCorrupt));
  EXPECT_THAT(VerifyConsistency(TreeSize(0), TreeSize(8), {root}, EmptyRoot(), root),
              FailsWith(Reason::kCorrupt));
  EXPECT_THAT(VerifyConsistency(TreeSize(0), TreeSize(8), {root}, root, root),
              FailsWith(Reason::kCorrupt));
}

TEST(ProofTest, ASmallerTreeIsNoLaterOne) {
  MemoryNodes nodes(RecordLeaves(8));
  EXPECT_THAT(ConsistencyProof(nodes, TreeSize(6), TreeSize(5)), FailsWith(Reason::kBeyondHead));
  EXPECT_THAT(ConsistencyProof(nodes, TreeSize(1), TreeSize(0)), FailsWith(Reason::kBeyondHead));
  EXPECT_THAT(VerifyConsistency(TreeSize(6), TreeSize(5), {LeafHash("a")}, {}, {}),
              FailsWith(Reason::kCorrupt));
  EXPECT_EQ(nodes.reads(), 0u);
}

TEST(ProofTest, WhatTheReaderAnswersIsPassedOn) {
  MemoryNodes nodes(RecordLeaves(4));
  EXPECT_THAT(RootAt(nodes, TreeSize(5)), FailsWith(Reason::kBeyondHead));
  EXPECT_THAT(InclusionProof(nodes, Sequence(0), TreeSize(5)), FailsWith(Reason::kBeyondHead));
  EXPECT_THAT(ConsistencyProof(nodes, TreeSize(3), TreeSize(5)), FailsWith(Reason::kBeyondHead));
}

// --- Sizes beyond what any tree has, and the largest that one may have.

TEST(ProofTest, SizesFrom2To63OnAreRefusedWithoutReading) {
  UniformNodes nodes;
  const Hash& leaf = nodes.leaf();
  const std::vector<Hash> path(64, leaf);
  constexpr uint64_t kLargest = std::numeric_limits<uint64_t>::max();
  for (const uint64_t size : {uint64_t{1} << 63, (uint64_t{1} << 63) + 1, kLargest - 1, kLargest}) {
    const TreeSize huge(size);
    EXPECT_THAT(RootAt(nodes, huge), FailsWith(Reason::kOverLimit));
    for (const uint64_t other : {uint64_t{0}, uint64_t{1}, size / 2, size - 1, size}) {
      EXPECT_THAT(InclusionProof(nodes, Sequence(other), huge), FailsWith(Reason::kOverLimit));
      EXPECT_THAT(ConsistencyProof(nodes, TreeSize(other), huge), FailsWith(Reason::kOverLimit));
      EXPECT_THAT(VerifyInclusion(Sequence(other), huge, leaf, path, leaf),
                  FailsWith(Reason::kOverLimit));
      EXPECT_THAT(VerifyConsistency(TreeSize(other), huge, path, leaf, leaf),
                  FailsWith(Reason::kOverLimit));
    }
    EXPECT_THAT(VerifyConsistency(huge, TreeSize(5), path, leaf, leaf),
                FailsWith(Reason::kOverLimit));
    EXPECT_FALSE(ConsistencyProof(nodes, huge, TreeSize(5)).ok());
  }
  EXPECT_EQ(nodes.reads(), 0u);
}

TEST(ProofTest, TheLongestProofsHaveTheStatedLengths) {
  UniformNodes nodes;
  const uint64_t size = kTreeSizeMax.value();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash root, RootAt(nodes, kTreeSizeMax));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto path, InclusionProof(nodes, Sequence(0), kTreeSizeMax));
  EXPECT_EQ(path.size(), 63u);
  SCRUTINY_EXPECT_OK(VerifyInclusion(Sequence(0), kTreeSizeMax, nodes.leaf(), path, root));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto last,
                                InclusionProof(nodes, Sequence(size - 1), kTreeSizeMax));
  EXPECT_EQ(last.size(), 62u);
  SCRUTINY_EXPECT_OK(VerifyInclusion(Sequence(size - 1), kTreeSizeMax, nodes.leaf(), last, root));
  const TreeSize old((uint64_t{1} << 62) - 1);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash old_root, RootAt(nodes, old));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto proof, ConsistencyProof(nodes, old, kTreeSizeMax));
  EXPECT_EQ(proof.size(), 64u);
  SCRUTINY_EXPECT_OK(VerifyConsistency(old, kTreeSizeMax, proof, old_root, root));
}

// A size, small and large ones alike.
uint64_t AnySize() {
  const int bits = *rc::gen::inRange(1, 64);
  return (*rc::gen::arbitrary<uint64_t>() >> (64 - bits)) | (uint64_t{1} << (bits - 1));
}

RC_GTEST_PROP(ProofPropertyTest, ProofsOfTreesOfAnySizeVerify, ()) {
  UniformNodes nodes;
  const uint64_t size = AnySize();
  const uint64_t other = AnySize() % size;
  const Hash root = RootAt(nodes, TreeSize(size)).value();
  const auto path = InclusionProof(nodes, Sequence(other), TreeSize(size)).value();
  RC_ASSERT(path.size() <= 63u);
  RC_ASSERT(VerifyInclusion(Sequence(other), TreeSize(size), nodes.leaf(), path, root).ok());
  const TreeSize old(other + 1);
  const auto proof = ConsistencyProof(nodes, old, TreeSize(size)).value();
  RC_ASSERT(proof.size() <= 64u);
  RC_ASSERT(VerifyConsistency(old, TreeSize(size), proof, RootAt(nodes, old).value(), root).ok());
}

// Goal: whatever comes from the wire is answered, at once. Method: any numbers with any path.
RC_GTEST_PROP(ProofPropertyTest, NothingMadeUpVerifies,
              (uint64_t a, uint64_t b, const std::vector<Hash>& path)) {
  const Hash one = LeafHash("one");
  const Hash other = LeafHash("other");
  RC_ASSERT(!VerifyInclusion(Sequence(a), TreeSize(b), one, path, other).ok());
  RC_ASSERT(!VerifyConsistency(TreeSize(a), TreeSize(b), path, one, other).ok());
  const auto small = static_cast<size_t>(a % 70);
  const std::vector<Hash> long_path(small, one);
  RC_ASSERT(!VerifyInclusion(Sequence(a), TreeSize(b >> 1), one, long_path, other).ok());
  RC_ASSERT(!VerifyConsistency(TreeSize(a >> 1), TreeSize(b >> 1), long_path, one, other).ok());
}

}  // namespace
}  // namespace scrutiny::ledger
