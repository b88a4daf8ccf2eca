// ledger/note/proof_lines.h
// What a proof file and a witness's request have in common: lines of hashes, an empty line, a
// signed checkpoint as it was published.
//
// Guarantees:  AppendProofTail is the exact inverse of ParseProofTail.
// Threads:     pure functions.
// Errors:      kMalformed, kOverLimit; those of ParseNote and ParseCheckpoint.
// Tests:       tests/ledger/note/tlog_proof_test.cc, witness_request_test.cc
#ifndef SCRUTINY_LEDGER_NOTE_PROOF_LINES_H_
#define SCRUTINY_LEDGER_NOTE_PROOF_LINES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "ledger/format/hash.h"

namespace scrutiny::ledger {

struct ProofTail {
  std::vector<Hash> hashes;
  std::string checkpoint;
};

// Takes all of the bytes.
absl::StatusOr<ProofTail> ParseProofTail(absl::string_view bytes, size_t hashes_max);
void AppendProofTail(absl::Span<const Hash> hashes, absl::string_view checkpoint, size_t hashes_max,
                     std::string* out);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_NOTE_PROOF_LINES_H_
