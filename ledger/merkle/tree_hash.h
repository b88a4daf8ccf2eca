// ledger/merkle/tree_hash.h
// How the tree over the entries hashes, and how large it may be; everything else here builds on it.
//
// Guarantees:  RFC 6962 §2.1; a node can never be taken for a leaf (ledger/format/hash.h).
// Threads:     pure functions, thread-safe.
// Errors:      kOverLimit from CheckTreeSize.
// Limits:      kTreeSizeMax entries, as the verifiers of others count in signed 64 bits.
// Cost:        one SHA-256 of 65 bytes a node, with the thread's own digest context.
// Format:      node = SHA-256(01 || left || right).   Tests: tests/ledger/merkle/tree_hash_test.cc
#ifndef SCRUTINY_LEDGER_MERKLE_TREE_HASH_H_
#define SCRUTINY_LEDGER_MERKLE_TREE_HASH_H_

#include <cstdint>

#include "absl/status/status.h"

#include "ledger/base/ids.h"
#include "ledger/format/hash.h"

namespace scrutiny::ledger {

// The most entries a tree may have. No node is then higher than level 62.
inline constexpr TreeSize kTreeSizeMax{(uint64_t{1} << 63) - 1};

// The hash of the node over these two.
Hash NodeHash(const Hash& left, const Hash& right);

// The root of the tree without entries: SHA-256 of nothing.
Hash EmptyRoot();

// Refuses a size beyond kTreeSizeMax; sizes come from the wire and from files.
absl::Status CheckTreeSize(TreeSize size);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_MERKLE_TREE_HASH_H_
