// `scrutiny assurance`
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/register_command.h"
#include "tools/support/describe.h"
#include "tools/support/field_path.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

using register_::v1::AssuranceRow;
using register_::v1::ListAssuranceRequest;

std::string OutcomeCell(const AssuranceRow& row) {
  std::string text =
      EnumInWords("AssuranceOutcome", register_::v1::AssuranceOutcome_Name(row.outcome()));
  if (row.direct()) absl::StrAppend(&text, " (direct)");
  return text;
}

std::string WhyCell(const AssuranceRow& row) {
  std::string text =
      Joined(row.conditions(), "; ", [](const std::string& condition) { return condition; });
  if (!row.reason().empty()) absl::StrAppend(&text, text.empty() ? "" : "; ", row.reason());
  if (row.evidence_conflict()) {
    absl::StrAppend(&text, text.empty() ? "" : "; ", "its evidence contradicts itself");
  }
  return text;
}

std::vector<Column<AssuranceRow>> Columns() {
  return {
      {"Meeting", "meeting_date",
       [](const AssuranceRow& row, bool words) { return DateCell(row.meeting_date(), words); },
       Place::kGroup},
      {"Item", "item",
       [](const AssuranceRow& row, bool words) {
         return words && !row.item_printed().empty() ? row.item_printed() : row.item();
       }},
      {"Area", "area", [](const AssuranceRow& row, bool) { return row.area(); }},
      {"Outcome", "outcome", [](const AssuranceRow& row, bool) { return OutcomeCell(row); }},
      {"Sought", "sought",
       [](const AssuranceRow& row, bool words) -> std::string {
         return row.sought() ? "yes" : (words ? "" : "no");
       }},
      {"Conditions or reason", "why", [](const AssuranceRow& row, bool) { return WhyCell(row); }},
      {"Whose", "decider", [](const AssuranceRow& row, bool) { return InWords(row.decider()); }},
      {"Priorities", "priorities",
       [](const AssuranceRow& row, bool) {
         return Joined(row.priorities(), ", ", [](const auto& ref) { return ref.number(); });
       }},
      {"", "meeting", [](const AssuranceRow& row, bool) { return row.meeting(); }},
      {"", "key", [](const AssuranceRow& row, bool) { return row.key(); }},
      {"", "follows_meeting", [](const AssuranceRow& row, bool) { return row.follows_meeting(); }},
      {"", "follows", [](const AssuranceRow& row, bool) { return row.follows(); }},
      {"", "remarks", [](const AssuranceRow& row, bool) { return RemarksCell(row.meta()); }},
      {"", "entries", [](const AssuranceRow& row, bool) { return EntriesCell(row.meta()); }},
  };
}

absl::Status Run(const Args& args, Context& context) {
  ListAssuranceRequest request;
  uint32_t priority = 0;
  SCRUTINY_RETURN_IF_ERROR(ReadNumberFlag(args, "priority", &priority));
  request.set_priority(priority);
  request.set_plan_version(args.Get("plan"));
  if (args.Has("outcome")) {
    SCRUTINY_ASSIGN_OR_RETURN(
        const int outcome,
        ReadEnum(register_::v1::AssuranceOutcome_descriptor(), args.Get("outcome")));
    request.set_outcome(static_cast<register_::v1::AssuranceOutcome>(outcome));
  }
  SCRUTINY_RETURN_IF_ERROR(
      ReadRecordFlag(args, "forum", "forums", context.client, request.mutable_forum()));
  SCRUTINY_RETURN_IF_ERROR(
      ReadRecordFlag(args, "meeting", "meetings", context.client, request.mutable_meeting()));
  return PrintRegister<ListAssuranceRequest, AssuranceRow>(
      std::move(request), args, Columns(),
      [](const register_::v1::Basis&) { return "No such assurance is recorded."; }, context);
}

}  // namespace

Command AssuranceCommand() {
  Command command{
      .name = "assurance",
      .summary = "Assurance sought and what became of it",
      .group = kForEverybody,
      .details =
          "Examples:\n"
          "  scrutiny assurance --priority 2 --outcome gained\n"
          "  scrutiny assurance map",
      .options =
          {
              {.name = "forum", .help = "At meetings of this forum", .value = "FORUM"},
              {.name = "meeting", .help = "At this meeting", .value = "MEETING"},
              {.name = "priority", .help = "On this plan priority", .value = "N"},
              {.name = "plan", .help = "… of this version of a plan", .value = "PLAN@VERSION"},
              {.name = "outcome",
               .help = "With this outcome",
               .value = "OUTCOME",
               .choices = EnumChoices(register_::v1::AssuranceOutcome_descriptor())},
          },
      .run = Run};
  AddViewFlags(&command);
  command.commands.push_back(AssuranceMapCommand());
  return command;
}

}  // namespace scrutiny::tools
