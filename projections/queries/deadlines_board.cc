#include "absl/strings/str_cat.h"

#include "projections/queries/all_registers.h"
#include "projections/queries/deadlines.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): every message of the
                                // service

namespace {

void OfMeeting(const MeetingRow& row, ClockSink sink) {
  // One of which papers only give what was resolved was held too.
  const bool held = row.state() == MEETING_STATE_OPENED || row.state() == MEETING_STATE_CLOSED ||
                    row.resolutions() > 0 || row.attended() > 0;
  sink(Clock(CLOCK_KIND_MEETING, row.meeting(),
             row.forum_name().empty() ? row.forum() : row.forum_name())
           .On(row.date())
           .At(row.meeting(), row.forum())
           .Done(held, row.date())
           .Stopped(row.state() == MEETING_STATE_CANCELLED)
           .Meta(row.meta()));
}

void OfAction(const ActionRow& row, ClockSink sink) {
  event::v1::Due due;
  due.set_meeting(row.due_meeting());
  due.set_printed(row.due_printed());
  const bool completed = row.state() == ACTION_STATE_COMPLETED;
  sink(Clock(CLOCK_KIND_ACTION, row.action(), row.title())
           .By(due, row.due_date())
           .Of(row.owners())
           .Done(completed || row.state() == ACTION_STATE_CLOSED,
                 row.completed_on().empty() ? row.closed_on() : row.completed_on())
           .Stopped(row.state() == ACTION_STATE_WITHDRAWN)
           .Meta(row.meta()));
}

// One that was adopted runs as its action.
void OfCommitment(const CommitmentRow& row, ClockSink sink) {
  if (row.state() == COMMITMENT_STATE_ADOPTED) return;
  sink(Clock(CLOCK_KIND_COMMITMENT, row.commitment(), row.title())
           .By(row.due(), row.due_date())
           .Of(row.owners())
           .Done(row.state() == COMMITMENT_STATE_MET, row.met_on())
           .Stopped(row.state() == COMMITMENT_STATE_DECLINED)
           .Meta(row.meta()));
}

void OfPaper(const PaperRow& row, ClockSink sink) {
  const bool awaited = row.state() == PAPER_STATE_REQUESTED || row.state() == PAPER_STATE_CLEARED;
  sink(Clock(CLOCK_KIND_REPORT, row.paper(), row.title())
           .By(row.due(), row.due_date())
           .Of(row.report_by())
           .Done(!awaited, row.submitted_on())
           .Meta(row.meta()));
}

void OfDecision(const DecisionRow& row, ClockSink sink) {
  const bool published = row.publication() == DECISION_PUBLICATION_PUBLISHED ||
                         row.publication() == DECISION_PUBLICATION_PARTLY_WITHHELD;
  sink(Clock(CLOCK_KIND_PUBLICATION, row.decision(), row.title())
           .By(row.publish_by(), "")
           .Done(published, row.published_on())
           .Stopped(row.publication() == DECISION_PUBLICATION_WITHHELD)
           .Meta(row.meta()));
}

void OfQuestion(const QuestionRow& row, ClockSink sink) {
  const bool refused =
      row.state() == QUESTION_STATE_REJECTED || row.state() == QUESTION_STATE_TAKEN_BACK;
  sink(Clock(CLOCK_KIND_QUESTION, row.question(), row.title())
           .By(row.due(), row.due_date())
           .Of(row.addressees())
           .Done(!refused && !row.owed(),
                 row.answered_on().empty() ? row.closed_on() : row.answered_on())
           .Stopped(refused)
           .Meta(row.meta()));
}

void OfQuestionPart(const QuestionPartRow& row, ClockSink sink) {
  sink(Clock(CLOCK_KIND_QUESTION, row.question(), row.text())
           .Part(row.key())
           .By(row.due(), row.due_date())
           .Of(row.owners())
           .Done(!row.owed(), row.answered_on())
           .Meta(row.meta()));
}

void OfAssuranceMeeting(const AssuranceMeetingRow& row, ClockSink sink) {
  sink(Clock(CLOCK_KIND_WINDOW, row.meeting(),
             absl::StrCat("Questions for ",
                          row.forum_name().empty() ? row.meeting() : row.forum_name()))
           .On(row.window_until())
           .Done(!row.window_closed_on().empty(), row.window_closed_on())
           .Meta(row.meta()));
}

void OfFinding(const FindingRow& row, ClockSink sink) {
  const bool answered = row.state() == FINDING_STATE_ANSWERED ||
                        row.state() == FINDING_STATE_RESOLVED || row.responses_size() > 0;
  sink(Clock(CLOCK_KIND_FINDING_RESPONSE, row.finding(), row.title())
           .On(row.response_due())
           .Done(answered, row.responses_size() > 0 ? row.responses(0).date() : "")
           .Stopped(row.state() == FINDING_STATE_NO_RESPONSE_NEEDED)
           .Meta(row.meta()));
}

}  // namespace

std::vector<ClockSource> BoardClocks() {
  return {
      ClocksOf<ListMeetingsRequest, ListMeetingsResponse>(kMeetings, "ListMeetings", OfMeeting),
      ClocksOf<ListActionsRequest, ListActionsResponse>(
          kActions, "ListActions", OfAction,
          +[](ListActionsRequest* request) { request->set_state(ACTION_FILTER_ALL); }),
      ClocksOf<ListCommitmentsRequest, ListCommitmentsResponse>("commitments", "ListCommitments",
                                                                OfCommitment),
      ClocksOf<ListPapersRequest, ListPapersResponse>(kPapers, "ListPapers", OfPaper),
      ClocksOf<ListDecisionsRequest, ListDecisionsResponse>(kDecisions, "ListDecisions",
                                                            OfDecision),
      ClocksOf<ListQuestionsRequest, ListQuestionsResponse>("questions", "ListQuestions",
                                                            OfQuestion),
      ClocksOf<ListQuestionPartsRequest, ListQuestionPartsResponse>(
          "questions", "ListQuestionParts", OfQuestionPart),
      ClocksOf<ListAssuranceMeetingsRequest, ListAssuranceMeetingsResponse>(
          "assurance-meetings", "ListAssuranceMeetings", OfAssuranceMeeting),
      ClocksOf<ListFindingsRequest, ListFindingsResponse>(kFindings, "ListFindings", OfFinding),
  };
}

}  // namespace scrutiny::projections
