// ledger/verify/verify_proof.h
// Proofs as files: that one entry is in the ledger, and that a later ledger only adds to an earlier
// one. Each is checked from the files and the keys alone.
//
// Guarantees:  an entry that verifies is the one at that index of the tree that was signed, byte
//              for byte, says so itself, and is such as the check of a whole log would take.
// Threads:     pure functions, as thread-safe as their reader.
// Errors:      those of OpenSignedCheckpoint; kMalformed for a file that is no proof; kCorrupt
//              where nothing is proven. Each says what to do.
// Format:      C2SP tlog-proof, RFC 6962.   Tests: tests/ledger/verify/verify_proof_test.cc
#ifndef SCRUTINY_LEDGER_VERIFY_VERIFY_PROOF_H_
#define SCRUTINY_LEDGER_VERIFY_VERIFY_PROOF_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "ledger/base/ids.h"
#include "ledger/format/hash.h"
#include "ledger/verify/log_reader.h"
#include "ledger/verify/signed_checkpoint.h"

namespace scrutiny::ledger {

// An entry that is in the ledger.
struct ProvenEntry {
  SignedCheckpoint signed_by;
  Sequence index;
  std::string record;
  uint64_t revision = 0;
  uint32_t fact_type = 0;
  int64_t recorded_at_us = 0;
};

// `proof` is a tlog-proof file, `entry` the entry's bytes as stored.
absl::StatusOr<ProvenEntry> VerifyProof(absl::string_view proof, absl::string_view entry,
                                        const Trust& trust);

// That the tree of the newer checkpoint begins with that of the older. For equal sizes, and for an
// older one of no entries, the proof must be empty.
absl::Status VerifyCheckpoints(const Checkpoint& older, const Checkpoint& newer,
                               absl::Span<const Hash> proof);

// A consistency proof as a file: one hash in base64 a line.
absl::StatusOr<std::vector<Hash>> ParseConsistencyProof(absl::string_view text);

// The proof, made from the tiles of a log that has grown to the newer size or beyond. It proves
// nothing until it is verified.
absl::StatusOr<std::vector<Hash>> ConsistencyFromLog(LogReader& log, TreeSize older,
                                                     TreeSize newer);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_VERIFY_VERIFY_PROOF_H_
