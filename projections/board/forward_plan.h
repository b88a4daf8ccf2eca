// projections/board/forward_plan.h
// The forward plan: what is to come to which meeting. Row: register.v1.PlanItemRow, without the
// meetings' dates and themes.
//
// Threads:  pure.
// Tests:    tests/projections/queries
#ifndef SCRUTINY_PROJECTIONS_BOARD_FORWARD_PLAN_H_
#define SCRUTINY_PROJECTIONS_BOARD_FORWARD_PLAN_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& ForwardPlanRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_FORWARD_PLAN_H_
