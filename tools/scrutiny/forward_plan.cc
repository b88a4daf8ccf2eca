// `scrutiny forward-plan`
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/register_command.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

using register_::v1::ListForwardPlanRequest;
using register_::v1::PlanItemRow;

// `20 May 2019`, or `8 Jul 2019 or 23 Sep 2019` where the plan leaves it open.
std::string MeetingCell(const PlanItemRow& row, bool words) {
  std::string text;
  for (int i = 0; i < row.meetings_size(); ++i) {
    const std::string date = i < row.meeting_dates_size() ? row.meeting_dates(i) : "";
    absl::StrAppend(&text, text.empty() ? "" : " or ",
                    date.empty() ? row.meetings(i) : DateCell(date, words));
  }
  return text;
}

std::string StateCell(const PlanItemRow& row, bool words) {
  std::string text = EnumInWords("PlanItemState", register_::v1::PlanItemState_Name(row.state()));
  if (!words) return text;
  if (!row.taken_item().empty()) absl::StrAppend(&text, ", item ", row.taken_item());
  if (!row.reason().empty()) absl::StrAppend(&text, ": ", row.reason());
  return text;
}

std::vector<Column<PlanItemRow>> Columns() {
  return {
      {"Meeting", "meeting_dates", MeetingCell, Place::kGroup},
      {"Theme", "themes",
       [](const PlanItemRow& row, bool) {
         return Joined(row.themes(), " or ", [](const std::string& theme) { return theme; });
       },
       Place::kGroup},
      {"Item", "title", [](const PlanItemRow& row, bool) { return row.title(); }},
      {"Owner", "owner",
       [](const PlanItemRow& row, bool) { return row.has_owner() ? OwnerCell(row.owner()) : ""; }},
      {"State", "state", StateCell},
      {"Uncertain", "uncertain", [](const PlanItemRow& row, bool) { return row.uncertain(); }},
      {"Record", "plan_item", [](const PlanItemRow& row, bool) { return row.plan_item(); },
       Place::kBelow},
      {"", "forum", [](const PlanItemRow& row, bool) { return row.forum(); }},
      {"", "meetings",
       [](const PlanItemRow& row, bool) {
         return Joined(row.meetings(), " ", [](const std::string& meeting) { return meeting; });
       }},
      {"", "certain", [](const PlanItemRow& row, bool) { return row.certain() ? "yes" : "no"; }},
      {"", "reason", [](const PlanItemRow& row, bool) { return row.reason(); }},
      {"", "taken_at", [](const PlanItemRow& row, bool) { return row.taken_at(); }},
      {"", "taken_item", [](const PlanItemRow& row, bool) { return row.taken_item(); }},
      {"", "placed_at", [](const PlanItemRow& row, bool) { return row.placed_at(); }},
      {"", "placed_item", [](const PlanItemRow& row, bool) { return row.placed_item(); }},
      {"", "recurrence", [](const PlanItemRow& row, bool) { return row.recurrence(); }},
      {"", "slipped_from", [](const PlanItemRow& row, bool) { return row.slipped_from(); }},
      {"", "forecast", [](const PlanItemRow& row, bool) { return row.forecast() ? "yes" : "no"; }},
      {"", "remarks", [](const PlanItemRow& row, bool) { return RemarksCell(row.meta()); }},
      {"", "entries", [](const PlanItemRow& row, bool) { return EntriesCell(row.meta()); }},
  };
}

absl::Status Run(const Args& args, Context& context) {
  ListForwardPlanRequest request;
  request.set_open_only(args.Has("open"));
  SCRUTINY_RETURN_IF_ERROR(
      ReadRecordFlag(args, "forum", "forums", context.client, request.mutable_forum()));
  SCRUTINY_RETURN_IF_ERROR(
      ReadRecordFlag(args, "meeting", "meetings", context.client, request.mutable_meeting()));
  return PrintRegister<ListForwardPlanRequest, PlanItemRow>(
      std::move(request), args, Columns(),
      [](const register_::v1::Basis&) { return "Nothing is planned."; }, context);
}

}  // namespace

Command ForwardPlanCommand() {
  Command command{.name = "forward-plan",
                  .summary = "What is planned for which meeting",
                  .group = kForEverybody,
                  .details = "Example:\n  scrutiny forward-plan --meeting meetings/spab/2019-05-20",
                  .options =
                      {
                          {.name = "forum", .help = "The plan of this forum", .value = "FORUM"},
                          {.name = "meeting",
                           .help = "Planned for this meeting, certainly or possibly",
                           .value = "MEETING"},
                          {.name = "open",
                           .help = "Leave out what was taken or dropped",
                           .kind = Option::Kind::kSwitch},
                      },
                  .run = Run};
  AddViewFlags(&command);
  return command;
}

}  // namespace scrutiny::tools
