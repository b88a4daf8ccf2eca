// projections/board/actions.h
// The action tracker: each action as it stands, with its steps. Row: register.v1.ActionRow.
//
// Not in the row, since they belong to other records or to a day: meeting_date, forum, a due date
// that is a meeting's, overdue. Indexed by the meeting that raised it ("meeting").
//
// Threads:  pure.
// Limits:   the latest kActionStepsMax steps, and always the latest completion.
// Tests:    tests/projections/queries
#ifndef SCRUTINY_PROJECTIONS_BOARD_ACTIONS_H_
#define SCRUTINY_PROJECTIONS_BOARD_ACTIONS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

// As ActionRow.steps says.
inline constexpr int kActionStepsMax = 20;

const Register& ActionsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_ACTIONS_H_
