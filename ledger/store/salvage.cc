#include "ledger/store/salvage.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "rocksdb/metadata.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/status.h"
#include "ledger/format/big_endian.h"
#include "ledger/store/rocks_status.h"

namespace scrutiny::ledger {
namespace {

// Read at once; chunks that straddle two windows are found because windows overlap.
constexpr size_t kWindowBytes = 4 * kMiB;
constexpr size_t kOverlapBytes = 2 * kChunkBytesTarget;

// The table file that holds the entry: of those that begin at or before it, the last.
absl::optional<std::string> FileWith(rocksdb::DB& db, const std::string& family, Sequence wanted) {
  std::string key;
  AppendBigEndian(wanted.value(), &key);
  std::vector<rocksdb::LiveFileMetaData> files;
  db.GetLiveFilesMetaData(&files);
  const rocksdb::LiveFileMetaData* best = nullptr;
  for (const rocksdb::LiveFileMetaData& file : files) {
    if (file.column_family_name != family || file.smallestkey > key) continue;
    if (best == nullptr || file.smallestkey > best->smallestkey) best = &file;
  }
  if (best == nullptr) return absl::nullopt;
  return absl::StrCat(best->directory, "/", best->relative_filename);
}

// What a chunk says of itself that holds the entry and begins here, if its length adds up.
absl::optional<ChunkExtent> ExtentAt(absl::string_view bytes, Sequence wanted) {
  const absl::optional<ChunkExtent> extent = ReadChunkExtent(bytes);
  if (!extent.has_value() || extent->first > wanted ||
      wanted.value() - extent->first.value() >= extent->count || extent->bytes > bytes.size()) {
    return absl::nullopt;
  }
  return extent;
}

// Visits the bytes from where the chunk with the entry begins, as they lie in its table file; false
// if it is not found there.
template <typename Visit>
bool FindChunk(rocksdb::FileSystem& file_system, rocksdb::DB& db, const std::string& family,
               Sequence wanted, Visit visit) {
  const absl::optional<std::string> path = FileWith(db, family, wanted);
  if (!path.has_value()) return false;
  const rocksdb::IOOptions io;
  std::unique_ptr<rocksdb::FSRandomAccessFile> file;
  if (!file_system.NewRandomAccessFile(*path, rocksdb::FileOptions(), &file, nullptr).ok()) {
    return false;
  }
  std::string window(kWindowBytes, '\0');
  for (uint64_t offset = 0;; offset += kWindowBytes - kOverlapBytes) {
    rocksdb::Slice read;
    if (!file->Read(offset, window.size(), io, &read, window.data(), nullptr).ok()) return false;
    const absl::string_view bytes(read.data(), read.size());
    for (size_t at = 0; at < bytes.size(); ++at) {
      if (const absl::optional<ChunkExtent> extent = ExtentAt(bytes.substr(at), wanted)) {
        visit(*extent, bytes.substr(at, extent->bytes));
        return true;
      }
    }
    if (read.size() < kWindowBytes) return false;
  }
}

// The chunk, or which of its entries is damaged.
absl::StatusOr<ChunkPtr> WholeChunk(const ChunkExtent& extent, absl::string_view bytes) {
  SCRUTINY_ASSIGN_OR_RETURN(ChunkPtr chunk, Chunk::Parse(extent.first, std::string(bytes)));
  for (size_t i = 0; i < chunk->count(); ++i) SCRUTINY_RETURN_IF_ERROR(chunk->VerifyEntry(i));
  return chunk;
}

absl::Status Damaged(Sequence wanted, absl::string_view why) {
  return Error(Reason::kCorrupt, absl::StrCat("The stored entries from entry ", wanted.value(),
                                              " on are damaged: ", why, "."))
      .Value(absl::StrCat(wanted.value()))
      .Next(kRestoreEntries);
}

}  // namespace

absl::StatusOr<ChunkPtr> SalvageChunk(rocksdb::FileSystem& file_system, rocksdb::DB& db,
                                      const std::string& family, Sequence wanted,
                                      const rocksdb::Status& why) {
  absl::StatusOr<ChunkPtr> salvaged = Damaged(wanted, DetailOf(why));
  FindChunk(file_system, db, family, wanted,
            [&salvaged](const ChunkExtent& extent, absl::string_view bytes) {
              salvaged = WholeChunk(extent, bytes);
            });
  return salvaged;
}

absl::StatusOr<SalvagedHashes> SalvageHashes(rocksdb::FileSystem& file_system, rocksdb::DB& db,
                                             const std::string& family, Sequence wanted) {
  SalvagedHashes salvaged;
  const bool found = FindChunk(file_system, db, family, wanted,
                               [&salvaged](const ChunkExtent& extent, absl::string_view bytes) {
                                 salvaged.first = extent.first;
                                 salvaged.hashes = ReadChunkHashes(extent, bytes);
                               });
  if (!found) return Damaged(wanted, "not even their hashes can be read");
  return salvaged;
}

}  // namespace scrutiny::ledger
