// projections/people/organisations.h
// Organisations that papers speak of. Row: register.v1.OrganisationRow. Indexed by the other record
// ("same_as", "distinct_from").
//
// Threads:  pure.
// Tests:    tests/projections/people/organisations_test.cc
#ifndef SCRUTINY_PROJECTIONS_PEOPLE_ORGANISATIONS_H_
#define SCRUTINY_PROJECTIONS_PEOPLE_ORGANISATIONS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& OrganisationsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PEOPLE_ORGANISATIONS_H_
