// ledger/store/rocks_options.h
// The RocksDB options that the entries and the index share, each with its reason.
//
// Threads:  pure functions.
#ifndef SCRUTINY_LEDGER_STORE_ROCKS_OPTIONS_H_
#define SCRUTINY_LEDGER_STORE_ROCKS_OPTIONS_H_

#include <cstddef>

#include "rocksdb/env.h"
#include "rocksdb/options.h"
#include "rocksdb/table.h"

namespace scrutiny::ledger {

// Fails closed, opens in constant time, keeps to itself.
rocksdb::DBOptions StoreOptions(rocksdb::Env* env);

// Blocks with checksums, a cache of `cache_bytes` that also bounds indexes and filters.
rocksdb::BlockBasedTableOptions TableOptions(size_t cache_bytes);

// Uncompressed tables that nothing rewrites merely because it is old.
rocksdb::ColumnFamilyOptions FamilyOptions(const rocksdb::BlockBasedTableOptions& table);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_STORE_ROCKS_OPTIONS_H_
