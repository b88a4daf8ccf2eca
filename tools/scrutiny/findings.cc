// `scrutiny findings`
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/register_command.h"
#include "tools/support/field_path.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

using register_::v1::FindingRow;
using register_::v1::ListFindingsRequest;

std::string StateCell(const FindingRow& row) {
  std::string text = EnumInWords("FindingState", register_::v1::FindingState_Name(row.state()));
  if (row.response_overdue()) absl::StrAppend(&text, ", overdue");
  return text;
}

std::string ResponseCell(const FindingRow& row, bool words) {
  return Joined(
      row.responses(), words ? "\n" : "; ", [&](const register_::v1::FindingResponse& response) {
        const std::string stance =
            EnumInWords("ResponseStance", event::v1::ResponseStance_Name(response.stance()));
        return absl::StrCat(DateCell(response.date(), words), response.date().empty() ? "" : ": ",
                            response.text(), stance.empty() ? "" : absl::StrCat(" (", stance, ")"));
      });
}

std::vector<Column<FindingRow>> Columns() {
  using event::v1::FindingGrade_Name;
  using event::v1::PanelView_Name;
  return {
      {"Scheme", "scheme_name",
       [](const FindingRow& row, bool) {
         return row.scheme_name().empty() ? row.scheme() : row.scheme_name();
       },
       Place::kGroup},
      {"Date", "date",
       [](const FindingRow& row, bool words) { return DateCell(row.date(), words); }},
      {"Finding", "title", [](const FindingRow& row, bool) { return row.title(); }},
      {"Grade", "grade",
       [](const FindingRow& row, bool) {
         return EnumInWords("FindingGrade", FindingGrade_Name(row.grade()));
       }},
      {"State", "state", [](const FindingRow& row, bool) { return StateCell(row); }},
      {"Due", "response_due",
       [](const FindingRow& row, bool words) { return DateCell(row.response_due(), words); }},
      {"Response", "responses", ResponseCell},
      {"Panel's view", "panel_view",
       [](const FindingRow& row, bool) {
         return EnumInWords("PanelView", PanelView_Name(row.panel_view()));
       }},
      {"Outcome", "outcome", [](const FindingRow& row, bool) { return row.outcome(); }},
      {"Record", "finding", [](const FindingRow& row, bool) { return row.finding(); },
       Place::kBelow},
      {"", "scheme", [](const FindingRow& row, bool) { return row.scheme(); }},
      {"", "session", [](const FindingRow& row, bool) { return row.session(); }},
      {"", "observation", [](const FindingRow& row, bool) { return row.observation(); }},
      {"", "case_reference", [](const FindingRow& row, bool) { return row.case_reference(); }},
      {"", "remarks", [](const FindingRow& row, bool) { return RemarksCell(row.meta()); }},
      {"", "entries", [](const FindingRow& row, bool) { return EntriesCell(row.meta()); }},
  };
}

absl::Status Run(const Args& args, Context& context) {
  ListFindingsRequest request;
  if (args.Has("state")) {
    SCRUTINY_ASSIGN_OR_RETURN(
        const int state, ReadEnum(register_::v1::FindingState_descriptor(), args.Get("state")));
    request.set_state(static_cast<register_::v1::FindingState>(state));
  }
  SCRUTINY_RETURN_IF_ERROR(
      ReadRecordFlag(args, "scheme", "schemes", context.client, request.mutable_scheme()));
  return PrintRegister<ListFindingsRequest, FindingRow>(
      std::move(request), args, Columns(),
      [](const register_::v1::Basis&) { return "No such finding is recorded."; }, context);
}

}  // namespace

Command FindingsCommand() {
  Command command{.name = "findings",
                  .summary = "Findings of volunteer panels, with the force's responses",
                  .group = kForEverybody,
                  .options =
                      {
                          {.name = "scheme", .help = "Of this scheme", .value = "SCHEME"},
                          {.name = "state",
                           .help = "In this state",
                           .value = "STATE",
                           .choices = EnumChoices(register_::v1::FindingState_descriptor())},
                      },
                  .run = Run};
  AddViewFlags(&command);
  return command;
}

}  // namespace scrutiny::tools
