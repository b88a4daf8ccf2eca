// ledger/store/index_store.h
// What is derived from entries so that they are found and proved: record histories, claims (names,
// numbers, agenda items), citations, types, request ids, the full tiles of the tree. A RocksDB of
// its own beside the entries, written in sorted bulk without a log; it follows behind its own
// position and is completed from the entries at open. It can be deleted.
//
// Guarantees:  everything below position() is in it; a crash loses at most what came after the
//              last flush, at most kIndexLagEntriesMax entries, and position() says so.
// Threads:     Apply, Flush and Close are confined to one thread; reads are thread-safe beside it.
// Errors:      kCorrupt (damaged: delete the folder, it is made again), kInternal.
// Tests:       tests/ledger/store/index_store_test.cc
#ifndef SCRUTINY_LEDGER_STORE_INDEX_STORE_H_
#define SCRUTINY_LEDGER_STORE_INDEX_STORE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include "ledger/base/ids.h"
#include "ledger/format/derive.h"
#include "ledger/format/hash.h"
#include "ledger/merkle/tile.h"
#include "ledger/merkle/tile_builder.h"

namespace rocksdb {
class FileSystem;
}  // namespace rocksdb

namespace scrutiny::ledger {

// An entry as it is indexed.
struct IndexedEntry {
  Sequence sequence;
  Revision revision;
  Ordinal ordinal;  // among the entries of its type
  std::string record;
  Derived derived;
};

// A remembered request: what makes an append idempotent for ever.
struct RequestRecord {
  Sequence first;
  uint32_t count = 0;
  Hash digest;  // of its list of Proposed
};

struct IndexedRequest {
  std::string principal;
  std::string request_id;
  RequestRecord record;
};

// Where a record stands.
struct RecordHead {
  Revision revision;  // 0: not held
  Sequence last;      // its newest entry, if held
};

// An entry that holds a claim.
struct ClaimHit {
  Sequence sequence;
  std::string record;
  std::string item;
  std::string printed;
};

struct IndexOptions {
  std::string path;                                  // the folder, `<data>/index`
  std::shared_ptr<rocksdb::FileSystem> file_system;  // null: the system's
  std::string ledger_id;                             // must match what is stored
};

// A consistent view of the index: everything below position(), nothing else.
class IndexView {
 public:
  virtual ~IndexView() = default;
  virtual TreeSize position() const = 0;

  virtual absl::StatusOr<RecordHead> Head(absl::string_view record) const = 0;
  // Oldest first, from this revision on, at most `max`.
  virtual absl::StatusOr<std::vector<HistoryItem>> History(absl::string_view record, Revision from,
                                                           size_t max) const = 0;
  virtual absl::StatusOr<absl::optional<RequestRecord>> Request(
      absl::string_view principal, absl::string_view request_id) const = 0;
  // In order of sequence, at most `max`.
  virtual absl::StatusOr<std::vector<ClaimHit>> Claims(absl::string_view key, size_t max) const = 0;
  // The numbers used in a series whose key starts with `series_prefix`, rising, each once.
  virtual absl::StatusOr<std::vector<uint64_t>> NumbersUsed(
      absl::string_view series_prefix) const = 0;
  // The ordinal of the newest entry of the type; 0: none.
  virtual absl::StatusOr<Ordinal> LastOrdinal(FactType type) const = 0;
  // Sequences of the entries of one type, from an ordinal on.
  virtual absl::StatusOr<std::vector<Sequence>> OfType(FactType type, Ordinal from,
                                                       size_t max) const = 0;
  // Sequences of entries of other records that cite the record, in order, at most `max`.
  virtual absl::StatusOr<std::vector<Sequence>> CitedBy(absl::string_view record,
                                                        size_t max) const = 0;
  // Names of held records after `after` that start with `prefix`, in order, at most `max`.
  virtual absl::StatusOr<std::vector<std::string>> Records(absl::string_view prefix,
                                                           absl::string_view after,
                                                           size_t max) const = 0;
  // A full tile of the tree; nothing if it is not held.
  virtual absl::StatusOr<absl::optional<std::vector<Hash>>> Tile(TileId id) const = 0;
};

class IndexStore {
 public:
  // An index that an earlier version wrote is emptied, to be made again from the entries.
  // Errors: kLedgerChanged if the folder belongs to another ledger.
  static absl::StatusOr<std::unique_ptr<IndexStore>> Open(const IndexOptions& options);
  virtual ~IndexStore() = default;

  // Everything below it is indexed (perhaps not yet flushed).
  virtual TreeSize position() const = 0;
  // Everything below it survives a crash.
  virtual TreeSize flushed() const = 0;

  // Adds what follows position(), densely: afterwards position() is `end`. `tiles` are those of the
  // tree that are full at `end` and were not at position().
  virtual absl::Status Apply(absl::Span<const IndexedEntry> entries,
                             absl::Span<const IndexedRequest> requests,
                             absl::Span<const FullTile> tiles, TreeSize end) = 0;

  virtual std::unique_ptr<IndexView> View() const = 0;

  virtual absl::Status Flush() = 0;
  virtual absl::Status Close() = 0;
  virtual uint64_t bytes_on_disk() const = 0;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_STORE_INDEX_STORE_H_
