// projections/board/forward_plan.h
// The forward plan: what is to come to which meeting. Rows of a planned item, by key:
//   ""              PlanItemRow, without the meetings' dates and themes
//   "j/<sequence>"  PlanAgendaRow of a fact that joins it to a meeting's agenda: the entry in
//                   `joined_by`, the meeting alone in `planned_for`, `item`, and whether it was
//                   `taken` there
// Indexed by every meeting it was planned for, placed at or taken at ("meeting").
//
// Threads:  pure.
// Tests:    tests/projections/board/decisions_test.cc, tests/projections/queries
#ifndef SCRUTINY_PROJECTIONS_BOARD_FORWARD_PLAN_H_
#define SCRUTINY_PROJECTIONS_BOARD_FORWARD_PLAN_H_

#include "absl/strings/string_view.h"

#include "projections/engine/register.h"

namespace scrutiny::projections {

inline constexpr absl::string_view kPlanJoinPrefix = "j/";

const Register& ForwardPlanRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_FORWARD_PLAN_H_
