// Decisions that a meeting has still to hear of, and what is judged of each decision on a day.
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "projections/board/decisions.h"
#include "projections/inspections/office_settings.h"
#include "projections/queries/all_registers.h"
#include "projections/queries/document_queries.h"
#include "projections/queries/inspection_queries.h"
#include "projections/queries/list_query.h"
#include "projections/queries/meeting_joins.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using ledger::Day;

namespace {

bool IsTaken(const DecisionRow& row) {
  return row.state() != DECISION_STATE_PROPOSED && row.state() != DECISION_STATE_DROPPED;
}

// The last day on which the decision is published in time; none: nothing says.
absl::StatusOr<absl::optional<Day>> PublicationDue(Scope& scope, const DecisionRow& row) {
  absl::optional<Day> last;
  bool past = false;
  std::string date;
  SCRUTINY_RETURN_IF_ERROR(JudgeDue(scope, row.publish_by(), &date, &past));
  last = LastDayOf(date);
  if (last.has_value() || row.date_uncertain()) return last;
  const auto taken = Day::Parse(row.date());
  if (!taken.ok()) return last;
  SCRUTINY_ASSIGN_OR_RETURN(const uint32_t days, OfficeLimitDays(scope, kDecisionLimitKey));
  if (days > 0) last = *taken + static_cast<int32_t>(days);
  return last;
}

// A meeting of the forum with a known day.
struct Held {
  Day day;
  std::string date;
  std::string meeting;
  bool operator<(const Held& other) const {
    return day == other.day ? meeting < other.meeting : day < other.day;
  }
};

class ToReport {
 public:
  ToReport(Scope& scope, const ListDecisionsToReportRequest& request)
      : scope_(scope), request_(request), page_(scope.NewPage<DecisionToReportRow>()) {}

  absl::StatusOr<ListDecisionsToReportResponse> Run() {
    SCRUTINY_RETURN_IF_ERROR(ReadForum());
    SCRUTINY_RETURN_IF_ERROR(ReadMeetings());
    SCRUTINY_RETURN_IF_ERROR(
        ForDecisions(scope_, [this](DecisionRead& decision) { return Offer(decision); }));
    ListDecisionsToReportResponse response;
    response.set_meeting(meeting_);
    response.set_meeting_date(meeting_date_);
    if (before_ != nullptr) {
      response.set_meeting_before(before_->meeting);
      response.set_meeting_before_date(before_->date);
    }
    response.set_next_page_token(scope_.TokenAfter(page_.MoveTo(response.mutable_rows())));
    *response.mutable_basis() = scope_.basis();
    return response;
  }

 private:
  absl::Status ReadForum() {
    Calendar& calendar = scope_.calendar();
    if (!request_.meeting().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(meeting_, calendar.MeetingNamed(request_.meeting(), "meeting"));
      SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo info, calendar.Meeting(meeting_));
      if (!info.day.has_value()) {
        return ledger::Error(ledger::Reason::kMalformed,
                             absl::StrCat(meeting_, " has no date, so nothing can be said to ",
                                          "come before it."))
            .Field("meeting")
            .Record(meeting_);
      }
      forum_ = info.forum;
      day_ = *info.day;
      meeting_date_ = info.date;
    }
    if (request_.forum().empty()) {
      if (!forum_.empty()) return absl::OkStatus();
      return ledger::Error(ledger::Reason::kMalformed,
                           "Reported to whom? Name a forum, or a meeting of one.")
          .Field("forum");
    }
    SCRUTINY_ASSIGN_OR_RETURN(std::string named, calendar.ForumNamed(request_.forum(), "forum"));
    if (!meeting_.empty() && !forum_.empty() && named != forum_) {
      return ledger::Error(
                 ledger::Reason::kMalformed,
                 absl::StrCat(meeting_, " is a meeting of ", forum_, ", not of ", named, "."))
          .Field("meeting")
          .Record(meeting_);
    }
    forum_ = std::move(named);
    return absl::OkStatus();
  }

