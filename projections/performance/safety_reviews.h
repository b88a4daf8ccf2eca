// projections/performance/safety_reviews.h
// Reviews of health and safety. Under the empty key a register.v1.SafetyReviewRow, under `f/` one
// sort of injury with its figures of several periods, a register.v1.SafetyFigureRow (figures.h),
// under `s/` and its key what was looked at or is to be, a register.v1.SafetySubjectRow.
//
// Threads:  pure.
// Tests:    tests/projections/performance/safety_test.cc
#ifndef SCRUTINY_PROJECTIONS_PERFORMANCE_SAFETY_REVIEWS_H_
#define SCRUTINY_PROJECTIONS_PERFORMANCE_SAFETY_REVIEWS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

// Index `meeting`.
const Register& SafetyReviewsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PERFORMANCE_SAFETY_REVIEWS_H_
