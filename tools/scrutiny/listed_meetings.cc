// Agenda items, attendance, declarations, announcements, assurance meetings, numbers.
#include "scrutiny/register/v1/assurance_meetings.pb.h"
#include "scrutiny/register/v1/attendance.pb.h"
#include "scrutiny/register/v1/numbers.pb.h"
#include "scrutiny/register/v1/register.pb.h"
#include "tools/scrutiny/list_command.h"

namespace scrutiny::tools {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): every message of the
                                // service

std::vector<ListedRegister> ListedMeeting() {
  return {
      Listed<ListAgendaItemsRequest, ListAgendaItemsResponse>(
          "agenda-items", "Agenda items over meetings, and what became of them", "ListAgendaItems"),
      Listed<ListAttendanceRequest, ListAttendanceResponse>(
          "attendance", "Who was at meetings, apologised or was absent", "ListAttendance"),
      Listed<CountAttendanceRequest, CountAttendanceResponse>(
          "attendance-count", "How often each person was at a forum's meetings", "CountAttendance",
          "Name the forum: scrutiny attendance-count --forum forums/spab"),
      Listed<ListDeclarationsRequest, ListDeclarationsResponse>(
          "declarations", "Interests declared at meetings, and that there were none",
          "ListDeclarations"),
      Listed<ListAnnouncementsRequest, ListAnnouncementsResponse>(
          "announcements", "Announcements, forthcoming events and next meetings",
          "ListAnnouncements"),
      Listed<ListAssuranceMeetingsRequest, ListAssuranceMeetingsResponse>(
          "assurance-meetings",
          "Meetings that scrutinise performance in public, and the questions put to them",
          "ListAssuranceMeetings"),
      Listed<ListNumbersRequest, ListNumbersResponse>(
          "numbers", "Numbers given to decisions, minutes or actions, with the gaps", "ListNumbers",
          "Name the kind: scrutiny numbers --kind decisions"),
      Listed<ListNumberSeriesRequest, ListNumberSeriesResponse>(
          "number-series", "How the office's numbers run, and the latest ones", "ListNumberSeries"),
  };
}

}  // namespace scrutiny::tools
