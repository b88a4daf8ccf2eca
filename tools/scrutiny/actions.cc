// `scrutiny actions`
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/register_command.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

using register_::v1::ActionRow;
using register_::v1::ListActionsRequest;

std::string StateCell(const ActionRow& row) {
  if (row.overdue()) return "overdue";
  return EnumInWords("ActionState", register_::v1::ActionState_Name(row.state()));
}

std::string DueCell(const ActionRow& row, bool words) {
  if (!row.due_date().empty()) return DateCell(row.due_date(), words);
  return !row.due_printed().empty() ? row.due_printed() : row.due_meeting();
}

std::string ProgressCell(const ActionRow& row, bool words) {
  if (!row.completed_on().empty() && words) {
    return absl::StrCat("Completed ", DateInWords(row.completed_on()),
                        row.progress().empty() ? "" : ". ", row.progress());
  }
  return row.progress();
}

std::vector<Column<ActionRow>> Columns() {
  return {
      {"Action", "title", [](const ActionRow& row, bool) { return row.title(); }},
      {"Owner", "owners",
       [](const ActionRow& row, bool) { return Joined(row.owners(), " and ", OwnerCell); }},
      {"Raised", "raised_on",
       [](const ActionRow& row, bool words) { return DateCell(row.raised_on(), words); }},
      {"Item", "item", [](const ActionRow& row, bool) { return row.item(); }},
      {"Due", "due", DueCell},
      {"State", "state", [](const ActionRow& row, bool) { return StateCell(row); }},
      {"Progress", "progress", ProgressCell},
      {"Record", "action", [](const ActionRow& row, bool) { return row.action(); }, Place::kBelow},
      {"", "meeting", [](const ActionRow& row, bool) { return row.meeting(); }},
      {"", "forum", [](const ActionRow& row, bool) { return row.forum(); }},
      {"", "due_printed", [](const ActionRow& row, bool) { return row.due_printed(); }},
      {"", "completed_on", [](const ActionRow& row, bool) { return row.completed_on(); }},
      {"", "closed_on", [](const ActionRow& row, bool) { return row.closed_on(); }},
      {"", "number", [](const ActionRow& row, bool) { return row.number(); }},
      {"", "remarks", [](const ActionRow& row, bool) { return RemarksCell(row.meta()); }},
      {"", "entries", [](const ActionRow& row, bool) { return EntriesCell(row.meta()); }},
  };
}

absl::Status Run(const Args& args, Context& context) {
  ListActionsRequest request;
  const std::string state = args.Has("state") ? args.Get("state") : "open";
  register_::v1::ActionFilter filter = register_::v1::ACTION_FILTER_OPEN;
  if (state == "overdue") filter = register_::v1::ACTION_FILTER_OVERDUE;
  if (state == "completed") filter = register_::v1::ACTION_FILTER_COMPLETED;
  if (state == "closed") filter = register_::v1::ACTION_FILTER_CLOSED;
  if (state == "all") filter = register_::v1::ACTION_FILTER_ALL;
  request.set_state(filter);
  request.set_owner(args.Get("owner"));
  SCRUTINY_RETURN_IF_ERROR(
      ReadRecordFlag(args, "forum", "forums", context.client, request.mutable_forum()));
  SCRUTINY_RETURN_IF_ERROR(
      ReadRecordFlag(args, "meeting", "meetings", context.client, request.mutable_meeting()));
  SCRUTINY_RETURN_IF_ERROR(ReadRecordFlag(args, "not-on-review", "meetings", context.client,
                                          request.mutable_not_on_review()));
  const bool review = args.Has("not-on-review");
  return PrintRegister<ListActionsRequest, ActionRow>(
      std::move(request), args, Columns(),
      [&](const register_::v1::Basis& basis) -> std::string {
        if (review) return "The review left no action out.";
        if (state == "all") return "There is no action.";
        if (state == "completed" || state == "closed")
          return absl::StrCat("No action is ", state, ".");
        return absl::StrCat("No action is ", state, " on ", DateInWords(basis.judged_on()), ".");
      },
      context);
}

}  // namespace

Command ActionsCommand() {
  Command command{
      .name = "actions",
      .summary = "The action tracker",
      .group = kForEverybody,
      .details =
          "Examples:\n"
          "  scrutiny actions --state overdue\n"
          "  scrutiny actions --state all --known-to forums/spab --on 2019-05-20\n"
          "  scrutiny actions --not-on-review meetings/spab/2019-05-20",
      .options =
          {
              {.name = "state",
               .help = "Which; open if not given",
               .value = "STATE",
               .choices = {"open", "overdue", "completed", "closed", "all"}},
              {.name = "forum", .help = "Raised by this forum", .value = "FORUM"},
              {.name = "meeting", .help = "Raised at this meeting", .value = "MEETING"},
              {.name = "owner", .help = "Whose owner's name contains this", .value = "TEXT"},
              {.name = "not-on-review",
               .help =
                   "What the review presented to this meeting left out with no outcome recorded",
               .value = "MEETING"},
          },
      .run = Run};
  AddViewFlags(&command);
  return command;
}

}  // namespace scrutiny::tools
