// ledger/merkle/proof.h
// Proofs that an entry is in the tree, and that a tree is the front of a later one: made from any
// source of nodes, checked from the hashes alone.
//
// Guarantees:  what is made here verifies; verifying follows RFC 9162 §2.1.3.2 and §2.1.4.2 step by
//              step, and takes no proof with a hash missing, changed or to spare.
// Threads:     pure functions, as thread-safe as their NodeReader.
// Errors:      making: kOverLimit for a size, kBeyondHead for an index outside the tree or an older
//              size above the newer one, and whatever the reader answers. Verifying: kOverLimit for
//              a size, kCorrupt for all that is not proven.
// Limits:      kTreeSizeMax entries; an inclusion proof has at most 63 hashes, a consistency proof
//              at most 64.
// Cost:        making: O(log size) nodes read, and at most as many hashed.
// Format:      RFC 6962 §2.1.1 and §2.1.2.   Tests: tests/ledger/merkle/proof_test.cc
#ifndef SCRUTINY_LEDGER_MERKLE_PROOF_H_
#define SCRUTINY_LEDGER_MERKLE_PROOF_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "ledger/base/ids.h"
#include "ledger/format/hash.h"

namespace scrutiny::ledger {

// Where the nodes of a tree come from.
class NodeReader {
 public:
  virtual ~NodeReader() = default;

  // The root of the perfect subtree over the entries [index << level, (index + 1) << level).
  virtual absl::StatusOr<Hash> Node(uint8_t level, uint64_t index) = 0;
};

// The root of the tree of the first `size` entries.
absl::StatusOr<Hash> RootAt(NodeReader& nodes, TreeSize size);

// Proves that the entry is in the tree of this size: the siblings on the way up, the leaf's first.
absl::StatusOr<std::vector<Hash>> InclusionProof(NodeReader& nodes, Sequence index, TreeSize size);

// Proves that the tree of the old size is the front of the newer one. Empty for equal sizes, and
// for old size 0: every tree starts with the empty one.
absl::StatusOr<std::vector<Hash>> ConsistencyProof(NodeReader& nodes, TreeSize old_size,
                                                   TreeSize new_size);

// OK if the path proves that the leaf hash is at `index` of the tree of this size and root.
// The root alone does not tell the size: another one that gives the path the same shape passes too.
// So take size and root together, from one signed checkpoint; the same holds for consistency.
absl::Status VerifyInclusion(Sequence index, TreeSize size, const Hash& leaf,
                             absl::Span<const Hash> path, const Hash& root);

// OK if the path proves that the tree of the old size and root is the front of the newer one. Old
// size 0 under a larger tree is never proven by hashes: a caller that can meet it asks for an empty
// path itself, and for no more.
absl::Status VerifyConsistency(TreeSize old_size, TreeSize new_size, absl::Span<const Hash> path,
                               const Hash& old_root, const Hash& new_root);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_MERKLE_PROOF_H_