  // The forum's meetings, the one that is to hear of decisions, and the one before.
  absl::Status ReadMeetings() {
    Calendar& calendar = scope_.calendar();
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> meetings, calendar.MeetingsOf(forum_));
    for (const std::string& meeting : meetings) {
      SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo info, calendar.Meeting(meeting));
      if (info.cancelled || !info.day.has_value()) continue;
      held_.push_back({*info.day, info.date, meeting});
    }
    std::sort(held_.begin(), held_.end());
    if (meeting_.empty()) {
      for (const Held& held : held_) {
        if (held.day < scope_.judged_on()) continue;
        meeting_ = held.meeting;
        meeting_date_ = held.date;
        day_ = held.day;
        break;
      }
    }
    for (const Held& held : held_) {
      if (held.day < day_ && held.meeting != meeting_) before_ = &held;
    }
    if (meeting_.empty()) {
      scope_.AddNote(absl::StrCat("No meeting of ", forum_,
                                  " is scheduled on or after the day judged: everything taken ",
                                  "after its latest one is due at the next."));
    }
    return absl::OkStatus();
  }

  // Whether the forum took it itself by this meeting, or had heard of it before.
  absl::StatusOr<bool> IsKnown(const DecisionRow& row, DecisionToReportRow* out) {
    Calendar& calendar = scope_.calendar();
    if (!row.meeting().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo at, calendar.Meeting(row.meeting()));
      if (at.forum == forum_) return true;
      if (at.day.has_value() && *at.day > day_) return true;  // later than this meeting
      out->set_taken_at(row.meeting());
    }
    for (const DecisionReport& report : row.reports()) {
      if (!meeting_.empty() && report.meeting() == meeting_) {
        out->set_case_(REPORTING_CASE_REPORTED);
        out->set_reported_item(report.item());
        continue;
      }
      if (report.forum() != forum_) continue;
      SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo at, calendar.Meeting(report.meeting()));
      if (at.day.has_value() && *at.day < day_) return true;
    }
    return false;
  }

  ReportingCase CaseOf(const absl::optional<Day>& earliest, const absl::optional<Day>& last) const {
    const bool in_time = last.has_value() && *last <= day_;
    if (before_ == nullptr) return in_time ? REPORTING_CASE_DUE : REPORTING_CASE_UNDATED;
    if (last.has_value() && *last <= before_->day) return REPORTING_CASE_MISSED;
    const bool after = earliest.has_value() && *earliest > before_->day;
    return after && in_time ? REPORTING_CASE_DUE : REPORTING_CASE_UNDATED;
  }

  absl::Status Offer(const DecisionRead& decision) {
    const DecisionRow& row = decision.row;
    if (!IsTaken(row)) return absl::OkStatus();
    std::string place = SortKey().Date(row.date()).Text(row.decision()).Take();
    if (!page_.Wants(place)) return absl::OkStatus();
    const absl::optional<Day> last = LastDayOf(row.date());
    const auto first = ledger::PartialDate::Parse(decision.earliest);
    absl::optional<Day> earliest;
    if (first.ok()) earliest = first->FirstDay();
    if (earliest.has_value() && *earliest > day_) return absl::OkStatus();
    DecisionToReportRow out;
    SCRUTINY_ASSIGN_OR_RETURN(const bool known, IsKnown(row, &out));
    if (known) return absl::OkStatus();
    if (out.case_() != REPORTING_CASE_REPORTED) out.set_case_(CaseOf(earliest, last));
    const bool wanted = request_.case_() == REPORTING_CASE_UNSPECIFIED
                            ? out.case_() != REPORTING_CASE_REPORTED
                            : out.case_() == request_.case_();
    if (!wanted) return absl::OkStatus();
    if (last.has_value()) {
      for (const Held& held : held_) {
        if (held.day >= *last && held.day < day_ && held.meeting != meeting_) {
          out.add_missed(held.meeting);
        }
      }
    }
    out.set_decision(row.decision());
    if (row.has_number()) *out.mutable_number() = row.number();
    out.set_title(row.title());
    if (row.has_decider()) *out.mutable_decider() = row.decider();
    out.set_date(row.date());
    if (decision.earliest != row.date()) out.set_earliest(decision.earliest);
    *out.mutable_amounts() = row.amounts();
    out.set_summary(row.summary());
    out.set_published_at(row.published_at());
    *out.mutable_meta() = row.meta();
    page_.Add(std::move(place), std::move(out));
    return absl::OkStatus();
  }

  Scope& scope_;
  const ListDecisionsToReportRequest& request_;
  PageRows<DecisionToReportRow> page_;
  std::string forum_;
  std::string meeting_;  // empty: none is known
  std::string meeting_date_;
  Day day_ = Day::Max();
  std::vector<Held> held_;
  const Held* before_ = nullptr;  // in held_
};

}  // namespace

