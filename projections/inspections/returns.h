// projections/inspections/returns.h
// Returns and force statements. Main row: register.v1.ReturnRow; beside it, under `a/` and its key,
// a ReturnRatingRow, the latest of its key.
//
// Threads:  pure.
// Tests:    tests/projections/inspections/returns_test.cc
#ifndef SCRUTINY_PROJECTIONS_INSPECTIONS_RETURNS_H_
#define SCRUTINY_PROJECTIONS_INSPECTIONS_RETURNS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& ReturnsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_INSPECTIONS_RETURNS_H_
