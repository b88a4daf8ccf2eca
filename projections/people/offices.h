// projections/people/offices.h
// Offices that hold a police force to account. Row: register.v1.OfficeRow, without who holds them.
//
// Threads:  pure.
// Tests:    tests/projections/people/organisations_test.cc
#ifndef SCRUTINY_PROJECTIONS_PEOPLE_OFFICES_H_
#define SCRUTINY_PROJECTIONS_PEOPLE_OFFICES_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& OfficesRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PEOPLE_OFFICES_H_
