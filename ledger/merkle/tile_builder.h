// ledger/merkle/tile_builder.h
// Grows the tree one leaf at a time: its right edge, and the tiles that are still open. A tile that
// fills is handed out once, to be stored; nothing else of the tree needs storing.
//
// Guarantees:  full tiles come out in the order in which they fill, so that whoever stores them in
//              that order has every tile below an open one.
// Threads:     thread-compatible; confined to who appends.
// Errors:      Resume: kCorrupt where tiles are missing or of the wrong size.
// Cost:        at most one node hash a leaf, amortised. Resume reads at most 255 tiles a level.
// Format:      RFC 6962 §2.1; C2SP tlog-tiles.   Tests: tests/ledger/merkle/tile_builder_test.cc
#ifndef SCRUTINY_LEDGER_MERKLE_TILE_BUILDER_H_
#define SCRUTINY_LEDGER_MERKLE_TILE_BUILDER_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "ledger/base/ids.h"
#include "ledger/format/hash.h"
#include "ledger/merkle/compact_range.h"
#include "ledger/merkle/tile.h"
#include "ledger/merkle/tile_nodes.h"

namespace scrutiny::ledger {

// A tile that is complete: 256 hashes.
struct FullTile {
  TileId id;
  std::shared_ptr<const std::vector<Hash>> hashes;  // shared by who stores it and who serves it
};

// The tiles that are still open, lowest level first; each holds fewer than 256 hashes.
using OpenTiles = std::vector<std::vector<Hash>>;

class TileBuilder {
 public:
  // The empty tree.
  TileBuilder() = default;

  // The tree of this size: `leaves` are the hashes of its open lowest tile, `size % 256` of them;
  // the full tiles below are read from `tiles`.
  static absl::StatusOr<TileBuilder> Resume(TreeSize size, absl::Span<const Hash> leaves,
                                            TileSource& tiles);

  void Append(const Hash& leaf);

  TreeSize size() const { return edge_.size(); }
  const CompactRange& edge() const { return edge_; }
  const OpenTiles& open() const { return open_; }

  // The tiles that filled since the last call.
  std::vector<FullTile> TakeFull();

 private:
  void Add(size_t level, uint64_t index, const Hash& hash);

  CompactRange edge_;
  OpenTiles open_;
  std::vector<FullTile> full_;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_MERKLE_TILE_BUILDER_H_
