#include "ledger/merkle/tile.h"

#include <bit>
#include <cstddef>
#include <limits>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "ledger/base/status.h"
#include "ledger/merkle/tree_hash.h"

namespace scrutiny::ledger {
namespace {

constexpr absl::string_view kEntriesLevel = "entries";

// "067", or "x001/x234/067" for what has more than three digits.
std::string IndexPath(uint64_t index) {
  const auto group = [](uint64_t n) {
    n %= 1000;
    const char digits[] = {static_cast<char>('0' + n / 100), static_cast<char>('0' + n / 10 % 10),
                           static_cast<char>('0' + n % 10)};
    return std::string(digits, sizeof(digits));
  };
  std::string path = group(index);
  while ((index /= 1000) > 0) path = absl::StrCat("x", group(index), "/", path);
  return path;
}

std::string WidthSuffix(uint32_t width) {
  SCRUTINY_CHECK(width >= 1 && width <= kTileWidth) << "a tile is never " << width << " wide";
  return width == kTileWidth ? std::string() : absl::StrCat(".p/", width);
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Takes a decimal number without leading zeros off the front.
bool TakeDecimal(absl::string_view* text, uint32_t max, uint32_t* number) {
  size_t digits = 0;
  uint32_t value = 0;
  for (; digits < text->size() && IsDigit((*text)[digits]); ++digits) {
    value = value * 10 + static_cast<uint32_t>((*text)[digits] - '0');
    if (value > max) return false;
  }
  if (digits == 0 || (digits > 1 && text->front() == '0')) return false;
  text->remove_prefix(digits);
  *number = value;
  return true;
}

// Takes three digits off the front and appends them to the number.
bool TakeGroup(absl::string_view* text, uint64_t* number) {
  constexpr size_t kDigits = 3;
  if (text->size() < kDigits) return false;
  uint64_t group = 0;
  for (size_t i = 0; i < kDigits; ++i) {
    if (!IsDigit((*text)[i])) return false;
    group = group * 10 + static_cast<uint64_t>((*text)[i] - '0');
  }
  constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();
  if (*number > kMax / 1000 || *number * 1000 > kMax - group) return false;
  *number = *number * 1000 + group;
  text->remove_prefix(kDigits);
  return true;
}

bool TakeIndex(absl::string_view* text, uint64_t* index) {
  *index = 0;
  while (absl::ConsumePrefix(text, "x")) {
    if (!TakeGroup(text, index) || !absl::ConsumePrefix(text, "/")) return false;
    // A group of zeros in front would be a second way to write the same index.
    if (*index == 0) return false;
  }
  return TakeGroup(text, index);
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const TileId& id) {
  return out << "tile (" << static_cast<int>(id.level) << ", " << id.index << ")";
}

std::ostream& operator<<(std::ostream& out, const TileRequest& request) {
  return out << (request.entries ? "entries of " : "") << request.id << ", width " << request.width;
}

uint32_t TileWidthAt(TileId id, TreeSize size) {
  const int shift = kTileHeight * id.level;
  if (shift >= 64) return 0;
  const uint64_t hashes = size.value() >> shift;
  const uint64_t full_tiles = hashes / kTileWidth;
  if (id.index < full_tiles) return kTileWidth;
  return id.index == full_tiles ? static_cast<uint32_t>(hashes % kTileWidth) : 0;
}

std::string TilePath(TileId id, uint32_t width) {
  const int level = id.level;
  SCRUTINY_CHECK(level <= kTileLevelMax) << "no path names a tile of level " << level;
  return absl::StrCat("tile/", level, "/", IndexPath(id.index), WidthSuffix(width));
}

std::string BundlePath(uint64_t index, uint32_t width) {
  return absl::StrCat("tile/", kEntriesLevel, "/", IndexPath(index), WidthSuffix(width));
}

absl::optional<TileRequest> ParseTilePath(absl::string_view path) {
  TileRequest request;
  if (!absl::ConsumePrefix(&path, "tile/")) return absl::nullopt;
  if (absl::ConsumePrefix(&path, kEntriesLevel)) {
    request.entries = true;
  } else {
    uint32_t level = 0;
    if (!TakeDecimal(&path, kTileLevelMax, &level)) return absl::nullopt;
    request.id.level = static_cast<uint8_t>(level);
  }
  if (!absl::ConsumePrefix(&path, "/")) return absl::nullopt;
  if (!TakeIndex(&path, &request.id.index)) return absl::nullopt;
  if (absl::ConsumePrefix(&path, ".p/")) {
    if (!TakeDecimal(&path, kTileWidth - 1, &request.width)) return absl::nullopt;
    if (request.width == 0) return absl::nullopt;
  }
  if (!path.empty()) return absl::nullopt;
  return request;
}

Hash SubtreeRoot(absl::Span<const Hash> hashes) {
  SCRUTINY_CHECK(std::has_single_bit(hashes.size()))
      << hashes.size() << " hashes are no perfect subtree";
  if (hashes.size() == 1) return hashes[0];
  std::vector<Hash> level(hashes.size() / 2);
  for (size_t i = 0; i < level.size(); ++i) level[i] = NodeHash(hashes[2 * i], hashes[2 * i + 1]);
  for (size_t width = level.size() / 2; width > 0; width /= 2) {
    for (size_t i = 0; i < width; ++i) level[i] = NodeHash(level[2 * i], level[2 * i + 1]);
  }
  return level[0];
}

}  // namespace scrutiny::ledger
