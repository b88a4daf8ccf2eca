// Plans, their versions and how they change; appraisals of options.
#include "scrutiny/register/v1/pilots.pb.h"
#include "scrutiny/register/v1/plan_changes.pb.h"
#include "scrutiny/register/v1/plans.pb.h"
#include "tools/scrutiny/list_command.h"

namespace scrutiny::tools {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): every message of the
                                // service

std::vector<ListedRegister> ListedPlanVersion() {
  return {
      Listed<ListPlansRequest, ListPlansResponse>(
          "plans", "Plans, the version in force and when they are to be reviewed", "ListPlans"),
      Listed<ListPlanVersionsRequest, ListPlanVersionsResponse>(
          "plan-versions", "Versions of plans with their priorities", "ListPlanVersions"),
      Listed<ListPlanPrioritiesRequest, ListPlanPrioritiesResponse>(
          "plan-priorities", "Priorities of plan versions and what took the place of what",
          "ListPlanPriorities",
          "Examples:\n"
          "  scrutiny plan-priorities --plan plans/2016-21 --in-force\n"
          "  scrutiny plan-priorities --number 2"),
      Listed<ListPlanTriggersRequest, ListPlanTriggersResponse>(
          "plan-triggers", "What may call for a review of a plan", "ListPlanTriggers"),
      Listed<ListPlanReviewsRequest, ListPlanReviewsResponse>(
          "plan-reviews", "Reviews of plans, those without change too", "ListPlanReviews"),
      Listed<ListVariationsRequest, ListVariationsResponse>(
          "plan-variations", "Variations of plans, and whether consultation came before effect",
          "ListVariations",
          "Examples:\n"
          "  scrutiny plan-variations --before-effect missing\n"
          "  scrutiny plan-variations --response-owed"),
      Listed<ListAppraisedOptionsRequest, ListAppraisedOptionsResponse>(
          "appraisals", "Options appraised for what is no decision of the office, or not yet",
          "ListAppraisedOptions"),
  };
}

}  // namespace scrutiny::tools
