// projections/plans/appraisals.h
// Appraisals of options that belong to no decision of the office, or not yet. Rows, by key:
// "o/<option>" register.v1.AppraisedOptionRow; what is said of the appraisal as a whole stands with
// each of its options.
//
// Threads:  pure.
// Tests:    tests/projections/plans/appraisals_test.cc
#ifndef SCRUTINY_PROJECTIONS_PLANS_APPRAISALS_H_
#define SCRUTINY_PROJECTIONS_PLANS_APPRAISALS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& AppraisalsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PLANS_APPRAISALS_H_
