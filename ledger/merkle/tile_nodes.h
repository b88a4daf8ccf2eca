// ledger/merkle/tile_nodes.h
// Nodes of a tree out of its tiles, for proofs where only tiles are kept.
//
// Guarantees:  within one proof every tile is read at most once; a node is hashed at most once
//              while its tile is kept, and only the nodes under those asked for.
// Threads:     thread-compatible; a reader is made for a proof, or for many by one thread.
// Lifetime:    borrows the TileSource, which must outlive it.
// Errors:      kBeyondHead for a node outside the tree, kCorrupt for a tile of the wrong width, and
//              whatever the source answers. Whether the hashes are right, only a proof can tell.
// Limits:      kTilesKept tiles of 16 KiB.
// Cost:        a node at height h within its tile: at most 2^h - 1 hashes, the first time.
// Format:      C2SP tlog-tiles.   Tests: tests/ledger/merkle/tile_nodes_test.cc
#ifndef SCRUTINY_LEDGER_MERKLE_TILE_NODES_H_
#define SCRUTINY_LEDGER_MERKLE_TILE_NODES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"

#include "ledger/base/ids.h"
#include "ledger/format/hash.h"
#include "ledger/merkle/proof.h"
#include "ledger/merkle/tile.h"

namespace scrutiny::ledger {

// Where tiles come from.
class TileSource {
 public:
  virtual ~TileSource() = default;

  // The first `width` hashes of the tile, exactly.
  virtual absl::StatusOr<std::vector<Hash>> Tile(TileId id, uint32_t width) = 0;
};

class TileNodeReader : public NodeReader {
 public:
  // A proof needs at most two tiles a level: those of the entry, or the old edge, and of the edge.
  static constexpr size_t kTilesKept = 16;

  // Reads the tree of this size, at most kTreeSizeMax; its tiles must be there.
  TileNodeReader(TileSource& tiles, TreeSize size);
  ~TileNodeReader() override;
  TileNodeReader(const TileNodeReader&) = delete;
  TileNodeReader& operator=(const TileNodeReader&) = delete;

  absl::StatusOr<Hash> Node(uint8_t level, uint64_t index) override;

  TreeSize size() const { return size_; }

 private:
  struct KeptTile;

  absl::StatusOr<KeptTile*> Find(TileId id);

  TileSource& tiles_;
  const TreeSize size_;
  // The tile used last in front.
  std::vector<std::unique_ptr<KeptTile>> kept_;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_MERKLE_TILE_NODES_H_
