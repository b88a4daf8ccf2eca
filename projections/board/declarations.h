// projections/board/declarations.h
// Interests declared at meetings, what was done about them, and that there were none. Rows of a
// meeting, by key:
//   "d/<sequence>"  DeclarationRow, without the meeting's date and forum and how the person is
//                   shown; the sequence is that of the fact which first spoke of it
// Indexed by person ("person").
//
// Threads:  pure.
// Tests:    tests/projections/board/declarations_test.cc
#ifndef SCRUTINY_PROJECTIONS_BOARD_DECLARATIONS_H_
#define SCRUTINY_PROJECTIONS_BOARD_DECLARATIONS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& DeclarationsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_DECLARATIONS_H_
