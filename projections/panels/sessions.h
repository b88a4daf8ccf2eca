// projections/panels/sessions.h
// Sessions and visits of volunteer panels. Row: register.v1.SessionRow. Indexed by scheme
// ("scheme").
//
// Threads:  pure.
// Tests:    tests/projections/queries
#ifndef SCRUTINY_PROJECTIONS_PANELS_SESSIONS_H_
#define SCRUTINY_PROJECTIONS_PANELS_SESSIONS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& SessionsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PANELS_SESSIONS_H_
