// projections/board/assurance.h
// Assurance sought and its outcome, joined by the key within the meeting. Rows:
// register.v1.AssuranceRow, without the meeting's date and the item's number. Indexed by plan
// priority ("priority", the number).
//
// What was gained at one meeting and revoked at another stays as it was in the first; the row of
// the second says what it follows.
//
// Threads:  pure.
// Tests:    tests/projections/queries, tests/projections/plans/assurance_map_test.cc
#ifndef SCRUTINY_PROJECTIONS_BOARD_ASSURANCE_H_
#define SCRUTINY_PROJECTIONS_BOARD_ASSURANCE_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& AssuranceRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_ASSURANCE_H_
