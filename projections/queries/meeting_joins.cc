#include "projections/queries/meeting_joins.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "projections/board/meetings.h"
#include "projections/queries/all_registers.h"
#include "scrutiny/register/v1/people.pb.h"

namespace scrutiny::projections {
namespace {

// `noted at meetings/…; approved at meetings/…`, in the order of those meetings' records.
absl::StatusOr<std::string> MinutesOf(const Scope& scope, const std::string& meeting) {
  const Reader& reader = scope.reader(kMeetings);
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> where,
                            reader.Indexed("minutes_of", meeting));
  std::vector<std::string> words;
  SCRUTINY_RETURN_IF_ERROR(
      ForRows(reader, scope.view(), absl::make_optional(where),
              [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                if (!absl::StartsWith(key, kMinutesPrefix)) return absl::OkStatus();
                register_::v1::ActionStep step;
                SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &step));
                if (step.meeting() == meeting)
                  words.push_back(absl::StrCat(step.what(), " at ", record));
                return absl::OkStatus();
              }));
  return absl::StrJoin(words, "; ");
}

}  // namespace

absl::optional<ledger::Day> LastDayOf(const std::string& date) {
  const absl::StatusOr<ledger::PartialDate> parsed = ledger::PartialDate::Parse(date);
  if (!parsed.ok()) return absl::nullopt;
  return parsed->LastDay();
}

absl::StatusOr<std::string> ShownAs(Scope& scope, const std::string& person,
                                    const std::string& post) {
  if (person.empty()) return post;
  register_::v1::PersonRow row;
  SCRUTINY_RETURN_IF_ERROR(
      ForRows(scope.reader(kPeople), scope.reference(),
              absl::optional<std::vector<std::string>>(absl::in_place, 1, person),
              [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                if (!key.empty()) return absl::OkStatus();
                return ParseRow(record, bytes, &row);
              }));
  if (!row.name().empty()) return row.name();
  if (!post.empty()) return post;
  return row.shown_as().empty() ? person : row.shown_as();
}

absl::Status JoinMeeting(Scope& scope, register_::v1::MeetingRow& row) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::string name,
                            scope.calendar().ForumName(row.forum(), LastDayOf(row.date())));
  row.set_forum_name(name);
  uint32_t resolutions = 0;
  SCRUTINY_RETURN_IF_ERROR(
      scope.reader(kResolutions)
          .RowsOf(row.meeting(), scope.view(),
                  [&](absl::string_view, absl::string_view, absl::string_view) {
                    ++resolutions;
                    return true;
                  }));
  row.set_resolutions(resolutions);
  SCRUTINY_ASSIGN_OR_RETURN(const std::string minutes, MinutesOf(scope, row.meeting()));
  row.set_minutes(minutes);
  return absl::OkStatus();
}

}  // namespace scrutiny::projections
