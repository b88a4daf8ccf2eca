// projections/board/minutes.h
// How far the minutes of meetings are. Rows of a meeting, by key:
//   ""              MinutesRow of its own minutes: drafted, sent round, corrected, published;
//                   without forum, dates and what other meetings did. None where nothing was said.
//   "c/<key>"       MinuteCorrectionRow, without forum
//   "a/<sequence>"  MinutesRow of the minutes of `meeting`, which this meeting approved or noted
// What a meeting accepted stands on its own record; MinutesAsTheyStand joins it.
// Indexed by the meeting whose minutes were accepted ("minutes_of").
//
// Threads:  pure.
// Tests:    tests/projections/board/minutes_test.cc
#ifndef SCRUTINY_PROJECTIONS_BOARD_MINUTES_H_
#define SCRUTINY_PROJECTIONS_BOARD_MINUTES_H_

#include "absl/strings/string_view.h"

#include "projections/engine/register.h"

namespace scrutiny::projections {

inline constexpr absl::string_view kMinutes = "minutes";
inline constexpr absl::string_view kCorrectionPrefix = "c/";
inline constexpr absl::string_view kAcceptancePrefix = "a/";

const Register& MinutesRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_MINUTES_H_
