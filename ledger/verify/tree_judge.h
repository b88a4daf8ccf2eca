// ledger/verify/tree_judge.h
// Where the tiles of a log do not go with its entries or with the signed root: which of them is
// wrong, and where. What goes with the hashes above it, up to the root, is right.
//
// Guarantees:  a report that was given no damage means that every tile above level 0 is what
//              follows from the entries, and the root too. Where a place has two accounts and one
//              of them goes with the root, the other is the one reported.
// Threads:     thread-compatible.
// Errors:      those of the reader where reading itself fails.
// Limits:      told apart are up to kDoubtfulPlacesMax places of one tile that are wrong at once;
//              beyond, all are reported and none is vouched for.
// Tests:       tests/ledger/verify/tree_judge_test.cc
#ifndef SCRUTINY_LEDGER_VERIFY_TREE_JUDGE_H_
#define SCRUTINY_LEDGER_VERIFY_TREE_JUDGE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include "ledger/base/ids.h"
#include "ledger/format/hash.h"
#include "ledger/merkle/tile.h"
#include "ledger/verify/log_reader.h"
#include "ledger/verify/log_tiles.h"
#include "ledger/verify/report.h"

namespace scrutiny::ledger {

// Two to this power of mixtures are tried against the hash above.
inline constexpr size_t kDoubtfulPlacesMax = 10;

// What follows from the entries, as far as they could be read.
struct ComputedTree {
  // By level, from 1 on (0 stays empty): the hash of every full tile one level below, in order.
  std::vector<std::vector<Hash>> levels;
  // The leaf hashes of the last, partial bundle.
  std::vector<Hash> last_leaves;
  // Bundles of entries and their tiles that do not go together, or of which one is missing.
  std::set<uint64_t> doubtful;
  // Whether all entries were looked at.
  bool complete = true;

  // Adds the hash of the next full tile of level 0.
  void Add(const Hash& tile_root);
};

class TreeJudge {
 public:
  // Borrows everything; damage goes into `report`, whose checkpoint is already there.
  TreeJudge(LogReader& log, const ComputedTree& computed, LogReport* report);

  // Compares tiles above level 0 and the root; where anything is doubtful, judges it.
  absl::Status Run();

  // The first entry that is not the one that was signed for, as far as that is known.
  absl::optional<Sequence> first_bad_entry() const { return first_bad_entry_; }

 private:
  using Hashes = std::vector<Hash>;

  // Both accounts of a tile.
  struct Accounts {
    TileId id;
    uint32_t width = 0;
    absl::Status stored_status;
    absl::optional<Hashes> stored;
    absl::optional<Hashes> computed;
    std::string bundle;  // level 0: its bundle's bytes
    CutBundle cut;
    absl::Status bundle_status;
  };

  int Levels() const { return static_cast<int>(doubtful_.size()); }
  absl::StatusOr<Accounts> Read(TileId id);
  absl::Status ReadBundle(Accounts* accounts);
  absl::Status CompareLevels();
  TreeEdge ComputedEdge() const;

  absl::Status JudgeEdge();
  absl::Status Descend(TileId id, const absl::optional<Hash>& expected);
  absl::Status JudgeBelow(const Accounts& accounts, const absl::optional<Hashes>& right);
  void JudgeTile(const Accounts& accounts, const absl::optional<Hashes>& right);
  void JudgeBundle(const Accounts& accounts, const absl::optional<Hashes>& right);
  bool DoubtfulBelow(TileId id) const;

  void SayTile(const Accounts& accounts, size_t begin, size_t end, absl::string_view why);
  void SayEntry(const Accounts& accounts, size_t place, bool certain);
  void SayEntries(const Accounts& accounts, size_t begin, size_t end);
  void NoteBadEntry(Sequence sequence);

  LogReader& log_;
  const ComputedTree& computed_;
  LogReport* const report_;
  const TreeSize size_;
  std::vector<std::set<uint64_t>> doubtful_;  // by level, indexes of tiles
  absl::optional<Sequence> first_bad_entry_;
};

// The mixture of two accounts that passes the test: `a`, `b`, or some of the places in which they
// differ from one and the others from the other. Either may be missing; both are of one length.
absl::optional<std::vector<Hash>> Settle(const absl::optional<std::vector<Hash>>& a,
                                         const absl::optional<std::vector<Hash>>& b,
                                         const std::function<bool(absl::Span<const Hash>)>& passes);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_VERIFY_TREE_JUDGE_H_
