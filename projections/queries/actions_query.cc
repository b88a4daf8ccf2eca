#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "ledger/format/alias.h"
#include "projections/queries/all_registers.h"
#include "projections/queries/queries.h"
#include "projections/queries/scope.h"
#include "scrutiny/event/v1/agenda.pb.h"

namespace scrutiny::projections {
namespace {

using ledger::Day;
using register_::v1::ActionRow;
using register_::v1::ListActionsRequest;

bool WasCompleted(const ActionRow& row) {
  if (row.state() == register_::v1::ACTION_STATE_COMPLETED) return true;
  if (row.state() != register_::v1::ACTION_STATE_CLOSED) return false;
  bool completed = false;
  for (const register_::v1::ActionStep& step : row.steps()) {
    completed = step.what() == "completed" || (completed && step.what() != "reopened");
  }
  return completed;
}

// What a meeting's printed review of actions left out.
class ReviewGap {
 public:
  static absl::StatusOr<ReviewGap> Of(Scope& scope, const std::string& text) {
    ReviewGap gap;
    SCRUTINY_ASSIGN_OR_RETURN(gap.meeting_, scope.calendar().MeetingNamed(text, "not_on_review"));
    SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo info, scope.calendar().Meeting(gap.meeting_));
    if (!info.day.has_value()) {
      return ledger::Error(ledger::Reason::kMalformed,
                           absl::StrCat(gap.meeting_, " has no date, so nothing can be said to ",
                                        "have been raised before it."))
          .Field("not_on_review")
          .Record(gap.meeting_);
    }
    gap.day_ = *info.day;
    bool presented = false;
    const std::vector<std::string> one = {gap.meeting_};
    SCRUTINY_RETURN_IF_ERROR(
        ForRows(scope.reader(kReviews), scope.view(), one,
                [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                  presented = true;
                  if (std::count(key.begin(), key.end(), '/') < 2) return absl::OkStatus();
                  event::v1::ReviewLine line;
                  SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &line));
                  gap.listed_.insert(line.action());
                  return absl::OkStatus();
                }));
    if (!presented) {
      scope.AddNote(absl::StrCat("No review of actions is recorded for ", gap.meeting_, "."));
    }
    return gap;
  }

  // Raised before the meeting, not on its review, without an outcome by then.
  absl::StatusOr<bool> Holds(Scope& scope, const ActionRow& row,
                             const MeetingInfo& raised_at) const {
    if (listed_.contains(row.action()) || row.meeting() == meeting_) return false;
    const bool before = (!row.raised_on().empty() && row.raised_on() < day_.ToString()) ||
                        (raised_at.day.has_value() && *raised_at.day < day_);
    if (!before) return false;
    SCRUTINY_ASSIGN_OR_RETURN(const bool ended, EndedByThen(scope, row));
    return !ended;
  }

 private:
  // Whether an outcome had been reached by the day of the meeting, or at an unknown time.
  absl::StatusOr<bool> EndedByThen(Scope& scope, const ActionRow& row) const {
    const auto is_outcome = [](const register_::v1::ActionStep& step) {
      return step.what() == "completed" || step.what() == "closed" || step.what() == "withdrawn";
    };
    const bool has_outcome = std::any_of(row.steps().begin(), row.steps().end(), is_outcome);
    if (row.state() == register_::v1::ACTION_STATE_OPEN && !has_outcome) return false;
    if (row.state() != register_::v1::ACTION_STATE_OPEN) {
      for (const register_::v1::ActionStep& step : row.steps()) {
        if (is_outcome(step) && step.date().empty()) return true;
      }
    }
    ReadView then = scope.view();
    then.true_on = std::min(then.true_on, day_);
    bool ended = false;
    const std::vector<std::string> one = {row.action()};
    SCRUTINY_RETURN_IF_ERROR(
        ForRows(scope.reader(kActions), then, one,
                [&](absl::string_view record, absl::string_view, absl::string_view bytes) {
                  ActionRow then_row;
                  SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &then_row));
                  ended = then_row.state() != register_::v1::ACTION_STATE_OPEN;
                  return absl::OkStatus();
                }));
    return ended;
  }

  std::string meeting_;
  Day day_;
  absl::flat_hash_set<std::string> listed_;
};

class ActionsQuery {
 public:
  ActionsQuery(Scope& scope, const ListActionsRequest& request)
      : scope_(scope), request_(request), page_(scope.NewPage<ActionRow>()) {}

