// services/grpc/entry_walk.h
// Walking through the ledger's entries in either direction, taking those a filter lets through into
// a batch of stored bytes. What Read and Subscribe have in common.
//
// Guarantees:  entries go out exactly as stored; each is considered once, in order.
// Threads:     confined to one stream, one thread at a time.
// Errors:      those of EntrySource; kMalformed and kOverLimit for a filter.
// Limits:      kReadBatchEntriesMax and kReadBatchBytesMax a batch (one larger entry stands alone),
//              kFilterTermsMax terms of a kind in a filter. Holds the chunks of one batch.
// Cost:        a filtered-out entry costs a look at its type and record, it is not parsed.
// Tests:       tests/services/grpc/read_test.cc
#ifndef SCRUTINY_SERVICES_GRPC_ENTRY_WALK_H_
#define SCRUTINY_SERVICES_GRPC_ENTRY_WALK_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "ledger/feed/entry_source.h"
#include "ledger/format/chunk.h"
#include "scrutiny/ledger/v1/ledger.pb.h"

namespace scrutiny::services {

// Which entries are wanted. Empty: all.
class Filter {
 public:
  static absl::StatusOr<Filter> From(const ::scrutiny::ledger::v1::EntryFilter& wire);

  bool everything() const { return types_.empty() && prefixes_.empty(); }
  bool Takes(const ledger::Chunk& chunk, size_t i) const;

 private:
  absl::flat_hash_set<uint32_t> types_;
  std::vector<std::string> prefixes_;
};

// A batch as it goes on the wire: field 1 of ReadResponse and SubscribeResponse, entry by entry,
// each copied once.
class EntryBatch {
 public:
  void Add(ledger::Sequence sequence, absl::string_view entry);
  size_t entries() const { return sequences_.size(); }
  // Of the entries, in the order in which they were added.
  const std::vector<ledger::Sequence>& sequences() const { return sequences_; }
  bool full() const;
  bool HasRoomFor(size_t bytes) const;
  // The serialised message: the entries, then the other fields. The batch is empty afterwards.
  std::string Finish(const google::protobuf::MessageLite& rest);

 private:
  std::string bytes_;
  std::vector<ledger::Sequence> sequences_;
};

class EntryWalk {
 public:
  enum class Way { kForwards, kBackwards };

  // Forwards: `next` is the next to consider, `bound` the first not to. Backwards: `next` is one
  // above the next to consider, `bound` the last to consider.
  EntryWalk(ledger::EntrySource& source, Way way, uint64_t next, uint64_t bound)
      : source_(source), way_(way), next_(next), bound_(bound) {}

  // Considers entries until the batch is full, it holds `limit` entries, `look_max` have been
  // considered, or the bound is reached.
  absl::Status Fill(const Filter& filter, uint64_t limit, size_t look_max, EntryBatch& batch);

  uint64_t next() const { return next_; }
  bool done() const { return way_ == Way::kForwards ? next_ >= bound_ : next_ <= bound_; }
  // Forwards: goes on to here.
  void set_bound(uint64_t bound) { bound_ = bound; }
  // Lets go of what it holds, before a wait.
  void Rest() { chunks_.clear(); }

 private:
  // The chunk that holds the sequence, read if need be.
  absl::StatusOr<const ledger::Chunk*> ChunkOf(ledger::Sequence sequence);

  ledger::EntrySource& source_;
  Way way_;
  uint64_t next_;
  uint64_t bound_;
  std::vector<ledger::ChunkPtr> chunks_;
  size_t chunk_ = 0;  // the one looked at last
};

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_GRPC_ENTRY_WALK_H_
