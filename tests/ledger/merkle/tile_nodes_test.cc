#include "ledger/merkle/tile_nodes.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <set>
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

// Whether no tile was asked for twice, and each with the width that it has in the tree.
bool EachOnceInFullWidth(const std::vector<TileRequest>& asked, TreeSize size) {
  std::set<TileId> seen;
  return std::all_of(asked.begin(), asked.end(), [&](const TileRequest& request) {
    return seen.insert(request.id).second && request.width == TileWidthAt(request.id, size);
  });
}

// The largest tree of these tests, made once.
class TileNodesTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { nodes_ = new MemoryNodes(RecordLeaves(70000)); }
  static void TearDownTestSuite() {
    delete nodes_;
    nodes_ = nullptr;
  }

  static MemoryNodes* nodes_;
};

MemoryNodes* TileNodesTest::nodes_ = nullptr;

TEST_F(TileNodesTest, TheRootsOverSeveralTilesAreTheKnownOnes) {
  MemoryTiles tiles(*nodes_);
  for (const auto& [size, root] : RecordRoots()) {
    TileNodeReader reader(tiles, TreeSize(size));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash found, RootAt(reader, TreeSize(size)));
    EXPECT_EQ(found, root) << size;
  }
}

// Sizes on both sides of where a tile, or a level of tiles, begins.
class TileNodesSizeTest : public TileNodesTest, public ::testing::WithParamInterface<uint64_t> {};

INSTANTIATE_TEST_SUITE_P(Sizes, TileNodesSizeTest,
                         ::testing::Values(1, 255, 256, 257, 65535, 65536, 65537, 70000));

TEST_P(TileNodesSizeTest, EveryCompleteNodeIsThatOfTheLeaves) {
  const TreeSize size(GetParam());
  MemoryTiles tiles(*nodes_);
  TileNodeReader reader(tiles, size);
  for (uint8_t level = 0; size.value() >> level > 0; ++level) {
    const uint64_t count = size.value() >> level;
    for (uint64_t index = 0; index < count; ++index) {
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash node, reader.Node(level, index));
      ASSERT_EQ(node, nodes_->level(level)[index]) << int{level} << ", " << index;
    }
    EXPECT_THAT(reader.Node(level, count), FailsWith(Reason::kBeyondHead));
  }
}

TEST_P(TileNodesSizeTest, ProofsAreThoseFromLeavesAndReadEachTileOnce) {
  const TreeSize size(GetParam());
  MemoryTiles tiles(*nodes_);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash root, RootAt(*nodes_, size));
  for (uint64_t i = 0; i < size.value(); ++i) {
    // All of a small tree; of a larger one some in every tile, and all about its borders.
    const bool border = i % 256 < 2 || i % 256 == 255 || size.value() - i < 3;
    if (size.value() > 257 && i % 83 != 0 && !border) continue;
    TileNodeReader reader(tiles, size);
    tiles.asked().clear();
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto path, InclusionProof(reader, Sequence(i), size));
    ASSERT_TRUE(EachOnceInFullWidth(tiles.asked(), size)) << i;
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto expected, InclusionProof(*nodes_, Sequence(i), size));
    ASSERT_EQ(path, expected) << i;
    SCRUTINY_ASSERT_OK(VerifyInclusion(Sequence(i), size, nodes_->level(0)[i], path, root)) << i;

    TileNodeReader other(tiles, size);
    tiles.asked().clear();
    const TreeSize old(i + 1);
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto proof, ConsistencyProof(other, old, size));
    ASSERT_TRUE(EachOnceInFullWidth(tiles.asked(), size)) << i;
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto expected_proof, ConsistencyProof(*nodes_, old, size));
    ASSERT_EQ(proof, expected_proof) << i;
  }
}

TEST_P(TileNodesSizeTest, ARootReadsTheRightEdgeAlone) {
  const TreeSize size(GetParam());
  MemoryTiles tiles(*nodes_);
  TileNodeReader reader(tiles, size);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash root, RootAt(reader, size));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash expected, RootAt(*nodes_, size));
  EXPECT_EQ(root, expected);
  EXPECT_LE(tiles.asked().size(), 3u);
  EXPECT_TRUE(EachOnceInFullWidth(tiles.asked(), size));
}

TEST_F(TileNodesTest, AnOlderRootAndProofComeOutOfALaterTree) {
  MemoryTiles tiles(*nodes_);
  TileNodeReader reader(tiles, TreeSize(70000));
  for (const uint64_t size : {1, 255, 256, 257, 300, 65535, 65536, 65537, 69999}) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash root, RootAt(reader, TreeSize(size)));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash expected, RootAt(*nodes_, TreeSize(size)));
    EXPECT_EQ(root, expected);
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto path,
                                  InclusionProof(reader, Sequence(size / 2), TreeSize(size)));
    SCRUTINY_EXPECT_OK(VerifyInclusion(Sequence(size / 2), TreeSize(size),
                                       nodes_->level(0)[size / 2], path, root));
  }
}

