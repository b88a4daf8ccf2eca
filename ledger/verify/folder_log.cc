#include "ledger/verify/folder_log.h"

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/format/big_endian.h"
#include "ledger/note/signed_note.h"
#include "ledger/verify/files.h"

namespace scrutiny::ledger {
namespace {

absl::Status TooShort(absl::string_view what, uint32_t width) {
  return Error(Reason::kCorrupt,
               absl::StrCat("The full ", what, " is shorter than its first ", width, " parts."))
      .Next("Get it anew.");
}

}  // namespace

absl::StatusOr<std::string> FrontOfTile(std::string full, uint32_t width) {
  const size_t bytes = size_t{width} * sizeof(Hash);
  if (full.size() < bytes) return TooShort("tile", width);
  full.resize(bytes);
  return full;
}

absl::StatusOr<std::string> FrontOfBundle(std::string full, uint32_t width) {
  absl::string_view rest = full;
  for (uint32_t i = 0; i < width; ++i) {
    uint16_t length = 0;
    if (!TakeBigEndian(&rest, &length) || rest.size() < length) return TooShort("bundle", width);
    rest.remove_prefix(length);
  }
  full.resize(full.size() - rest.size());
  return full;
}

absl::StatusOr<std::string> FolderLog::Checkpoint() { return Read("checkpoint", kNoteBytesMax); }

absl::StatusOr<std::string> FolderLog::Tile(TileId id, uint32_t width) {
  constexpr size_t kTileBytes = kTileWidth * sizeof(Hash);
  absl::StatusOr<std::string> tile = Read(TilePath(id, width), kTileBytes);
  if (tile.ok() || width == kTileWidth || ReasonOf(tile.status()) != Reason::kNotFound) return tile;
  absl::StatusOr<std::string> full = Read(TilePath(id, kTileWidth), kTileBytes);
  if (!full.ok()) return tile;
  return FrontOfTile(*std::move(full), width);
}

absl::StatusOr<std::string> FolderLog::Bundle(uint64_t index, uint32_t width) {
  absl::StatusOr<std::string> bundle = Read(BundlePath(index, width), kBundleBytesMax);
  if (bundle.ok() || width == kTileWidth || ReasonOf(bundle.status()) != Reason::kNotFound) {
    return bundle;
  }
  absl::StatusOr<std::string> full = Read(BundlePath(index, kTileWidth), kBundleBytesMax);
  if (!full.ok()) return bundle;
  return FrontOfBundle(*std::move(full), width);
}

absl::StatusOr<std::string> FolderLog::Read(const std::string& path, size_t bytes_max) const {
  absl::StatusOr<std::string> bytes = ReadWholeFile(absl::StrCat(folder_, "/", path), bytes_max);
  if (bytes.ok() || ReasonOf(bytes.status()) != Reason::kOverLimit) return bytes;
  return Error(Reason::kCorrupt, bytes.status().message()).Next("Get it anew.");
}

}  // namespace scrutiny::ledger
