// projections/plans/plans.h
// Plans, and what belongs to them: versions, their priorities, what may call for a review, reviews,
// variations. Rows by key: "" register.v1.PlanRow, "v/<version>" PlanVersionRow,
// "p/<version>/<number>" PlanPriorityRow, "t/<key>" PlanTriggerRow, "r/<review>" PlanReviewRow,
// "c/<variation>" PlanVariationRow. What depends on the day judged is worked out when asked.
//
// Threads:  pure.
// Tests:    tests/projections/plans/plans_test.cc, variations_test.cc
#ifndef SCRUTINY_PROJECTIONS_PLANS_PLANS_H_
#define SCRUTINY_PROJECTIONS_PLANS_PLANS_H_

#include "absl/strings/string_view.h"

#include "projections/engine/register.h"

namespace scrutiny::projections {

inline constexpr absl::string_view kPlanVersionPrefix = "v/";
inline constexpr absl::string_view kPlanPriorityPrefix = "p/";

const Register& PlansRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PLANS_PLANS_H_
