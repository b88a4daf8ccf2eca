// projections/board/number_series.h
// How an office's numbers run. Rows of an office, by key:
//   "s/<kind>/<series>"  NumberSeriesRow as last defined, without the current year and latest
//   number "g/<sequence>"       NumberRow of a run of numbers never used, and why
//
// Threads:  pure.
// Tests:    tests/projections/board/numbers_test.cc
#ifndef SCRUTINY_PROJECTIONS_BOARD_NUMBER_SERIES_H_
#define SCRUTINY_PROJECTIONS_BOARD_NUMBER_SERIES_H_

#include "absl/strings/string_view.h"

#include "projections/engine/register.h"

namespace scrutiny::projections {

inline constexpr absl::string_view kNumberSeries = "number-series";
inline constexpr absl::string_view kSeriesPrefix = "s/";
inline constexpr absl::string_view kGapPrefix = "g/";

const Register& NumberSeriesRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_NUMBER_SERIES_H_
