// Goal: a builder's tiles, edge and root are those of the tree, whatever size it stands at and
// wherever it was resumed. Method: against all nodes of the same leaves, and against a tree whose
// leaves are alike, which can be of any size.
#include "ledger/merkle/tile_builder.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

#include "ledger/base/error.h"
#include "tests/ledger/merkle/vectors.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr size_t kLeaves = 70000;

// Keeps the full tiles that a builder hands out, as the index does.
class KeptTiles : public TileSource {
 public:
  void Take(TileBuilder& builder) {
    for (FullTile& tile : builder.TakeFull()) {
      order_.push_back(tile.id);
      const bool added = tiles_.emplace(tile.id, *tile.hashes).second;
      EXPECT_TRUE(added) << tile.id << " was handed out twice";
    }
  }
  absl::StatusOr<std::vector<Hash>> Tile(TileId id, uint32_t width) override {
    const auto tile = tiles_.find(id);
    if (tile == tiles_.end()) return Error(Reason::kNotFound, "No such tile.");
    std::vector<Hash> hashes = tile->second;
    hashes.resize(width);
    return hashes;
  }

  const std::map<TileId, std::vector<Hash>>& tiles() const { return tiles_; }
  const std::vector<TileId>& order() const { return order_; }

 private:
  std::map<TileId, std::vector<Hash>> tiles_;
  std::vector<TileId> order_;
};

class TileBuilderTest : public ::testing::Test {
 protected:
  // The largest tree of these tests, made once.
  static const MemoryNodes& nodes() {
    static const MemoryNodes& nodes = *new MemoryNodes(RecordLeaves(kLeaves));
    return nodes;
  }
  static const std::vector<Hash>& leaves() { return nodes().level(0); }
  // The hashes of the open lowest tile at this size.
  static absl::Span<const Hash> OpenLeaves(uint64_t size) {
    return absl::MakeConstSpan(leaves()).subspan(size - size % kTileWidth, size % kTileWidth);
  }
  static absl::StatusOr<TileBuilder> ResumeAt(uint64_t size) {
    MemoryTiles tiles(nodes());
    return TileBuilder::Resume(TreeSize(size), OpenLeaves(size), tiles);
  }
  // Every open tile is the front of the tree's, and has as many hashes as it must.
  static void ExpectOpenTilesRight(const TileBuilder& builder) {
    const uint64_t size = builder.size().value();
    for (size_t level = 0; level < 8; ++level) {
      const uint64_t there = size >> (8 * level);
      const size_t open = there % kTileWidth;
      if (level >= builder.open().size()) {
        EXPECT_EQ(there, 0u) << "no open tile at level " << level;
        continue;
      }
      ASSERT_EQ(builder.open()[level].size(), open) << "level " << level;
      for (size_t i = 0; i < open; ++i) {
        ASSERT_EQ(builder.open()[level][i], nodes().level(8 * level)[there - open + i]);
      }
    }
  }
};

TEST_F(TileBuilderTest, TheEmptyTreeHasNoTilesAndTheEmptyRoot) {
  TileBuilder builder;
  EXPECT_EQ(builder.size(), TreeSize(0));
  EXPECT_EQ(builder.edge().Root(), EmptyRoot());
  EXPECT_THAT(builder.open(), IsEmpty());
  EXPECT_THAT(builder.TakeFull(), IsEmpty());
}

TEST_F(TileBuilderTest, RootsAreTheKnownOnes) {
  TileBuilder builder;
  uint64_t at = 0;
  for (const auto& [size, root] : RecordRoots()) {
    for (; at < size; ++at) builder.Append(leaves()[at]);
    EXPECT_EQ(builder.size(), TreeSize(size));
    EXPECT_EQ(builder.edge().Root(), root) << size;
  }
}

