// ledger/merkle/compact_range.h
// The right edge of the tree: all that is needed to append to it and to know its root. The
// sequencer keeps one and stores what each append completes.
//
// Guarantees:  a range restored from its own size and roots goes on exactly as the original.
// Threads:     a value; thread-compatible.
// Errors:      FromParts: kOverLimit for the size, kCorrupt where the roots do not fit it.
// Limits:      kTreeSizeMax entries, hence 63 roots.
// Cost:        Append: size - popcount(size) node hashes in all, less than one an entry. Root:
//              popcount(size) - 1.
// Format:      RFC 6962 §2.1.   Tests: tests/ledger/merkle/compact_range_test.cc
#ifndef SCRUTINY_LEDGER_MERKLE_COMPACT_RANGE_H_
#define SCRUTINY_LEDGER_MERKLE_COMPACT_RANGE_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "ledger/base/ids.h"
#include "ledger/base/status.h"
#include "ledger/format/hash.h"
#include "ledger/merkle/tree_hash.h"

namespace scrutiny::ledger {

class CompactRange {
 public:
  CompactRange() = default;

  // Restores a range: `roots` are those of the perfect subtrees that `size` is made of, one for
  // each bit set in it, largest subtree first.
  static absl::StatusOr<CompactRange> FromParts(TreeSize size, std::vector<Hash> roots);

  TreeSize size() const { return TreeSize(size_); }
  absl::Span<const Hash> roots() const { return roots_; }

  // Adds a leaf hash. Calls emit(uint8_t level, uint64_t index, const Hash& hash) for every perfect
  // subtree that is now complete, lowest first, the leaf itself at level 0 included; the hash is
  // the root of the leaves [index << level, (index + 1) << level).
  template <typename Emit>
  void Append(const Hash& leaf, Emit&& emit) {
    SCRUTINY_CHECK(size_ < kTreeSizeMax.value()) << "the tree is full";
    Hash hash = leaf;
    uint64_t index = size_;
    uint8_t level = 0;
    emit(level, index, static_cast<const Hash&>(hash));
    while ((index & 1) != 0) {
      hash = NodeHash(roots_.back(), hash);
      roots_.pop_back();
      index >>= 1;
      ++level;
      emit(level, index, static_cast<const Hash&>(hash));
    }
    roots_.push_back(hash);
    ++size_;
  }
  void Append(const Hash& leaf);

  // The root of the whole tree.
  Hash Root() const;

  friend bool operator==(const CompactRange& a, const CompactRange& b) = default;

 private:
  uint64_t size_ = 0;
  std::vector<Hash> roots_;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_MERKLE_COMPACT_RANGE_H_
