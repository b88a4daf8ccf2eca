#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "projections/queries/all_registers.h"
#include "projections/queries/queries.h"
#include "projections/queries/scope.h"

namespace scrutiny::projections {
namespace {

using register_::v1::AssuranceRow;
using register_::v1::ListAssuranceRequest;
using register_::v1::ListAssuranceResponse;
using register_::v1::ListResolutionsRequest;
using register_::v1::ListResolutionsResponse;
using register_::v1::ResolutionRow;

// What the filters of both queries have in common, made out.
class MeetingFilter {
 public:
  template <typename Request>
  static absl::StatusOr<MeetingFilter> From(const Request& request, Calendar& calendar) {
    MeetingFilter filter;
    if (!request.forum().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(filter.forum_, calendar.ForumNamed(request.forum(), "forum"));
    }
    if (!request.meeting().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(filter.meeting_,
                                calendar.MeetingNamed(request.meeting(), "meeting"));
    }
    filter.priority_ = request.priority();
    if (request.plan_version().empty()) return filter;
    const size_t at = request.plan_version().find('@');
    if (at == std::string::npos) {
      return ledger::Error(ledger::Reason::kMalformed,
                           "A plan version is written as its plan, @ and its key: "
                           "plans/2016-21@2018.")
          .Field("plan_version")
          .Value(request.plan_version());
    }
    filter.plan_ = request.plan_version().substr(0, at);
    filter.version_ = request.plan_version().substr(at + 1);
    return filter;
  }

  // The meetings among which to look, if the filters narrow them down.
  absl::StatusOr<absl::optional<std::vector<std::string>>> Candidates(const Reader& reader,
                                                                      Calendar& calendar) const {
    std::vector<std::string> meetings;
    if (!meeting_.empty()) {
      meetings.push_back(meeting_);
    } else if (!forum_.empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(meetings, calendar.MeetingsOf(forum_));
    } else if (priority_ != 0) {
      SCRUTINY_ASSIGN_OR_RETURN(meetings, reader.Indexed("priority", absl::StrCat(priority_)));
    } else {
      return absl::optional<std::vector<std::string>>();
    }
    return absl::make_optional(std::move(meetings));
  }

  template <typename Row>
  bool Takes(const Row& row) const {
    if (!plan_.empty() &&
        (row.plan_version().plan() != plan_ || row.plan_version().version() != version_)) {
      return false;
    }
    if (priority_ == 0) return true;
    for (const event::v1::PriorityRef& priority : row.priorities()) {
      if (priority.number() == priority_) return true;
    }
    return false;
  }

 private:
  std::string forum_;
  std::string meeting_;
  uint32_t priority_ = 0;
  std::string plan_;
  std::string version_;
};

// By the meeting's date, then in the order of the agenda; fills in what both rows are joined with.
template <typename Row>
absl::Status Offer(Calendar& calendar, Row row, const ItemInfo& item, PageRows<Row>& page) {
  SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo meeting, calendar.Meeting(row.meeting()));
  row.set_meeting_date(meeting.date);
  row.set_item_printed(item.number_printed);
  const std::string day = meeting.day.has_value() ? meeting.day->ToString() : std::string();
  std::string key = SortKey()
                        .Date(day)
                        .Text(row.meeting())
                        .Number(item.order)
                        .Text(row.item())
                        .Text(row.key())
                        .Take();
  page.Add(std::move(key), std::move(row));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ListResolutionsResponse> QueryResolutions(Engine& engine,
                                                         const ListResolutionsRequest& request,
                                                         const QueryContext& context) {
  if (!request.item().empty() && request.meeting().empty()) {
    return ledger::Error(ledger::Reason::kMalformed,
                         "An agenda item is one of a meeting; name the meeting as well.")
        .Field("meeting");
  }
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<Scope> scope,
                            Scope::Open(engine,
                                        {"ListResolutions",
                                         {kResolutions, kMeetings, kForums, kKnowledge},
                                         &request.view(),
                                         &request.page(),
                                         &request},
                                        context));
  Calendar& calendar = scope->calendar();
  const Reader& reader = scope->reader(kResolutions);
  SCRUTINY_ASSIGN_OR_RETURN(const MeetingFilter filter, MeetingFilter::From(request, calendar));
  SCRUTINY_ASSIGN_OR_RETURN(const auto candidates, filter.Candidates(reader, calendar));
  auto page = scope->NewPage<ResolutionRow>();
  SCRUTINY_RETURN_IF_ERROR(ForRows(
      reader, scope->view(), candidates,
      [&](absl::string_view record, absl::string_view, absl::string_view bytes) {
        ResolutionRow row;
        SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
        const bool other_item = !request.item().empty() && row.item() != request.item();
        if (other_item || !filter.Takes(row)) return absl::OkStatus();
        SCRUTINY_ASSIGN_OR_RETURN(const ItemInfo item, calendar.Item(row.meeting(), row.item()));
        row.set_item_title(item.title);
        return Offer(calendar, std::move(row), item, page);
      }));
  ListResolutionsResponse response;
  response.set_next_page_token(scope->TokenAfter(page.MoveTo(response.mutable_rows())));
  *response.mutable_basis() = scope->basis();
  return response;
}

absl::StatusOr<ListAssuranceResponse> QueryAssurance(Engine& engine,
                                                     const ListAssuranceRequest& request,
                                                     const QueryContext& context) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<Scope> scope,
                            Scope::Open(engine,
                                        {"ListAssurance",
                                         {kAssurance, kMeetings, kForums, kKnowledge},
                                         &request.view(),
                                         &request.page(),
                                         &request},
                                        context));
  Calendar& calendar = scope->calendar();
  const Reader& reader = scope->reader(kAssurance);
  SCRUTINY_ASSIGN_OR_RETURN(const MeetingFilter filter, MeetingFilter::From(request, calendar));
  SCRUTINY_ASSIGN_OR_RETURN(const auto candidates, filter.Candidates(reader, calendar));
  auto page = scope->NewPage<AssuranceRow>();
  SCRUTINY_RETURN_IF_ERROR(ForRows(
      reader, scope->view(), candidates,
      [&](absl::string_view record, absl::string_view, absl::string_view bytes) {
        AssuranceRow row;
        SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
        const bool other_outcome = request.outcome() != 0 && row.outcome() != request.outcome();
        if (other_outcome || !filter.Takes(row)) return absl::OkStatus();
        SCRUTINY_ASSIGN_OR_RETURN(const ItemInfo item, calendar.Item(row.meeting(), row.item()));
        return Offer(calendar, std::move(row), item, page);
      }));
  ListAssuranceResponse response;
  response.set_next_page_token(scope->TokenAfter(page.MoveTo(response.mutable_rows())));
  *response.mutable_basis() = scope->basis();
  return response;
}

}  // namespace scrutiny::projections
