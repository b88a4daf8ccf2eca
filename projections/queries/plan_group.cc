#include <string>
#include <vector>

#include "projections/plans/agreements.h"
#include "projections/plans/conditions.h"
#include "projections/plans/pilots.h"
#include "projections/plans/risks.h"
#include "projections/queries/groups.h"
#include "projections/queries/list_query.h"
#include "projections/queries/meeting_joins.h"
#include "scrutiny/register/v1/agreements.pb.h"
#include "scrutiny/register/v1/pilots.pb.h"
#include "scrutiny/register/v1/risks.pb.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): every message of the
                                // service

namespace {

constexpr absl::string_view kConditions = "conditions";

absl::Status FinishRisk(Scope& scope, RiskRow* row) {
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(JudgeDue(scope, row->due(), row->mutable_due_date(), &past));
  row->set_overdue(past && row->state() == RISK_STATE_OPEN && !row->done());
  row->set_unmitigated(row->state() == RISK_STATE_OPEN && row->mitigation().empty());
  return absl::OkStatus();
}

absl::Status FinishCondition(Scope& scope, ConditionRow* row) {
  const bool open = row->state() == CONDITION_STATE_OPEN;
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(JudgeDue(scope, row->due(), row->mutable_due_date(), &past));
  row->set_overdue(open && past);
  SCRUTINY_RETURN_IF_ERROR(
      JudgeDue(scope, row->review_due(), row->mutable_review_due_date(), &past));
  row->set_review_overdue(open && past);
  if (row->set_at().empty()) return absl::OkStatus();
  SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo meeting, scope.calendar().Meeting(row->set_at()));
  row->set_forum(meeting.forum);
  return absl::OkStatus();
}

absl::Status FinishAgreement(Scope& scope, AgreementRow* row) {
  const bool unsigned_yet =
      row->state() == AGREEMENT_STATE_REQUIRED || row->state() == AGREEMENT_STATE_DRAFTED;
  const bool over =
      row->state() == AGREEMENT_STATE_ENDED || row->state() == AGREEMENT_STATE_DROPPED;
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(JudgeDue(scope, row->due(), row->mutable_due_date(), &past));
  row->set_overdue(unsigned_yet && past);
  SCRUTINY_RETURN_IF_ERROR(
      JudgeDue(scope, row->review_due(), row->mutable_review_due_date(), &past));
  row->set_review_overdue(!over && past);
  const bool day_set = !row->review_due().date().empty() || !row->review_due().meeting().empty();
  row->set_review_not_set(row->review_required() && row->reviewed_on().empty() && !day_set &&
                          !over);
  const absl::optional<ledger::Day> last = LastDayOf(row->term_to());
  if (row->state() == AGREEMENT_STATE_SIGNED && last.has_value() && *last < scope.judged_on()) {
    row->set_state(AGREEMENT_STATE_TERM_OVER);
  }
  return absl::OkStatus();
}

absl::Status FinishPilot(Scope& scope, PilotRow* row) {
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(
      JudgeDue(scope, row->evaluation_due(), row->mutable_evaluation_due_date(), &past));
  if (row->evaluation_due_date().empty()) {
    const absl::optional<ledger::Day> last = LastDayOf(row->planned_to());
    past = last.has_value() && *last < scope.judged_on();
  }
  row->set_overdue(past &&
                   (row->state() == PILOT_STATE_AGREED || row->state() == PILOT_STATE_RUNNING));
  const Reader& conditions = scope.reader(kConditions);
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> attached,
                            conditions.Indexed("attached", row->pilot()));
  uint32_t open = 0;
  SCRUTINY_RETURN_IF_ERROR(ForRows(
      conditions, scope.view(), absl::optional<std::vector<std::string>>(attached),
      [&](absl::string_view record, absl::string_view, absl::string_view bytes) {
        ConditionRow condition;
        SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &condition));
        // The index also leads to what was attached to it once.
        if (condition.attached_to() == row->pilot() && condition.state() == CONDITION_STATE_OPEN) {
          ++open;
        }
        return absl::OkStatus();
      }));
  row->set_conditions_open(open);
  return absl::OkStatus();
}

}  // namespace

std::vector<const Register*> PlanRegisters() {
  return {&AgreementsRegister(), &ConditionsRegister(), &PilotsRegister(), &RisksRegister()};
}

std::vector<Query> PlanQueries() {
  return {
      ListOf<ListAgreementsRequest, ListAgreementsResponse, AgreementRow>(
          "ListAgreements", AgreementsRegister(), {}, FinishAgreement),
      ListOf<ListConditionsRequest, ListConditionsResponse, ConditionRow>(
          "ListConditions", ConditionsRegister(), {}, FinishCondition),
      ListOf<ListPilotsRequest, ListPilotsResponse, PilotRow>("ListPilots", PilotsRegister(),
                                                              {kConditions}, FinishPilot),
      ListOf<ListRisksRequest, ListRisksResponse, RiskRow>("ListRisks", RisksRegister(), {},
                                                           FinishRisk),
  };
}

}  // namespace scrutiny::projections
