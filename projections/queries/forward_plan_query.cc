#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "projections/queries/all_registers.h"
#include "projections/queries/queries.h"
#include "projections/queries/scope.h"

namespace scrutiny::projections {
namespace {

using register_::v1::ListForwardPlanRequest;
using register_::v1::ListForwardPlanResponse;
using register_::v1::PlanItemRow;

// Adds what the meetings say to a planned item.
absl::Status JoinMeetings(Calendar& calendar, PlanItemRow& row) {
  for (const std::string& meeting : row.meetings()) {
    SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo info, calendar.Meeting(meeting));
    row.add_meeting_dates(info.date);
    row.add_themes(info.theme);
  }
  return absl::OkStatus();
}

bool IsOpen(const PlanItemRow& row) {
  return row.state() == register_::v1::PLAN_ITEM_STATE_PLANNED ||
         row.state() == register_::v1::PLAN_ITEM_STATE_MOVED;
}

bool IsPlannedFor(const PlanItemRow& row, const std::string& meeting) {
  for (const std::string& planned : row.meetings()) {
    if (planned == meeting) return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<ListForwardPlanResponse> QueryForwardPlan(Engine& engine,
                                                         const ListForwardPlanRequest& request,
                                                         const QueryContext& context) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<Scope> scope,
                            Scope::Open(engine,
                                        {"ListForwardPlan",
                                         {kForwardPlan, kMeetings, kForums, kKnowledge},
                                         &request.view(),
                                         &request.page(),
                                         &request},
                                        context));
  Calendar& calendar = scope->calendar();
  std::string forum;
  std::string meeting;
  if (!request.forum().empty()) {
    SCRUTINY_ASSIGN_OR_RETURN(forum, calendar.ForumNamed(request.forum(), "forum"));
  }
  if (!request.meeting().empty()) {
    SCRUTINY_ASSIGN_OR_RETURN(meeting, calendar.MeetingNamed(request.meeting(), "meeting"));
  }
  auto page = scope->NewPage<PlanItemRow>();
  SCRUTINY_RETURN_IF_ERROR(ForRows(
      scope->reader(kForwardPlan), scope->view(), absl::nullopt,
      [&](absl::string_view record, absl::string_view key_of_row, absl::string_view bytes) {
        if (!key_of_row.empty()) return absl::OkStatus();
        PlanItemRow row;
        SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
        if ((!forum.empty() && row.forum() != forum) ||
            (!meeting.empty() && !IsPlannedFor(row, meeting)) ||
            (request.open_only() && !IsOpen(row))) {
          return absl::OkStatus();
        }
        SCRUTINY_RETURN_IF_ERROR(JoinMeetings(calendar, row));
        std::string key = SortKey()
                              .Text(row.forum())
                              .Date(row.meeting_dates_size() > 0 ? row.meeting_dates(0) : "")
                              .Number(row.order())
                              .Text(row.plan_item())
                              .Take();
        page.Add(std::move(key), std::move(row));
        return absl::OkStatus();
      }));
  ListForwardPlanResponse response;
  response.set_next_page_token(scope->TokenAfter(page.MoveTo(response.mutable_rows())));
  *response.mutable_basis() = scope->basis();
  return response;
}

}  // namespace scrutiny::projections
