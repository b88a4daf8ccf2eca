// projections/plans/agreements.h
// Agreements between bodies. Row: register.v1.AgreementRow. Indexed by the meeting that requires it
// ("meeting").
//
// Threads:  pure.
// Tests:    tests/projections/plans/conditions_test.cc
#ifndef SCRUTINY_PROJECTIONS_PLANS_AGREEMENTS_H_
#define SCRUTINY_PROJECTIONS_PLANS_AGREEMENTS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& AgreementsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PLANS_AGREEMENTS_H_
