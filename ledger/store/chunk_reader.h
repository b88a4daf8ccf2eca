// ledger/store/chunk_reader.h
// Reads runs of chunks out of the entries' column family, forwards and backwards. It hands out
// only what is whole and in its place; damage ends a run before it, and begins the next with an
// error, so that everything undamaged can be read.
//
// Guarantees:  chunks of an answer are consecutive; a missing one is an error, never skipped.
// Threads:     thread-safe.
// Lifetime:    borrows the database and the file system.
// Errors:      kCorrupt naming the entry; kInternal with UNAVAILABLE if the disk does not answer.
// Tests:       tests/ledger/store/entry_log_test.cc, entry_log_damage_test.cc
#ifndef SCRUTINY_LEDGER_STORE_CHUNK_READER_H_
#define SCRUTINY_LEDGER_STORE_CHUNK_READER_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "rocksdb/db.h"
#include "rocksdb/file_system.h"

#include "ledger/base/ids.h"
#include "ledger/format/chunk.h"

namespace scrutiny::ledger {

// The key of the chunk that starts at this entry.
std::string ChunkKey(Sequence first);

class ChunkReader {
 public:
  ChunkReader(rocksdb::FileSystem& file_system, rocksdb::DB& db,
              rocksdb::ColumnFamilyHandle& entries)
      : file_system_(file_system), db_(db), entries_(entries) {}

  // From the chunk with `from`, which is below `end`, to `end` or until `max_bytes` are reached.
  absl::StatusOr<std::vector<ChunkPtr>> Forwards(Sequence from, TreeSize end,
                                                 size_t max_bytes) const;
  absl::StatusOr<std::vector<ChunkPtr>> Backwards(Sequence from, size_t max_bytes) const;

  // The leaf hashes of [from, end), also of entries that are damaged: those are not verified. `end`
  // may lie within a chunk; `stored` is where the entries end.
  absl::StatusOr<std::vector<Hash>> LeafHashes(Sequence from, TreeSize end, TreeSize stored) const;

  // The end of the last chunk; 0 if there is none.
  absl::StatusOr<TreeSize> FindSize() const;

 private:
  // The chunk the iterator stands on, which must hold `wanted`.
  absl::StatusOr<ChunkPtr> ReadHere(const rocksdb::Iterator& at, Sequence wanted) const;
  absl::StatusOr<ChunkPtr> Salvage(Sequence wanted, const rocksdb::Status& why) const;

  rocksdb::FileSystem& file_system_;
  rocksdb::DB& db_;
  rocksdb::ColumnFamilyHandle& entries_;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_STORE_CHUNK_READER_H_
