#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "projections/board/meetings.h"
#include "projections/queries/all_registers.h"
#include "projections/queries/item_joins.h"
#include "projections/queries/meeting_joins.h"
#include "projections/queries/queries.h"
#include "projections/queries/scope.h"

namespace scrutiny::projections {
namespace {

using register_::v1::AgendaItemRow;
using register_::v1::AttendanceRow;
using register_::v1::GetMeetingRequest;
using register_::v1::GetMeetingResponse;

// Orders the people of a meeting: those present, then apologies, each as recorded.
std::pair<bool, uint64_t> PlaceOf(const AttendanceRow& row) {
  return {row.apology(), row.meta().entries_size() > 0 ? row.meta().entries(0) : 0};
}

class MeetingQuery {
 public:
  MeetingQuery(Scope& scope, const std::string& meeting)
      : scope_(scope), meeting_(meeting), items_(scope, meeting) {}

  absl::StatusOr<GetMeetingResponse> Run() {
    GetMeetingResponse response;
    response.mutable_meeting()->set_meeting(meeting_);
    bool known = false;
    SCRUTINY_RETURN_IF_ERROR(
        ForRows(scope_.reader(kMeetings), scope_.view(), Only(meeting_),
                [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                  if (absl::StartsWith(key, kItemPrefix)) {
                    AgendaItemRow row;
                    SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
                    items_.Add(std::move(row));
                    return absl::OkStatus();
                  }
                  if (!key.empty()) return TakeOther(record, key, bytes, response);
                  known = true;
                  return ParseRow(record, bytes, response.mutable_meeting());
                }));
    if (!known) scope_.AddNote("In this view nothing is known of the meeting.");
    SCRUTINY_RETURN_IF_ERROR(JoinMeeting(scope_, *response.mutable_meeting()));
    SCRUTINY_RETURN_IF_ERROR(items_.Join());
    SCRUTINY_RETURN_IF_ERROR(Finish(response));
    return response;
  }

 private:
  static absl::optional<std::vector<std::string>> Only(const std::string& record) {
    return absl::optional<std::vector<std::string>>(absl::in_place, 1, record);
  }

  // People and notes, which go with the first page.
  absl::Status TakeOther(absl::string_view record, absl::string_view key, absl::string_view bytes,
                         GetMeetingResponse& response) {
    if (!scope_.is_first_page() || absl::StartsWith(key, kMinutesPrefix)) return absl::OkStatus();
    AttendanceRow row;
    SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
    SCRUTINY_ASSIGN_OR_RETURN(const std::string shown_as,
                              ShownAs(scope_, row.person(), row.post()));
    if (absl::StartsWith(key, kNotePrefix)) {
      response.add_notes(shown_as.empty() ? row.reason()
                                          : absl::StrCat(shown_as, ": ", row.reason()));
      return absl::OkStatus();
    }
    row.set_shown_as(shown_as);
    people_.push_back(std::move(row));
    return absl::OkStatus();
  }

  absl::Status Finish(GetMeetingResponse& response) {
    auto page = scope_.NewPage<AgendaItemRow>();
    for (auto& [item, row] : items_.items()) {
      std::string place = SortKey().Number(row.order()).Text(item).Take();
      page.Add(std::move(place), std::move(row));
    }
    response.set_next_page_token(scope_.TokenAfter(page.MoveTo(response.mutable_items())));
    std::sort(people_.begin(), people_.end(), [](const AttendanceRow& a, const AttendanceRow& b) {
      return PlaceOf(a) < PlaceOf(b);
    });
    for (AttendanceRow& row : people_) *response.add_attendance() = std::move(row);
    *response.mutable_basis() = scope_.basis();
    return absl::OkStatus();
  }

  Scope& scope_;
  const std::string meeting_;
  ItemJoins items_;
  std::vector<AttendanceRow> people_;
};

}  // namespace

absl::StatusOr<GetMeetingResponse> QueryMeeting(Engine& engine, const GetMeetingRequest& request,
                                                const QueryContext& context) {
  std::vector<absl::string_view> draws_on = ItemRegisters();
  draws_on.push_back(kPeople);
  SCRUTINY_ASSIGN_OR_RETURN(
      const std::unique_ptr<Scope> scope,
      Scope::Open(engine, {"GetMeeting", draws_on, &request.view(), &request.page(), &request},
                  context));
  SCRUTINY_ASSIGN_OR_RETURN(const std::string meeting,
                            scope->calendar().MeetingNamed(request.meeting(), "meeting"));
  return MeetingQuery(*scope, meeting).Run();
}

}  // namespace scrutiny::projections
