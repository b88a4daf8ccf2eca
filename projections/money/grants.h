// projections/money/grants.h
// Grants: schemes, their rounds, awards. Rows: register.v1.GrantSchemeRow; GrantRoundRow, with
// GrantEarmarkRow under e/<key>; GrantRow, with GrantMonitoringRow under m/<key>. Rounds are
// indexed by "scheme", grants by "scheme", "round" and "decision".
//
// Threads:  pure.
// Tests:    tests/projections/money/grants_test.cc
#ifndef SCRUTINY_PROJECTIONS_MONEY_GRANTS_H_
#define SCRUTINY_PROJECTIONS_MONEY_GRANTS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& GrantSchemesRegister();
const Register& GrantRoundsRegister();
const Register& GrantsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_MONEY_GRANTS_H_
