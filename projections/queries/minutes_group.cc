#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"

#include "projections/board/minute_actions.h"
#include "projections/board/minute_text.h"
#include "projections/board/minutes.h"
#include "projections/board/minutes_formats.h"
#include "projections/queries/all_registers.h"
#include "projections/queries/groups.h"
#include "projections/queries/list_query.h"
#include "projections/queries/minutes_joins.h"
#include "projections/queries/minutes_render.h"
#include "projections/queries/row_filter.h"
#include "scrutiny/register/v1/minutes.pb.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): every message of the
                                // service

namespace {

// The meetings that may have minutes: held by the day judged, or of whose minutes something is
// said, if only by another meeting.
absl::StatusOr<std::set<std::string>> MeetingsWithMinutes(Scope& scope) {
  std::set<std::string> meetings;
  SCRUTINY_RETURN_IF_ERROR(
      ForRows(scope.reader(kMinutes), scope.view(), absl::nullopt,
              [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                if (absl::StartsWith(key, kCorrectionPrefix)) return absl::OkStatus();
                MinutesRow row;
                SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
                meetings.insert(row.meeting());
                return absl::OkStatus();
              }));
  std::vector<std::string> all;
  SCRUTINY_RETURN_IF_ERROR(
      ForRows(scope.reader(kMeetings), scope.view(), absl::nullopt,
              [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                if (!key.empty()) return absl::OkStatus();
                MeetingRow row;
                SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
                if (row.state() != MEETING_STATE_CANCELLED) all.emplace_back(record);
                return absl::OkStatus();
              }));
  for (const std::string& meeting : all) {
    SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo info, scope.calendar().Meeting(meeting));
    if (info.day.has_value() && *info.day <= scope.judged_on()) meetings.insert(meeting);
  }
  return meetings;
}

absl::StatusOr<ListMinutesResponse> ListMinutes(Engine& engine, const ListMinutesRequest& request,
                                                const QueryContext& context) {
  static const auto& filter =
      *new RowFilter(*ListMinutesRequest::descriptor(), *MinutesRow::descriptor());
  SCRUTINY_RETURN_IF_ERROR(filter.Check(request));
  SCRUTINY_ASSIGN_OR_RETURN(
      const std::unique_ptr<Scope> scope,
      Scope::Open(engine,
                  {"ListMinutes",
                   {kMinutes, kMeetings, kForums, kMinutesFormats, kKnowledge},
                   &request.view(),
                   &request.page(),
                   &request},
                  context));
  ListMinutesRequest asked = request;
  if (!request.forum().empty()) {
    SCRUTINY_ASSIGN_OR_RETURN(*asked.mutable_forum(),
                              scope->calendar().ForumNamed(request.forum(), "forum"));
  }
  MinutesJoins joins(*scope);
  auto page = scope->NewPage<MinutesRow>();
  SCRUTINY_ASSIGN_OR_RETURN(const std::set<std::string> meetings, MeetingsWithMinutes(*scope));
  for (const std::string& meeting : meetings) {
    SCRUTINY_ASSIGN_OR_RETURN(MinutesJoins::Standing standing, joins.Of(meeting));
    if (!filter.Keeps(asked, standing.row)) continue;
    std::string place = SortKey().Date(standing.row.meeting_date()).Text(meeting).Take();
    page.Add(std::move(place), std::move(standing.row));
  }
  ListMinutesResponse response;
  response.set_next_page_token(scope->TokenAfter(page.MoveTo(response.mutable_rows())));
  *response.mutable_basis() = scope->basis();
  return response;
}

absl::Status FinishCorrection(Scope& scope, MinuteCorrectionRow* row) {
  SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo meeting, scope.calendar().Meeting(row->meeting()));
  row->set_forum(meeting.forum);
  return absl::OkStatus();
}

}  // namespace

std::vector<const Register*> MinutesRegisters() {
  return {&MinuteActionsRegister(), &MinuteTextRegister(), &MinutesFormatsRegister(),
          &MinutesRegister()};
}

std::vector<Query> MinutesQueries() {
  return {
      MakeQuery("ListMinutes", ListMinutes),
      ListOf<ListMinuteCorrectionsRequest, ListMinuteCorrectionsResponse, MinuteCorrectionRow>(
          "ListMinuteCorrections", MinutesRegister(), {}, FinishCorrection),
      MakeQuery("RenderMinutes", RenderMinutes),
  };
}

}  // namespace scrutiny::projections
