// projections/board/minutes_formats.h
// How the office sets out the minutes of its forums, the latest said of each. Rows of an office:
// "f/<forum>", or "f/" for every forum that has none of its own, an event.v1.MinutesFormatSet.
//
// Threads:  pure.
// Tests:    tests/projections/board/minutes_test.cc
#ifndef SCRUTINY_PROJECTIONS_BOARD_MINUTES_FORMATS_H_
#define SCRUTINY_PROJECTIONS_BOARD_MINUTES_FORMATS_H_

#include "absl/strings/string_view.h"

#include "projections/engine/register.h"

namespace scrutiny::projections {

inline constexpr absl::string_view kMinutesFormats = "minutes-formats";

const Register& MinutesFormatsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_MINUTES_FORMATS_H_
