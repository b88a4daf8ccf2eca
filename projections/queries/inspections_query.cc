#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "projections/inspections/inspections.h"
#include "projections/inspections/office_settings.h"
#include "projections/queries/all_registers.h"
#include "projections/queries/inspection_queries.h"
#include "projections/queries/list_query.h"
#include "scrutiny/event/v1/office.pb.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using event::v1::PriorityRef;
using ledger::Day;

namespace {

constexpr int kAssuranceMax = 20;

bool IsGained(AssuranceOutcome outcome) {
  return outcome == ASSURANCE_OUTCOME_GAINED || outcome == ASSURANCE_OUTCOME_GAINED_WITH_CONDITIONS;
}

// Calls `fn(assurance, date)` for the rows of assurance at a meeting.
template <typename Fn>
absl::Status ForAssurance(Scope& scope, const std::string& meeting, Fn fn) {
  SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo info, scope.calendar().Meeting(meeting));
  return ForRows(scope.reader(kAssurance), scope.view(),
                 absl::optional<std::vector<std::string>>(std::vector<std::string>{meeting}),
                 [&](absl::string_view record, absl::string_view, absl::string_view bytes) {
                   AssuranceRow assurance;
                   SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &assurance));
                   fn(assurance, info.date);
                   return absl::OkStatus();
                 });
}

void FillAssurance(const AssuranceRow& assurance, const std::string& date,
                   JudgementAssurance* found) {
  found->set_meeting(assurance.meeting());
  found->set_key(assurance.key());
  found->set_area(assurance.area());
  found->set_date(date);
  found->set_gained(IsGained(assurance.outcome()));
}

bool SharesPriority(const AssuranceRow& assurance, const JudgementRow& row) {
  if (assurance.plan_version().plan() != row.plan_version().plan() ||
      assurance.plan_version().version() != row.plan_version().version()) {
    return false;
  }
  for (const PriorityRef& one : assurance.priorities()) {
    for (const PriorityRef& other : row.area_priorities()) {
      if (one.number() == other.number()) return true;
    }
  }
  return false;
}

}  // namespace

absl::StatusOr<uint32_t> OfficeLimitDays(Scope& scope, absl::string_view key) {
  uint32_t days = 0;
  SCRUTINY_RETURN_IF_ERROR(
      ForRows(scope.reader(kOfficeSettings), scope.view(), absl::nullopt,
              [&](absl::string_view record, absl::string_view row, absl::string_view bytes) {
                if (row != absl::StrCat("l/", key)) return absl::OkStatus();
                event::v1::TimeLimitSet limit;
                SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &limit));
                days = limit.days();
                return absl::OkStatus();
              }));
  return days;
}

absl::Status FinishInspection(Scope& scope, InspectionRow* row) {
  const event::v1::TimeLimit& limit = row->comments_limit();
  const auto published = Day::Parse(row->published_on());
  // The office's own limit, where the report has none.
  if (!row->comments_due_date().empty() && limit.days() == 0 && limit.last_day().empty() &&
      published.ok()) {
    SCRUTINY_ASSIGN_OR_RETURN(
        const uint32_t days,
        OfficeLimitDays(scope,
                        limit.key().empty() ? kCommentLimitKey : absl::string_view(limit.key())));
    if (days > 0) {
      row->set_comments_due_date(LastCommentDay(*published, days, limit.first_day()).ToString());
    }
  }
  const bool asked = !row->published_on().empty() && row->comments_not_owed().empty();
  row->set_comments_owed(asked && row->comments_on().empty());
  const auto last = ledger::PartialDate::Parse(row->comments_due_date());
  if (!last.ok()) return absl::OkStatus();
  if (row->comments_owed()) {
    row->set_comments_days_left(last->LastDay() - scope.judged_on());
    row->set_comments_overdue(last->LastDay() < scope.judged_on());
  }
  const auto given = Day::Parse(row->comments_on());
  row->set_comments_late(given.ok() && *given > last->LastDay());
  return absl::OkStatus();
}

