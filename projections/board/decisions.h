// projections/board/decisions.h
// The decision log. Rows of a decision, by key:
//   ""            DecisionRow, without what belongs to meetings (their dates) and without whether
//   it
//                 is published, which is judged on a day
//   kEarliestKey  ActionStep whose date is the first possible day, where the decision's date is not
//                 known to the day
//   "o/<place>"   DecisionOptionRow of an option considered
//   kWithheldKey  event.v1.DecisionPublicationWithheld, the latest that holds
// Indexed by the meeting it was taken at ("meeting").
//
// Threads:  pure.
// Tests:    tests/projections/board/decisions_test.cc, tests/projections/queries
#ifndef SCRUTINY_PROJECTIONS_BOARD_DECISIONS_H_
#define SCRUTINY_PROJECTIONS_BOARD_DECISIONS_H_

#include "absl/strings/string_view.h"

#include "projections/engine/register.h"

namespace scrutiny::projections {

inline constexpr absl::string_view kEarliestKey = "earliest";
inline constexpr absl::string_view kDecisionOptionPrefix = "o/";
inline constexpr absl::string_view kWithheldKey = "withheld";

const Register& DecisionsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_DECISIONS_H_
