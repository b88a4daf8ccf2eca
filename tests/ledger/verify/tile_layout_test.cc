#include "ledger/verify/tile_layout.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/merkle/tree_hash.h"

namespace scrutiny::ledger {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> PathsOf(uint64_t size) {
  const TileLayout layout{TreeSize(size)};
  std::vector<std::string> paths;
  for (uint64_t place = 0; place < layout.count(); ++place) {
    paths.push_back(PathOf(layout.At(place)));
  }
  return paths;
}

TEST(TileLayoutTest, TheOrderIsThatOfTheFormat) {
  EXPECT_THAT(PathsOf(0), ElementsAre());
  EXPECT_THAT(PathsOf(1), ElementsAre("tile/0/000.p/1", "tile/entries/000.p/1"));
  EXPECT_THAT(PathsOf(256), ElementsAre("tile/0/000", "tile/1/000.p/1", "tile/entries/000"));
  EXPECT_THAT(PathsOf(258), ElementsAre("tile/0/000", "tile/0/001.p/2", "tile/1/000.p/1",
                                        "tile/entries/000", "tile/entries/001.p/2"));
}

// The numbers of the example in the tlog-tiles text.
TEST(TileLayoutTest, SeventyThousandEntriesHaveTheTilesOfTheSpecification) {
  EXPECT_EQ(TilesAt(0, TreeSize(70000)), 274u);
  EXPECT_EQ(TilesAt(1, TreeSize(70000)), 2u);
  EXPECT_EQ(TilesAt(2, TreeSize(70000)), 1u);
  EXPECT_EQ(TilesAt(3, TreeSize(70000)), 0u);
  const TileLayout layout{TreeSize(70000)};
  EXPECT_EQ(layout.count(), 274u + 2 + 1 + 274);
  EXPECT_EQ(PathOf(layout.At(273)), "tile/0/273.p/112");
  EXPECT_EQ(PathOf(layout.At(274)), "tile/1/000");
  EXPECT_EQ(PathOf(layout.At(275)), "tile/1/001.p/17");
  EXPECT_EQ(PathOf(layout.At(276)), "tile/2/000.p/1");
  EXPECT_EQ(PathOf(layout.At(277)), "tile/entries/000");
}

TEST(TileLayoutTest, EveryPlaceIsFoundAgain) {
  for (const uint64_t size : {1u, 255u, 256u, 257u, 65535u, 65536u, 65537u, 70000u}) {
    const TileLayout layout{TreeSize(size)};
    for (uint64_t place = 0; place < layout.count(); ++place) {
      ASSERT_EQ(layout.PlaceOf(layout.At(place)), place) << size;
    }
  }
}

TEST(TileLayoutTest, WhatTheLogDoesNotHaveHasNoPlace) {
  const TileLayout layout{TreeSize(258)};
  for (const TileRequest& request : {
           TileRequest{.entries = false, .id = {0, 0}, .width = 255},
           TileRequest{.entries = false, .id = {0, 1}, .width = 256},
           TileRequest{.entries = false, .id = {0, 2}, .width = 1},
           TileRequest{.entries = false, .id = {2, 0}, .width = 1},
           TileRequest{.entries = true, .id = {0, 1}, .width = 3},
           TileRequest{.entries = true, .id = {1, 0}, .width = 1},
       }) {
    EXPECT_EQ(layout.PlaceOf(request), layout.count()) << PathOf(request);
  }
}

TEST(TileLayoutTest, TheLargestTreeIsCounted) {
  const TileLayout layout(kTreeSizeMax);
  const TileRequest last = layout.At(layout.count() - 1);
  EXPECT_TRUE(last.entries);
  EXPECT_EQ(last.id.index, kTreeSizeMax.value() / 256);
  EXPECT_EQ(last.width, 255u);
  EXPECT_EQ(layout.PlaceOf(last), layout.count() - 1);
}

}  // namespace
}  // namespace scrutiny::ledger
