// ledger/verify/signed_checkpoint.h
// A checkpoint that is believed: signed by the log, and by as many witnesses as are asked for.
//
// Threads:     pure functions.
// Errors:      kMalformed, kOverLimit; kCorrupt where a known key's signature is wrong; kNotFound
//              where no known key, or too few witnesses, signed. Each says what to do.
// Tests:       tests/ledger/verify/signed_checkpoint_test.cc
#ifndef SCRUTINY_LEDGER_VERIFY_SIGNED_CHECKPOINT_H_
#define SCRUTINY_LEDGER_VERIFY_SIGNED_CHECKPOINT_H_

#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "ledger/note/checkpoint.h"
#include "ledger/note/signed_note.h"
#include "ledger/note/vkey.h"

namespace scrutiny::ledger {

// Whom the checker believes. It takes no key from the log itself.
struct Trust {
  std::vector<VerifierKey> log_keys;      // type 01; any one of them suffices
  std::vector<VerifierKey> witness_keys;  // type 04
  size_t witnesses_required = 0;          // how many of them must have cosigned
};

struct SignedCheckpoint {
  Checkpoint checkpoint;
  std::vector<VerifiedSignature> signatures;  // of the log and of known witnesses
};

// Refuses a trust that no checkpoint can meet: no log key, keys of the wrong type, one key
// under two names, more witnesses required than there are keys.
absl::Status CheckTrust(const Trust& trust);

absl::StatusOr<SignedCheckpoint> OpenSignedCheckpoint(absl::string_view note, const Trust& trust);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_VERIFY_SIGNED_CHECKPOINT_H_
