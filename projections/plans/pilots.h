// projections/plans/pilots.h
// Pilots. Row: register.v1.PilotRow. Indexed by the meeting that agreed to it ("meeting").
//
// Threads:  pure.
// Tests:    tests/projections/plans/conditions_test.cc
#ifndef SCRUTINY_PROJECTIONS_PLANS_PILOTS_H_
#define SCRUTINY_PROJECTIONS_PLANS_PILOTS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& PilotsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PLANS_PILOTS_H_
