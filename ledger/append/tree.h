// ledger/append/tree.h
// The tree over the committed entries, as readers see it: tiles of any width, roots and proofs of
// any size up to the head. Full tiles lie in the index, which follows; those it does not hold yet,
// and the tiles that are still open, are here.
//
// Guarantees:  covers every entry from the moment its commit is published, however far the index
//              lags; what it answers for a size never changes.
// Threads:     thread-safe; Publish is called by the committing thread alone.
// Lifetime:    borrows `index`, which must outlive it.
// Errors:      kBeyondHead for what is not committed; kCorrupt where the index lacks a tile or has
//              a damaged one, with what to do.
// Limits:      memory: full tiles not yet indexed, 8 KiB for 256 entries, of kIndexLagEntriesMax
//              entries at most, and a copy of the open tiles.
// Cost:        a proof: one or two tiles a level, and at most 255 node hashes for each.
// Tests:       tests/ledger/append/tree_test.cc
#ifndef SCRUTINY_LEDGER_APPEND_TREE_H_
#define SCRUTINY_LEDGER_APPEND_TREE_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "ledger/base/ids.h"
#include "ledger/base/mutex.h"
#include "ledger/format/hash.h"
#include "ledger/merkle/tile_builder.h"
#include "ledger/merkle/tile_nodes.h"
#include "ledger/store/index_store.h"

namespace scrutiny::ledger {

// What the tree is once a group is committed.
struct TreeGrowth {
  CompactRange edge;
  OpenTiles open;
  std::vector<FullTile> full;  // those that filled with the group
};

class Tree final : public TileSource {
 public:
  // `grown`: the tree as it was opened; its full tiles are in the index.
  Tree(const IndexStore& index, TreeGrowth grown);

  // Makes a committed group's tree visible.
  void Publish(TreeGrowth grown);

  TreeSize size() const;
  // The root at size(), with that size.
  CompactRange edge() const;

  // The first `width` hashes of a tile, which the tree must have.
  absl::StatusOr<std::vector<Hash>> Tile(TileId id, uint32_t width) override;

  // Roots and proofs are of any size up to size(). An older size of 0 has an empty proof.
  absl::StatusOr<Hash> Root(TreeSize size);
  absl::StatusOr<std::vector<Hash>> Inclusion(Sequence sequence, TreeSize size);
  // Several under one size; tiles they share are read once.
  absl::StatusOr<std::vector<std::vector<Hash>>> Inclusions(absl::Span<const Sequence> sequences,
                                                            TreeSize size);
  absl::StatusOr<std::vector<Hash>> Consistency(TreeSize old_size, TreeSize new_size);

 private:
  using Hashes = std::shared_ptr<const std::vector<Hash>>;

  absl::Status CheckCovered(TreeSize size) const;
  void LetGo(TreeSize indexed) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const IndexStore& index_;
  mutable Mutex mutex_;
  CompactRange edge_ ABSL_GUARDED_BY(mutex_);
  OpenTiles open_ ABSL_GUARDED_BY(mutex_);
  // Full tiles that may not be in the index yet, in the order in which they filled.
  struct Recent {
    TileId id;
    TreeSize filled_at;  // the index holds it once it is complete up to here
  };
  std::deque<Recent> recent_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<TileId, Hashes> recent_tiles_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_APPEND_TREE_H_