TEST_F(TileNodesTest, ProofsByOneReaderShareItsTiles) {
  const TreeSize size(70000);
  MemoryTiles tiles(*nodes_);
  TileNodeReader reader(tiles, size);
  for (uint64_t i = 512; i < 768; ++i) {
    SCRUTINY_ASSERT_OK(InclusionProof(reader, Sequence(i), size));
  }
  EXPECT_TRUE(EachOnceInFullWidth(tiles.asked(), size));
}

TEST_F(TileNodesTest, ATileLongUnusedIsReadAgainAndOneJustUsedIsKept) {
  const TreeSize size(70000);
  MemoryTiles tiles(*nodes_);
  TileNodeReader reader(tiles, size);
  SCRUTINY_ASSERT_OK(reader.Node(0, 0));
  SCRUTINY_ASSERT_OK(reader.Node(0, 256));
  for (uint64_t tile = 2; tile <= TileNodeReader::kTilesKept; ++tile) {
    SCRUTINY_ASSERT_OK(reader.Node(0, 0));
    SCRUTINY_ASSERT_OK(reader.Node(0, tile * 256));
  }
  tiles.asked().clear();
  SCRUTINY_ASSERT_OK(reader.Node(0, 1));
  EXPECT_THAT(tiles.asked(), IsEmpty());
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash node, reader.Node(8, 1));
  EXPECT_EQ(node, nodes_->level(8)[1]);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash leaf, reader.Node(0, 257));
  EXPECT_EQ(leaf, nodes_->level(0)[257]);
  EXPECT_THAT(tiles.asked(),
              ElementsAre(TileRequest{false, {1, 0}, 256}, TileRequest{false, {0, 1}, 256}));
}

// --- What is not there, and what is wrong.

TEST_F(TileNodesTest, ANodeOutsideTheTreeIsRefusedWithoutReading) {
  MemoryTiles tiles(*nodes_);
  TileNodeReader reader(tiles, TreeSize(300));
  constexpr uint64_t kLargest = std::numeric_limits<uint64_t>::max();
  EXPECT_THAT(reader.Node(0, 300), FailsWith(Reason::kBeyondHead));
  EXPECT_THAT(reader.Node(2, 75), FailsWith(Reason::kBeyondHead));
  EXPECT_THAT(reader.Node(8, 1), FailsWith(Reason::kBeyondHead));
  EXPECT_THAT(reader.Node(9, 0), FailsWith(Reason::kBeyondHead));
  for (int level = 0; level < 256; ++level) {
    EXPECT_THAT(reader.Node(static_cast<uint8_t>(level), kLargest), FailsWith(Reason::kBeyondHead));
    EXPECT_THAT(reader.Node(static_cast<uint8_t>(level), uint64_t{1} << 63),
                FailsWith(Reason::kBeyondHead));
  }
  TileNodeReader empty(tiles, TreeSize(0));
  EXPECT_THAT(empty.Node(0, 0), FailsWith(Reason::kBeyondHead));
  EXPECT_THAT(tiles.asked(), IsEmpty());
}

TEST_F(TileNodesTest, ATreeFrom2To63OnIsRefusedWithoutReading) {
  MemoryTiles tiles(*nodes_);
  for (const uint64_t size : {uint64_t{1} << 63, std::numeric_limits<uint64_t>::max()}) {
    TileNodeReader reader(tiles, TreeSize(size));
    EXPECT_THAT(reader.Node(0, 0), FailsWith(Reason::kOverLimit));
    EXPECT_THAT(reader.Node(63, 0), FailsWith(Reason::kOverLimit));
  }
  EXPECT_THAT(tiles.asked(), IsEmpty());
}

// A source that changes what it answers.
class FaultyTiles : public TileSource {
 public:
  explicit FaultyTiles(const MemoryNodes& nodes) : good_(nodes) {}

  absl::StatusOr<std::vector<Hash>> Tile(TileId id, uint32_t width) override {
    if (fails) return Error(Reason::kNotFound, "The tile is gone.");
    SCRUTINY_ASSIGN_OR_RETURN(std::vector<Hash> hashes, good_.Tile(id, width));
    if (hashes_more < 0) hashes.pop_back();
    if (hashes_more > 0) hashes.emplace_back();
    if (flip_bit) hashes[3][5] ^= 0x10;
    return hashes;
  }

  bool fails = false;
  int hashes_more = 0;
  bool flip_bit = false;

 private:
  MemoryTiles good_;
};

