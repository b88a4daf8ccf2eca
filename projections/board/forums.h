// projections/board/forums.h
// Forums and the names they had. Row: event.v1.ForumEstablished with the latest name and every
// alias; "n/<n>" an ActionStep for each name, `date` from when (empty: from the first), `text` the
// name.
//
// Threads:  pure.
// Tests:    tests/projections/queries
#ifndef SCRUTINY_PROJECTIONS_BOARD_FORUMS_H_
#define SCRUTINY_PROJECTIONS_BOARD_FORUMS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& ForumsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_FORUMS_H_
