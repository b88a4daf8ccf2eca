#include "ledger/merkle/proof.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/ledger/merkle/vectors.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::testing::ElementsAre;

TEST(ProofTest, TheRootsAreThoseOfRfc6962) {
  MemoryNodes nodes(Rfc6962Leaves());
  for (uint64_t size = 0; size <= 8; ++size) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash root, RootAt(nodes, TreeSize(size)));
    EXPECT_EQ(root, Rfc6962Roots()[size]) << size;
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

TEST(ProofTest, EveryProofOfASmallTreeIsTheDefinedOneAndVerifies) {
  const std::vector<Hash> leaves = RecordLeaves(70);
  MemoryNodes nodes(leaves);
  for (uint64_t size = 1; size <= leaves.size(); ++size) {
    const absl::Span<const Hash> tree = absl::MakeConstSpan(leaves).subspan(0, size);
    const Hash root = DefinedRoot(tree);
    for (uint64_t i = 0; i < size; ++i) {
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::vector<Hash> path,
                                    InclusionProof(nodes, Sequence(i), TreeSize(size)));
      ASSERT_EQ(path, DefinedPath(i, tree)) << i << " of " << size;
      SCRUTINY_ASSERT_OK(VerifyInclusion(Sequence(i), TreeSize(size), leaves[i], path, root));
    }
    for (uint64_t old = 1; old <= size; ++old) {
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::vector<Hash> path,
                                    ConsistencyProof(nodes, TreeSize(old), TreeSize(size)));
      ASSERT_EQ(path, DefinedProof(old, tree)) << old << " in " << size;
      SCRUTINY_ASSERT_OK(VerifyConsistency(TreeSize(old), TreeSize(size), path,
                                           DefinedRoot(tree.subspan(0, old)), root));
    }
  }
}

}  // namespace
}  // namespace scrutiny::ledger