TEST_F(TileNodesTest, ATileOfTheWrongWidthIsRefusedAndNamed) {
  FaultyTiles tiles(*nodes_);
  TileNodeReader reader(tiles, TreeSize(300));
  for (const int more : {-1, 1}) {
    tiles.hashes_more = more;
    EXPECT_THAT(reader.Node(0, 0), FailsWith(Reason::kCorrupt));
    const auto partial = InclusionProof(reader, Sequence(299), TreeSize(300));
    EXPECT_THAT(partial, FailsWith(Reason::kCorrupt));
    EXPECT_THAT(std::string(partial.status().message()), ::testing::HasSubstr("tile/"));
  }
}

TEST_F(TileNodesTest, AfterAFailureTheReaderGoesOn) {
  FaultyTiles tiles(*nodes_);
  TileNodeReader reader(tiles, TreeSize(300));
  tiles.fails = true;
  EXPECT_THAT(InclusionProof(reader, Sequence(0), TreeSize(300)), FailsWith(Reason::kNotFound));
  tiles.fails = false;
  tiles.hashes_more = 1;
  EXPECT_THAT(InclusionProof(reader, Sequence(0), TreeSize(300)), FailsWith(Reason::kCorrupt));
  tiles.hashes_more = 0;
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto path,
                                InclusionProof(reader, Sequence(0), TreeSize(300)));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto expected,
                                InclusionProof(*nodes_, Sequence(0), TreeSize(300)));
  EXPECT_EQ(path, expected);
}

TEST_F(TileNodesTest, AFlippedBitOfATileBreaksTheProofsMadeOfIt) {
  FaultyTiles tiles(*nodes_);
  tiles.flip_bit = true;
  const TreeSize size(256);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash root, RootAt(*nodes_, size));
  for (uint64_t i = 0; i < size.value(); ++i) {
    TileNodeReader reader(tiles, size);
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto path, InclusionProof(reader, Sequence(i), size));
    const absl::Status verified =
        VerifyInclusion(Sequence(i), size, nodes_->level(0)[i], path, root);
    if (i == 3) {
      // Its own hash is the changed one, and its proof has no need of it.
      SCRUTINY_EXPECT_OK(verified);
    } else {
      EXPECT_THAT(verified, FailsWith(Reason::kCorrupt)) << i;
    }
  }
  const TreeSize partial(255);
  TileNodeReader reader(tiles, partial);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash found, RootAt(reader, partial));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash expected, RootAt(*nodes_, partial));
  EXPECT_NE(found, expected);
}

// --- The largest trees.

// A size, small and large ones alike.
uint64_t AnySize() {
  const int bits = *rc::gen::inRange(1, 64);
  return (*rc::gen::arbitrary<uint64_t>() >> (64 - bits)) | (uint64_t{1} << (bits - 1));
}

RC_GTEST_PROP(TileNodesPropertyTest, ProofsOfAnySizeAreThoseFromNodesAndReadEachTileOnce, ()) {
  UniformNodes nodes;
  const TreeSize size(AnySize());
  const uint64_t other = AnySize() % size.value();
  UniformTiles tiles;
  TileNodeReader reader(tiles, size);
  RC_ASSERT(InclusionProof(reader, Sequence(other), size).value() ==
            InclusionProof(nodes, Sequence(other), size).value());
  RC_ASSERT(EachOnceInFullWidth(tiles.asked(), size));
  RC_ASSERT(tiles.asked().size() <= TileNodeReader::kTilesKept);

  TileNodeReader again(tiles, size);
  tiles.asked().clear();
  RC_ASSERT(ConsistencyProof(again, TreeSize(other + 1), size).value() ==
            ConsistencyProof(nodes, TreeSize(other + 1), size).value());
  RC_ASSERT(EachOnceInFullWidth(tiles.asked(), size));
  RC_ASSERT(tiles.asked().size() <= TileNodeReader::kTilesKept);
}

TEST(TileNodesLargestTest, EveryTileOfTheLargestTreesProofsIsReadOnce) {
  UniformNodes nodes;
  UniformTiles tiles;
  for (const uint64_t index : {uint64_t{0}, kTreeSizeMax.value() / 2, kTreeSizeMax.value() - 1}) {
    TileNodeReader reader(tiles, kTreeSizeMax);
    tiles.asked().clear();
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto path,
                                  InclusionProof(reader, Sequence(index), kTreeSizeMax));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto expected,
                                  InclusionProof(nodes, Sequence(index), kTreeSizeMax));
    EXPECT_EQ(path, expected);
    EXPECT_TRUE(EachOnceInFullWidth(tiles.asked(), kTreeSizeMax)) << index;
  }
}

}  // namespace
}  // namespace scrutiny::ledger