absl::Status FinishJudgement(Scope& scope, JudgementRow* row) {
  std::vector<JudgementAssurance> found;
  std::vector<std::string> meetings;
  for (const JudgementAssurance& link : row->assurance()) {
    JudgementAssurance filled = link;
    SCRUTINY_RETURN_IF_ERROR(
        ForAssurance(scope, link.meeting(), [&](const AssuranceRow& one, const std::string& date) {
          if (one.key() != link.key()) return;
          FillAssurance(one, date, &filled);
        }));
    found.push_back(std::move(filled));
  }
  for (const PriorityRef& priority : row->area_priorities()) {
    SCRUTINY_ASSIGN_OR_RETURN(
        const std::vector<std::string> named,
        scope.reader(kAssurance).Indexed("priority", absl::StrCat(priority.number())));
    meetings.insert(meetings.end(), named.begin(), named.end());
  }
  std::sort(meetings.begin(), meetings.end());
  meetings.erase(std::unique(meetings.begin(), meetings.end()), meetings.end());
  for (const std::string& meeting : meetings) {
    SCRUTINY_RETURN_IF_ERROR(
        ForAssurance(scope, meeting, [&](const AssuranceRow& one, const std::string& date) {
          if (!SharesPriority(one, *row) || date.empty() || date < row->judged_on()) return;
          for (const JudgementAssurance& known : found) {
            if (known.meeting() == one.meeting() && known.key() == one.key()) return;
          }
          FillAssurance(one, date, &found.emplace_back());
        }));
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.date() < b.date(); });
  row->clear_assurance();
  const size_t first = found.size() > kAssuranceMax ? found.size() - kAssuranceMax : 0;
  for (size_t i = first; i < found.size(); ++i) *row->add_assurance() = found[i];
  row->set_assured_since(std::any_of(found.begin(), found.end(),
                                     [](const JudgementAssurance& one) { return one.gained(); }));
  return absl::OkStatus();
}

absl::Status FinishAudit(Scope& scope, AuditRow* row) {
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(JudgeDue(scope, row->due(), row->mutable_due_date(), &past));
  row->set_overdue(past && row->reported_on().empty() && row->state() != AUDIT_STATE_CLOSED &&
                   row->state() != AUDIT_STATE_CANCELLED);
  return absl::OkStatus();
}

absl::Status FinishReturn(Scope& scope, ReturnRow* row) {
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(JudgeDue(scope, row->due(), row->mutable_due_date(), &past));
  const bool submitted = !row->submitted_on().empty() && row->state() != RETURN_STATE_SENT_BACK;
  row->set_overdue(past && !submitted && row->state() != RETURN_STATE_NO_LONGER_DUE);
  row->set_unpublished(submitted && row->public_facing() && row->published_on().empty());
  const auto due = ledger::PartialDate::Parse(row->due_date());
  const auto given = Day::Parse(row->submitted_on());
  row->set_submitted_late(due.ok() && given.ok() && *given > due->LastDay());
  return absl::OkStatus();
}

absl::Status FinishReturnRating(Scope& scope, ReturnRatingRow* row) {
  const Reader& reader = scope.reader(kReturns);
  std::string before;
  SCRUTINY_RETURN_IF_ERROR(ForRows(
      reader, scope.view(),
      absl::optional<std::vector<std::string>>(std::vector<std::string>{row->return_record()}),
      [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
        ReturnRow main;
        if (!key.empty()) return absl::OkStatus();
        SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &main));
        before = main.follows();
        return absl::OkStatus();
      }));
  if (before.empty()) return absl::OkStatus();
  return ForRows(reader, scope.view(),
                 absl::optional<std::vector<std::string>>(std::vector<std::string>{before}),
                 [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                   ReturnRatingRow other;
                   if (key.empty()) return absl::OkStatus();
                   SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &other));
                   if (other.area() == row->area() && other.aspect() == row->aspect()) {
                     row->set_rag_before(other.rag());
                   }
                   return absl::OkStatus();
                 });
}

}  // namespace scrutiny::projections
