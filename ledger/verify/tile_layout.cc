#include "ledger/verify/tile_layout.h"

#include "ledger/base/status.h"

namespace scrutiny::ledger {

uint64_t TilesAt(int level, TreeSize size) {
  const int shift = kTileHeight * level;
  if (shift >= 64) return 0;
  const uint64_t hashes = size.value() >> shift;
  return hashes / kTileWidth + (hashes % kTileWidth != 0 ? 1 : 0);
}

std::string PathOf(const TileRequest& request) {
  return request.entries ? BundlePath(request.id.index, request.width)
                         : TilePath(request.id, request.width);
}

TileLayout::TileLayout(TreeSize size) : size_(size) {
  const auto add = [&](bool entries, uint8_t level) {
    const uint64_t tiles = TilesAt(level, size);
    if (tiles == 0) return;
    runs_.push_back({.entries = entries, .level = level, .first = count_, .tiles = tiles});
    count_ += tiles;
  };
  for (uint8_t level = 0; TilesAt(level, size) > 0; ++level) add(false, level);
  add(true, 0);
}

TileRequest TileLayout::At(uint64_t place) const {
  SCRUTINY_CHECK(place < count_) << place;
  size_t i = runs_.size() - 1;
  while (place < runs_[i].first) --i;
  const Run& run = runs_[i];
  TileRequest request{.entries = run.entries, .id = {run.level, place - run.first}};
  request.width = TileWidthAt(request.id, size_);
  return request;
}

uint64_t TileLayout::PlaceOf(const TileRequest& request) const {
  for (const Run& run : runs_) {
    if (run.entries != request.entries || run.level != request.id.level) continue;
    if (request.id.index >= run.tiles || request.width != TileWidthAt(request.id, size_)) break;
    return run.first + request.id.index;
  }
  return count_;
}

}  // namespace scrutiny::ledger
