#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "projections/queries/all_registers.h"
#include "projections/queries/meeting_joins.h"
#include "projections/queries/queries.h"
#include "projections/queries/scope.h"

namespace scrutiny::projections {
namespace {

using register_::v1::ListMeetingsRequest;
using register_::v1::ListMeetingsResponse;
using register_::v1::MeetingRow;
using Candidates = absl::optional<std::vector<std::string>>;

}  // namespace

absl::StatusOr<ListMeetingsResponse> QueryMeetings(Engine& engine,
                                                   const ListMeetingsRequest& request,
                                                   const QueryContext& context) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<Scope> scope,
                            Scope::Open(engine,
                                        {"ListMeetings",
                                         {kMeetings, kForums, kResolutions, kKnowledge},
                                         &request.view(),
                                         &request.page(),
                                         &request},
                                        context));
  std::string forum;
  Candidates candidates;
  if (!request.forum().empty()) {
    SCRUTINY_ASSIGN_OR_RETURN(forum, scope->calendar().ForumNamed(request.forum(), "forum"));
    SCRUTINY_ASSIGN_OR_RETURN(candidates, scope->reader(kMeetings).Indexed("forum", forum));
  }
  const std::string year = absl::StrCat(request.year());
  auto page = scope->NewPage<MeetingRow>();
  SCRUTINY_RETURN_IF_ERROR(
      ForRows(scope->reader(kMeetings), scope->view(), candidates,
              [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                if (!key.empty()) return absl::OkStatus();
                MeetingRow row;
                SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
                if ((!forum.empty() && row.forum() != forum) ||
                    (request.year() != 0 && row.date().substr(0, 4) != year)) {
                  return absl::OkStatus();
                }
                const auto day = LastDayOf(row.date());
                std::string place = SortKey()
                                        .Date(day.has_value() ? day->ToString() : std::string())
                                        .Text(row.meeting())
                                        .Take();
                if (!page.Wants(place)) return absl::OkStatus();
                SCRUTINY_RETURN_IF_ERROR(JoinMeeting(*scope, row));
                page.Add(std::move(place), std::move(row));
                return absl::OkStatus();
              }));
  ListMeetingsResponse response;
  response.set_next_page_token(scope->TokenAfter(page.MoveTo(response.mutable_rows())));
  *response.mutable_basis() = scope->basis();
  return response;
}

}  // namespace scrutiny::projections
