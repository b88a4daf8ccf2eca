// No proof survives a change. One thing needs care: neither a root nor a path tells the size of its
// tree (the same path leads from entry 0 to the root of 3 entries whether 3 or 4 are claimed), so a
// changed size is noticed only where the shape of the path differs. That is how RFC 6962 is; size
// and root are to be taken together, from one signed checkpoint. The tests hold the verifiers to
// exactly that: they work out the shapes from the definition, without the code under test.
#include <bit>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/merkle/proof.h"
#include "ledger/merkle/tree_hash.h"
#include "tests/ledger/merkle/vectors.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;

// The sides on which the hashes of PATH(m, D[n]) stand, lowest first.
std::string ShapeOfPath(uint64_t m, uint64_t n) {
  if (n == 1) return "";
  const uint64_t k = LargestPowerBelow(n);
  return m < k ? ShapeOfPath(m, k) + "R" : ShapeOfPath(m - k, n - k) + "L";
}

// The same for PROOF(m, D[n]); it starts with "0" where the first hash is the old root itself and
// with "1" where it is the path's.
std::string ShapeOfProof(uint64_t m, uint64_t n, bool whole = true) {
  if (m == n) return whole ? "0" : "1";
  const uint64_t k = LargestPowerBelow(n);
  return m <= k ? ShapeOfProof(m, k, whole) + "R" : ShapeOfProof(m - k, n - k, false) + "L";
}

// A proof with all that it is checked with.
struct Inclusion {
  uint64_t index;
  uint64_t size;
  Hash leaf;
  std::vector<Hash> path;
  Hash root;

  bool Verifies() const {
    return VerifyInclusion(Sequence(index), TreeSize(size), leaf, path, root).ok();
  }
};

struct Consistency {
  uint64_t old_size;
  uint64_t size;
  std::vector<Hash> path;
  Hash old_root;
  Hash root;

  bool Verifies() const {
    return VerifyConsistency(TreeSize(old_size), TreeSize(size), path, old_root, root).ok();
  }
};

Hash Flipped(Hash hash, size_t bit) {
  hash[bit / 8] = static_cast<uint8_t>(hash[bit / 8] ^ (1 << bit % 8));
  return hash;
}

constexpr size_t kHashBits = sizeof(Hash) * 8;

// Sizes whose trees have every kind of right edge, tiles' borders included.
std::vector<uint64_t> Sizes() { return {1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 16, 23, 255, 256, 257}; }

// Indexes worth trying in a tree: all of a small one, some of a larger one.
std::vector<uint64_t> IndexesOf(uint64_t size) {
  std::vector<uint64_t> indexes;
  for (uint64_t i = 0; i < size; ++i) {
    if (size <= 23 || i < 2 || i % 41 == 0 || i + 3 > size) indexes.push_back(i);
  }
  return indexes;
}

class TamperTest : public ::testing::Test {
 protected:
  TamperTest() : leaves_(RecordLeaves(257)), nodes_(leaves_) {}

  Hash Root(uint64_t size) { return RootAt(nodes_, TreeSize(size)).value(); }
  Inclusion MakeInclusion(uint64_t index, uint64_t size) {
    return {index, size, leaves_[index],
            InclusionProof(nodes_, Sequence(index), TreeSize(size)).value(), Root(size)};
  }
  Consistency MakeConsistency(uint64_t old_size, uint64_t size) {
    return {old_size, size, ConsistencyProof(nodes_, TreeSize(old_size), TreeSize(size)).value(),
            Root(old_size), Root(size)};
  }
  std::vector<Inclusion> Inclusions() {
    std::vector<Inclusion> proofs;
    for (const uint64_t size : Sizes()) {
      for (const uint64_t index : IndexesOf(size)) proofs.push_back(MakeInclusion(index, size));
    }
    return proofs;
  }
  std::vector<Consistency> Consistencies() {
    std::vector<Consistency> proofs;
    for (const uint64_t size : Sizes()) {
      for (const uint64_t index : IndexesOf(size)) {
        proofs.push_back(MakeConsistency(index + 1, size));
      }
    }
    return proofs;
  }

  std::vector<Hash> leaves_;
  MemoryNodes nodes_;
};

// --- Inclusion.

TEST_F(TamperTest, EveryFlippedBitOfLeafPathOrRootBreaksInclusion) {
  for (const Inclusion& proof : Inclusions()) {
    ASSERT_TRUE(proof.Verifies()) << proof.index << " of " << proof.size;
    for (size_t bit = 0; bit < kHashBits; ++bit) {
      Inclusion changed = proof;
      changed.leaf = Flipped(proof.leaf, bit);
      ASSERT_FALSE(changed.Verifies()) << proof.index << " of " << proof.size;
      changed = proof;
      changed.root = Flipped(proof.root, bit);
      ASSERT_FALSE(changed.Verifies()) << proof.index << " of " << proof.size;
      for (size_t i = 0; i < proof.path.size(); ++i) {
        changed = proof;
        changed.path[i] = Flipped(proof.path[i], bit);
        ASSERT_FALSE(changed.Verifies()) << proof.index << " of " << proof.size << ", hash " << i;
      }
    }
  }
}

