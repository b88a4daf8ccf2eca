// projections/plans/conditions.h
// Conditions. Row: register.v1.ConditionRow. Indexed by the meeting that set it ("meeting") and by
// what it is attached to ("attached").
//
// Threads:  pure.
// Tests:    tests/projections/plans/conditions_test.cc
#ifndef SCRUTINY_PROJECTIONS_PLANS_CONDITIONS_H_
#define SCRUTINY_PROJECTIONS_PLANS_CONDITIONS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& ConditionsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PLANS_CONDITIONS_H_
