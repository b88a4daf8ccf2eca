// ledger/checkpoint/fork_guard.h
// Whether the ledger at hand continues what was signed before. One that is older than its
// checkpoints, or differs from them, must not be served under the same name: going on would sign
// two histories.
//
// Threads:  thread-safe, as the tree is.
// Errors:   FAILED_PRECONDITION with kCorrupt where it does not, and what can be done; those of
//           reading the tree.
// Tests:    tests/ledger/checkpoint/fork_guard_test.cc
#ifndef SCRUTINY_LEDGER_CHECKPOINT_FORK_GUARD_H_
#define SCRUTINY_LEDGER_CHECKPOINT_FORK_GUARD_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "ledger/append/tree.h"
#include "ledger/note/checkpoint.h"

namespace scrutiny::ledger {

// `known` must have been verified. `known_to`: who knows of the checkpoint, for the sentence: "its
// checkpoint log in DIR".
absl::Status CheckContinues(Tree& tree, const Checkpoint& known, absl::string_view known_to);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_CHECKPOINT_FORK_GUARD_H_
