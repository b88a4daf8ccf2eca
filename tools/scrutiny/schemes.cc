// `scrutiny schemes`
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/register_command.h"

namespace scrutiny::tools {
namespace {

using register_::v1::ListSchemesRequest;
using register_::v1::SchemeRow;

std::vector<Column<SchemeRow>> Columns() {
  return {
      {"Scheme", "name", [](const SchemeRow& row, bool) { return row.name(); }},
      {"Looks at", "looks_at", [](const SchemeRow& row, bool) { return row.looks_at(); }},
      {"For", "purpose", [](const SchemeRow& row, bool) { return row.purpose(); }},
      {"Unit", "unit", [](const SchemeRow& row, bool) { return row.unit(); }},
      {"Ended", "ended",
       [](const SchemeRow& row, bool words) -> std::string {
         return row.ended() ? "yes" : (words ? "" : "no");
       }},
      {"Record", "scheme", [](const SchemeRow& row, bool) { return row.scheme(); }, Place::kBelow},
      {"", "entries", [](const SchemeRow& row, bool) { return EntriesCell(row.meta()); }},
  };
}

absl::Status Run(const Args& args, Context& context) {
  return PrintRegister<ListSchemesRequest, SchemeRow>(
      ListSchemesRequest(), args, Columns(),
      [](const register_::v1::Basis&) { return "No scheme is recorded."; }, context);
}

}  // namespace

Command SchemesCommand() {
  Command command{
      .name = "schemes", .summary = "Volunteer schemes", .group = kForEverybody, .run = Run};
  AddViewFlags(&command);
  return command;
}

}  // namespace scrutiny::tools
