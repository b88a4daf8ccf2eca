#include "ledger/merkle/proof.h"

#include <algorithm>
#include <bit>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/merkle/tree_hash.h"

namespace scrutiny::ledger {
namespace {

// The entries [begin, begin + count) of the tree.
struct Range {
  uint64_t begin = 0;
  uint64_t count = 0;
};

// The largest power of two below n, which splits a tree of n entries; n is at least 2.
uint64_t SplitOf(uint64_t n) { return std::bit_floor(n - 1); }

// The root over a range that the tree's own splitting arrives at: `begin` is a multiple of every
// power of two in `count`, so that each bit of it is a perfect subtree, largest first.
absl::StatusOr<Hash> RangeRoot(NodeReader& nodes, Range range) {
  std::vector<Hash> roots;
  while (range.count > 0) {
    const uint64_t width = std::bit_floor(range.count);
    const int level = std::countr_zero(width);
    SCRUTINY_ASSIGN_OR_RETURN(Hash root,
                              nodes.Node(static_cast<uint8_t>(level), range.begin >> level));
    roots.push_back(root);
    range.begin += width;
    range.count -= width;
  }
  Hash root = roots.back();
  for (size_t i = roots.size() - 1; i-- > 0;) root = NodeHash(roots[i], root);
  return root;
}

// Splits `range` towards its half that holds the entry at `offset`, and makes `offset` relative to
// that half. Returns the other half.
Range Descend(Range& range, uint64_t& offset) {
  const uint64_t split = SplitOf(range.count);
  const Range left = {range.begin, split};
  const Range right = {range.begin + split, range.count - split};
  if (offset < split) {
    range = left;
    return right;
  }
  range = right;
  offset -= split;
  return left;
}

absl::Status NotProven(absl::string_view what) {
  return Error(Reason::kCorrupt, what)
      .Next(
          "Do not trust what it should prove. Fetch the proof again; keep this one as evidence "
          "if it fails again.");
}

// The state of both verifications: the way up from a node at `at` in a level whose last node is
// `last`.
struct Climb {
  uint64_t at;
  uint64_t last;

