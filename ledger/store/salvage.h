// ledger/store/salvage.h
// Reads one chunk straight from a table file whose block RocksDB refuses. Either the chunk proves
// intact by its own checksum, and the damage lies beside it, or the damaged entry gets its name.
//
// Guarantees:  a chunk returned has a right checksum and a right leaf hash on every entry. Hashes
//              alone are returned as they stand.
// Threads:     thread-safe.
// Errors:      kCorrupt naming the entry where it can be told, else where the damage begins.
// Cost:        reads one table file; only after damage was met.
// Tests:       tests/ledger/store/entry_log_damage_test.cc
#ifndef SCRUTINY_LEDGER_STORE_SALVAGE_H_
#define SCRUTINY_LEDGER_STORE_SALVAGE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "rocksdb/db.h"
#include "rocksdb/file_system.h"

#include "ledger/base/ids.h"
#include "ledger/format/chunk.h"

namespace scrutiny::ledger {

// The chunk with the entry `wanted`, which RocksDB would not read because of `why`.
absl::StatusOr<ChunkPtr> SalvageChunk(rocksdb::FileSystem& file_system, rocksdb::DB& db,
                                      const std::string& family, Sequence wanted,
                                      const rocksdb::Status& why);

// Leaf hashes of consecutive entries, as their chunk keeps them beside the entries.
struct SalvagedHashes {
  Sequence first;
  std::vector<Hash> hashes;
};

// Those of the chunk with the entry `wanted`, whatever has become of the entries. Nothing is
// verified: the tree's edge says whether they are right.
absl::StatusOr<SalvagedHashes> SalvageHashes(rocksdb::FileSystem& file_system, rocksdb::DB& db,
                                             const std::string& family, Sequence wanted);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_STORE_SALVAGE_H_
