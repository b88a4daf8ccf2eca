// `scrutiny checkpoint` and `scrutiny consistency OLD_SIZE [NEW_SIZE]`: that the ledger of today
// continues that of yesterday.
#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/merkle/proof.h"
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

absl::Status PrintConsistency(const Args& args, Context& context) {
  ledger::v1::GetConsistencyRequest request;
  SCRUTINY_ASSIGN_OR_RETURN(const TreeSize old_size, ReadSize(args, "OLD_SIZE"));
  request.set_old_size(old_size.value());
  if (args.Has("NEW_SIZE")) {
    SCRUTINY_ASSIGN_OR_RETURN(const TreeSize new_size, ReadSize(args, "NEW_SIZE"));
    if (new_size < old_size) return UsageError("NEW_SIZE is less than OLD_SIZE");
    request.set_new_size(new_size.value());
  }
  SCRUTINY_ASSIGN_OR_RETURN(const auto response, context.client.Call(request));
  SCRUTINY_ASSIGN_OR_RETURN(const auto old_root, ReadHash(response.old_root()));
  SCRUTINY_ASSIGN_OR_RETURN(const auto new_root, ReadHash(response.new_root()));
  SCRUTINY_ASSIGN_OR_RETURN(const auto path, ReadHashes(response.consistency_path()));
  const absl::Status holds = ledger::VerifyConsistency(
      TreeSize(response.old_size()), TreeSize(response.new_size()), path, old_root, new_root);
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
