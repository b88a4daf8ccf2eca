#include "ledger/merkle/tile_nodes.h"

#include "gtest/gtest.h"

#include "tests/ledger/merkle/vectors.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

TEST(TileNodesTest, TheRootsOverSeveralTilesAreTheKnownOnes) {
  const MemoryNodes nodes(RecordLeaves(70000));
  MemoryTiles tiles(nodes);
  for (const auto& [size, root] : RecordRoots()) {
    TileNodeReader reader(tiles, TreeSize(size));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash found, RootAt(reader, TreeSize(size)));
    EXPECT_EQ(found, root) << size;
  }
}

}  // namespace
}  // namespace scrutiny::ledger