TEST_F(TileBuilderTest, HandsOutEveryFullTileOnceInTheOrderInWhichTheyFill) {
  TileBuilder builder;
  KeptTiles kept;
  for (const Hash& leaf : leaves()) {
    builder.Append(leaf);
    kept.Take(builder);
  }
  EXPECT_EQ(kept.tiles().size(), 273u + 1u);
  for (const auto& [id, hashes] : kept.tiles()) {
    ASSERT_EQ(hashes.size(), size_t{kTileWidth}) << id;
    for (uint32_t i = 0; i < kTileWidth; ++i) {
      ASSERT_EQ(hashes[i], nodes().level(8 * size_t{id.level})[id.index * kTileWidth + i]) << id;
    }
  }
  // Whoever stores them in this order has every tile below an open one: a tile comes after all
  // those it stands on.
  std::map<uint8_t, uint64_t> next;
  for (const TileId& id : kept.order()) {
    EXPECT_EQ(id.index, next[id.level]++) << id;
    if (id.level == 0) continue;
    EXPECT_EQ(next[static_cast<uint8_t>(id.level - 1)], (id.index + 1) * kTileWidth) << id;
  }
}

TEST_F(TileBuilderTest, FullTilesWaitUntilTheyAreTaken) {
  TileBuilder builder;
  for (size_t i = 0; i < 600; ++i) builder.Append(leaves()[i]);
  EXPECT_EQ(builder.TakeFull().size(), 2u);
  EXPECT_THAT(builder.TakeFull(), IsEmpty());
}

TEST_F(TileBuilderTest, ATileThatWasTakenDoesNotChangeAsTheTreeGrows) {
  TileBuilder builder;
  for (size_t i = 0; i < 256; ++i) builder.Append(leaves()[i]);
  const std::vector<FullTile> full = builder.TakeFull();
  ASSERT_EQ(full.size(), 1u);
  const std::vector<Hash> before = *full[0].hashes;
  for (size_t i = 256; i < 600; ++i) builder.Append(leaves()[i]);
  EXPECT_EQ(*full[0].hashes, before);
}

// Goal: resumed at any size, a builder is the one that grew to it. Method: every size up to beyond
// two tiles, then sizes around every change of a higher level.
TEST_F(TileBuilderTest, ResumedAtASizeItIsTheOneThatGrewToIt) {
  std::vector<uint64_t> sizes;
  for (uint64_t size = 0; size <= 520; ++size) sizes.push_back(size);
  for (uint64_t size : {1023u, 1024u, 1025u, 40000u, 65279u, 65280u, 65281u, 65535u, 65536u, 65537u,
                        65791u, 65792u, 65793u, 70000u}) {
    sizes.push_back(size);
  }
  TileBuilder grown;
  uint64_t at = 0;
  for (const uint64_t size : sizes) {
    for (; at < size; ++at) grown.Append(leaves()[at]);
    SCRUTINY_ASSERT_OK_AND_ASSIGN(TileBuilder resumed, ResumeAt(size));
    ASSERT_EQ(resumed.size(), TreeSize(size));
    ASSERT_TRUE(resumed.edge() == grown.edge()) << size;
    ASSERT_EQ(resumed.open(), grown.open()) << size;
    ExpectOpenTilesRight(resumed);
    EXPECT_THAT(resumed.TakeFull(), IsEmpty()) << "what is full is stored already";
  }
}

RC_GTEST_FIXTURE_PROP(TileBuilderTest, ResumedAnywhereItGoesOnAsIfNothingHadHappened, ()) {
  const auto first = *rc::gen::inRange<uint64_t>(0, 2000);
  const auto more = *rc::gen::inRange<uint64_t>(0, 2000);
  TileBuilder through;
  KeptTiles kept;
  for (uint64_t i = 0; i < first; ++i) through.Append(leaves()[i]);
  kept.Take(through);
  absl::StatusOr<TileBuilder> resumed =
      TileBuilder::Resume(TreeSize(first), OpenLeaves(first), kept);
  RC_ASSERT(resumed.ok());
  for (uint64_t i = first; i < first + more; ++i) {
    through.Append(leaves()[i]);
    resumed->Append(leaves()[i]);
  }
  RC_ASSERT(through.edge() == resumed->edge());
  RC_ASSERT(through.open() == resumed->open());
  const std::vector<FullTile> a = through.TakeFull();
  const std::vector<FullTile> b = resumed->TakeFull();
  RC_ASSERT(a.size() == b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    RC_ASSERT(a[i].id == b[i].id);
    RC_ASSERT(*a[i].hashes == *b[i].hashes);
  }
}

