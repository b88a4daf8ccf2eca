// projections/plans/risks.h
// Threats and risks. Row: register.v1.RiskRow. Indexed by the meeting it was reported to
// ("meeting").
//
// Threads:  pure.
// Tests:    tests/projections/plans/risks_test.cc
#ifndef SCRUTINY_PROJECTIONS_PLANS_RISKS_H_
#define SCRUTINY_PROJECTIONS_PLANS_RISKS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& RisksRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PLANS_RISKS_H_
