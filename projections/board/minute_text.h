// projections/board/minute_text.h
// What a meeting's facts say that only its minutes give in full. Rows of a meeting, by key:
//   "t/<item>/<key>/<n>"  ItemMinuted of one paragraph, the n-th from 0; the heading with the first
//   "f/<sequence>"        Proposed of a fact that the minutes give and no other row holds in full:
//                         opened, closed, adjourned, resumed, inquorate, the public counted, a rule
//                         of representation not kept, minutes accepted, an item taken
//   "s/<of them>"         RowMeta of the stretch "t/<item>/<key>" or of "f/<sequence>"
// For RenderMinutes alone; no query lists it.
//
// Threads:  pure.
// Tests:    tests/projections/board/minutes_test.cc
#ifndef SCRUTINY_PROJECTIONS_BOARD_MINUTE_TEXT_H_
#define SCRUTINY_PROJECTIONS_BOARD_MINUTE_TEXT_H_

#include "absl/strings/string_view.h"

#include "projections/engine/register.h"

namespace scrutiny::projections {

inline constexpr absl::string_view kMinuteText = "minute-text";
inline constexpr absl::string_view kParagraphPrefix = "t/";
inline constexpr absl::string_view kMinutedFactPrefix = "f/";
inline constexpr absl::string_view kStandsOnPrefix = "s/";

const Register& MinuteTextRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_MINUTE_TEXT_H_
