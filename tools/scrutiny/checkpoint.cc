// `scrutiny checkpoint` and `scrutiny consistency OLD_SIZE [NEW_SIZE]`: that the ledger of today
// continues that of yesterday.
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/merkle/proof.h"
#include "ledger/merkle/tree_hash.h"
#include "ledger/note/base64.h"
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/proofs.h"
#include "tools/support/output_file.h"

namespace scrutiny::tools {
namespace {

using ledger::Error;
using ledger::Reason;
using ledger::TreeSize;

absl::Status PrintCheckpoint(const Args& args, Context& context) {
  SCRUTINY_ASSIGN_OR_RETURN(const auto response,
                            context.client.Call(ledger::v1::GetCheckpointRequest()));
  SCRUTINY_RETURN_IF_ERROR(ReadCheckpoint(response.checkpoint()).status());
  return PutOut(args, response.checkpoint(), context);
}

absl::StatusOr<TreeSize> ReadSize(const Args& args, absl::string_view name) {
  SCRUTINY_ASSIGN_OR_RETURN(const uint64_t size, ReadNumber(args.Get(name), name));
  return TreeSize(size);
}

// The newest checkpoint is smaller than what was asked for.
absl::Status NotThereYet(TreeSize old_size) {
  return Error(Reason::kBeyondHead,
               absl::StrCat("no checkpoint of ", old_size.value(), " entries or more is there yet"))
      .Value(absl::StrCat(old_size.value()))
      .Next(
          "Try again when the ledger has grown; `scrutiny checkpoint` shows how far it is signed.");
}

// A ledger begins with the empty one, whatever it holds: there is nothing to follow, only that
// nothing else was sent.
absl::Status VerifyFromNone(absl::Span<const ledger::Hash> path, const ledger::Hash& old_root) {
  if (path.empty() && old_root == ledger::EmptyRoot()) return absl::OkStatus();
  return absl::DataLossError("from no entries, the proof is empty and so is the root's tree");
}

absl::Status PrintConsistency(const Args& args, Context& context) {
  ledger::v1::GetConsistencyRequest request;
  SCRUTINY_ASSIGN_OR_RETURN(const TreeSize old_size, ReadSize(args, "OLD_SIZE"));
  request.set_old_size(old_size.value());
  if (args.Has("NEW_SIZE")) {
    SCRUTINY_ASSIGN_OR_RETURN(const TreeSize new_size, ReadSize(args, "NEW_SIZE"));
    if (new_size < old_size) return UsageError("NEW_SIZE is less than OLD_SIZE");
    request.set_new_size(new_size.value());
  }
  const auto answer = context.client.Call(request);
  if (absl::IsOutOfRange(answer.status()) && !args.Has("NEW_SIZE")) return NotThereYet(old_size);
  SCRUTINY_ASSIGN_OR_RETURN(const auto response, answer);
  if (response.old_size() != old_size.value() ||
      (args.Has("NEW_SIZE") && response.new_size() != request.new_size())) {
    return Error(Reason::kCorrupt, "the server sent a proof of other sizes");
  }
  SCRUTINY_ASSIGN_OR_RETURN(const auto old_root, ReadHash(response.old_root()));
  SCRUTINY_ASSIGN_OR_RETURN(const auto new_root, ReadHash(response.new_root()));
  SCRUTINY_ASSIGN_OR_RETURN(const auto path, ReadHashes(response.consistency_path()));
  const absl::Status holds =
      old_size == TreeSize(0) ? VerifyFromNone(path, old_root)
                              : ledger::VerifyConsistency(old_size, TreeSize(response.new_size()),
                                                          path, old_root, new_root);
  if (!holds.ok()) {
    return Error(Reason::kCorrupt,
                 absl::StrCat("the server's proof that the ledger of ", response.new_size(),
                              " entries continues that of ", response.old_size(),
                              " does not hold: ", holds.message()));
  }
  std::string lines;
  for (const std::string& hash : response.consistency_path()) {
    absl::StrAppend(&lines, ledger::EncodeBase64(hash), "\n");
  }
  return PutOut(args, lines, context);
}

}  // namespace

Command CheckpointCommand() {
  return {.name = "checkpoint",
          .summary = "The newest signed checkpoint: how many entries there are, and their root",
          .group = kForAuditors,
          .details =
              "Printed as it was signed (C2SP tlog-checkpoint), with the witnesses' signatures\n"
              "there are. Kept, it shows later that nothing before it was changed.\n"
              "Example:\n"
              "  scrutiny checkpoint --out 2026-11.checkpoint",
          .options = {OutOption("The checkpoint")},
          .run = PrintCheckpoint};
}

Command ConsistencyCommand() {
  return {
      .name = "consistency",
      .summary = "The proof that the ledger of one size begins with that of a smaller one",
      .group = kForAuditors,
      .details =
          "The hashes of the path (RFC 6962), one a line in base64, as witnesses take them.\n"
          "A size is the number of entries, the second line of a checkpoint. For the same\n"
          "size twice, or from none, nothing is printed: there is nothing to prove.\n"
          "Example:\n"
          "  scrutiny consistency 1000 1200 --out 1000-1200.path\n"
          "  scrutiny-verify consistency 1000.checkpoint 1200.checkpoint --proof 1000-1200.path "
          "\\\n"
          "    --vkey \"$(scrutiny key)\"",
      .options = {{.name = "OLD_SIZE",
                   .help = "Entries of the older ledger",
                   .kind = Option::Kind::kArgument,
                   .value = "",
                   .required = true},
                  {.name = "NEW_SIZE",
                   .help = "Entries of the newer one; those of the newest checkpoint if not "
                           "given",
                   .kind = Option::Kind::kArgument,
                   .value = ""},
                  OutOption("The path")},
      .run = PrintConsistency};
}

}  // namespace scrutiny::tools
