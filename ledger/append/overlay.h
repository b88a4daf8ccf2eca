// ledger/append/overlay.h
// What recent entries add to the index, in memory: committed entries the index does not hold yet
// and those of the group that is forming. Together with a ReadSet it gives admission the exact
// state, whatever the index lags behind.
//
// Guarantees:  holds everything from base() on; taking entries back restores the state before.
// Threads:     thread-compatible; confined to the sequencer.
// Cost:        a few hash insertions an entry.
// Tests:       tests/ledger/append/overlay_test.cc
#ifndef SCRUTINY_LEDGER_APPEND_OVERLAY_H_
#define SCRUTINY_LEDGER_APPEND_OVERLAY_H_

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "ledger/base/ids.h"
#include "ledger/format/derive.h"
#include "ledger/merkle/tile_builder.h"
#include "ledger/store/index_store.h"

namespace scrutiny::ledger {

// What one group adds to the index.
struct IndexGroup {
  TreeSize end;
  std::vector<IndexedEntry> entries;
  std::vector<IndexedRequest> requests;
};

// What one group adds to the index, with the tiles of the tree that it fills.
struct IndexWork {
  std::shared_ptr<const IndexGroup> group;
  std::vector<FullTile> tiles;
};

class Overlay {
 public:
  explicit Overlay(TreeSize base) : base_(base) {}

  // Everything from here on is held.
  TreeSize base() const { return base_; }

  // The record's head if it has recent entries, else null.
  const RecordHead* Head(absl::string_view record) const;
  // The record's recent entries, oldest first.
  absl::Span<const HistoryItem> History(absl::string_view record) const;
  // Recent holders of a claim, oldest first.
  absl::Span<const ClaimHit> Claims(absl::string_view key) const;
  const RequestRecord* Request(absl::string_view key) const;
  // Numbers of a series that recent entries hold.
  std::vector<uint64_t> UsedNumbers(absl::string_view series_prefix) const;

  // Adds the next entry or request of the forming group.
  void Add(IndexedEntry entry);
  void AddRequest(IndexedRequest request);
  // Takes back the newest entries of the forming group until `count` are left. (A request is added
  // last, when its append is admitted, so there is never one to take back.)
  void TakeBack(size_t count);
  size_t forming() const { return forming_.entries.size(); }
  const IndexedEntry& forming_entry(size_t i) const { return forming_.entries[i]; }
  // The forming group is complete; it is handed out, and held on to here until let go.
  std::shared_ptr<const IndexGroup> Close(TreeSize end);

  // Lets go of groups that are indexed and older than the newest `keep` entries.
  void LetGo(TreeSize indexed, size_t keep);

 private:
  struct RecentRecord {
    RecordHead head;
    std::vector<HistoryItem> items;
  };

  void Forget(const IndexGroup& group);

  TreeSize base_;
  size_t held_ = 0;  // entries of closed groups
  IndexGroup forming_;
  std::deque<std::shared_ptr<const IndexGroup>> groups_;
  absl::flat_hash_map<std::string, RecentRecord> records_;
  absl::flat_hash_map<std::string, std::vector<ClaimHit>> claims_;
  absl::flat_hash_map<std::string, RequestRecord> requests_;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_APPEND_OVERLAY_H_
