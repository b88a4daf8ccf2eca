// tests/ledger/store/entry_log_support.h
// What the tests of the entry log share: groups of made-up entries, reading everything back, and
// hands on the files.
#ifndef SCRUTINY_TESTS_LEDGER_STORE_ENTRY_LOG_SUPPORT_H_
#define SCRUTINY_TESTS_LEDGER_STORE_ENTRY_LOG_SUPPORT_H_

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "ledger/base/ids.h"
#include "ledger/base/status.h"
#include "ledger/format/chunk.h"
#include "ledger/format/hash.h"
#include "ledger/store/entry_log.h"

namespace scrutiny::ledger {

// Entries that say their sequence, so that one in the wrong place is seen.
inline std::string MadeUpEntry(uint64_t sequence, size_t bytes) {
  std::string entry = absl::StrCat("entry ", sequence, " ");
  entry.resize(std::max(bytes, entry.size()), '.');
  return entry;
}

// A group of entries that follows `size`, as the sequencer makes them.
inline std::vector<ChunkPtr> MadeUpGroup(uint64_t size, size_t count, size_t bytes) {
  ChunkBuilder builder{Sequence(size)};
  for (size_t i = 0; i < count; ++i) {
    const std::string entry = MadeUpEntry(size + i, bytes);
    builder.Add(entry, LeafHash(entry), FactType(68));
  }
  return builder.Build();
}

// Every entry, read forwards in pieces.
inline absl::StatusOr<std::vector<std::string>> ReadAll(EntryLog& log, size_t max_bytes = 4096) {
  std::vector<std::string> entries;
  while (entries.size() < log.size().value()) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<ChunkPtr> chunks,
                              log.Chunks(Sequence(entries.size()), log.size(), max_bytes));
    for (const ChunkPtr& chunk : chunks) {
      for (size_t i = 0; i < chunk->count(); ++i) {
        SCRUTINY_RETURN_IF_ERROR(chunk->VerifyEntry(i));
        entries.emplace_back(chunk->entry(i));
      }
    }
  }
  return entries;
}

// The files of a folder with this ending, oldest first.
inline std::vector<std::string> FilesEnding(const std::string& folder, const std::string& ending) {
  std::vector<std::string> paths;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() == ending) paths.push_back(file.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

inline std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline void WriteFile(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_TESTS_LEDGER_STORE_ENTRY_LOG_SUPPORT_H_