TEST_F(TamperTest, EveryFlippedBitOfTheIndexBreaksInclusion) {
  for (const Inclusion& proof : Inclusions()) {
    for (int bit = 0; bit < 64; ++bit) {
      Inclusion changed = proof;
      changed.index ^= uint64_t{1} << bit;
      ASSERT_FALSE(changed.Verifies()) << proof.index << " of " << proof.size << ", bit " << bit;
    }
  }
}

TEST_F(TamperTest, EveryOtherIndexBreaksInclusion) {
  for (const uint64_t size : {1, 2, 3, 7, 8, 13, 23, 64}) {
    for (uint64_t index = 0; index < size; ++index) {
      Inclusion changed = MakeInclusion(index, size);
      for (uint64_t other = 0; other <= size + 2; ++other) {
        changed.index = other;
        ASSERT_EQ(changed.Verifies(), other == index) << other << " for " << index;
      }
    }
  }
}

TEST_F(TamperTest, EveryFlippedBitOfTheSizeBreaksInclusionUnlessThePathIsTheSame) {
  for (const Inclusion& proof : Inclusions()) {
    const std::string shape = ShapeOfPath(proof.index, proof.size);
    for (int bit = 0; bit < 64; ++bit) {
      Inclusion changed = proof;
      changed.size ^= uint64_t{1} << bit;
      const bool same = changed.index < changed.size && changed.size <= kTreeSizeMax.value() &&
                        ShapeOfPath(changed.index, changed.size) == shape;
      ASSERT_EQ(changed.Verifies(), same)
          << proof.index << " of " << proof.size << ", claimed " << changed.size;
    }
  }
}

TEST_F(TamperTest, ASizeWithItsOwnRootBreaksInclusion) {
  for (const Inclusion& proof : Inclusions()) {
    for (uint64_t size = 0; size <= 257; ++size) {
      if (size == proof.size) continue;
      Inclusion changed = proof;
      changed.size = size;
      changed.root = Root(size);
      ASSERT_FALSE(changed.Verifies()) << proof.index << " of " << proof.size << " in " << size;
    }
  }
}

TEST_F(TamperTest, AHashMissingAddedOrMovedBreaksInclusion) {
  for (const Inclusion& proof : Inclusions()) {
    for (size_t i = 0; i <= proof.path.size(); ++i) {
      const auto at = static_cast<std::ptrdiff_t>(i);
      for (const Hash& spare : {proof.leaf, proof.root, Hash{}}) {
        Inclusion changed = proof;
        changed.path.insert(changed.path.begin() + at, spare);
        ASSERT_FALSE(changed.Verifies()) << proof.index << " of " << proof.size;
      }
      if (i == proof.path.size()) continue;
      Inclusion changed = proof;
      changed.path.erase(changed.path.begin() + at);
      ASSERT_FALSE(changed.Verifies()) << proof.index << " of " << proof.size;
      if (i == 0) continue;
      changed = proof;
      std::swap(changed.path[i - 1], changed.path[i]);
      ASSERT_FALSE(changed.Verifies()) << proof.index << " of " << proof.size;
    }
  }
}

// A path that goes on above the root leads to a root of the forger's making.
TEST_F(TamperTest, HashesToSpareProveNoRootAboveTheTree) {
  const Hash spare = LeafHash("spare");
  for (Inclusion proof : Inclusions()) {
    proof.path.push_back(spare);
    const Hash root = proof.root;
    for (const Hash& above : {NodeHash(spare, root), NodeHash(root, spare)}) {
      proof.root = above;
      ASSERT_FALSE(proof.Verifies()) << proof.index << " of " << proof.size;
    }
  }
  for (Consistency proof : Consistencies()) {
    proof.path.push_back(spare);
    const Hash old_root = proof.old_root;
    const Hash root = proof.root;
    for (const Hash& above : {NodeHash(spare, root), NodeHash(root, spare)}) {
      proof.root = above;
      for (const Hash& old : {old_root, NodeHash(spare, old_root)}) {
        proof.old_root = old;
        ASSERT_FALSE(proof.Verifies()) << proof.old_size << " in " << proof.size;
      }
    }
  }
}

TEST_F(TamperTest, AnotherEntryIsNotProven) {
  for (const Inclusion& proof : Inclusions()) {
    Inclusion changed = proof;
    changed.leaf = LeafHash("another");
    ASSERT_FALSE(changed.Verifies());
  }
}

// A node of the tree is not to pass for an entry: hashing keeps them apart, the path's length too.
TEST_F(TamperTest, ANodeIsNotProvenAsALeafOfASmallerTree) {
  const Inclusion proof = MakeInclusion(5, 8);
  Inclusion shorter = proof;
  shorter.leaf = NodeHash(leaves_[4], leaves_[5]);
  shorter.path.erase(shorter.path.begin());
  ASSERT_FALSE(shorter.Verifies());
  // With the numbers of a smaller tree, only the leaf hash tells: no entry hashes to a node.
  shorter.index = 2;
  shorter.size = 4;
  ASSERT_TRUE(shorter.Verifies());
  EXPECT_NE(LeafHash(absl::StrCat(AsBytes(leaves_[4]), AsBytes(leaves_[5]))), shorter.leaf);
}

