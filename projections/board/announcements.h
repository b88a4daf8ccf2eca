// projections/board/announcements.h
// What meetings were told: news, forthcoming events, the next meeting. Rows of a meeting, by key:
//   "a/<sequence>"  AnnouncementRow, without the meeting's date and forum and how the person is
//                   shown; the sequence is that of the fact which first spoke of it
// Indexed by person ("person").
//
// Threads:  pure.
// Tests:    tests/projections/board/announcements_test.cc
#ifndef SCRUTINY_PROJECTIONS_BOARD_ANNOUNCEMENTS_H_
#define SCRUTINY_PROJECTIONS_BOARD_ANNOUNCEMENTS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& AnnouncementsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_ANNOUNCEMENTS_H_
