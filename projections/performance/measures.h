// projections/performance/measures.h
// Measures of performance. Under the empty key a register.v1.MeasureRow; under `v/` and the key of
// a period a register.v1.MeasureValueRow; under `n/b-` and `n/c-` and its key a break or comment, a
// register.v1.MeasureNoteRow. What compares values hangs on the measure's own facts alone, so it is
// folded with them.
//
// Threads:  pure.
// Tests:    tests/projections/performance/measures_test.cc
#ifndef SCRUTINY_PROJECTIONS_PERFORMANCE_MEASURES_H_
#define SCRUTINY_PROJECTIONS_PERFORMANCE_MEASURES_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& MeasuresRegister();
// register.v1.ScorecardRow; index `meeting`.
const Register& ScorecardsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PERFORMANCE_MEASURES_H_