  absl::StatusOr<register_::v1::ListActionsResponse> Run() {
    owner_ = ledger::NormaliseAlias(request_.owner());
    if (!request_.forum().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(forum_, scope_.calendar().ForumNamed(request_.forum(), "forum"));
    }
    if (!request_.meeting().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(meeting_,
                                scope_.calendar().MeetingNamed(request_.meeting(), "meeting"));
    }
    if (!request_.not_on_review().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(ReviewGap gap, ReviewGap::Of(scope_, request_.not_on_review()));
      gap_ = std::make_unique<ReviewGap>(std::move(gap));
    }
    SCRUTINY_ASSIGN_OR_RETURN(const auto candidates, Candidates());
    SCRUTINY_RETURN_IF_ERROR(
        ForRows(scope_.reader(kActions), scope_.view(), candidates,
                [&](absl::string_view record, absl::string_view, absl::string_view bytes) {
                  ActionRow row;
                  SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
                  return Offer(std::move(row));
                }));
    register_::v1::ListActionsResponse response;
    response.set_next_page_token(scope_.TokenAfter(page_.MoveTo(response.mutable_rows())));
    *response.mutable_basis() = scope_.basis();
    return response;
  }

 private:
  // The actions among which to look, if the filters narrow them down.
  absl::StatusOr<absl::optional<std::vector<std::string>>> Candidates() {
    std::vector<std::string> meetings;
    if (!meeting_.empty()) {
      meetings.push_back(meeting_);
    } else if (!forum_.empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(meetings, scope_.calendar().MeetingsOf(forum_));
    } else {
      return absl::optional<std::vector<std::string>>();
    }
    absl::flat_hash_set<std::string> found;
    for (const std::string& meeting : meetings) {
      SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> actions,
                                scope_.reader(kActions).Indexed("meeting", meeting));
      found.insert(actions.begin(), actions.end());
    }
    return absl::optional<std::vector<std::string>>(absl::in_place, found.begin(), found.end());
  }

  absl::Status Offer(ActionRow row) {
    if (!meeting_.empty() && row.meeting() != meeting_) return absl::OkStatus();
    std::string key = SortKey().Date(row.raised_on()).Text(row.action()).Take();
    if (!page_.Wants(key) || !OwnerMatches(row)) return absl::OkStatus();
    MeetingInfo raised_at;
    if (!row.meeting().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(raised_at, scope_.calendar().Meeting(row.meeting()));
    }
    if (!forum_.empty() && raised_at.forum != forum_) return absl::OkStatus();
    row.set_meeting_date(raised_at.date);
    row.set_forum(raised_at.forum);
    SCRUTINY_RETURN_IF_ERROR(JudgeDue(row));
    bool listed = false;
    if (gap_ != nullptr) {
      SCRUTINY_ASSIGN_OR_RETURN(listed, gap_->Holds(scope_, row, raised_at));
    } else {
      listed = StateMatches(row);
    }
    if (listed) page_.Add(std::move(key), std::move(row));
    return absl::OkStatus();
  }

  absl::Status JudgeDue(ActionRow& row) {
    absl::optional<Day> due;
    if (!row.due_date().empty()) {
      const absl::StatusOr<ledger::PartialDate> date = ledger::PartialDate::Parse(row.due_date());
      if (date.ok()) due = date->LastDay();
    } else if (!row.due_meeting().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo meeting,
                                scope_.calendar().Meeting(row.due_meeting()));
      row.set_due_date(meeting.date);
      due = meeting.day;
    }
    row.set_overdue(row.state() == register_::v1::ACTION_STATE_OPEN && due.has_value() &&
                    *due < scope_.judged_on());
    return absl::OkStatus();
  }

  bool OwnerMatches(const ActionRow& row) const {
    if (owner_.empty()) return true;
    return std::any_of(
        row.owners().begin(), row.owners().end(), [&](const event::v1::Owner& owner) {
          for (const std::string* text :
               {&owner.post(), &owner.organisation(), &owner.person(), &owner.printed()}) {
            if (absl::StrContains(ledger::NormaliseAlias(*text), owner_)) return true;
          }
          return false;
        });
  }

  bool StateMatches(const ActionRow& row) const {
    switch (request_.state()) {
      case register_::v1::ACTION_FILTER_OVERDUE:
        return row.overdue();
      case register_::v1::ACTION_FILTER_COMPLETED:
        return WasCompleted(row);
      case register_::v1::ACTION_FILTER_CLOSED:
        return row.state() == register_::v1::ACTION_STATE_CLOSED;
      case register_::v1::ACTION_FILTER_ALL:
        return true;
      default:
        return row.state() == register_::v1::ACTION_STATE_OPEN;
    }
  }

  Scope& scope_;
  const ListActionsRequest& request_;
  PageRows<ActionRow> page_;
  std::string owner_;
  std::string forum_;
  std::string meeting_;
  std::unique_ptr<ReviewGap> gap_;  // set: what this review left out
};

}  // namespace

absl::StatusOr<register_::v1::ListActionsResponse> QueryActions(Engine& engine,
                                                                const ListActionsRequest& request,
                                                                const QueryContext& context) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<Scope> scope,
                            Scope::Open(engine,
                                        {"ListActions",
                                         {kActions, kMeetings, kForums, kReviews, kKnowledge},
                                         &request.view(),
                                         &request.page(),
                                         &request},
                                        context));
  return ActionsQuery(*scope, request).Run();
}

}  // namespace scrutiny::projections
