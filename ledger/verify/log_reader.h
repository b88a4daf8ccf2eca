// ledger/verify/log_reader.h
// A log as tlog-tiles publishes it, wherever it lies: a folder, an export, an address. All that the
// checker knows of the ledger comes through here.
//
// Guarantees:  none: the bytes are whatever lies there. Whoever reads them verifies them.
// Threads:     thread-safe: several threads read tiles and bundles at once.
// Errors:      kNotFound where there is no such file; kCorrupt where what lies there cannot be it
//              by its size; anything else means that reading failed and says nothing of the log.
// Format:      C2SP tlog-tiles.   Tests: tests/ledger/verify/folder_log_test.cc
#ifndef SCRUTINY_LEDGER_VERIFY_LOG_READER_H_
#define SCRUTINY_LEDGER_VERIFY_LOG_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

#include "ledger/base/limits.h"
#include "ledger/merkle/tile.h"

namespace scrutiny::ledger {

// The largest bundle there can be: 256 entries behind two bytes each.
inline constexpr size_t kBundleBytesMax = kTileWidth * (2 + kEntryBytesMax);

class LogReader {
 public:
  virtual ~LogReader() = default;

  // The signed note, as it is.
  virtual absl::StatusOr<std::string> Checkpoint() = 0;
  // The first `width` hashes of the tile, 32 bytes each.
  virtual absl::StatusOr<std::string> Tile(TileId id, uint32_t width) = 0;
  // The first `width` entries of the bundle, as framed.
  virtual absl::StatusOr<std::string> Bundle(uint64_t index, uint32_t width) = 0;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_VERIFY_LOG_READER_H_
