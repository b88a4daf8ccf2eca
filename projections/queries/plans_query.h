// projections/queries/plans_query.h
// What a plan's rows take from each other and from the day judged: which version is in force, what
// took the place of what, what is due.
//
// Threads:  as Scope.
// Tests:    tests/projections/plans
#ifndef SCRUTINY_PROJECTIONS_QUERIES_PLANS_QUERY_H_
#define SCRUTINY_PROJECTIONS_QUERIES_PLANS_QUERY_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "projections/queries/scope.h"
#include "scrutiny/register/v1/assurance_map.pb.h"
#include "scrutiny/register/v1/plan_changes.pb.h"
#include "scrutiny/register/v1/plans.pb.h"

namespace scrutiny::projections {

inline constexpr absl::string_view kPlans = "plans";

// A plan read as a whole, as it stands on the day judged. The scope draws on the register of plans.
struct WholePlan {
  bool recorded = false;
  register_::v1::PlanRow plan;  // its state and version made out
  // In the order in which they took or take effect, those without a day of effect first; with their
  // state, the day they were replaced and their priorities.
  std::vector<register_::v1::PlanVersionRow> versions;
  // Of every version, in no order.
  std::vector<register_::v1::PlanPriorityRow> priorities;

  // Null if there is none of that key.
  const register_::v1::PlanVersionRow* Version(const std::string& key) const;
  // The one that it replaces; null if there is none.
  const register_::v1::PlanVersionRow* Before(const std::string& key) const;
};

absl::StatusOr<WholePlan> ReadPlan(Scope& scope, const std::string& plan);

absl::Status FinishPlan(Scope& scope, register_::v1::PlanRow* row);
absl::Status FinishPlanVersion(Scope& scope, register_::v1::PlanVersionRow* row);
absl::Status FinishPlanPriority(Scope& scope, register_::v1::PlanPriorityRow* row);
absl::Status FinishPlanTrigger(Scope& scope, register_::v1::PlanTriggerRow* row);
absl::Status FinishPlanReview(Scope& scope, register_::v1::PlanReviewRow* row);
absl::Status FinishPlanVariation(Scope& scope, register_::v1::PlanVariationRow* row);

absl::StatusOr<register_::v1::MapAssuranceResponse> QueryAssuranceMap(
    Engine& engine, const register_::v1::MapAssuranceRequest& request, const QueryContext& context);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_PLANS_QUERY_H_