// Goal: the largest trees resume too, and reading stays bounded. Method: leaves that are all alike.
TEST_F(TileBuilderTest, ResumesTheLargestTreesAndReadsAtMost255TilesALevel) {
  const UniformNodes nodes;
  for (const uint64_t size : {uint64_t{1} << 40, (uint64_t{1} << 62) - 1, kTreeSizeMax.value()}) {
    UniformTiles tiles;
    const std::vector<Hash> open(size % kTileWidth, nodes.leaf());
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const TileBuilder builder,
                                  TileBuilder::Resume(TreeSize(size), open, tiles));
    EXPECT_EQ(builder.size(), TreeSize(size));
    std::map<uint8_t, size_t> read;
    for (const TileRequest& request : tiles.asked()) {
      EXPECT_EQ(request.width, kTileWidth);
      ++read[request.id.level];
    }
    for (const auto& [level, count] : read) EXPECT_LE(count, 255u) << int{level};
    // The edge's roots are the subtrees that the size is made of.
    size_t i = 0;
    for (int bit = 63; bit >= 0; --bit) {
      if ((size >> bit & 1) == 0) continue;
      ASSERT_LT(i, builder.edge().roots().size());
      EXPECT_EQ(builder.edge().roots()[i++], nodes.At(static_cast<size_t>(bit)));
    }
    EXPECT_EQ(i, builder.edge().roots().size());
  }
}

TEST_F(TileBuilderTest, ATreeLargerThanAnyCanBeIsRefused) {
  UniformTiles tiles;
  EXPECT_THAT(TileBuilder::Resume(TreeSize(uint64_t{1} << 63), {}, tiles),
              FailsWith(Reason::kOverLimit));
}

TEST_F(TileBuilderTest, AMissingTileIsAnError) {
  KeptTiles none;
  EXPECT_THAT(TileBuilder::Resume(TreeSize(256), {}, none), FailsWith(Reason::kNotFound));
  SCRUTINY_EXPECT_OK(TileBuilder::Resume(TreeSize(255), OpenLeaves(255), none));
}

// A source whose tiles have one hash too few or too many.
class OddTiles : public TileSource {
 public:
  explicit OddTiles(size_t width) : width_(width) {}
  absl::StatusOr<std::vector<Hash>> Tile(TileId, uint32_t) override {
    return std::vector<Hash>(width_);
  }

 private:
  const size_t width_;
};

TEST_F(TileBuilderTest, ATileOfAnotherWidthIsCorruptAndNamed) {
  for (const size_t width : {0, 255, 257}) {
    OddTiles odd(width);
    const auto resumed = TileBuilder::Resume(TreeSize(257), OpenLeaves(257), odd);
    EXPECT_THAT(resumed, FailsWith(Reason::kCorrupt)) << width;
    EXPECT_THAT(std::string(resumed.status().message()), HasSubstr("tile/0/000"));
  }
}

TEST_F(TileBuilderTest, LeavesThatDoNotFitTheSizeAreRefused) {
  MemoryTiles tiles(nodes());
  const absl::Span<const Hash> some = absl::MakeConstSpan(leaves()).subspan(0, 5);
  for (const uint64_t size : {0, 4, 6, 256, 260, 262}) {
    EXPECT_FALSE(TileBuilder::Resume(TreeSize(size), some, tiles).ok()) << size;
  }
  SCRUTINY_EXPECT_OK(TileBuilder::Resume(TreeSize(261), some, tiles));
}

}  // namespace
}  // namespace scrutiny::ledger
