// Meetings of assurance: announced, questions put in, held in parts, answered, published.

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/assurance_meetings.pb.h"
#include "tests/projections/board/document_support.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the row
using ::testing::ElementsAre;
using testing::Meeting;
using testing::MemoryLedger;
using testing::On;
using testing::OpenRegisters;

constexpr char kJan[] = "meetings/jan";

ListAssuranceMeetingsResponse All(OpenRegisters& registers, const std::string& request = "") {
  return testing::AnswerTo<ListAssuranceMeetingsResponse, ListAssuranceMeetingsRequest>(registers,
                                                                                        request);
}
AssuranceMeetingRow One(OpenRegisters& registers, const std::string& request = "") {
  const ListAssuranceMeetingsResponse all = All(registers, request);
  return all.rows_size() == 1 ? all.rows(0) : AssuranceMeetingRow();
}
std::string Announced() {
  return On("2021-01-04", kJan,
            "assurance_meeting_announced { subject: 'Rural crime' priorities { number: 3 } "
            "parts { key: '1' title: 'Report' } parts { key: '2' title: 'Questions' "
            "questions: true } } plan_version { plan: 'plans/p' version: '2' }");
}
std::string Question(const std::string& key, const std::string& more) {
  return On("2021-01-10", "questions/" + key,
            "question_submitted { title: 'Q' asker_kind: ASKER_KIND_PUBLIC put_to: 'meetings/jan' "
            "forum: 'forums/pam' } " +
                more);
}

