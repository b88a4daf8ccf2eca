// projections/public/publications.h
// What the office has to publish or published. Row: register.v1.PublicationRow, without what time
// limits, the day and the store of papers make of it. Indexed by the record that set it off
// ("trigger").
//
// Threads:  pure.
// Tests:    tests/projections/public/publications_test.cc
#ifndef SCRUTINY_PROJECTIONS_PUBLIC_PUBLICATIONS_H_
#define SCRUTINY_PROJECTIONS_PUBLIC_PUBLICATIONS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& PublicationsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PUBLIC_PUBLICATIONS_H_
