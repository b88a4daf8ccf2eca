#include "ledger/checkpoint/fork_guard.h"

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"

namespace scrutiny::ledger {
namespace {

constexpr char kHowToGoOn[] =
    "Recover what is missing: from a newer backup, or from a follower's or an exported bundle with "
    "--restore into a new folder. If it cannot be recovered, --new-incarnation goes on from here "
    "under a new origin, and says so in the ledger for ever.";

}  // namespace

absl::Status CheckContinues(Tree& tree, const Checkpoint& known, absl::string_view known_to) {
  const TreeSize size = tree.size();
  if (known.size > size) {
    return Error(absl::StatusCode::kFailedPrecondition, Reason::kCorrupt,
                 absl::StrCat("This ledger is older than what was signed: it has ", size.value(),
                              " entries, and ", known_to, " has a checkpoint of ",
                              known.size.value(), "."))
        .Value(known.size.ToString())
        .Next(kHowToGoOn);
  }
  SCRUTINY_ASSIGN_OR_RETURN(const Hash root, tree.Root(known.size));
  if (root == known.root) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, Reason::kCorrupt,
               absl::StrCat("This ledger is not the one that was signed: its first ",
                            known.size.value(), " entries are others than those of the checkpoint ",
                            "that ", known_to, " has. Somebody wrote another history."))
      .Value(known.size.ToString())
      .Next(kHowToGoOn);
}

}  // namespace scrutiny::ledger
