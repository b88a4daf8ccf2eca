// Attendance, declarations, announcements, agenda items, assurance meetings, numbers.
#include "projections/board/announcements.h"
#include "projections/board/assurance_meetings.h"
#include "projections/board/attendance.h"
#include "projections/board/declarations.h"
#include "projections/board/number_series.h"
#include "projections/board/numbers_given.h"
#include "projections/board/questions.h"
#include "projections/queries/all_registers.h"
#include "projections/queries/groups.h"
#include "projections/queries/list_query.h"
#include "projections/queries/meeting_joins.h"
#include "projections/queries/meeting_queries.h"
#include "scrutiny/register/v1/assurance_meetings.pb.h"
#include "scrutiny/register/v1/papers.pb.h"
#include "scrutiny/register/v1/questions.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): rows of many types

// What rows of a meeting take from it, and how their person is shown.
template <typename Row>
absl::Status FinishOfMeeting(Scope& scope, Row* row) {
  SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo meeting, scope.calendar().Meeting(row->meeting()));
  row->set_forum(meeting.forum);
  row->set_meeting_date(meeting.date);
  SCRUTINY_ASSIGN_OR_RETURN(*row->mutable_shown_as(), ShownAs(scope, row->person(), row->post()));
  return absl::OkStatus();
}

// Whether a question got any answer; one that is closed only if something of it is known.
bool HasAnswer(const QuestionRow& question) {
  switch (question.state()) {
    case QUESTION_STATE_PARTLY_ANSWERED:
    case QUESTION_STATE_FOLLOW_UP_OWED:
    case QUESTION_STATE_ANSWERED:
      return true;
    case QUESTION_STATE_CLOSED:
      return !question.answered_on().empty() ||
             question.route() != event::v1::ANSWER_ROUTE_UNSPECIFIED;
    default:
      return false;
  }
}

void CountQuestion(const QuestionRow& question, AssuranceMeetingRow* row) {
  row->set_questions(row->questions() + 1);
  if (question.selected()) row->set_selected(row->selected() + 1);
  if (!HasAnswer(question)) {
    row->set_unanswered(row->unanswered() + 1);
    return;
  }
  switch (question.route()) {
    case event::v1::ANSWER_ROUTE_AT_MEETING:
      row->set_answered_at_meeting(row->answered_at_meeting() + 1);
      break;
    case event::v1::ANSWER_ROUTE_BY_CASEWORK:
      row->set_answered_by_casework(row->answered_by_casework() + 1);
      break;
    default:
      row->set_answered_otherwise(row->answered_otherwise() + 1);
  }
}

absl::Status CountQuestions(Scope& scope, AssuranceMeetingRow* row) {
  const Reader& questions = scope.reader(kQuestions);
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> put,
                            questions.Indexed("meeting", row->meeting()));
  SCRUTINY_RETURN_IF_ERROR(
      ForRows(questions, scope.view(), absl::make_optional(put),
              [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                if (!key.empty()) return absl::OkStatus();
                QuestionRow question;
                SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &question));
                // The index also leads to what was put to it once and chosen for another.
                const bool counts = question.put_to() == row->meeting() &&
                                    question.state() != QUESTION_STATE_REJECTED &&
                                    question.state() != QUESTION_STATE_TAKEN_BACK;
                if (counts) CountQuestion(question, row);
                return absl::OkStatus();
              }));
  row->set_any_unanswered(row->unanswered() > 0);
  return absl::OkStatus();
}

absl::Status FindReport(Scope& scope, AssuranceMeetingRow* row) {
  if (row->paper().empty()) return absl::OkStatus();
  return ForRows(scope.reader(kPapers), scope.view(),
                 absl::optional<std::vector<std::string>>(absl::in_place, 1, row->paper()),
                 [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                   if (!key.empty()) return absl::OkStatus();
                   PaperRow paper;
                   SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &paper));
                   row->set_report_published_on(paper.published_on());
                   return absl::OkStatus();
                 });
}

absl::Status FinishAssuranceMeeting(Scope& scope, AssuranceMeetingRow* row) {
  SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo meeting, scope.calendar().Meeting(row->meeting()));
  row->set_forum(meeting.forum);
  row->set_meeting_date(meeting.date);
  SCRUTINY_ASSIGN_OR_RETURN(*row->mutable_forum_name(),
                            scope.calendar().ForumName(meeting.forum, meeting.day));
  SCRUTINY_RETURN_IF_ERROR(FindReport(scope, row));
  SCRUTINY_RETURN_IF_ERROR(CountQuestions(scope, row));
  const absl::optional<ledger::Day> last = LastDayOf(row->window_until());
  if (row->state() == ASSURANCE_MEETING_STATE_QUESTIONS_OPEN && last.has_value() &&
      *last < scope.judged_on()) {
    row->set_state(ASSURANCE_MEETING_STATE_QUESTIONS_CLOSED);
  }
  // Where a paper says that there were more than are recorded, it is not known of all.
  const bool all_known = row->questions() > 0
                             ? row->questions() >= row->said_received()
                             : row->has_said_received() && row->said_received() == 0;
  if (row->state() == ASSURANCE_MEETING_STATE_HELD && all_known && !row->any_unanswered()) {
    row->set_state(row->list() && row->recording() ? ASSURANCE_MEETING_STATE_PUBLISHED
                                                   : ASSURANCE_MEETING_STATE_ALL_ANSWERED);
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<const Register*> MeetingRegisters() {
  return {&AnnouncementsRegister(), &AssuranceMeetingsRegister(), &AttendanceRegister(),
          &DeclarationsRegister(),  &ActionNumbersRegister(),     &DecisionNumbersRegister(),
          &MinuteNumbersRegister(), &NumberSeriesRegister()};
}

std::vector<Query> MeetingQueries() {
  return {
      ListOf<ListAttendanceRequest, ListAttendanceResponse, MeetingAttendanceRow>(
          "ListAttendance", AttendanceRegister(), {kPeople}, FinishOfMeeting),
      ListOf<ListDeclarationsRequest, ListDeclarationsResponse, DeclarationRow>(
          "ListDeclarations", DeclarationsRegister(), {kPeople}, FinishOfMeeting),
      ListOf<ListAnnouncementsRequest, ListAnnouncementsResponse, AnnouncementRow>(
          "ListAnnouncements", AnnouncementsRegister(), {kPeople}, FinishOfMeeting),
      ListOf<ListAssuranceMeetingsRequest, ListAssuranceMeetingsResponse, AssuranceMeetingRow>(
          "ListAssuranceMeetings", AssuranceMeetingsRegister(), {kQuestions, kPapers},
          FinishAssuranceMeeting),
      MakeQuery("ListAgendaItems", QueryAgendaItems),
      MakeQuery("CountAttendance", QueryAttendanceCount),
      MakeQuery("ListNumbers", QueryNumbers),
      MakeQuery("ListNumberSeries", QueryNumberSeries),
  };
}

}  // namespace scrutiny::projections