// --- Consistency.

TEST_F(TamperTest, EveryFlippedBitOfPathOrRootsBreaksConsistency) {
  for (const Consistency& proof : Consistencies()) {
    ASSERT_TRUE(proof.Verifies()) << proof.old_size << " in " << proof.size;
    for (size_t bit = 0; bit < kHashBits; ++bit) {
      Consistency changed = proof;
      changed.old_root = Flipped(proof.old_root, bit);
      ASSERT_FALSE(changed.Verifies()) << proof.old_size << " in " << proof.size;
      changed = proof;
      changed.root = Flipped(proof.root, bit);
      ASSERT_FALSE(changed.Verifies()) << proof.old_size << " in " << proof.size;
      for (size_t i = 0; i < proof.path.size(); ++i) {
        changed = proof;
        changed.path[i] = Flipped(proof.path[i], bit);
        ASSERT_FALSE(changed.Verifies()) << proof.old_size << " in " << proof.size;
      }
    }
  }
}

TEST_F(TamperTest, EveryFlippedBitOfASizeBreaksConsistencyUnlessThePathIsTheSame) {
  const auto same = [](const Consistency& a, const Consistency& b) {
    if (b.size > kTreeSizeMax.value() || b.old_size == 0 || b.old_size >= b.size) return false;
    return ShapeOfProof(a.old_size, a.size) == ShapeOfProof(b.old_size, b.size);
  };
  for (const Consistency& proof : Consistencies()) {
    for (int bit = 0; bit < 64; ++bit) {
      Consistency changed = proof;
      changed.old_size ^= uint64_t{1} << bit;
      ASSERT_EQ(changed.Verifies(), same(proof, changed))
          << changed.old_size << " for " << proof.old_size << " in " << proof.size;
      changed = proof;
      changed.size ^= uint64_t{1} << bit;
      ASSERT_EQ(changed.Verifies(), same(proof, changed))
          << proof.old_size << " in " << changed.size << " for " << proof.size;
    }
  }
}

TEST_F(TamperTest, ASizeWithItsOwnRootBreaksConsistency) {
  for (const Consistency& proof : Consistencies()) {
    for (uint64_t size = 0; size <= 257; ++size) {
      Consistency changed = proof;
      changed.old_size = size;
      changed.old_root = Root(size);
      ASSERT_EQ(changed.Verifies(), size == proof.old_size)
          << size << " for " << proof.old_size << " in " << proof.size;
      changed = proof;
      changed.size = size;
      changed.root = Root(size);
      ASSERT_EQ(changed.Verifies(), size == proof.size)
          << proof.old_size << " in " << size << " for " << proof.size;
    }
  }
}

TEST_F(TamperTest, AHashMissingAddedOrMovedBreaksConsistency) {
  for (const Consistency& proof : Consistencies()) {
    for (size_t i = 0; i <= proof.path.size(); ++i) {
      const auto at = static_cast<std::ptrdiff_t>(i);
      for (const Hash& spare : {proof.old_root, proof.root, Hash{}}) {
        Consistency changed = proof;
        changed.path.insert(changed.path.begin() + at, spare);
        ASSERT_FALSE(changed.Verifies()) << proof.old_size << " in " << proof.size;
      }
      if (i == proof.path.size()) continue;
      Consistency changed = proof;
      changed.path.erase(changed.path.begin() + at);
      ASSERT_FALSE(changed.Verifies()) << proof.old_size << " in " << proof.size;
      if (i == 0) continue;
      changed = proof;
      std::swap(changed.path[i - 1], changed.path[i]);
      ASSERT_FALSE(changed.Verifies()) << proof.old_size << " in " << proof.size;
    }
  }
}

// The fork that consistency is there to show: one old entry rewritten, the tree grown on from it.
TEST_F(TamperTest, ARewrittenEntryShowsInEveryLaterTree) {
  constexpr uint64_t kOld = 23;
  std::vector<Hash> rewritten = leaves_;
  rewritten[7] = LeafHash("record 7, changed");
  MemoryNodes forked(rewritten);
  for (uint64_t size = kOld; size <= 64; ++size) {
    const auto path = ConsistencyProof(forked, TreeSize(kOld), TreeSize(size)).value();
    const Hash root = RootAt(forked, TreeSize(size)).value();
    EXPECT_THAT(VerifyConsistency(TreeSize(kOld), TreeSize(size), path, Root(kOld), root),
                FailsWith(Reason::kCorrupt))
        << size;
    const auto honest = ConsistencyProof(nodes_, TreeSize(kOld), TreeSize(size)).value();
    EXPECT_THAT(VerifyConsistency(TreeSize(kOld), TreeSize(size), honest, Root(kOld), root),
                FailsWith(Reason::kCorrupt))
        << size;
  }
}

}  // namespace
}  // namespace scrutiny::ledger
