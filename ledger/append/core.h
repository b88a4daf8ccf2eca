// ledger/append/core.h
// The deterministic heart of an append: admits by the rules, assigns, serialises, hashes, forms
// the group that is written with one sync. It has no thread, clock, randomness or I/O of its own:
// time, ids and what it looks at are inputs, so a simulator can drive it through crashes, and a
// replicated commit can drive it later.
//
// Guarantees:  sequences dense from 0; an append is admitted whole or not at all; the same request
//              is admitted once, also within one group; admission sees every earlier append.
// Threads:     thread-compatible; confined to the sequencer.
// Errors:      see Ledger::Append.
// Cost:        about 2 microseconds and one SHA-256 an entry.
// Format:      ledger/FORMAT.md.   Tests: tests/ledger/append/core_test.cc
#ifndef SCRUTINY_LEDGER_APPEND_CORE_H_
#define SCRUTINY_LEDGER_APPEND_CORE_H_

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "ledger/append/ledger.h"
#include "ledger/append/overlay.h"
#include "ledger/append/prepared.h"
#include "ledger/append/tree.h"
#include "ledger/base/ids.h"
#include "ledger/format/chunk.h"
#include "ledger/merkle/tile_builder.h"
#include "ledger/store/sealed_store.h"

namespace scrutiny::ledger {

// What the core must know of the ledger as it was opened.
struct CoreState {
  TreeSize size;     // entries committed
  TreeSize indexed;  // the index is complete below this; the overlay starts here
  absl::flat_hash_map<FactType, Ordinal> ordinals;  // the newest of each type
  TileBuilder tree;                                 // over the entries committed
  bool without_tree = false;                        // for measuring alone; see LedgerOptions
};

// How an append was admitted.
struct Admitted {
  Receipt receipt;
  // It repeats this earlier request, whose receipt is to be read from the entries.
  absl::optional<RequestRecord> repeats;
};

// A group: what one sync makes durable.
struct Group {
  std::vector<ChunkPtr> chunks;
  std::shared_ptr<const IndexGroup> index;
  std::vector<SealedRow> sealed;  // ciphertexts of its entries
  TreeGrowth tree;                // what the tree is with it
  int64_t recorded_at_us = 0;
};

class Core {
 public:
  explicit Core(CoreState state);

  // How many entries there are with the forming group.
  TreeSize size() const { return size_; }
  // Entries and bytes of the forming group.
  size_t forming_entries() const { return overlay_.forming(); }
  size_t forming_bytes() const { return builder_.bytes(); }

  // Whether what was read ahead for the append is too old to be completed from memory.
  bool IsStale(const ReadSet& reads) const { return reads.position < overlay_.base(); }
  // Number series the append asks a number of that are not known here yet, and have to be told by
  // KnowSeries before Admit.
  std::vector<std::string> UnknownSeries(const PreparedAppend& append);
  // `used`: numbers of the series used below `position` of the index.
  void KnowSeries(const std::string& series_prefix, const std::vector<uint64_t>& used);

  // Admits an append into the forming group, or refuses it and changes nothing. `recorded_at_us`
  // must not be less than before.
  absl::StatusOr<Admitted> Admit(const PreparedAppend& append, int64_t recorded_at_us);

  // Closes the forming group; it is to be committed before the next one.
  Group TakeGroup();

  // The index is complete below this.
  void Indexed(TreeSize indexed);

 private:
  class View;

  // Numbers used in a series: all below `next_free`, and those of `used` above it.
  struct Series {
    uint64_t next_free = 1;
    std::set<uint64_t> used;

    bool Use(uint64_t number);  // false if it was used already
    void GiveBack(uint64_t number);
  };

  RecordHead HeadOf(const PreparedAppend& append, const std::string& record) const;
  absl::Status CheckRevisions(const PreparedAppend& append) const;
  absl::Status AdmitFact(const PreparedAppend& append, size_t i, Sequence first,
                         EntryReceipt& receipt);
  std::vector<event::v1::Number> AssignNumbers(const PreparedFact& fact);
  void UseNumbers(const Derived& derived);
  void WriteEntry(const PreparedAppend& append, const PreparedFact& fact,
                  const IndexedEntry& indexed, absl::optional<Sequence> previous, Sequence first,
                  const std::vector<event::v1::Number>& numbers);
  void TakeBack(size_t forming_before);

  TreeSize size_;
  absl::flat_hash_map<FactType, Ordinal> ordinals_;
  absl::node_hash_map<std::string, Series> series_;
  Overlay overlay_;
  ChunkBuilder builder_;
  TileBuilder tree_;  // up to the forming group, which joins when it is taken
  const bool without_tree_;
  std::vector<SealedRow> forming_sealed_;
  int64_t recorded_at_us_ = 0;                            // of the append at hand
  int64_t forming_recorded_at_us_ = 0;                    // of the forming group's newest append
  std::vector<std::pair<Series*, uint64_t>> newly_used_;  // by the append at hand
  event::v1::Assigned assigned_;                          // reused
  std::string entry_bytes_;                               // reused
};

// The number series that the fact asks a number of: kind, series, year. Empty if it asks for none.
struct AskedNumber {
  std::string kind;
  std::string series;
  uint32_t year = 0;
};
absl::optional<AskedNumber> NumberAskedBy(const event::v1::Proposed& proposed);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_APPEND_CORE_H_
