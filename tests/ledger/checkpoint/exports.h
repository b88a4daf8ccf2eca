// tests/ledger/checkpoint/exports.h
// A ledger's log as files: in a folder, as a static site or an unpacked export has it, and in one
// file, as `scrutiny export --all` writes it.
#ifndef SCRUTINY_TESTS_LEDGER_CHECKPOINT_EXPORTS_H_
#define SCRUTINY_TESTS_LEDGER_CHECKPOINT_EXPORTS_H_

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "ledger/append/ledger.h"
#include "ledger/append/tree.h"
#include "ledger/base/status.h"
#include "ledger/format/bundle_file.h"
#include "ledger/merkle/bundle.h"
#include "ledger/merkle/tile.h"
#include "ledger/verify/tile_layout.h"

namespace scrutiny::testing {

inline void WriteBelow(const std::string& folder, const std::string& path,
                       const std::string& bytes) {
  const std::filesystem::path file = std::filesystem::path(folder) / path;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

// A tile's or bundle's bytes.
inline absl::StatusOr<std::string> ExportTile(ledger::Ledger& ledger,
                                              const ledger::TileRequest& tile) {
  std::string bytes;
  if (!tile.entries) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<ledger::Hash> hashes,
                              ledger.tree().Tile(tile.id, tile.width));
    for (const ledger::Hash& hash : hashes) bytes += std::string(ledger::AsBytes(hash));
    return bytes;
  }
  for (uint32_t i = 0; i < tile.width; ++i) {
    SCRUTINY_ASSIGN_OR_RETURN(
        const std::string entry,
        ledger.EntryBytes(ledger::Sequence(tile.id.index * ledger::kTileWidth + i)));
    ledger::AppendBundleEntry(entry, &bytes);
  }
  return bytes;
}

// The log of this size in a folder, with its signed checkpoint.
inline absl::Status ExportFolder(ledger::Ledger& ledger, ledger::TreeSize size,
                                 const std::string& checkpoint, const std::string& folder) {
  WriteBelow(folder, "checkpoint", checkpoint);
  const ledger::TileLayout layout(size);
  for (uint64_t place = 0; place < layout.count(); ++place) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::string bytes, ExportTile(ledger, layout.At(place)));
    WriteBelow(folder, ledger::PathOf(layout.At(place)), bytes);
  }
  return absl::OkStatus();
}

// The same in one file.
inline absl::Status ExportFile(ledger::Ledger& ledger, ledger::TreeSize size,
                               const std::string& checkpoint, const std::string& path) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  ledger::BundleWriter writer([&file](absl::string_view bytes) {
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return absl::OkStatus();
  });
  SCRUTINY_RETURN_IF_ERROR(writer.Add(ledger::kBundleCheckpointName, checkpoint));
  SCRUTINY_RETURN_IF_ERROR(writer.Add(ledger::kBundleKeysName, ledger.identity().log_key + "\n"));
  SCRUTINY_RETURN_IF_ERROR(writer.Add(ledger::kBundleProtoName, "a description"));
  const ledger::TileLayout layout(size);
  for (uint64_t place = 0; place < layout.count(); ++place) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::string bytes, ExportTile(ledger, layout.At(place)));
    SCRUTINY_RETURN_IF_ERROR(writer.Add(ledger::PathOf(layout.At(place)), bytes));
  }
  return writer.Finish();
}

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_LEDGER_CHECKPOINT_EXPORTS_H_
