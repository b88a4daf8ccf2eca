#include "absl/strings/str_cat.h"

#include "projections/queries/deadlines.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): every message of the
                                // service

namespace {

void OfPlan(const PlanRow& row, ClockSink sink) {
  sink(Clock(CLOCK_KIND_PLAN, row.plan(), absl::StrCat(row.title(), ": review"))
           .By(row.review_due(), row.review_due_date())
           .Stopped(row.state() == PLAN_STATE_EXPIRED || row.state() == PLAN_STATE_PERIOD_OVER ||
                    row.state() == PLAN_STATE_DROPPED)
           .Meta(row.meta()));
}

void OfTrigger(const PlanTriggerRow& row, ClockSink sink) {
  sink(Clock(CLOCK_KIND_PLAN, row.plan(), row.text())
           .Part(row.trigger())
           .By(row.due(), row.due_date())
           .Done(row.state() == PLAN_TRIGGER_STATE_TAKEN_UP, row.settled_on())
           .Stopped(row.state() == PLAN_TRIGGER_STATE_SET_ASIDE)
           .Meta(row.meta()));
}

void OfReview(const PlanReviewRow& row, ClockSink sink) {
  sink(Clock(CLOCK_KIND_PLAN, row.plan(), row.text().empty() ? "Review of the plan" : row.text())
           .Part(row.review())
           .By(row.due(), row.due_date())
           .Done(row.state() != PLAN_REVIEW_STATE_OPEN, row.concluded_on())
           .Meta(row.meta()));
}

void OfVariation(const PlanVariationRow& row, ClockSink sink) {
  sink(Clock(CLOCK_KIND_PLAN, row.plan(),
             absl::StrCat(row.title().empty() ? row.variation() : row.title(),
                          ": response to the panel"))
           .Part(row.variation())
           .By(row.response_due(), row.response_due_date())
           .Done(!row.responded_on().empty(), row.responded_on())
           .Stopped(row.state() == PLAN_VARIATION_STATE_WITHDRAWN)
           .Meta(row.meta()));
}

void OfCondition(const ConditionRow& row, ClockSink sink) {
  const bool over = row.state() == CONDITION_STATE_LAPSED || row.state() == CONDITION_STATE_BROKEN;
  sink(Clock(CLOCK_KIND_CONDITION, row.condition(), row.title())
           .By(row.due(), row.due_date())
           .Of(row.owners())
           .Done(row.state() == CONDITION_STATE_MET, row.met_on())
           .Stopped(over)
           .Meta(row.meta()));
  sink(Clock(CLOCK_KIND_CONDITION, row.condition(), absl::StrCat(row.title(), ": review"))
           .Part("review")
           .By(row.review_due(), row.review_due_date())
           .Of(row.owners())
           .Stopped(row.state() != CONDITION_STATE_OPEN)
           .Meta(row.meta()));
}

void OfAgreement(const AgreementRow& row, ClockSink sink) {
  const bool over = row.state() == AGREEMENT_STATE_ENDED || row.state() == AGREEMENT_STATE_DROPPED;
  const bool was_signed = !row.signed_on().empty() || row.state() == AGREEMENT_STATE_SIGNED ||
                          row.state() == AGREEMENT_STATE_TERM_OVER;
  sink(Clock(CLOCK_KIND_AGREEMENT, row.agreement(), absl::StrCat(row.title(), ": to be signed"))
           .By(row.due(), row.due_date())
           .Of(row.owners())
           .Done(was_signed, row.signed_on())
           .Stopped(over)
           .Meta(row.meta()));
  sink(Clock(CLOCK_KIND_AGREEMENT, row.agreement(), absl::StrCat(row.title(), ": review"))
           .Part("review")
           .By(row.review_due(), row.review_due_date())
           .Of(row.review_with())
           .Stopped(over)
           .Meta(row.meta()));
  sink(Clock(CLOCK_KIND_AGREEMENT, row.agreement(), absl::StrCat(row.title(), ": ends"))
           .Part("end")
           .On(row.term_to())
           .Of(row.owners())
           .Done(row.state() == AGREEMENT_STATE_ENDED, row.ended_on())
           .Stopped(row.state() == AGREEMENT_STATE_DROPPED)
           .Meta(row.meta()));
}

// An evaluation that was not given a day is due when the pilot is planned to end.
void OfPilot(const PilotRow& row, ClockSink sink) {
  Clock clock(CLOCK_KIND_AGREEMENT, row.pilot(), absl::StrCat(row.title(), ": evaluation"));
  clock.By(row.evaluation_due(), row.evaluation_due_date());
  if (!clock.Runs()) clock.On(row.planned_to());
  const bool under_way = row.state() == PILOT_STATE_AGREED || row.state() == PILOT_STATE_RUNNING;
  const bool evaluated = !row.evaluated_on().empty() || row.state() == PILOT_STATE_EVALUATED;
  sink(clock.Of(row.owners())
           .Done(evaluated, row.evaluated_on())
           .Stopped(!under_way)
           .Meta(row.meta()));
}

void OfRisk(const RiskRow& row, ClockSink sink) {
  sink(Clock(CLOCK_KIND_UNSPECIFIED, row.risk(), absl::StrCat(row.title(), ": mitigation"))
           .By(row.due(), row.due_date())
           .Of(row.mitigated_by().empty() ? row.owners() : row.mitigated_by())
           .Done(row.done(), "")
           .Stopped(row.state() == RISK_STATE_CLOSED)
           .Meta(row.meta()));
}

}  // namespace

std::vector<ClockSource> PlanClocks() {
  return {
      ClocksOf<ListPlansRequest, ListPlansResponse>("plans", "ListPlans", OfPlan),
      ClocksOf<ListPlanTriggersRequest, ListPlanTriggersResponse>("plans", "ListPlanTriggers",
                                                                  OfTrigger),
      ClocksOf<ListPlanReviewsRequest, ListPlanReviewsResponse>("plans", "ListPlanReviews",
                                                                OfReview),
      ClocksOf<ListVariationsRequest, ListVariationsResponse>("plans", "ListVariations",
                                                              OfVariation),
      ClocksOf<ListConditionsRequest, ListConditionsResponse>("conditions", "ListConditions",
                                                              OfCondition),
      ClocksOf<ListAgreementsRequest, ListAgreementsResponse>("agreements", "ListAgreements",
                                                              OfAgreement),
      ClocksOf<ListPilotsRequest, ListPilotsResponse>("pilots", "ListPilots", OfPilot),
      ClocksOf<ListRisksRequest, ListRisksResponse>("risks", "ListRisks", OfRisk),
  };
}

}  // namespace scrutiny::projections
