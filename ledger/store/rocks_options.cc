#include "ledger/store/rocks_options.h"

#include <memory>

#include "rocksdb/cache.h"

#include "ledger/base/limits.h"
#include "ledger/store/no_journal.h"

namespace scrutiny::ledger {

rocksdb::DBOptions StoreOptions(rocksdb::Env* env) {
  rocksdb::DBOptions options;
  options.env = env;
  options.create_missing_column_families = true;
  options.paranoid_checks = true;

  // The default, point in time, would drop acknowledged entries behind a damaged one in silence.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.track_and_verify_wals_in_manifest = true;
  // After a failed write nothing goes on by itself: only opening again shows what is on the disk.
  options.max_bgerror_resume_count = 0;
  // What is not flushed must come back from the log, or be gone: never a surprise at shutdown.
  options.avoid_flush_during_shutdown = true;

  // Opening must not look into every table.
  options.max_open_files = 256;
  options.skip_stats_update_on_db_open = true;

  options.max_background_jobs = 2;
  options.allow_concurrent_memtable_write = false;  // Each store has one writer.
  options.bytes_per_sync = kMiB;                    // A big flush must not delay a small sync.

  options.info_log = std::make_shared<NoJournal>();
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  return options;
}

rocksdb::BlockBasedTableOptions TableOptions(size_t cache_bytes) {
  rocksdb::BlockBasedTableOptions table;
  table.checksum = rocksdb::ChecksumType::kXXH3;
  table.block_size = 16 * kKiB;
  table.block_cache = rocksdb::NewLRUCache(cache_bytes);
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  return table;
}

rocksdb::ColumnFamilyOptions FamilyOptions(const rocksdb::BlockBasedTableOptions& table) {
  rocksdb::ColumnFamilyOptions options;
  options.compression = rocksdb::CompressionType::kNoCompression;
  options.ttl = 0;
  options.periodic_compaction_seconds = 0;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

}  // namespace scrutiny::ledger
