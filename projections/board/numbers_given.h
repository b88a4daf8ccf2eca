// projections/board/numbers_given.h
// Numbers that decisions, minutes and actions were given. Rows of a record, by key:
//   ""          NumberRow of a decision or an action
//   "i/<item>"  NumberRow of the minute of an agenda item
// without its title and day, and without how it stands among the other numbers.
//
// Threads:  pure.
// Tests:    tests/projections/board/numbers_test.cc
#ifndef SCRUTINY_PROJECTIONS_BOARD_NUMBERS_GIVEN_H_
#define SCRUTINY_PROJECTIONS_BOARD_NUMBERS_GIVEN_H_

#include "absl/strings/string_view.h"

#include "projections/engine/register.h"

namespace scrutiny::projections {

inline constexpr absl::string_view kActionNumbers = "action-numbers";
inline constexpr absl::string_view kDecisionNumbers = "decision-numbers";
inline constexpr absl::string_view kMinuteNumbers = "minute-numbers";

const Register& ActionNumbersRegister();
const Register& DecisionNumbersRegister();
const Register& MinuteNumbersRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_NUMBERS_GIVEN_H_
