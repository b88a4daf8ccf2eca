// projections/inspections/recommendations.h
// Recommendations of inspections, audits and others. Row: register.v1.RecommendationRow. Indexed by
// the record they come from ("from").
//
// Threads:  pure.
// Tests:    tests/projections/inspections/recommendations_test.cc
#ifndef SCRUTINY_PROJECTIONS_INSPECTIONS_RECOMMENDATIONS_H_
#define SCRUTINY_PROJECTIONS_INSPECTIONS_RECOMMENDATIONS_H_

#include "projections/engine/register.h"
#include "scrutiny/register/v1/recommendations.pb.h"

namespace scrutiny::projections {

const Register& RecommendationsRegister();

// Neither rejected, reported complete, verified nor closed.
bool IsOpen(const register_::v1::RecommendationRow& row);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_INSPECTIONS_RECOMMENDATIONS_H_
