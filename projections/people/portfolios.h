// projections/people/portfolios.h
// Portfolios, each as one person holds it. Row: register.v1.PortfolioRow.
//
// Threads:  pure.
// Tests:    tests/projections/people/partnerships_test.cc
#ifndef SCRUTINY_PROJECTIONS_PEOPLE_PORTFOLIOS_H_
#define SCRUTINY_PROJECTIONS_PEOPLE_PORTFOLIOS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& PortfoliosRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PEOPLE_PORTFOLIOS_H_
