#include "ledger/store/chunk_reader.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "rocksdb/metadata.h"
#include "rocksdb/options.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/status.h"
#include "ledger/format/big_endian.h"
#include "ledger/store/rocks_status.h"
#include "ledger/store/salvage.h"

namespace scrutiny::ledger {
namespace {

constexpr size_t kKeyBytes = sizeof(uint64_t);
// A read of more than this is a scan: it reads ahead and leaves the cache to others.
constexpr size_t kScanBytes = kReadBatchBytesMax;
constexpr size_t kReadaheadBytesMax = 2 * kMiB;

rocksdb::ReadOptions ReadOptionsFor(size_t max_bytes) {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  if (max_bytes > kScanBytes) {
    options.fill_cache = false;
    options.readahead_size = std::min(max_bytes, kReadaheadBytesMax);
  }
  return options;
}

absl::Status Missing(Sequence sequence) {
  return Error(Reason::kCorrupt,
               absl::StrCat("Entry ", sequence.value(), " is missing from the stored entries."))
      .Value(absl::StrCat(sequence.value()))
      .Next(kRestoreEntries);
}

// Stands on the chunk with the entry, ready to go forwards. Going backwards looks at the chunk
// before, which may be damaged and is none of this reader's business.
void SeekToChunkWith(Sequence wanted, rocksdb::Iterator* at) {
  const std::string key = ChunkKey(wanted);
  at->Seek(key);
  if (at->Valid() && at->key() == key) return;
  at->SeekForPrev(key);
  if (at->Valid()) at->Seek(at->key().ToString());
}

}  // namespace

std::string ChunkKey(Sequence first) {
  std::string key;
  AppendBigEndian(first.value(), &key);
  return key;
}

absl::StatusOr<std::vector<ChunkPtr>> ChunkReader::Forwards(Sequence from, TreeSize end,
                                                            size_t max_bytes) const {
  const std::string bound = ChunkKey(NextSequence(end));
  const rocksdb::Slice bound_slice(bound);
  rocksdb::ReadOptions options = ReadOptionsFor(max_bytes);
  options.iterate_upper_bound = &bound_slice;
  const std::unique_ptr<rocksdb::Iterator> at(db_.NewIterator(options, &entries_));

  std::vector<ChunkPtr> chunks;
  size_t bytes = 0;
  Sequence wanted = from;
  for (SeekToChunkWith(from, at.get());; at->Next()) {
    absl::StatusOr<ChunkPtr> chunk = ReadHere(*at, wanted);
    if (chunk.ok() && !chunks.empty() && (*chunk)->first() != wanted) chunk = Missing(wanted);
    if (!chunk.ok()) {
      if (chunks.empty()) return std::move(chunk).status();
      return chunks;
    }
    if ((*chunk)->end() > end) {
      return Error(Reason::kInternal,
                   absl::StrCat("Entry ", end.value(), " does not begin an append."));
    }
    bytes += (*chunk)->bytes();
    wanted = NextSequence((*chunk)->end());
    chunks.push_back(*std::move(chunk));
    // After a salvaged chunk the iterator cannot go on; the next call starts afresh.
    if (bytes >= max_bytes || wanted == NextSequence(end) || !at->Valid()) return chunks;
  }
}

absl::StatusOr<std::vector<ChunkPtr>> ChunkReader::Backwards(Sequence from,
                                                             size_t max_bytes) const {
  const std::unique_ptr<rocksdb::Iterator> at(
      db_.NewIterator(ReadOptionsFor(max_bytes), &entries_));
  std::vector<ChunkPtr> chunks;
  size_t bytes = 0;
  Sequence wanted = from;
  for (at->SeekForPrev(ChunkKey(from));; at->Prev()) {
    absl::StatusOr<ChunkPtr> chunk = ReadHere(*at, wanted);
    if (chunk.ok() && !chunks.empty() && (*chunk)->end() != SizeThrough(wanted)) {
      chunk = Missing(wanted);
    }
    if (!chunk.ok()) {
      if (chunks.empty()) return std::move(chunk).status();
      return chunks;
    }
    const Sequence first = (*chunk)->first();
    bytes += (*chunk)->bytes();
    chunks.push_back(*std::move(chunk));
    if (bytes >= max_bytes || first == Sequence(0) || !at->Valid()) return chunks;
    wanted = first - 1;
  }
}

absl::StatusOr<std::vector<Hash>> ChunkReader::LeafHashes(Sequence from, TreeSize end,
                                                          TreeSize stored) const {
  std::vector<Hash> hashes;
  const auto next = [&hashes, from] { return from + hashes.size(); };
  while (next() < NextSequence(end)) {
    absl::StatusOr<std::vector<ChunkPtr>> chunks = Forwards(next(), stored, kReadBatchBytesMax);
    if (ReasonOf(chunks.status()) == Reason::kCorrupt) {
      SCRUTINY_ASSIGN_OR_RETURN(const SalvagedHashes salvaged,
                                SalvageHashes(file_system_, db_, entries_.GetName(), next()));
      for (size_t i = next() - salvaged.first;
           i < salvaged.hashes.size() && next() < NextSequence(end); ++i) {
        hashes.push_back(salvaged.hashes[i]);
      }
      continue;
    }
    if (!chunks.ok()) return std::move(chunks).status();
    for (const ChunkPtr& chunk : *chunks) {
      for (size_t i = next() - chunk->first(); i < chunk->count() && next() < NextSequence(end);
           ++i) {
        const absl::string_view leaf = chunk->leaf_hash(i);
        std::copy(leaf.begin(), leaf.end(), reinterpret_cast<char*>(hashes.emplace_back().data()));
      }
    }
  }
  return hashes;
}

absl::StatusOr<TreeSize> ChunkReader::FindSize() const {
  const std::unique_ptr<rocksdb::Iterator> at(db_.NewIterator(ReadOptionsFor(0), &entries_));
  at->SeekToLast();
  if (at->Valid() && at->key().size() == kKeyBytes) {
    const Sequence first(LoadBigEndian<uint64_t>(at->key().data()));
    SCRUTINY_ASSIGN_OR_RETURN(const ChunkPtr last, ReadHere(*at, first));
    return last->end();
  }
  if (!at->Valid() && at->status().ok()) return TreeSize(0);

  // The last block cannot be read; its table still says with which key it ends.
  std::string last_key;
  std::vector<rocksdb::LiveFileMetaData> files;
  db_.GetLiveFilesMetaData(&files);
  for (const rocksdb::LiveFileMetaData& file : files) {
    if (file.column_family_name == entries_.GetName())
      last_key = std::max(last_key, file.largestkey);
  }
  if (last_key.size() != kKeyBytes) {
    return ReadError(at->status(), "The last entries", kRestoreEntries);
  }
  const Sequence first(LoadBigEndian<uint64_t>(last_key.data()));
  SCRUTINY_ASSIGN_OR_RETURN(const ChunkPtr last, ReadHere(*at, first));
  return last->end();
}

absl::StatusOr<ChunkPtr> ChunkReader::ReadHere(const rocksdb::Iterator& at, Sequence wanted) const {
  if (!at.Valid()) {
    const rocksdb::Status status = at.status();
    if (status.ok()) return Missing(wanted);
    if (status.IsCorruption()) return Salvage(wanted, status);
    return ReadError(status, absl::StrCat("The entries from entry ", wanted.value(), " on"),
                     kRestoreEntries);
  }
  const rocksdb::Slice key = at.key();
  if (key.size() != kKeyBytes) return Missing(wanted);
  const Sequence first(LoadBigEndian<uint64_t>(key.data()));
  SCRUTINY_ASSIGN_OR_RETURN(ChunkPtr chunk, Chunk::Parse(first, at.value().ToString()));
  if (!chunk->Contains(wanted)) return Missing(wanted);
  return chunk;
}

absl::StatusOr<ChunkPtr> ChunkReader::Salvage(Sequence wanted, const rocksdb::Status& why) const {
  return SalvageChunk(file_system_, db_, entries_.GetName(), wanted, why);
}

}  // namespace scrutiny::ledger
