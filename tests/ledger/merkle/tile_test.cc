#include "ledger/merkle/tile.h"

#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

#include "ledger/merkle/tree_hash.h"
#include "tests/ledger/merkle/vectors.h"

namespace scrutiny::ledger {
namespace {

constexpr uint64_t kIndexMax = std::numeric_limits<uint64_t>::max();

// --- Widths.

TEST(TileTest, ATreeOf70000HasTheTilesOfTheFormat) {
  const TreeSize size(70000);
  EXPECT_EQ(TileWidthAt({0, 0}, size), 256u);
  EXPECT_EQ(TileWidthAt({0, 272}, size), 256u);
  EXPECT_EQ(TileWidthAt({0, 273}, size), 112u);
  EXPECT_EQ(TileWidthAt({0, 274}, size), 0u);
  EXPECT_EQ(TileWidthAt({1, 0}, size), 256u);
  EXPECT_EQ(TileWidthAt({1, 1}, size), 17u);
  EXPECT_EQ(TileWidthAt({1, 2}, size), 0u);
  EXPECT_EQ(TileWidthAt({2, 0}, size), 1u);
  EXPECT_EQ(TileWidthAt({2, 1}, size), 0u);
  EXPECT_EQ(TileWidthAt({3, 0}, size), 0u);
}

TEST(TileTest, AFullTileStandsAtOnceInTheLevelAbove) {
  EXPECT_EQ(TileWidthAt({0, 0}, TreeSize(255)), 255u);
  EXPECT_EQ(TileWidthAt({1, 0}, TreeSize(255)), 0u);
  EXPECT_EQ(TileWidthAt({0, 0}, TreeSize(256)), 256u);
  EXPECT_EQ(TileWidthAt({0, 1}, TreeSize(256)), 0u);
  EXPECT_EQ(TileWidthAt({1, 0}, TreeSize(256)), 1u);
}

TEST(TileTest, TheEmptyTreeHasNoTile) {
  for (int level = 0; level <= kTileLevelMax; ++level) {
    EXPECT_EQ(TileWidthAt({static_cast<uint8_t>(level), 0}, TreeSize(0)), 0u);
  }
}

TEST(TileTest, TheLargestSizesHaveEightLevelsOfTiles) {
  for (const TreeSize size : {kTreeSizeMax, TreeSize(kIndexMax)}) {
    EXPECT_EQ(TileWidthAt({0, size.value() / 256}, size), 255u);
    EXPECT_EQ(TileWidthAt({0, kIndexMax}, size), 0u);
    EXPECT_EQ(TileWidthAt({7, 0}, size), size == kTreeSizeMax ? 127u : 255u);
    EXPECT_EQ(TileWidthAt({7, 1}, size), 0u);
    for (int level = 8; level < 256; ++level) {
      EXPECT_EQ(TileWidthAt({static_cast<uint8_t>(level), 0}, size), 0u) << level;
    }
  }
}

TEST(TileTest, TheWidthsOfALevelAddUpToItsHashes) {
  for (uint64_t size = 0; size <= 1500; ++size) {
    uint64_t leaves = 0;
    for (uint64_t index = 0; index <= 6; ++index) {
      leaves += TileWidthAt({0, index}, TreeSize(size));
    }
    ASSERT_EQ(leaves, size);
    ASSERT_EQ(TileWidthAt({1, 0}, TreeSize(size)), size / 256);
  }
}

// --- Paths.

struct KnownPath {
  std::string path;
  TileRequest request;
};

std::vector<KnownPath> KnownPaths() {
  return {
      {"tile/0/000", {false, {0, 0}, 256}},
      {"tile/0/273.p/112", {false, {0, 273}, 112}},
      {"tile/1/000", {false, {1, 0}, 256}},
      {"tile/1/001.p/17", {false, {1, 1}, 17}},
      {"tile/2/000.p/1", {false, {2, 0}, 1}},
      {"tile/0/999", {false, {0, 999}, 256}},
      {"tile/0/x001/000", {false, {0, 1000}, 256}},
      {"tile/0/x001/001", {false, {0, 1001}, 256}},
      {"tile/0/x001/x234/067", {false, {0, 1234067}, 256}},
      {"tile/0/x001/x000/000.p/255", {false, {0, 1000000}, 255}},
      {"tile/0/x999/999.p/9", {false, {0, 999999}, 9}},
      {"tile/9/000", {false, {9, 0}, 256}},
      {"tile/10/000", {false, {10, 0}, 256}},
      {"tile/63/000.p/10", {false, {63, 0}, 10}},
      {"tile/63/x018/x446/x744/x073/x709/x551/615", {false, {63, kIndexMax}, 256}},
      {"tile/0/x018/x446/x744/x073/x709/x551/615.p/255", {false, {0, kIndexMax}, 255}},
      {"tile/entries/000", {true, {0, 0}, 256}},
      {"tile/entries/000.p/3", {true, {0, 0}, 3}},
      {"tile/entries/x001/x234/067.p/200", {true, {0, 1234067}, 200}},
      {"tile/entries/x018/x446/x744/x073/x709/x551/615", {true, {0, kIndexMax}, 256}},
  };
}

std::string PathOf(const TileRequest& request) {
  return request.entries ? BundlePath(request.id.index, request.width)
                         : TilePath(request.id, request.width);
}

TEST(TilePathTest, TilesAndBundlesHaveThePathsOfTheFormat) {
  for (const KnownPath& known : KnownPaths()) EXPECT_EQ(PathOf(known.request), known.path);
}

TEST(TilePathTest, PathsAreReadBack) {
  for (const KnownPath& known : KnownPaths()) {
    EXPECT_EQ(ParseTilePath(known.path), known.request) << known.path;
  }
}

// What may stand for N in no path, and what may not follow it.
TEST(TilePathTest, EveryOtherFormOfAnIndexIsRefused) {
  const std::vector<std::string> indexes = {
      "", "0", "00", "0000", "01", "1", "12", "1000", "001000", "-01", "+01", " 01", "01 ", "0x1",
      "00a", "a00", "0.0", "1e2",
      // Groups: all but the last with an x, the last without, three digits each.
      "x001", "x001/", "x001/x234", "x001/x234/", "001/002", "001/x002", "x001/0002", "x001/-002",
      "x001/2", "x001/02", "x01/002", "x1/002", "x0001/002", "X001/002", "x001//002", "/x001/002",
      "x001x002/003", "x001/ 002", "x-01/002", "xx001/002", "x/001", "x001/00", "x001.002",
      // Groups of zeros in front.
      "x000/000", "x000/001", "x000/x001/002",
      // From 2^64 on.
      "x018/x446/x744/x073/x709/x551/616", "x018/x446/x744/x073/x709/x552/000",
      "x018/x447/x000/x000/x000/x000/000", "x019/x000/x000/x000/x000/x000/000",
      "x999/x999/x999/x999/x999/x999/999", "x001/x000/x000/x000/x000/x000/x000/000",
      // A width.
      "000.p", "000.p/", "000.p/0", "000.p/00", "000.p/01", "000.p/007", "000.p/256", "000.p/257",
      "000.p/1000", "000.p/4294967297", "000.p/18446744073709551617", "000.p/-1", "000.p/+1",
      "000.p/ 1", "000.p/1 ", "000.p/a", "000.p/1a", "000.p/0x1", "000.p/1/", "000.p/1/2",
      "000.p/1.p/1", "000.P/1", "000p/1", "000/.p/1", "000..p/1", ".p/1", "x001.p/1",
      "x001.p/1/002", "x001/.p/1", "00.p/1",
      // What follows.
      "000/", "000 ", "000x", "000/000", "000.", "000?", "000?a=b", "000#", "000%20", "000\n",
      std::string("000\0", 4), std::string("000.p/1\0", 8), "000.gz"};
  for (const std::string& index : indexes) {
    for (const char* level : {"0", "1", "63", "entries"}) {
      const std::string path = absl::StrCat("tile/", level, "/", index);
      EXPECT_EQ(ParseTilePath(path), absl::nullopt) << path;
    }
  }
}

TEST(TilePathTest, EveryOtherFormOfALevelIsRefused) {
  for (const char* level :
       {"",        "64",        "65",        "99",       "100",        "255",
        "256",     "257",       "00",        "01",       "007",        "063",
        "-1",      "-0",        "+1",        " 0",       "0 ",         "0x0",
        "a",       "0a",        "x000",      "000",      "4294967296", "18446744073709551616",
        "Entries", "ENTRIES",   "entrie",    "entriess", "entries0",   "0entries",
        "data",    "entries/0", "0/entries", "8/0",      ".",          "..",
        "/0",      "0/"}) {
    const std::string path = absl::StrCat("tile/", level, "/000");
    EXPECT_EQ(ParseTilePath(path), absl::nullopt) << path;
  }
}

TEST(TilePathTest, WhatIsNoTileIsRefused) {
  for (const char* path : {"",
                           "t",
                           "tile",
                           "tile/",
                           "tile/0",
                           "tile/0/",
                           "tile/entries",
                           "tile/entries/",
                           "/tile/0/000",
                           "tile//0/000",
                           "Tile/0/000",
                           "tiles/0/000",
                           "tile0/000",
                           "0/000",
                           "checkpoint",
                           "log/tile/0/000",
                           " tile/0/000",
                           "tile /0/000",
                           "tile\\0\\000",
                           "./tile/0/000",
                           "tile/./0/000",
                           "tile/../tile/0/000"}) {
    EXPECT_EQ(ParseTilePath(path), absl::nullopt) << path;
  }
}

// Goal: no path but the one written. Method: each path with any byte dropped, doubled, replaced or
// put in; whatever is still taken must be written just so.
TEST(TilePathTest, EveryPathTakenIsTheOneThatIsWritten) {
  const std::string alphabet("0123456789x./pte -+\0", 20);
  for (const KnownPath& known : KnownPaths()) {
    std::set<std::string> changed;
    for (size_t at = 0; at <= known.path.size(); ++at) {
      if (at < known.path.size()) changed.insert(std::string(known.path).erase(at, 1));
      for (const char c : alphabet) {
        changed.insert(std::string(known.path).insert(at, 1, c));
        if (at < known.path.size()) changed.insert(std::string(known.path).replace(at, 1, 1, c));
      }
    }
    for (const std::string& path : changed) {
      const absl::optional<TileRequest> request = ParseTilePath(path);
      if (request.has_value()) {
        ASSERT_EQ(PathOf(*request), path);
      }
    }
  }
}

RC_GTEST_PROP(TilePathPropertyTest, EveryTileIsReadBackFromItsPath, ()) {
  TileRequest request;
  request.entries = *rc::gen::arbitrary<bool>();
  request.id.level =
      request.entries ? uint8_t{0} : static_cast<uint8_t>(*rc::gen::inRange(0, kTileLevelMax + 1));
  request.id.index = *rc::gen::arbitrary<uint64_t>() >> *rc::gen::inRange(0, 64);
  request.width = *rc::gen::inRange<uint32_t>(1, kTileWidth + 1);
  const std::string path = PathOf(request);
  RC_ASSERT(ParseTilePath(path) == request);
  for (size_t size = 0; size < path.size(); ++size) {
    const absl::optional<TileRequest> shorter = ParseTilePath(path.substr(0, size));
    if (shorter.has_value()) {
      RC_ASSERT(PathOf(*shorter) == path.substr(0, size));
    }
  }
}

TEST(TilePathTest, WhatNoPathCanNameIsAFaultOfOurs) {
  EXPECT_DEATH(TilePath({64, 0}, 256), "no path names a tile of level 64");
  EXPECT_DEATH(TilePath({0, 0}, 0), "never 0 wide");
  EXPECT_DEATH(TilePath({0, 0}, 257), "never 257 wide");
  EXPECT_DEATH(BundlePath(0, 0), "never 0 wide");
}

// --- Ids and hashes.

TEST(TileIdTest, IdsSortByLevelAndHash) {
  EXPECT_LT((TileId{0, 5}), (TileId{1, 0}));
  EXPECT_LT((TileId{1, 0}), (TileId{1, 1}));
  const absl::flat_hash_set<TileId> ids = {{0, 1}, {1, 0}, {0, 1}};
  EXPECT_EQ(ids.size(), 2u);
  EXPECT_TRUE(ids.contains(TileId{1, 0}));
}

TEST(SubtreeRootTest, ItIsTheTreesRootForEveryPowerOfTwo) {
  const std::vector<Hash> leaves = RecordLeaves(1024);
  for (size_t width = 1; width <= leaves.size(); width *= 2) {
    const absl::Span<const Hash> subtree = absl::MakeConstSpan(leaves).subspan(0, width);
    EXPECT_EQ(SubtreeRoot(subtree), DefinedRoot(subtree)) << width;
  }
}

TEST(SubtreeRootTest, OtherThanAPowerOfTwoIsAFaultOfOurs) {
  EXPECT_DEATH(SubtreeRoot({}), "no perfect subtree");
  const std::vector<Hash> three(3);
  EXPECT_DEATH(SubtreeRoot(three), "3 hashes are no perfect subtree");
}

}  // namespace
}  // namespace scrutiny::ledger