absl::Status ForDecisions(Scope& scope, const std::function<absl::Status(DecisionRead&)>& fn) {
  DecisionRead kept;
  const auto give = [&]() -> absl::Status {
    if (kept.row.decision().empty()) return absl::OkStatus();
    return fn(kept);
  };
  // The rows of a decision come together, the main one first.
  SCRUTINY_RETURN_IF_ERROR(ForRows(scope.reader(kDecisions), scope.view(), absl::nullopt,
                                   [&](absl::string_view record, absl::string_view key,
                                       absl::string_view bytes) -> absl::Status {
                                     if (key == kEarliestKey) {
                                       ActionStep step;
                                       SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &step));
                                       kept.earliest = step.date();
                                       return absl::OkStatus();
                                     }
                                     if (key == kWithheldKey)
                                       return ParseRow(record, bytes, &kept.withheld);
                                     if (!key.empty()) return absl::OkStatus();
                                     SCRUTINY_RETURN_IF_ERROR(give());
                                     kept = DecisionRead();
                                     SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &kept.row));
                                     if (!kept.row.date_uncertain())
                                       kept.earliest = kept.row.date();
                                     return absl::OkStatus();
                                   }));
  return give();
}

absl::Status JudgePublication(Scope& scope, DecisionRead& decision) {
  DecisionRow& row = decision.row;
  if (!IsTaken(row)) return absl::OkStatus();
  const event::v1::DecisionPublicationWithheld& withheld = decision.withheld;
  bool is_withheld = withheld.ByteSizeLong() > 0;
  if (is_withheld && withheld.has_until()) {
    bool past = false;
    std::string date;
    SCRUTINY_RETURN_IF_ERROR(JudgeDue(scope, withheld.until(), &date, &past));
    is_withheld = !past;
  }
  if (is_withheld && !withheld.in_part()) {
    row.set_publication(DECISION_PUBLICATION_WITHHELD);
  } else if (row.published()) {
    row.set_publication(is_withheld ? DECISION_PUBLICATION_PARTLY_WITHHELD
                                    : DECISION_PUBLICATION_PUBLISHED);
  } else {
    SCRUTINY_ASSIGN_OR_RETURN(const absl::optional<Day> last, PublicationDue(scope, row));
    const bool past = last.has_value() && *last < scope.judged_on();
    row.set_publication(past ? DECISION_PUBLICATION_OVERDUE : DECISION_PUBLICATION_NOT_PUBLISHED);
  }
  return absl::OkStatus();
}

absl::StatusOr<ListDecisionsToReportResponse> QueryDecisionsToReport(
    Engine& engine, const ListDecisionsToReportRequest& request, const QueryContext& context) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<Scope> scope,
                            Scope::Open(engine,
                                        {"ListDecisionsToReport",
                                         {kDecisions, kMeetings, kForums, kKnowledge},
                                         &request.view(),
                                         &request.page(),
                                         &request},
                                        context));
  return ToReport(*scope, request).Run();
}

}  // namespace scrutiny::projections