TEST(AssuranceMeetingsTest, AnOrdinaryMeetingIsNone) {
  MemoryLedger ledger;
  ledger.Append({Meeting("mar", "2019-03-18"),
                 On("2019-03-18", "meetings/mar",
                    "meeting_theme_set { theme: 'SP3' priority: 3 } "
                    "plan_version { plan: 'plans/p' version: '2' }"),
                 On("2019-03-18", "meetings/mar", "meeting_closed { }"),
                 On("2019-03-18", "meetings/mar", "questions_tallied { received: 4 }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(All(registers).rows_size(), 0);
}

TEST(AssuranceMeetingsTest, FromItsAnnouncementUntilItIsHeld) {
  MemoryLedger ledger;
  ledger.Append({Meeting("jan", "2021-01-20", "forums/pam"), Announced()});
  OpenRegisters registers(ledger);
  EXPECT_EQ(One(registers).state(), ASSURANCE_MEETING_STATE_ANNOUNCED);
  EXPECT_THAT(One(registers).priorities(), ElementsAre(3));
  EXPECT_EQ(One(registers, "priority: 3 plan_version: 'plans/p@2'").subject(), "Rural crime");
  EXPECT_EQ(All(registers, "priority: 4").rows_size(), 0);
  ledger.Append({On("2021-01-05", kJan, "question_window_opened { until: '2021-01-15' }")});
  EXPECT_EQ(One(registers, "view { judged_on: '2021-01-15' }").state(),
            ASSURANCE_MEETING_STATE_QUESTIONS_OPEN);
  EXPECT_EQ(One(registers, "view { judged_on: '2021-01-16' }").state(),
            ASSURANCE_MEETING_STATE_QUESTIONS_CLOSED)
      << "its last day is past";
  ledger.Append({On("2021-01-16", kJan, "question_window_closed { received: 2 }"),
                 On("2021-01-20", kJan, "meeting_part_held { key: '1' start: '10:00' }")});
  EXPECT_EQ(One(registers).state(), ASSURANCE_MEETING_STATE_PARTLY_HELD);
  EXPECT_EQ(One(registers).said_received(), 2u);
  ledger.Append({On("2021-01-20", kJan, "meeting_part_held { key: '2' }")});
  const AssuranceMeetingRow row = One(registers);
  EXPECT_EQ(row.state(), ASSURANCE_MEETING_STATE_HELD);
  ASSERT_EQ(row.parts_size(), 2);
  EXPECT_EQ(row.parts(0).title(), "Report");
  EXPECT_EQ(row.parts(0).start(), "10:00");
  EXPECT_TRUE(row.parts(1).questions());
  EXPECT_EQ(row.meeting_date(), "2021-01-20");
  EXPECT_EQ(row.steps_size(), 6);
}

TEST(AssuranceMeetingsTest, AllAnsweredOnlyIfEveryQuestionThatWasPutInIs) {
  MemoryLedger ledger;
  ledger.Append({Meeting("jan", "2021-01-20", "forums/pam"), Announced(),
                 On("2021-01-20", kJan, "meeting_closed { }"), Question("a", ""), Question("b", ""),
                 Question("c", ""),
                 On("2021-01-11", "questions/c", "question_rejected { reason: 'twice' }"),
                 On("2021-01-12", "questions/a", "question_selected { put_to: 'meetings/jan' }"),
                 On("2021-01-20", "questions/a",
                    "question_answered { text: 'So' route: ANSWER_ROUTE_AT_MEETING }")});
  OpenRegisters registers(ledger);
  AssuranceMeetingRow row = One(registers, "unanswered: true");
  EXPECT_EQ(row.state(), ASSURANCE_MEETING_STATE_HELD);
  EXPECT_EQ(row.questions(), 2u) << "without the one that was not accepted";
  EXPECT_EQ(row.selected(), 1u);
  EXPECT_EQ(row.answered_at_meeting(), 1u);
  EXPECT_EQ(row.unanswered(), 1u);
  ledger.Append({On("2021-02-01", "questions/b",
                    "question_answered { text: 'So' route: ANSWER_ROUTE_BY_CASEWORK }")});
  row = One(registers);
  EXPECT_EQ(row.answered_by_casework(), 1u);
  EXPECT_EQ(row.state(), ASSURANCE_MEETING_STATE_ALL_ANSWERED);
  EXPECT_EQ(All(registers, "unanswered: true").rows_size(), 0);
  ledger.Append({On("2021-02-02", kJan, "question_list_published { url: 'https://l' }"),
                 On("2021-02-03", kJan, "meeting_recording_published { url: 'https://r' }")});
  EXPECT_EQ(One(registers).state(), ASSURANCE_MEETING_STATE_PUBLISHED);
  ledger.Append({On("2021-02-04", kJan, "questions_tallied { received: 5 }")});
  row = One(registers);
  EXPECT_EQ(row.state(), ASSURANCE_MEETING_STATE_HELD) << "three of five are not recorded";
  EXPECT_EQ(row.list_on(), "2021-02-02");
  EXPECT_EQ(row.recording_url(), "https://r");
}

TEST(AssuranceMeetingsTest, WhatWasScrutinisedStandsBeforeWhatWasToBe) {
  MemoryLedger ledger;
  ledger.Append({Announced(),
                 On("2021-01-20", kJan,
                    "priority_scrutinised { key: 'a' subject: 'Fly-tipping' "
                    "priorities { number: 5 } paper: 'papers/r' }"),
                 On("2021-01-18", "papers/r", "paper_published { url: 'https://p' }")});
  OpenRegisters registers(ledger);
  const AssuranceMeetingRow row = One(registers);
  EXPECT_EQ(row.subject(), "Fly-tipping");
  EXPECT_THAT(row.priorities(), ElementsAre(5));
  EXPECT_TRUE(row.scrutinised());
  EXPECT_EQ(row.report_published_on(), "2021-01-18");
  EXPECT_EQ(row.state(), ASSURANCE_MEETING_STATE_PARTLY_HELD);
}

TEST(AssuranceMeetingsTest, CancelledUntilItIsMoved) {
  MemoryLedger ledger;
  ledger.Append({Meeting("jan", "2021-01-20"), Announced(),
                 On("2021-01-18", kJan, "meeting_cancelled { reason: 'illness' }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(One(registers).state(), ASSURANCE_MEETING_STATE_CANCELLED);
  ledger.Append({On("2021-01-19", kJan, "meeting_rescheduled { date: '2021-02-20' }")});
  EXPECT_EQ(One(registers).state(), ASSURANCE_MEETING_STATE_ANNOUNCED);
  EXPECT_EQ(One(registers).meeting_date(), "2021-02-20");
}

}  // namespace
}  // namespace scrutiny::projections
