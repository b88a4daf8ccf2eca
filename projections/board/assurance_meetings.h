// projections/board/assurance_meetings.h
// Meetings at which the chief officer's performance is scrutinised in public. Row of a meeting, by
// key:
//   ""  AssuranceMeetingRow, up to the state held, without forum, date, the report's publication,
//       the questions and what is judged on a day
// A meeting has one only if it was announced as such, scrutinised a priority, had a question
// window, parts or a published list of questions; its place in the calendar alone makes none.
//
// Threads:  pure.
// Tests:    tests/projections/board/assurance_meetings_test.cc
#ifndef SCRUTINY_PROJECTIONS_BOARD_ASSURANCE_MEETINGS_H_
#define SCRUTINY_PROJECTIONS_BOARD_ASSURANCE_MEETINGS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& AssuranceMeetingsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_ASSURANCE_MEETINGS_H_
