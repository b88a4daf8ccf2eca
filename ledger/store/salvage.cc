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

// The chunk with the entry, if it begins here and its length adds up; errors name damage inside.
absl::optional<absl::StatusOr<ChunkPtr>> ChunkAt(absl::string_view bytes, Sequence wanted) {
  const absl::optional<ChunkExtent> extent = ReadChunkExtent(bytes);
  if (!extent.has_value() || extent->first > wanted ||
      wanted.value() - extent->first.value() >= extent->count || extent->bytes > bytes.size()) {
    return absl::nullopt;
  }
  absl::StatusOr<ChunkPtr> chunk =
      Chunk::Parse(extent->first, std::string(bytes.substr(0, extent->bytes)));
  if (!chunk.ok()) return chunk;
  for (size_t i = 0; i < (*chunk)->count(); ++i) {
    absl::Status verified = (*chunk)->VerifyEntry(i);
    if (!verified.ok()) return absl::StatusOr<ChunkPtr>(std::move(verified));
  }
  return chunk;
}

}  // namespace

absl::StatusOr<ChunkPtr> SalvageChunk(rocksdb::FileSystem& file_system, rocksdb::DB& db,
                                      const std::string& family, Sequence wanted,
                                      const rocksdb::Status& why) {
  const absl::Status damaged =
      Error(Reason::kCorrupt, absl::StrCat("The stored entries from entry ", wanted.value(),
                                           " on are damaged: ", DetailOf(why), "."))
          .Value(absl::StrCat(wanted.value()))
          .Next(kRestoreEntries);
  const absl::optional<std::string> path = FileWith(db, family, wanted);
  if (!path.has_value()) return damaged;

  const rocksdb::IOOptions io;
  std::unique_ptr<rocksdb::FSRandomAccessFile> file;
  if (!file_system.NewRandomAccessFile(*path, rocksdb::FileOptions(), &file, nullptr).ok()) {
    return damaged;
  }
  std::string window(kWindowBytes, '\0');
  for (uint64_t offset = 0;; offset += kWindowBytes - kOverlapBytes) {
    rocksdb::Slice read;
    if (!file->Read(offset, window.size(), io, &read, window.data(), nullptr).ok()) return damaged;
    const absl::string_view bytes(read.data(), read.size());
    for (size_t at = 0; at < bytes.size(); ++at) {
      if (absl::optional<absl::StatusOr<ChunkPtr>> chunk = ChunkAt(bytes.substr(at), wanted)) {
        return *std::move(chunk);
      }
    }
    if (read.size() < kWindowBytes) return damaged;
  }
}

}  // namespace scrutiny::ledger
