// ledger/merkle/tile.h
// Tiles: the tree cut into pieces of 256 hashes, each a file that never changes. Hash i of tile
// (L, N) is the root of the entries [(256 N + i) 256^L, (256 N + i + 1) 256^L). A partial tile is
// the front of the full one, so that only full ones and the hashes of the right edge are stored.
//
// Guarantees:  for each tile and bundle there is exactly one path; the parser takes no other.
// Threads:     pure functions, thread-safe.
// Errors:      ParseTilePath gives nothing for what is not such a path; the others take only values
//              of their own making and check them.
// Limits:      levels 0 to kTileLevelMax, indexes up to 2^64 - 1, widths 1 to kTileWidth.
// Format:      C2SP tlog-tiles.   Tests: tests/ledger/merkle/tile_test.cc
#ifndef SCRUTINY_LEDGER_MERKLE_TILE_H_
#define SCRUTINY_LEDGER_MERKLE_TILE_H_

#include <compare>
#include <cstdint>
#include <ostream>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include "ledger/base/ids.h"
#include "ledger/format/hash.h"

namespace scrutiny::ledger {

// Hashes in a full tile, and entries in a full bundle.
inline constexpr uint32_t kTileWidth = 256;
// Levels of the tree in one level of tiles.
inline constexpr int kTileHeight = 8;
// The highest level of tiles that a path can name; those above 7 are always empty.
inline constexpr int kTileLevelMax = 63;

struct TileId {
  uint8_t level = 0;
  uint64_t index = 0;

  friend bool operator==(const TileId& a, const TileId& b) = default;
  friend auto operator<=>(const TileId& a, const TileId& b) = default;
  template <typename H>
  friend H AbslHashValue(H h, const TileId& id) {
    return H::combine(std::move(h), id.level, id.index);
  }
};
std::ostream& operator<<(std::ostream& out, const TileId& id);

// Hashes that the tile has in a tree of this size: 0 where there is no such tile, to kTileWidth.
// At level 0 also the entries that the bundle of this index has.
uint32_t TileWidthAt(TileId id, TreeSize size);

// The path of a tile under the log's prefix, e.g. "tile/0/x001/x234/067" or "tile/1/000.p/17".
std::string TilePath(TileId id, uint32_t width);

// The path of a bundle of entries, e.g. "tile/entries/000.p/3".
std::string BundlePath(uint64_t index, uint32_t width);

// What a path asks for.
struct TileRequest {
  bool entries = false;  // a bundle of entries rather than a tile; its level is then 0
  TileId id;
  uint32_t width = kTileWidth;  // below kTileWidth where the path says ".p/"

  friend bool operator==(const TileRequest& a, const TileRequest& b) = default;
};
std::ostream& operator<<(std::ostream& out, const TileRequest& request);

// Reads a path as TilePath and BundlePath write it.
absl::optional<TileRequest> ParseTilePath(absl::string_view path);

// The root over 2^k hashes, such as a full tile's, for k >= 0.
Hash SubtreeRoot(absl::Span<const Hash> hashes);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_MERKLE_TILE_H_
