// `scrutiny sessions`
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/register_command.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

using register_::v1::ListSessionsRequest;
using register_::v1::SessionRow;

std::string SampleCell(const SessionRow& row) {
  if (row.sample_size() == 0) return "";
  std::string text = absl::StrCat(row.sample_size());
  if (row.sample_population() > 0) absl::StrAppend(&text, " of ", row.sample_population());
  if (!row.sample_method().empty()) absl::StrAppend(&text, ", ", row.sample_method());
  return text;
}

std::vector<Column<SessionRow>> Columns() {
  using event::v1::SessionKind_Name;
  using event::v1::SessionOutcome_Name;
  return {
      {"Scheme", "scheme", [](const SessionRow& row, bool) { return row.scheme(); }, Place::kGroup},
      {"Date", "date",
       [](const SessionRow& row, bool words) { return DateCell(row.date(), words); }},
      {"Kind", "kind",
       [](const SessionRow& row, bool) {
         return EnumInWords("SessionKind", SessionKind_Name(row.kind()));
       }},
      {"Outcome", "outcome",
       [](const SessionRow& row, bool) {
         return EnumInWords("SessionOutcome", SessionOutcome_Name(row.outcome()));
       }},
      {"Site", "site", [](const SessionRow& row, bool) { return row.site(); }},
      {"Sample", "sample", [](const SessionRow& row, bool) { return SampleCell(row); }},
      {"Note", "note", [](const SessionRow& row, bool) { return row.note(); }},
      {"Record", "session", [](const SessionRow& row, bool) { return row.session(); },
       Place::kBelow},
      {"", "remarks", [](const SessionRow& row, bool) { return RemarksCell(row.meta()); }},
      {"", "entries", [](const SessionRow& row, bool) { return EntriesCell(row.meta()); }},
  };
}

absl::Status Run(const Args& args, Context& context) {
  ListSessionsRequest request;
  SCRUTINY_RETURN_IF_ERROR(
      ReadRecordFlag(args, "scheme", "schemes", context.client, request.mutable_scheme()));
  return PrintRegister<ListSessionsRequest, SessionRow>(
      std::move(request), args, Columns(),
      [](const register_::v1::Basis&) { return "No session or visit is recorded."; }, context);
}

}  // namespace

Command SessionsCommand() {
  Command command{.name = "sessions",
                  .summary = "Sessions and visits of volunteer panels",
                  .group = kForEverybody,
                  .options = {{.name = "scheme", .help = "Of this scheme", .value = "SCHEME"}},
                  .run = Run};
  AddViewFlags(&command);
  return command;
}

}  // namespace scrutiny::tools
