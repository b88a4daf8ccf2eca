#include "ledger/merkle/tile_builder.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"

namespace scrutiny::ledger {
namespace {

// How many hashes the open tile of a level holds in a tree of this size.
uint64_t OpenWidth(TreeSize size, int level) {
  return (size.value() >> (kTileHeight * level)) % kTileWidth;
}

// The roots of the perfect subtrees of which the tree consists, largest first: each lies within one
// open tile.
std::vector<Hash> EdgeOf(TreeSize size, const OpenTiles& open) {
  std::vector<Hash> roots;
  for (int bit = 63; bit >= 0; --bit) {
    if ((size.value() >> bit & 1) == 0) continue;
    const std::vector<Hash>& tile = open[static_cast<size_t>(bit / kTileHeight)];
    const size_t width = size_t{1} << (bit % kTileHeight);
    // Before it stand, in the same tile, the larger ones.
    const size_t before = tile.size() & ~(width * 2 - 1);
    roots.push_back(SubtreeRoot(absl::MakeConstSpan(tile).subspan(before, width)));
  }
  return roots;
}

}  // namespace

absl::StatusOr<TileBuilder> TileBuilder::Resume(TreeSize size, absl::Span<const Hash> leaves,
                                                TileSource& tiles) {
  if (leaves.size() != OpenWidth(size, 0)) {
    return Error(Reason::kInternal,
                 absl::StrCat("A tree of ", size.value(), " leaves has ", OpenWidth(size, 0),
                              " in its open tile, not ", leaves.size(), "."));
  }
  TileBuilder builder;
  for (int level = 0; kTileHeight * level < 64 && size.value() >> (kTileHeight * level) != 0;
       ++level) {
    std::vector<Hash>& open = builder.open_.emplace_back();
    if (level == 0) {
      open.assign(leaves.begin(), leaves.end());
      continue;
    }
    const uint64_t end = size.value() >> (kTileHeight * level);
    for (uint64_t index = end - OpenWidth(size, level); index < end; ++index) {
      SCRUTINY_ASSIGN_OR_RETURN(
          const std::vector<Hash> below,
          tiles.Tile(TileId{static_cast<uint8_t>(level - 1), index}, kTileWidth));
      if (below.size() != kTileWidth) {
        return Error(
            Reason::kCorrupt,
            absl::StrCat("The tile ", TilePath({static_cast<uint8_t>(level - 1), index}, 256),
                         " holds ", below.size(), " hashes, not 256."));
      }
      open.push_back(SubtreeRoot(below));
    }
  }
  SCRUTINY_ASSIGN_OR_RETURN(builder.edge_,
                            CompactRange::FromParts(size, EdgeOf(size, builder.open_)));
  return builder;
}

void TileBuilder::Append(const Hash& leaf) {
  edge_.Append(leaf, [this](uint8_t level, uint64_t index, const Hash& hash) {
    if (level % kTileHeight == 0) Add(level / kTileHeight, index, hash);
  });
}

void TileBuilder::Add(size_t level, uint64_t index, const Hash& hash) {
  if (open_.size() <= level) open_.resize(level + 1);
  std::vector<Hash>& tile = open_[level];
  if (tile.empty()) tile.reserve(kTileWidth);
  tile.push_back(hash);
  if (tile.size() < kTileWidth) return;
  full_.push_back({TileId{static_cast<uint8_t>(level), index / kTileWidth},
                   std::make_shared<const std::vector<Hash>>(std::move(tile))});
  tile.clear();
}

std::vector<FullTile> TileBuilder::TakeFull() { return std::exchange(full_, {}); }

}  // namespace scrutiny::ledger
