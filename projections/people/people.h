// projections/people/people.h
// People, and the offices and posts they held. Rows: register.v1.PersonRow, with the post and
// organisation by which the person is registered and, in `shown_as`, whatever they were last shown
// by; under kRolePrefix and a sequence a register.v1.RoleRow for each role. What the day makes of
// them is filled in when asked. Indexed by the other record ("same_as", "distinct_from") and by the
// office that keeps a ledger ("office").
//
// Threads:  pure.
// Tests:    tests/projections/people/people_test.cc
#ifndef SCRUTINY_PROJECTIONS_PEOPLE_PEOPLE_H_
#define SCRUTINY_PROJECTIONS_PEOPLE_PEOPLE_H_

#include "absl/strings/string_view.h"

#include "projections/engine/register.h"

namespace scrutiny::projections {

inline constexpr absl::string_view kRolePrefix = "o/";

const Register& PeopleRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PEOPLE_PEOPLE_H_
