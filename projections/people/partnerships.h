// projections/people/partnerships.h
// Partnerships and boards attended. Rows: register.v1.PartnershipRow; the main one is the body,
// and under kPartPrefix stands one for each part somebody has or had in it, from when to when, or,
// while no part is said, one without a part.
//
// Threads:  pure.
// Tests:    tests/projections/people/partnerships_test.cc
#ifndef SCRUTINY_PROJECTIONS_PEOPLE_PARTNERSHIPS_H_
#define SCRUTINY_PROJECTIONS_PEOPLE_PARTNERSHIPS_H_

#include "absl/strings/string_view.h"

#include "projections/engine/register.h"

namespace scrutiny::projections {

inline constexpr absl::string_view kPartPrefix = "r/";

const Register& PartnershipsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PEOPLE_PARTNERSHIPS_H_
