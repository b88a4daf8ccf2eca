// projections/board/decisions.h
// The decision log. Row: register.v1.DecisionRow, without what belongs to meetings (their dates).
// Beside it, under the key kEarliestKey, an ActionStep whose date is the first possible day, where
// the decision's date is not known to the day. Indexed by the meeting it was taken at ("meeting").
//
// Threads:  pure.
// Tests:    tests/projections/queries
#ifndef SCRUTINY_PROJECTIONS_BOARD_DECISIONS_H_
#define SCRUTINY_PROJECTIONS_BOARD_DECISIONS_H_

#include "absl/strings/string_view.h"

#include "projections/engine/register.h"

namespace scrutiny::projections {

inline constexpr absl::string_view kEarliestKey = "earliest";

const Register& DecisionsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_DECISIONS_H_
