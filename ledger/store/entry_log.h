// ledger/store/entry_log.h
// The entries on disk: chunks in a RocksDB of their own, nothing else beside what identifies the
// ledger. Everything derived is in IndexStore and can be made again from here.
//
// Guarantees:  Commit returns OK only after the sync of the write that holds the group; after a
//              failed write or sync nothing more is written until reopened. Recovery tolerates a
//              torn tail and nothing else. After a clean Close a cut tail is noticed at Open.
// Threads:     Commit and Close are confined to one thread; reads are thread-safe beside Commit and
//              over before Close.
// Errors:      kCorrupt (bytes damaged, format version unknown, stored head not met),
//              kOutcomeUnknown (a write or sync failed), kReadOnly (after that),
//              FAILED_PRECONDITION (locked by another process).
// Cost:        one write and one sync a group; reads: one seek, then sequential.
// Format:      ledger/FORMAT.md, "The store".   Tests: tests/ledger/store/entry_log_test.cc
#ifndef SCRUTINY_LEDGER_STORE_ENTRY_LOG_H_
#define SCRUTINY_LEDGER_STORE_ENTRY_LOG_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "ledger/base/ids.h"
#include "ledger/format/chunk.h"

namespace rocksdb {
class FileSystem;
}  // namespace rocksdb

namespace scrutiny::ledger {

struct EntryLogOptions {
  std::string path;                                  // the folder, `<data>/log`
  std::shared_ptr<rocksdb::FileSystem> file_system;  // null: the system's; tests inject faults
  bool create_if_missing = true;
  size_t write_buffer_bytes = size_t{64} << 20;  // in memory before a table is written
};

class EntryLog {
 public:
  static absl::StatusOr<std::unique_ptr<EntryLog>> Open(const EntryLogOptions& options);
  virtual ~EntryLog() = default;

  // How many entries are stored and synced.
  virtual TreeSize size() const = 0;

  // Stores a group: whole appends, the first chunk starting at size(). One batch, one sync.
  virtual absl::Status Commit(absl::Span<const ChunkPtr> group) = 0;

  // As EntrySource::Chunks, bounded by `end`. What is damaged ends an answer before it, and the
  // next call, which begins with it, fails: everything else can be read.
  virtual absl::StatusOr<std::vector<ChunkPtr>> Chunks(Sequence from, TreeSize end,
                                                       size_t max_bytes) = 0;
  virtual absl::StatusOr<std::vector<ChunkPtr>> ChunksBackwards(Sequence from,
                                                                size_t max_bytes) = 0;

  // Writes everything out and stores the head, so that a cut tail is noticed when opened again.
  // Without it (a crash) the log is read again at Open. kReadOnly after a failed write: closed all
  // the same.
  virtual absl::Status Close() = 0;

  // Size of the files.
  virtual uint64_t bytes_on_disk() const = 0;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_STORE_ENTRY_LOG_H_
