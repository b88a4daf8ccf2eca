// projections/board/attendance.h
// Who was at meetings and who was not. Rows of a meeting, by key:
//   "p/<person>"  MeetingAttendanceRow, without the meeting's date and forum and how the person is
//                 shown
// Somebody who was there was there, whatever else is recorded; an apology counts before an absence.
// Indexed by person ("person").
//
// Threads:  pure.
// Tests:    tests/projections/board/attendance_test.cc
#ifndef SCRUTINY_PROJECTIONS_BOARD_ATTENDANCE_H_
#define SCRUTINY_PROJECTIONS_BOARD_ATTENDANCE_H_

#include "absl/strings/string_view.h"

#include "projections/engine/register.h"

namespace scrutiny::projections {

inline constexpr absl::string_view kAttendance = "attendance";
inline constexpr absl::string_view kAttendancePrefix = "p/";

const Register& AttendanceRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_ATTENDANCE_H_
