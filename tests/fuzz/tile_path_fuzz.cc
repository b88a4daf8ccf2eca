// Paths of tiles and bundles: one for each, both ways.
#include "ledger/merkle/tile.h"
#include "tests/fuzz/fuzz.h"

namespace scrutiny::ledger {
namespace {

std::string PathOfRequest(const TileRequest& request) {
  return request.entries ? BundlePath(request.id.index, request.width)
                         : TilePath(request.id, request.width);
}

void CheckParse(absl::string_view path) {
  const absl::optional<TileRequest> request = ParseTilePath(path);
  if (!request.has_value()) return;
  SCRUTINY_CHECK(PathOfRequest(*request) == path);
  SCRUTINY_CHECK(request->id.level <= kTileLevelMax);
  SCRUTINY_CHECK(request->width >= 1 && request->width <= kTileWidth);
  SCRUTINY_CHECK(!request->entries || request->id.level == 0);
}

void CheckFormat(fuzz::Input input) {
  TileRequest request;
  request.entries = input.Byte() % 2 == 1;
  request.id.level = request.entries ? 0 : input.Byte() % (kTileLevelMax + 1);
  request.id.index = input.AnySize();
  request.width = 1 + input.Byte();
  SCRUTINY_CHECK(ParseTilePath(PathOfRequest(request)) == request);

  // A tile that a tree has is one of its entries' own.
  const TreeSize size(input.AnySize());
  const uint32_t width = TileWidthAt(request.id, size);
  SCRUTINY_CHECK(width <= kTileWidth);
}

}  // namespace
}  // namespace scrutiny::ledger

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  scrutiny::ledger::CheckParse(scrutiny::fuzz::AsView(data, size));
  scrutiny::ledger::CheckFormat(scrutiny::fuzz::Input(data, size));
  return 0;
}