  bool done() const { return last == 0; }
  // Whether the next hash of the path is the left sibling. Where there is no right one, this also
  // rises to the level at which the node has a sibling.
  bool TakeLeft() {
    if ((at & 1) == 0 && at != last) return false;
    while ((at & 1) == 0 && at != 0) Rise();
    return true;
  }
  void Rise() {
    at >>= 1;
    last >>= 1;
  }
};

}  // namespace

absl::StatusOr<Hash> RootAt(NodeReader& nodes, TreeSize size) {
  SCRUTINY_RETURN_IF_ERROR(CheckTreeSize(size));
  if (size == TreeSize(0)) return EmptyRoot();
  return RangeRoot(nodes, {0, size.value()});
}

absl::StatusOr<std::vector<Hash>> InclusionProof(NodeReader& nodes, Sequence index, TreeSize size) {
  SCRUTINY_RETURN_IF_ERROR(CheckTreeSize(size));
  if (index.value() >= size.value()) {
    return Error(Reason::kBeyondHead, absl::StrCat("Entry ", index.value(), " is not in a tree of ",
                                                   size.value(), " entries."))
        .Value(absl::StrCat(index.value()))
        .Next("Ask for an entry below the tree's size, or for a later tree.");
  }
  std::vector<Hash> path;
  Range range = {0, size.value()};
  uint64_t offset = index.value();
  while (range.count > 1) {
    SCRUTINY_ASSIGN_OR_RETURN(Hash sibling, RangeRoot(nodes, Descend(range, offset)));
    path.push_back(sibling);
  }
  std::reverse(path.begin(), path.end());
  return path;
}

absl::StatusOr<std::vector<Hash>> ConsistencyProof(NodeReader& nodes, TreeSize old_size,
                                                   TreeSize new_size) {
  SCRUTINY_RETURN_IF_ERROR(CheckTreeSize(new_size));
  if (old_size > new_size) {
    return Error(Reason::kBeyondHead,
                 absl::StrCat("A tree of ", old_size.value(), " entries is no front of one of ",
                              new_size.value(), "."))
        .Value(absl::StrCat(old_size.value()))
        .Next("Ask with the smaller size as the old one, or for a later tree.");
  }
  std::vector<Hash> path;
  if (old_size == TreeSize(0)) return path;
  Range range = {0, new_size.value()};
  // The last entry of the old tree leads the way; the old tree is reached where it ends the range.
  uint64_t offset = old_size.value() - 1;
  while (offset + 1 != range.count) {
    SCRUTINY_ASSIGN_OR_RETURN(Hash sibling, RangeRoot(nodes, Descend(range, offset)));
    path.push_back(sibling);
  }
  // The verifier has the old root itself, but not a part of it.
  if (range.begin != 0) {
    SCRUTINY_ASSIGN_OR_RETURN(Hash part, RangeRoot(nodes, range));
    path.push_back(part);
  }
  std::reverse(path.begin(), path.end());
  return path;
}

absl::Status VerifyInclusion(Sequence index, TreeSize size, const Hash& leaf,
                             absl::Span<const Hash> path, const Hash& root) {
  SCRUTINY_RETURN_IF_ERROR(CheckTreeSize(size));
  if (index.value() >= size.value()) {
    return NotProven(absl::StrCat("Entry ", index.value(), " cannot be in a tree of ", size.value(),
                                  " entries."));
  }
  Climb climb{index.value(), size.value() - 1};
  Hash hash = leaf;
  for (const Hash& sibling : path) {
    if (climb.done()) return NotProven("The inclusion proof has hashes to spare.");
    hash = climb.TakeLeft() ? NodeHash(sibling, hash) : NodeHash(hash, sibling);
    climb.Rise();
  }
  if (!climb.done()) return NotProven("The inclusion proof is too short.");
  if (hash == root) return absl::OkStatus();
  return NotProven(absl::StrCat("The inclusion proof does not lead from entry ", index.value(),
                                " to the root of the tree of ", size.value(), " entries."));
}

absl::Status VerifyConsistency(TreeSize old_size, TreeSize new_size, absl::Span<const Hash> path,
                               const Hash& old_root, const Hash& new_root) {
  SCRUTINY_RETURN_IF_ERROR(CheckTreeSize(old_size));
  SCRUTINY_RETURN_IF_ERROR(CheckTreeSize(new_size));
  if (old_size == new_size) {
    if (path.empty() && old_root == new_root) return absl::OkStatus();
    return NotProven(absl::StrCat("Two trees of the same ", old_size.value(),
                                  " entries must have one root and an empty proof."));
  }
  if (old_size == TreeSize(0) || old_size > new_size || path.empty()) {
    return NotProven(absl::StrCat("This cannot prove that a tree of ", old_size.value(),
                                  " entries is the front of one of ", new_size.value(), "."));
  }
  Climb climb{old_size.value() - 1, new_size.value() - 1};
  while ((climb.at & 1) != 0) climb.Rise();
  // Where the old tree is one perfect subtree, its root is the start and not part of the path.
  Hash start = old_root;
  if (!std::has_single_bit(old_size.value())) {
    start = path.front();
    path.remove_prefix(1);
  }
  Hash old_hash = start;
  Hash new_hash = start;
  for (const Hash& sibling : path) {
    if (climb.done()) return NotProven("The consistency proof has hashes to spare.");
    if (climb.TakeLeft()) {
      old_hash = NodeHash(sibling, old_hash);
      new_hash = NodeHash(sibling, new_hash);
    } else {
      new_hash = NodeHash(new_hash, sibling);
    }
    climb.Rise();
  }
  if (!climb.done()) return NotProven("The consistency proof is too short.");
  if (old_hash == old_root && new_hash == new_root) return absl::OkStatus();
  return NotProven(absl::StrCat("The consistency proof does not lead to the roots of the trees of ",
                                old_size.value(), " and ", new_size.value(), " entries."));
}

}  // namespace scrutiny::ledger
