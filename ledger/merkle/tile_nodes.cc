#include "ledger/merkle/tile_nodes.h"

#include <algorithm>
#include <array>
#include <bitset>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/merkle/tree_hash.h"

namespace scrutiny::ledger {

// A tile as the binary tree it is: node 1 is the root, nodes 2n and 2n + 1 are the children of n,
// and the tile's own hashes stand from kTileWidth on.
struct TileNodeReader::KeptTile {
  TileId id;
  std::array<Hash, 2 * kTileWidth> nodes;
  std::bitset<2 * kTileWidth> known;

  // Every hash of the tile below the node must be known.
  const Hash& At(size_t node) {
    if (!known[node]) {
      nodes[node] = NodeHash(At(2 * node), At(2 * node + 1));
      known.set(node);
    }
    return nodes[node];
  }
};

TileNodeReader::TileNodeReader(TileSource& tiles, TreeSize size) : tiles_(tiles), size_(size) {
  kept_.reserve(kTilesKept);
}

TileNodeReader::~TileNodeReader() = default;

absl::StatusOr<Hash> TileNodeReader::Node(uint8_t level, uint64_t index) {
  SCRUTINY_RETURN_IF_ERROR(CheckTreeSize(size_));
  if (level >= 64 || index >= size_.value() >> level) {
    return Error(Reason::kBeyondHead,
                 absl::StrCat("A tree of ", size_.value(), " entries has no complete node ", index,
                              " at level ", static_cast<int>(level), "."))
        .Value(absl::StrCat(index))
        .Next("Ask for a node within the tree, or for a later tree.");
  }
  // The node's own level lies `height` above the hashes of its tile, whose root is 8 above them.
  const int height = level % kTileHeight;
  const uint64_t across = kTileWidth >> height;
  const TileId id{static_cast<uint8_t>(level / kTileHeight), index / across};
  SCRUTINY_ASSIGN_OR_RETURN(KeptTile * tile, Find(id));
  return tile->At(static_cast<size_t>(across + index % across));
}

absl::StatusOr<TileNodeReader::KeptTile*> TileNodeReader::Find(TileId id) {
  const auto found =
      std::find_if(kept_.begin(), kept_.end(), [id](const auto& tile) { return tile->id == id; });
  if (found != kept_.end()) {
    std::rotate(kept_.begin(), found, found + 1);
    return kept_.front().get();
  }
  const uint32_t width = TileWidthAt(id, size_);
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<Hash> hashes, tiles_.Tile(id, width));
  if (hashes.size() != width) {
    return Error(Reason::kCorrupt, absl::StrCat("The tile ", TilePath(id, width), " has ",
                                                hashes.size(), " hashes instead of ", width, "."))
        .Value(absl::StrCat(hashes.size()))
        .Next("Fetch the tile again, or from another copy of the log.");
  }
  if (kept_.size() < kTilesKept) kept_.push_back(std::make_unique<KeptTile>());
  std::rotate(kept_.begin(), kept_.end() - 1, kept_.end());
  KeptTile& tile = *kept_.front();
  tile.id = id;
  tile.known.reset();
  for (uint32_t i = 0; i < width; ++i) {
    tile.nodes[kTileWidth + i] = hashes[i];
    tile.known.set(kTileWidth + i);
  }
  return &tile;
}

}  // namespace scrutiny::ledger
