#include <vector>

#include "projections/plans/appraisals.h"
#include "projections/plans/plans.h"
#include "projections/queries/groups.h"
#include "projections/queries/list_query.h"
#include "projections/queries/plans_query.h"
#include "scrutiny/register/v1/pilots.pb.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): every message of the
                                // service

std::vector<const Register*> PlanVersionRegisters() {
  return {&AppraisalsRegister(), &PlansRegister()};
}

std::vector<Query> PlanVersionQueries() {
  return {
      ListOf<ListPlansRequest, ListPlansResponse, PlanRow>("ListPlans", PlansRegister(), {},
                                                           FinishPlan),
      ListOf<ListPlanVersionsRequest, ListPlanVersionsResponse, PlanVersionRow>(
          "ListPlanVersions", PlansRegister(), {}, FinishPlanVersion),
      ListOf<ListPlanPrioritiesRequest, ListPlanPrioritiesResponse, PlanPriorityRow>(
          "ListPlanPriorities", PlansRegister(), {}, FinishPlanPriority),
      ListOf<ListPlanTriggersRequest, ListPlanTriggersResponse, PlanTriggerRow>(
          "ListPlanTriggers", PlansRegister(), {}, FinishPlanTrigger),
      ListOf<ListPlanReviewsRequest, ListPlanReviewsResponse, PlanReviewRow>(
          "ListPlanReviews", PlansRegister(), {}, FinishPlanReview),
      ListOf<ListVariationsRequest, ListVariationsResponse, PlanVariationRow>(
          "ListVariations", PlansRegister(), {}, FinishPlanVariation),
      ListOf<ListAppraisedOptionsRequest, ListAppraisedOptionsResponse>("ListAppraisedOptions",
                                                                        AppraisalsRegister()),
      MakeQuery("MapAssurance", QueryAssuranceMap),
  };
}

}  // namespace scrutiny::projections
