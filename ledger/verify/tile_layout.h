// ledger/verify/tile_layout.h
// Which tiles and bundles a log of some size has, and in which order an export holds them: level by
// level from the lowest, then the bundles of entries, each by rising index.
//
// Threads:     a value; thread-compatible.
// Limits:      kTreeSizeMax entries.
// Cost:        constant for each question; nothing is listed.
// Format:      ledger/FORMAT.md, "Export bundles".   Tests: tests/ledger/verify/tile_layout_test.cc
#ifndef SCRUTINY_LEDGER_VERIFY_TILE_LAYOUT_H_
#define SCRUTINY_LEDGER_VERIFY_TILE_LAYOUT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "ledger/base/ids.h"
#include "ledger/merkle/tile.h"

namespace scrutiny::ledger {

// Tiles of this level in a tree of this size, a partial one included; at level 0 also the bundles.
uint64_t TilesAt(int level, TreeSize size);

// The path of what is asked for.
std::string PathOf(const TileRequest& request);

class TileLayout {
 public:
  explicit TileLayout(TreeSize size);

  // Tiles and bundles together.
  uint64_t count() const { return count_; }
  // The one at this place, less than count().
  TileRequest At(uint64_t place) const;
  // Where it stands; count() if the log has no such tile or bundle, or not of this width.
  uint64_t PlaceOf(const TileRequest& request) const;

 private:
  struct Run {
    bool entries = false;
    uint8_t level = 0;
    uint64_t first = 0;  // place of its first
    uint64_t tiles = 0;
  };

  TreeSize size_;
  uint64_t count_ = 0;
  std::vector<Run> runs_;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_VERIFY_TILE_LAYOUT_H_
