// projections/board/meetings.h
// Meetings with their agendas, attendance and what else was noted. Rows of a meeting, by key:
//   ""          MeetingRow, without forum_name, resolutions and minutes
//   "i/<item>"  AgendaItemRow, without what is resolved, assured, raised or decided on it
//   "p/<person>", "q/<person>"  AttendanceRow of who was there, of who apologised; without shown_as
//   "n/<sequence>"  AttendanceRow of something noted: `reason` the words, `person` whom it is about
//   "m/<sequence>"  ActionStep: minutes of `meeting` were approved or noted (`what`) here
// Indexed by forum ("forum") and by the meetings whose minutes it dealt with ("minutes_of").
//
// Threads:  pure.
// Tests:    tests/projections/queries
#ifndef SCRUTINY_PROJECTIONS_BOARD_MEETINGS_H_
#define SCRUTINY_PROJECTIONS_BOARD_MEETINGS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

inline constexpr absl::string_view kItemPrefix = "i/";
inline constexpr absl::string_view kPresentPrefix = "p/";
inline constexpr absl::string_view kApologyPrefix = "q/";
inline constexpr absl::string_view kNotePrefix = "n/";
inline constexpr absl::string_view kMinutesPrefix = "m/";

const Register& MeetingsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_MEETINGS_H_
