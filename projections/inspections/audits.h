// projections/inspections/audits.h
// Audits. Main row: register.v1.AuditRow. Beside it, under `o/` and its key, an AuditOpinionRow,
// and the rows of plan_rows.h.
//
// Threads:  pure.
// Tests:    tests/projections/inspections/inspections_test.cc
#ifndef SCRUTINY_PROJECTIONS_INSPECTIONS_AUDITS_H_
#define SCRUTINY_PROJECTIONS_INSPECTIONS_AUDITS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& AuditsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_INSPECTIONS_AUDITS_H_
