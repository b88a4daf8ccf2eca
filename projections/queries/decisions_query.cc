#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "projections/inspections/office_settings.h"
#include "projections/queries/all_registers.h"
#include "projections/queries/document_queries.h"
#include "projections/queries/queries.h"
#include "projections/queries/scope.h"

namespace scrutiny::projections {
namespace {

using ledger::Day;
using register_::v1::DecisionRow;
using register_::v1::ListDecisionsRequest;
using register_::v1::ListDecisionsResponse;

// What had not been reported to a forum before one of its meetings.
class Unreported {
 public:
  static absl::StatusOr<Unreported> To(Scope& scope, const ListDecisionsRequest& request) {
    Unreported unreported;
    Calendar& calendar = scope.calendar();
    SCRUTINY_ASSIGN_OR_RETURN(unreported.forum_,
                              calendar.ForumNamed(request.unreported_forum(), "unreported_forum"));
    if (!request.unreported_for().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(unreported.meeting_,
                                calendar.MeetingNamed(request.unreported_for(), "unreported_for"));
    } else {
      SCRUTINY_RETURN_IF_ERROR(unreported.ChooseLatest(calendar));
      scope.AddNote(absl::StrCat("Not reported before ", unreported.meeting_,
                                 ", the forum's latest meeting scheduled."));
    }
    SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo info, calendar.Meeting(unreported.meeting_));
    if (!info.day.has_value()) {
      return ledger::Error(ledger::Reason::kMalformed,
                           absl::StrCat(unreported.meeting_, " has no date, so nothing can be ",
                                        "said to come before it."))
          .Field("unreported_for")
          .Record(unreported.meeting_);
    }
    unreported.day_ = *info.day;
    return unreported;
  }

  // `earliest`: the first possible day of the decision, ISO; empty if not known.
  absl::StatusOr<bool> Holds(Calendar& calendar, const DecisionRow& row,
                             const std::string& earliest) const {
    if (earliest > day_.ToString() || row.meeting() == meeting_) return false;
    if (!row.meeting().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo taken_at, calendar.Meeting(row.meeting()));
      // The forum took it itself, unless that was later still.
      if (taken_at.forum == forum_) return false;
      if (taken_at.day.has_value() && *taken_at.day > day_) return false;
    }
    for (const register_::v1::DecisionReport& report : row.reports()) {
      if (report.forum() != forum_) continue;
      SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo at, calendar.Meeting(report.meeting()));
      if (at.day.has_value() && *at.day < day_) return false;
    }
    return true;
  }

 private:
  absl::Status ChooseLatest(Calendar& calendar) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> meetings, calendar.MeetingsOf(forum_));
    absl::optional<Day> latest;
    for (const std::string& meeting : meetings) {
      SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo info, calendar.Meeting(meeting));
      if (info.cancelled || !info.day.has_value()) continue;
      if (latest.has_value() && *info.day < *latest) continue;
      latest = info.day;
      meeting_ = meeting;
    }
    if (latest.has_value()) return absl::OkStatus();
    return ledger::Error(ledger::Reason::kNotFound,
                         absl::StrCat("No meeting of ", forum_, " with a date is held, so there ",
                                      "is none to report to."))
        .Field("unreported_for")
        .Record(forum_);
  }

  std::string forum_;
  std::string meeting_;
  Day day_;
};

// By year, series and number; then those without a number, by date.
std::string KeyOf(const DecisionRow& row) {
  SortKey key;
  key.Number(row.has_number() ? 0 : 1);
  if (row.has_number()) {
    key.Number(row.number().year()).Text(row.number().series()).Number(row.number().number());
  }
  return key.Date(row.date()).Text(row.decision()).Take();
}

bool IsOfYear(const DecisionRow& row, uint32_t year) {
  if (year == 0) return true;
  if (row.has_number() && row.number().year() != 0) return row.number().year() == year;
  return row.date().substr(0, 4) == absl::StrCat(year);
}

class DecisionsQuery {
 public:
  DecisionsQuery(Scope& scope, const ListDecisionsRequest& request)
      : scope_(scope), request_(request), page_(scope.NewPage<DecisionRow>()) {}

  absl::StatusOr<ListDecisionsResponse> Run() {
    if (!request_.unreported_forum().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(Unreported unreported, Unreported::To(scope_, request_));
      unreported_ = std::make_unique<Unreported>(std::move(unreported));
    } else if (!request_.unreported_for().empty()) {
      return ledger::Error(ledger::Reason::kMalformed,
                           "Not reported to whom? Name the forum as well as the meeting.")
          .Field("unreported_forum");
    }
    SCRUTINY_RETURN_IF_ERROR(
        ForDecisions(scope_, [this](DecisionRead& decision) { return Offer(decision); }));
    ListDecisionsResponse response;
    response.set_next_page_token(scope_.TokenAfter(page_.MoveTo(response.mutable_rows())));
    *response.mutable_basis() = scope_.basis();
    return response;
  }

 private:
  absl::StatusOr<bool> Keeps(DecisionRead& decision) {
    const DecisionRow& row = decision.row;
    const bool is_taken = row.state() != register_::v1::DECISION_STATE_PROPOSED &&
                          row.state() != register_::v1::DECISION_STATE_DROPPED;
    if (!is_taken && (!request_.with_proposed() || unreported_ != nullptr)) return false;
    if (!IsOfYear(row, request_.year())) return false;
    if (request_.significance() != event::v1::SIGNIFICANCE_UNSPECIFIED &&
        request_.significance() != row.significance().outcome()) {
      return false;
    }
    if (unreported_ != nullptr) {
      SCRUTINY_ASSIGN_OR_RETURN(const bool holds,
                                unreported_->Holds(scope_.calendar(), row, decision.earliest));
      if (!holds) return false;
    }
    SCRUTINY_RETURN_IF_ERROR(JudgePublication(scope_, decision));
    return request_.publication() == register_::v1::DECISION_PUBLICATION_UNSPECIFIED ||
           request_.publication() == row.publication();
  }

  absl::Status Offer(DecisionRead& decision) {
    DecisionRow& row = decision.row;
    std::string key = KeyOf(row);
    if (!page_.Wants(key)) return absl::OkStatus();
    SCRUTINY_ASSIGN_OR_RETURN(const bool keeps, Keeps(decision));
    if (!keeps) return absl::OkStatus();
    Calendar& calendar = scope_.calendar();
    if (!row.meeting().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo taken_at, calendar.Meeting(row.meeting()));
      row.set_meeting_date(taken_at.date);
    }
    for (register_::v1::DecisionReport& report : *row.mutable_reports()) {
      SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo at, calendar.Meeting(report.meeting()));
      report.set_date(at.date);
    }
    page_.Add(std::move(key), row);
    return absl::OkStatus();
  }

  Scope& scope_;
  const ListDecisionsRequest& request_;
  PageRows<DecisionRow> page_;
  std::unique_ptr<Unreported> unreported_;
};

}  // namespace

absl::StatusOr<ListDecisionsResponse> QueryDecisions(Engine& engine,
                                                     const ListDecisionsRequest& request,
                                                     const QueryContext& context) {
  SCRUTINY_ASSIGN_OR_RETURN(
      const std::unique_ptr<Scope> scope,
      Scope::Open(engine,
                  {"ListDecisions",
                   {kDecisions, kMeetings, kForums, kKnowledge, kOfficeSettings},
                   &request.view(),
                   &request.page(),
                   &request},
                  context));
  return DecisionsQuery(*scope, request).Run();
}

}  // namespace scrutiny::projections
