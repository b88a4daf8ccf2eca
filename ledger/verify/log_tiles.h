// ledger/verify/log_tiles.h
// Tiles and bundles of a log, cut into hashes and entries; and the root over a tree's right edge.
//
// Guarantees:  none of the hashes is verified here.
// Threads:     pure functions, as thread-safe as their reader.
// Errors:      kNotFound, kCorrupt for a file that is missing or of the wrong size; those of the
//              reader.
// Tests:       tests/ledger/verify/log_tiles_test.cc
#ifndef SCRUTINY_LEDGER_VERIFY_LOG_TILES_H_
#define SCRUTINY_LEDGER_VERIFY_LOG_TILES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "ledger/base/ids.h"
#include "ledger/format/hash.h"
#include "ledger/merkle/tile.h"
#include "ledger/merkle/tile_nodes.h"
#include "ledger/verify/log_reader.h"

namespace scrutiny::ledger {

// The hashes of a tile.
absl::StatusOr<std::vector<Hash>> ReadTile(LogReader& log, TileId id, uint32_t width);

// Where an entry stands in its bundle, behind its two bytes of length.
struct EntrySlice {
  size_t offset = 0;
  size_t size = 0;
};

struct CutBundle {
  std::vector<EntrySlice> entries;  // as far as they can be told apart
  bool whole = false;               // `width` of them, and nothing behind
};

CutBundle Cut(absl::string_view bundle, uint32_t width);

// The hashes of a tree's partial tiles, by level: at level L the (size >> 8 L) % 256 last ones.
using TreeEdge = std::vector<std::vector<Hash>>;

// The root of the tree with this edge.
Hash RootOfEdge(TreeSize size, const TreeEdge& edge);

// A log's tiles as ledger/merkle reads them.
class LogTileSource : public TileSource {
 public:
  // Borrows the log.
  explicit LogTileSource(LogReader& log) : log_(log) {}
  absl::StatusOr<std::vector<Hash>> Tile(TileId id, uint32_t width) override;

 private:
  LogReader& log_;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_VERIFY_LOG_TILES_H_
