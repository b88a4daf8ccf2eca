// projections/performance/casework.h
// Casework statistics. Under the empty key a register.v1.CaseworkRow, under `f/` one sort of
// contact with its figures of several periods, a register.v1.CaseworkFigureRow (figures.h).
//
// Threads:  pure.
// Tests:    tests/projections/performance/casework_test.cc
#ifndef SCRUTINY_PROJECTIONS_PERFORMANCE_CASEWORK_H_
#define SCRUTINY_PROJECTIONS_PERFORMANCE_CASEWORK_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

// Index `meeting`.
const Register& CaseworkRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PERFORMANCE_CASEWORK_H_
