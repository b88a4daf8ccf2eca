#include "ledger/verify/log_tiles.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/format/big_endian.h"
#include "ledger/merkle/compact_range.h"

namespace scrutiny::ledger {

absl::StatusOr<std::vector<Hash>> ReadTile(LogReader& log, TileId id, uint32_t width) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::string bytes, log.Tile(id, width));
  if (bytes.size() != width * sizeof(Hash)) {
    return Error(Reason::kCorrupt,
                 absl::StrCat(TilePath(id, width), " has ", bytes.size(), " bytes; a tile of ",
                              width, " hashes has ", width * sizeof(Hash), "."))
        .Next("Get it anew.");
  }
  std::vector<Hash> hashes(width);
  std::memcpy(hashes.data(), bytes.data(), bytes.size());
  return hashes;
}

CutBundle Cut(absl::string_view bundle, uint32_t width) {
  CutBundle cut;
  cut.entries.reserve(width);
  absl::string_view rest = bundle;
  for (uint32_t i = 0; i < width; ++i) {
    uint16_t size = 0;
    if (!TakeBigEndian(&rest, &size) || rest.size() < size) return cut;
    cut.entries.push_back({.offset = bundle.size() - rest.size(), .size = size});
    rest.remove_prefix(size);
  }
  cut.whole = rest.empty();
  return cut;
}

Hash RootOfEdge(TreeSize size, const TreeEdge& edge) {
  std::vector<Hash> roots;
  for (size_t level = edge.size(); level-- > 0;) {
    absl::Span<const Hash> rest = edge[level];
    for (size_t part = kTileWidth / 2; part > 0; part /= 2) {
      if ((rest.size() & part) == 0) continue;
      roots.push_back(SubtreeRoot(rest.first(part)));
      rest.remove_prefix(part);
    }
  }
  absl::StatusOr<CompactRange> range = CompactRange::FromParts(size, std::move(roots));
  SCRUTINY_CHECK(range.ok()) << "the edge is not that of a tree of " << size;
  return range->Root();
}

absl::StatusOr<std::vector<Hash>> LogTileSource::Tile(TileId id, uint32_t width) {
  return ReadTile(log_, id, width);
}

}  // namespace scrutiny::ledger
