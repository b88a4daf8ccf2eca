// ledger/format/chunk.h
// A chunk: a run of consecutive entries as stored under the sequence of its first. Every reader,
// from the feed to the registers, works on chunks and takes entries as slices of them.
//
// Guarantees:  a parsed chunk's checksum is right, its table consistent with its length; the bytes
//              of an entry are those that were hashed.
// Threads:     immutable after Parse; shared freely.
// Errors:      kCorrupt naming the first sequence (and, by leaf hash, the entry) at fault.
// Limits:      kChunkEntriesMax entries; cut at kChunkBytesTarget bytes of entries.
// Format:      ledger/FORMAT.md, "Chunks".   Tests: tests/ledger/format/chunk_test.cc
#ifndef SCRUTINY_LEDGER_FORMAT_CHUNK_H_
#define SCRUTINY_LEDGER_FORMAT_CHUNK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include "ledger/base/ids.h"
#include "ledger/format/hash.h"

namespace scrutiny::ledger {

// Entries in one chunk: that of a tile.
inline constexpr size_t kChunkEntriesMax = 256;
// A chunk is closed once its entries reach this; one larger entry stands alone.
inline constexpr size_t kChunkBytesTarget = 64 * 1024;

// Where a chunk begins and how long it says it is.
struct ChunkExtent {
  Sequence first;
  size_t count = 0;
  size_t bytes = 0;
};

// Reads a chunk's header and table at the front of `bytes`, which may go on behind it; nothing if
// no chunk of this version begins here. Nothing is verified.
absl::optional<ChunkExtent> ReadChunkExtent(absl::string_view bytes);
// The leaf hashes that the chunk of this extent keeps beside its entries, as they stand there.
std::vector<Hash> ReadChunkHashes(const ChunkExtent& extent, absl::string_view bytes);

class Chunk {
 public:
  // Takes the stored value of the chunk that starts at `first`.
  static absl::StatusOr<std::shared_ptr<const Chunk>> Parse(Sequence first, std::string value);

  Sequence first() const { return first_; }
  size_t count() const { return count_; }
  // The sequence after its last entry.
  TreeSize end() const { return TreeSize(first_.value() + count_); }
  // Size of the stored value.
  size_t bytes() const { return value_.size(); }
  bool Contains(Sequence sequence) const {
    return sequence >= first_ && sequence.value() - first_.value() < count_;
  }

  // By index within the chunk, less than count(). Slices live as long as the chunk.
  absl::string_view entry(size_t i) const;
  absl::string_view leaf_hash(size_t i) const;
  FactType type(size_t i) const;
  // The record, read from the entry's first bytes without parsing it.
  absl::string_view record(size_t i) const;

  // Hashes the entry again and compares.
  absl::Status VerifyEntry(size_t i) const;

  absl::string_view value() const { return value_; }

 private:
  friend class ChunkBuilder;

  Chunk(Sequence first, std::string value) : first_(first), value_(std::move(value)) {}

  // Fills offsets_ from the table; false if the lengths do not add up to the value's.
  bool ReadTable();

  Sequence first_;
  std::string value_;
  uint32_t count_ = 0;
  std::vector<uint32_t> offsets_;  // count_ + 1, into value_
};

using ChunkPtr = std::shared_ptr<const Chunk>;

// Frames entries into chunks as they are admitted.
class ChunkBuilder {
 public:
  explicit ChunkBuilder(Sequence first) : first_(first) {}

  // Adds the next entry.
  void Add(absl::string_view entry, const Hash& leaf_hash, FactType type);
  // Forgets everything from this sequence on: an append that was refused half-way.
  void Truncate(Sequence from);
  size_t count() const { return ends_.size(); }
  size_t bytes() const { return entries_.size(); }
  // The entry added at this place, from 0.
  absl::string_view entry(size_t i) const;
  const Hash& leaf_hash(size_t i) const { return hashes_[i]; }

  // Frames what was added, and empties the builder for entries that follow.
  std::vector<ChunkPtr> Build();

 private:
  size_t EntryBegin(size_t i) const { return i == 0 ? 0 : ends_[i - 1]; }
  // The chunk of the entries added at [begin, end).
  ChunkPtr Frame(size_t begin, size_t end) const;

  Sequence first_;
  std::string entries_;         // one behind the other
  std::vector<uint32_t> ends_;  // of each entry, in entries_
  std::vector<Hash> hashes_;
  std::vector<FactType> types_;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_FORMAT_CHUNK_H_
