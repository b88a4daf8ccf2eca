// `scrutiny explain RECORD`
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "ledger/base/status.h"
#include "ledger/format/entry_codec.h"
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/register_command.h"
#include "tools/support/describe.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

using register_::v1::ExplainedEntry;
using register_::v1::ExplainRecordRequest;
using register_::v1::ExplainRecordResponse;

std::string PartCell(const ExplainedEntry& entry) {
  const std::string other = entry.has_other() ? absl::StrCat("entry ", entry.other()) : "";
  switch (entry.part()) {
    case register_::v1::ENTRY_PART_COUNTS:
      return "counts";
    case register_::v1::ENTRY_PART_CORRECTED:
      return absl::StrCat("corrected by ", other);
    case register_::v1::ENTRY_PART_CORRECTS:
      return absl::StrCat("counts in place of ", other);
    case register_::v1::ENTRY_PART_REPLACED:
      return absl::StrCat("a correction of ", other, " that no longer counts");
    case register_::v1::ENTRY_PART_WITHDRAWN:
      return absl::StrCat("withdrawn by ", other);
    case register_::v1::ENTRY_PART_WITHDRAWS:
      return absl::StrCat("withdraws ", other);
    case register_::v1::ENTRY_PART_NOT_YET_TRUE:
      return "not yet on that day";
    case register_::v1::ENTRY_PART_NOT_KNOWN:
      return "not before the forum by then";
    default:
      return "";
  }
}

std::string WhoCell(const event::v1::Principal& principal) {
  return principal.office().empty() ? principal.id()
                                    : absl::StrCat(principal.id(), " for ", principal.office());
}

// `papers/003 12G §1.5, printed`.
std::string SourceCell(const event::v1::Source& source) {
  std::string text = source.paper();
  if (!source.item().empty()) absl::StrAppend(&text, ", item ", source.item());
  if (!source.paragraph().empty()) absl::StrAppend(&text, ", ", source.paragraph());
  const std::string basis = EnumInWords("Basis", event::v1::Basis_Name(source.basis()));
  if (!basis.empty()) absl::StrAppend(&text, ", ", basis);
  if (!source.note().empty()) absl::StrAppend(&text, " (", source.note(), ")");
  return text;
}

// An entry in a few lines: what, when, who, from where, and whether it is proved.
absl::Status TellEntry(const ExplainedEntry& explained, bool proved, Context& context) {
  SCRUTINY_ASSIGN_OR_RETURN(const event::v1::Entry entry, ledger::ParseEntry(explained.entry()));
  const event::v1::Proposed& proposed = entry.proposed();
  const event::v1::Assigned& assigned = entry.assigned();
  context.out << "Entry " << explained.sequence() << ": " << Describe(proposed) << "\n"
              << "  " << Capitalised(PartCell(explained)) << ". "
              << Capitalised(InWords(proposed.occurred())) << "; recorded "
              << MomentInWords(assigned.recorded_at_us()) << " by " << WhoCell(assigned.principal())
              << ".\n";
  for (const event::v1::Source& source : proposed.sources()) {
    context.out << "  Source: " << SourceCell(source) << ".\n";
  }
  for (const event::v1::RecordedDespite& despite : proposed.recorded_despite()) {
    context.out << "  Recorded despite the rule " << despite.rule() << ": " << despite.reason()
                << "\n";
  }
  context.out << "  "
              << (proved ? "Proved under the checkpoint below."
                         : "Not proved: no checkpoint covers it.")
              << "\n";
  return absl::OkStatus();
}

void TellRows(const ExplainRecordResponse& response, Context& context) {
  for (const register_::v1::ExplainedRow& row : response.rows()) {
    context.out << "In the register " << row.register_()
                << (row.key().empty() ? "" : absl::StrCat(", row ", row.key())) << ":\n  "
                << row.row() << "\n";
  }
  if (response.rows().empty()) context.out << "No row of it is shown in this view.\n";
  context.out << "\n";
}

absl::Status Run(const Args& args, Context& context) {
  ExplainRecordRequest request;
  SCRUTINY_ASSIGN_OR_RETURN(
      *request.mutable_record(),
      ResolveName(context.client, absl::StrJoin(args.All("RECORD"), " "), ""));
  request.set_register_(args.Get("register"));
  SCRUTINY_ASSIGN_OR_RETURN(*request.mutable_view(), ReadView(args, context.client));
  SCRUTINY_RETURN_IF_ERROR(WaitForHead(context.client, request.mutable_view()));
  const bool json = FormatOf(args) == Format::kJson;
  if (FormatOf(args) == Format::kCsv) return UsageError("explain has no CSV; take --format json");
  request.mutable_view()->set_with_proofs(true);
  request.mutable_page()->set_size(kProvedRowsMax);
  bool first = true;
  std::string footer;
  std::string checkpoint;
  if (json) context.out << "[";
  do {
    auto response = CallLevel(context.client, &request);
    if (absl::IsUnavailable(response.status()) && request.view().with_proofs()) {
      request.mutable_view()->set_with_proofs(false);
      response = CallLevel(context.client, &request);
    }
    SCRUTINY_RETURN_IF_ERROR(response.status());
    SCRUTINY_RETURN_IF_ERROR(CheckProofs(response->basis().proofs()));
    if (json) {
      context.out << (first ? "\n" : ",\n") << ToJson(*response);
    } else {
      if (first) {
        context.out << request.record() << ": "
                    << Count(response->entry_count(), "entry", "entries") << "\n\n";
        TellRows(*response, context);
      }
      for (const ExplainedEntry& entry : response->entries()) {
        SCRUTINY_RETURN_IF_ERROR(TellEntry(entry, request.view().with_proofs(), context));
      }
    }
    first = false;
    footer = BasisInWords(response->basis());
    if (!response->basis().proofs().checkpoint().empty()) {
      checkpoint = response->basis().proofs().checkpoint();
    }
    request.mutable_page()->set_token(response->next_page_token());
  } while (!request.page().token().empty());
  if (json) {
    context.out << "\n]\n";
    return absl::OkStatus();
  }
  if (!checkpoint.empty()) {
    SCRUTINY_ASSIGN_OR_RETURN(const ledger::Checkpoint signed_head, ReadCheckpoint(checkpoint));
    context.out << "\nThe proofs lead to the checkpoint of "
                << Count(signed_head.size.value(), "entry", "entries") << " of "
                << signed_head.origin << ". To check one without this server:\n"
                << "  scrutiny receipt SEQUENCE --out FILE, then scrutiny-verify proof\n";
  }
  context.out << footer << "\n";
  return absl::OkStatus();
}

}  // namespace

Command ExplainCommand() {
  Command command{
      .name = "explain",
      .summary = "What made a row: its entries, their papers and their proofs",
      .group = kForAuditors,
      .details =
          "Every entry behind the record in order: what it says, whether it counts, was\n"
          "corrected or withdrawn, who recorded it and when, from which paper and\n"
          "paragraph, printed or inferred, and whether it is proved.\n"
          "Examples:\n"
          "  scrutiny explain actions/spab/stop-hate\n"
          "  scrutiny explain decision 2019/13 --true-on 2019-03-18",
      .options = {{.name = "RECORD",
                   .help = "A record's name, its number, or a name it goes by",
                   .kind = Option::Kind::kArguments,
                   .value = "",
                   .required = true},
                  {.name = "register",
                   .help = "Only its rows in this register",
                   .value = "REGISTER"}},
      .run = Run};
  AddViewFlags(&command);
  return command;
}

}  // namespace scrutiny::tools
