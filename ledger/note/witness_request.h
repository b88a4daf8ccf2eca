// ledger/note/witness_request.h
// What a log sends a witness: the size the witness last cosigned, the proof that the new tree only
// adds to it, and the new checkpoint.
//
// Guarantees:  Format is the exact inverse of ParseAddCheckpoint. A parsed request's checkpoint is
//              a well-formed signed checkpoint; neither it nor the proof is verified.
// Threads:     pure functions.
// Errors:      kMalformed, kOverLimit.
// Limits:      kAddCheckpointBytesMax, kConsistencyHashesMax.
// Format:      C2SP tlog-witness v1.0.0, body of add-checkpoint.
// Tests:       tests/ledger/note/witness_request_test.cc
#ifndef SCRUTINY_LEDGER_NOTE_WITNESS_REQUEST_H_
#define SCRUTINY_LEDGER_NOTE_WITNESS_REQUEST_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "ledger/base/ids.h"
#include "ledger/format/hash.h"
#include "ledger/note/signed_note.h"

namespace scrutiny::ledger {

// Hashes of one consistency proof: the protocol's own bound.
inline constexpr size_t kConsistencyHashesMax = 63;
// The note, and room for 63 lines of a hash and the size.
inline constexpr size_t kAddCheckpointBytesMax = kNoteBytesMax + 4 * kKiB;

struct AddCheckpoint {
  TreeSize old_size;
  std::vector<Hash> proof;
  std::string checkpoint;  // the signed note

  friend bool operator==(const AddCheckpoint&, const AddCheckpoint&) = default;
};

absl::StatusOr<AddCheckpoint> ParseAddCheckpoint(absl::string_view body);
// `request.checkpoint` must be a signed checkpoint, `request.proof` within its limit.
std::string Format(const AddCheckpoint& request);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_NOTE_WITNESS_REQUEST_H_
