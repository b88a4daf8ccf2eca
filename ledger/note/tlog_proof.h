// ledger/note/tlog_proof.h
// A proof as one file: that the entry at this index is in the log of this checkpoint.
//
// Guarantees:  Format is the exact inverse of ParseTlogProof. A parsed proof's checkpoint is a
//              well-formed signed checkpoint; nothing is verified.
// Threads:     pure functions.
// Errors:      kMalformed, kOverLimit.
// Limits:      kTlogProofBytesMax, kInclusionHashesMax.
// Format:      C2SP tlog-proof, c2sp.org/tlog-proof@v1; files are named *.tlog-proof.
// Tests:       tests/ledger/note/tlog_proof_test.cc, tamper_test.cc
#ifndef SCRUTINY_LEDGER_NOTE_TLOG_PROOF_H_
#define SCRUTINY_LEDGER_NOTE_TLOG_PROOF_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include "ledger/base/ids.h"
#include "ledger/base/limits.h"
#include "ledger/format/hash.h"

namespace scrutiny::ledger {

// A whole proof file: its note and as much again.
inline constexpr size_t kTlogProofBytesMax = 2 * kMiB;
// The longest path there is, in a tree of 2^64-1 leaves.
inline constexpr size_t kInclusionHashesMax = 64;

struct TlogProof {
  // Bytes of an application's own, which nothing vouches for. Empty is the same as none.
  absl::optional<std::string> extra;
  Sequence index;
  std::vector<Hash> path;  // the leaf's sibling first
  std::string checkpoint;  // the signed note, as it was published

  friend bool operator==(const TlogProof&, const TlogProof&) = default;
};

absl::StatusOr<TlogProof> ParseTlogProof(absl::string_view bytes);
// `proof.checkpoint` must be a signed checkpoint, `proof.path` within its limit.
std::string Format(const TlogProof& proof);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_NOTE_TLOG_PROOF_H_
