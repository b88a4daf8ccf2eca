// projections/board/minute_actions.h
// Actions as a meeting left them, so that minutes do not change when an action later does. Rows of
// an action, one a meeting that said something of it: "m/<meeting>", an ActionRow with the words,
// owners, due and state at the end of that meeting, the item, and that meeting's steps alone.
// Indexed by those meetings ("meeting"). For RenderMinutes alone; no query lists it.
//
// Threads:  pure.
// Tests:    tests/projections/board/minutes_test.cc
#ifndef SCRUTINY_PROJECTIONS_BOARD_MINUTE_ACTIONS_H_
#define SCRUTINY_PROJECTIONS_BOARD_MINUTE_ACTIONS_H_

#include "absl/strings/string_view.h"

#include "projections/engine/register.h"

namespace scrutiny::projections {

inline constexpr absl::string_view kMinuteActions = "minute-actions";
inline constexpr absl::string_view kAtMeetingPrefix = "m/";

const Register& MinuteActionsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_MINUTE_ACTIONS_H_
