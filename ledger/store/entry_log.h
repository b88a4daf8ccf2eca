// ledger/store/entry_log.h
// The entries on disk: chunks in a RocksDB of their own, with the tree's right edge and the sealed
// parts, which are written in the same batch. Everything derived is in IndexStore and can be made
// again from here.
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
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include "ledger/base/ids.h"
#include "ledger/format/chunk.h"
#include "ledger/merkle/compact_range.h"
#include "ledger/store/sealed_store.h"

namespace rocksdb {
class FileSystem;
}  // namespace rocksdb

namespace scrutiny::ledger {

struct EntryLogOptions {
  std::string path;                                  // the folder, `<data>/log`
  std::shared_ptr<rocksdb::FileSystem> file_system;  // null: the system's; tests inject faults
  bool create_if_missing = true;
  size_t write_buffer_bytes = size_t{64} << 20;  // in memory before a table is written
  // The folder is a copy made by CopyTo: it was never in use, so it has no log and was not closed.
  bool is_copy = false;
  // How long erasing waits for files to go that others are reading, or that are being copied.
  int64_t gone_within_micros = 10'000'000;
};

// What a commit writes besides the chunks.
struct CommitExtras {
  const CompactRange* edge = nullptr;  // the tree's right edge after it; null: not kept
  absl::Span<const SealedRow> sealed;  // ciphertexts of its entries
};

class EntryLog {
 public:
  static absl::StatusOr<std::unique_ptr<EntryLog>> Open(const EntryLogOptions& options);
  virtual ~EntryLog() = default;

  // How many entries are stored and synced.
  virtual TreeSize size() const = 0;

  // Stores a group: whole appends, the first chunk starting at size(). One batch, one sync.
  virtual absl::Status Commit(absl::Span<const ChunkPtr> group, const CommitExtras& extras) = 0;
  absl::Status Commit(absl::Span<const ChunkPtr> group) { return Commit(group, CommitExtras()); }

  // The tree's right edge as the last commit left it; nothing where none was kept, as in a store
  // of format 1. kCorrupt if it is not that of size() entries.
  virtual absl::StatusOr<absl::optional<CompactRange>> Edge() const = 0;

  // The ciphertexts of sealed parts.
  virtual SealedStore& sealed() = 0;

  // Copies the store as it is now into a folder that does not exist yet, while it is in use; a file
  // that cannot change is linked where the disk allows it. Returns how many entries the copy has.
  virtual absl::StatusOr<TreeSize> CopyTo(const std::string& folder) = 0;

  // As EntrySource::Chunks, bounded by `end`. What is damaged ends an answer before it, and the
  // next call, which begins with it, fails: everything else can be read.
  virtual absl::StatusOr<std::vector<ChunkPtr>> Chunks(Sequence from, TreeSize end,
                                                       size_t max_bytes) = 0;
  virtual absl::StatusOr<std::vector<ChunkPtr>> ChunksBackwards(Sequence from,
                                                                size_t max_bytes) = 0;

  // The leaf hashes of [from, end) as they are stored beside the entries, also where an entry is
  // damaged: not verified, the tree's edge says whether they are right.
  virtual absl::StatusOr<std::vector<Hash>> LeafHashes(Sequence from, TreeSize end) = 0;

  // Writes everything out and stores the head, so that a cut tail is noticed when opened again.
  // Without it (a crash) the log is read again at Open. kReadOnly after a failed write: closed all
  // the same.
  virtual absl::Status Close() = 0;

  // Size of the files.
  virtual uint64_t bytes_on_disk() const = 0;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_STORE_ENTRY_LOG_H_
