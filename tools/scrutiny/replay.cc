// `scrutiny replay`
#include "absl/strings/str_cat.h"

#include "ledger/base/status.h"
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/entry_printer.h"
#include "tools/scrutiny/view_flags.h"

namespace scrutiny::tools {
namespace {

absl::Status Run(const Args& args, Context& context) {
  ledger::v1::ReadRequest request;
  if (args.Has("from")) {
    SCRUTINY_ASSIGN_OR_RETURN(const uint64_t from, ReadSequence(args.Get("from"), "--from"));
    request.set_from_sequence(from);
  }
  if (args.Has("to")) {
    SCRUTINY_ASSIGN_OR_RETURN(const uint64_t to, ReadSequence(args.Get("to"), "--to"));
    request.set_to_sequence(to);
  }
  if (args.Has("limit")) {
    SCRUTINY_ASSIGN_OR_RETURN(const uint64_t limit, ReadSequence(args.Get("limit"), "--limit"));
    request.set_limit(limit);
  }
  SCRUTINY_ASSIGN_OR_RETURN(*request.mutable_filter(), ReadFilter(args));
  SCRUTINY_ASSIGN_OR_RETURN(const bool with_proofs, WantsProofs(args));
  request.set_with_proofs(with_proofs);
  request.set_direction(args.Has("reverse") ? ledger::v1::DIRECTION_BACKWARDS
                                            : ledger::v1::DIRECTION_FORWARDS);
  EntryPrinter printer(FormatOf(args), context);
  const absl::Status status =
      context.client.Read(request, [&](const ledger::v1::ReadResponse& batch) {
        return with_proofs ? printer.PrintProved(batch) : printer.PrintAll(batch.entries());
      });
  SCRUTINY_RETURN_IF_ERROR(status);
  printer.Finish("There is no such entry.");
  return absl::OkStatus();
}

}  // namespace

Command ReplayCommand() {
  Command command{
      .name = "replay",
      .summary = "The entries themselves, in the order in which they were recorded",
      .group = kForAuditors,
      .details =
          "Examples:\n"
          "  scrutiny replay --from 0 --to 20\n"
          "  scrutiny replay --record actions/spab --type ActionCompleted --format json\n"
          "With --with-proofs it ends at the newest signed checkpoint; each row then has the\n"
          "entry's bytes (`stored`, base64) and the proof that they are under it (`proofs`).",
      .options =
          {
              {.name = "from", .help = "First entry; 0 if not given", .value = "SEQ"},
              {.name = "to", .help = "Last entry; the newest if not given", .value = "SEQ"},
          },
      .run = Run};
  for (Option& option : FilterOptions()) command.options.push_back(std::move(option));
  command.options.push_back(
      {.name = "reverse", .help = "The newest first", .kind = Option::Kind::kSwitch});
  command.options.push_back({.name = "limit", .help = "At most so many", .value = "N"});
  command.options.push_back(WithProofsOption());
  command.options.push_back(FormatOption({"table", "json", "jsonl", "csv"}));
  return command;
}

}  // namespace scrutiny::tools
