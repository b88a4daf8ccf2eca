// `scrutiny meetings`
#include "absl/strings/str_replace.h"

#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/register_command.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

using register_::v1::ListMeetingsRequest;
using register_::v1::MeetingRow;

std::string NumberCell(uint32_t n, bool words) { return n == 0 && words ? "" : absl::StrCat(n); }

std::string StateCell(const MeetingRow& row) {
  const std::string state =
      EnumInWords("MeetingState", register_::v1::MeetingState_Name(row.state()));
  return state.empty() ? "cited only" : state;
}

std::vector<Column<MeetingRow>> Columns() {
  return {
      {"Date", "date",
       [](const MeetingRow& row, bool words) {
         return row.date().empty() && words ? "not known" : DateCell(row.date(), words);
       }},
      {"Start", "start", [](const MeetingRow& row, bool) { return row.start(); }},
      {"Forum", "forum_name",
       [](const MeetingRow& row, bool) {
         const std::string name = row.forum_name().empty() ? row.forum() : row.forum_name();
         return row.sort().empty() ? name : absl::StrCat(name, ", ", row.sort());
       }},
      {"Theme", "theme", [](const MeetingRow& row, bool) { return row.theme(); }},
      {"State", "state", [](const MeetingRow& row, bool) { return StateCell(row); }},
      {"Items", "items",
       [](const MeetingRow& row, bool words) { return NumberCell(row.items(), words); }},
      {"Resolutions", "resolutions",
       [](const MeetingRow& row, bool words) { return NumberCell(row.resolutions(), words); }},
      {"Attended", "attended",
       [](const MeetingRow& row, bool words) { return NumberCell(row.attended(), words); }},
      {"Minutes", "minutes",
       [](const MeetingRow& row, bool words) {
         return words ? absl::StrReplaceAll(row.minutes(), {{"meetings/", ""}}) : row.minutes();
       }},
      {"Record", "meeting", [](const MeetingRow& row, bool) { return row.meeting(); },
       Place::kBelow},
      {"", "forum", [](const MeetingRow& row, bool) { return row.forum(); }},
      {"", "finish", [](const MeetingRow& row, bool) { return row.finish(); }},
      {"", "place", [](const MeetingRow& row, bool) { return row.place(); }},
      {"", "apologies", [](const MeetingRow& row, bool) { return absl::StrCat(row.apologies()); }},
      {"", "next_meeting", [](const MeetingRow& row, bool) { return row.next_meeting(); }},
      {"", "remarks", [](const MeetingRow& row, bool) { return RemarksCell(row.meta()); }},
      {"", "entries", [](const MeetingRow& row, bool) { return EntriesCell(row.meta()); }},
  };
}

absl::Status Run(const Args& args, Context& context) {
  ListMeetingsRequest request;
  uint32_t year = 0;
  SCRUTINY_RETURN_IF_ERROR(ReadNumberFlag(args, "year", &year));
  request.set_year(year);
  SCRUTINY_RETURN_IF_ERROR(
      ReadRecordFlag(args, "forum", "forums", context.client, request.mutable_forum()));
  return PrintRegister<ListMeetingsRequest, MeetingRow>(
      std::move(request), args, Columns(),
      [](const register_::v1::Basis&) { return "No such meeting is recorded."; }, context);
}

}  // namespace

Command MeetingsCommand() {
  Command command{.name = "meetings",
                  .summary = "Meetings held, scheduled or cited",
                  .group = kForEverybody,
                  .options =
                      {
                          {.name = "forum", .help = "Of this forum", .value = "FORUM"},
                          {.name = "year", .help = "Of this year", .value = "YEAR"},
                      },
                  .run = Run};
  AddViewFlags(&command);
  return command;
}

}  // namespace scrutiny::tools
