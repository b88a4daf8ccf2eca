// ledger/note/checkpoint.h
// Checkpoints: what a log says of itself, that its tree of this size has this root.
//
// Guarantees:  Format is the exact inverse of ParseCheckpoint. OpenCheckpoint returns only what a
//              key of the log itself signed.
// Threads:     pure functions.
// Errors:      kMalformed; those of ParseNote and VerifyNote.
// Format:      C2SP tlog-checkpoint v1.0.0: origin, size, base64 root, each a line, then what a
//              log of another kind may add. Our own checkpoints add nothing.
// Tests:       tests/ledger/note/checkpoint_test.cc, tamper_test.cc
#ifndef SCRUTINY_LEDGER_NOTE_CHECKPOINT_H_
#define SCRUTINY_LEDGER_NOTE_CHECKPOINT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "ledger/base/ids.h"
#include "ledger/format/hash.h"
#include "ledger/note/signed_note.h"

namespace scrutiny::ledger {

struct Checkpoint {
  std::string origin;  // which log, as it names itself: one line, not empty
  TreeSize size;
  Hash root{};
  // Lines behind the root, none empty, without their newlines. They are signed and mean nothing
  // here; they are kept because a cosigner must sign the text as it is.
  std::vector<std::string> extensions = {};

  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// Takes the text of a note, without signatures.
absl::StatusOr<Checkpoint> ParseCheckpoint(absl::string_view text);
std::string Format(const Checkpoint& checkpoint);

// Parses a signed checkpoint and verifies it. At least one of `log_keys` must be of type 01, bear
// the origin as its name and have signed; other known keys may be among them, such as witnesses',
// and are verified too. `verified`, where given, gets all that were.
absl::StatusOr<Checkpoint> OpenCheckpoint(absl::string_view note,
                                          absl::Span<const VerifierKey> log_keys,
                                          std::vector<VerifiedSignature>* verified = nullptr);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_NOTE_CHECKPOINT_H_
