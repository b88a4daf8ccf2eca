// tests/ledger/checkpoint/export_folder.h
// A ledger's log as files, as a static site or an unpacked export has it: what restores and
// verifiers read.
#ifndef SCRUTINY_TESTS_LEDGER_CHECKPOINT_EXPORT_FOLDER_H_
#define SCRUTINY_TESTS_LEDGER_CHECKPOINT_EXPORT_FOLDER_H_

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"

#include "ledger/append/ledger.h"
#include "ledger/append/tree.h"
#include "ledger/base/status.h"
#include "ledger/merkle/bundle.h"
#include "ledger/merkle/tile.h"

namespace scrutiny::testing {

inline void WriteBelow(const std::string& folder, const std::string& path,
                       const std::string& bytes) {
  const std::filesystem::path file = std::filesystem::path(folder) / path;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

// Writes the log of this size, with its signed checkpoint.
inline absl::Status ExportFolder(ledger::Ledger& ledger, ledger::TreeSize size,
                                 const std::string& checkpoint, const std::string& folder) {
  using ledger::kTileWidth;
  WriteBelow(folder, "checkpoint", checkpoint);
  for (uint8_t level = 0; size.value() >> (8 * level) != 0; ++level) {
    for (uint64_t index = 0;; ++index) {
      const uint32_t width = TileWidthAt({level, index}, size);
      if (width == 0) break;
      SCRUTINY_ASSIGN_OR_RETURN(const std::vector<ledger::Hash> hashes,
                                ledger.tree().Tile({level, index}, width));
      std::string bytes;
      for (const ledger::Hash& hash : hashes) bytes += std::string(ledger::AsBytes(hash));
      WriteBelow(folder, ledger::TilePath({level, index}, width), bytes);
    }
  }
  for (uint64_t index = 0; index * kTileWidth < size.value(); ++index) {
    const uint32_t width = TileWidthAt({0, index}, size);
    std::string bytes;
    for (uint32_t i = 0; i < width; ++i) {
      SCRUTINY_ASSIGN_OR_RETURN(const std::string entry,
                                ledger.EntryBytes(ledger::Sequence(index * kTileWidth + i)));
      ledger::AppendBundleEntry(entry, &bytes);
    }
    WriteBelow(folder, ledger::BundlePath(index, width), bytes);
  }
  return absl::OkStatus();
}

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_LEDGER_CHECKPOINT_EXPORT_FOLDER_H_
