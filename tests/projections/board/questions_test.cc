// Questions with their limbs, answers, supplementaries and follow-ups.

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/questions.pb.h"
#include "tests/projections/board/document_support.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using event::v1::ANSWER_ROUTE_AT_MEETING;
using testing::Meeting;
using testing::MemoryLedger;
using testing::On;
using testing::OpenRegisters;

QuestionRow Question(OpenRegisters& registers, const std::string& request = "") {
  const auto answer =
      testing::AnswerTo<ListQuestionsResponse, ListQuestionsRequest>(registers, request);
  return answer.rows_size() > 0 ? answer.rows(0) : QuestionRow();
}
int Count(OpenRegisters& registers, const std::string& request) {
  return testing::AnswerTo<ListQuestionsResponse, ListQuestionsRequest>(registers, request)
      .rows_size();
}
ListQuestionPartsResponse Parts(OpenRegisters& registers, const std::string& request = "") {
  return testing::AnswerTo<ListQuestionPartsResponse, ListQuestionPartsRequest>(registers, request);
}

std::string InQuestion(const std::string& day, const std::string& fact) {
  return On(day, "questions/q", fact);
}

std::string TwoLimbs(const std::string& day = "2019-03-01") {
  return InQuestion(day,
                    "question_submitted { title: 'Knife crime' asker_kind: ASKER_KIND_PUBLIC "
                    "forum: 'forums/spab' put_to: 'meetings/mar' "
                    "limbs { key: 'a' text: 'How many?' } limbs { key: 'b' text: 'Compared?' } "
                    "due { date: '2019-04-01' } }");
}

TEST(QuestionsTest, LimbsAreAnsweredOneByOne) {
  MemoryLedger ledger;
  ledger.Append({Meeting("mar", "2019-03-18"), TwoLimbs()});
  OpenRegisters registers(ledger);
  QuestionRow row = Question(registers);
  EXPECT_EQ(row.state(), QUESTION_STATE_SUBMITTED);
  EXPECT_EQ(row.limbs(), 2);
  EXPECT_EQ(row.limbs_owed(), 2);
  EXPECT_TRUE(row.owed() && row.overdue());
  ledger.Append({InQuestion("2019-03-18",
                            "question_answered { limbs: 'a' text: '41' extent: "
                            "ANSWER_EXTENT_FULL route: ANSWER_ROUTE_AT_MEETING meeting: "
                            "'meetings/mar' }")});
  row = Question(registers);
  EXPECT_EQ(row.state(), QUESTION_STATE_PARTLY_ANSWERED);
  EXPECT_EQ(row.limbs_owed(), 1);
  EXPECT_EQ(row.answered_on(), "2019-03-18");
  EXPECT_EQ(row.route(), ANSWER_ROUTE_AT_MEETING);
  const auto owed = Parts(registers, "owed: true");
  ASSERT_EQ(owed.rows_size(), 1);
  EXPECT_EQ(owed.rows(0).key(), "b");
  EXPECT_EQ(owed.rows(0).text(), "Compared?");
  ledger.Append({InQuestion("2019-04-02",
                            "question_answered { key: '2' limbs: 'b' text: 'Fewer' extent: "
                            "ANSWER_EXTENT_FULL route: ANSWER_ROUTE_IN_WRITING }")});
  row = Question(registers);
  EXPECT_EQ(row.state(), QUESTION_STATE_ANSWERED);
  EXPECT_FALSE(row.owed() || row.overdue());
  EXPECT_EQ(row.answered_on(), "2019-03-18") << "the first time";
  EXPECT_EQ(row.route(), ANSWER_ROUTE_AT_MEETING) << "the first time";
  ledger.Append({InQuestion("2019-05-20",
                            "question_limb_marked_unanswered { limb: 'b' reason: 'no figure' }")});
  row = Question(registers, "owed: true");
  EXPECT_EQ(row.state(), QUESTION_STATE_PARTLY_ANSWERED);
  EXPECT_EQ(Parts(registers, "owed: true").rows(0).missing(), "no figure");
}

TEST(QuestionsTest, AnAnswerToTheWholeAnswersWhatIsOwedOfIt) {
  MemoryLedger ledger;
  ledger.Append({TwoLimbs(),
                 InQuestion("2019-03-18",
                            "question_answered { limbs: 'a' text: '41' extent: "
                            "ANSWER_EXTENT_FULL }"),
                 InQuestion("2019-03-19",
                            "question_answered { key: 'all' text: 'In part' extent: "
                            "ANSWER_EXTENT_PARTIAL missing: 'a comparison' }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Question(registers).limbs_owed(), 1);
  auto parts = Parts(registers);
  ASSERT_EQ(parts.rows_size(), 3);
  EXPECT_EQ(parts.rows(0).answer(), "41");
  EXPECT_EQ(parts.rows(1).answer(), "In part");
  EXPECT_EQ(parts.rows(1).missing(), "a comparison");
  EXPECT_EQ(parts.rows(2).sort(), QUESTION_PART_SORT_ANSWER);
  EXPECT_EQ(parts.rows(2).key(), "all");
  ledger.Append({InQuestion("2019-03-20", "question_answered { key: 'rest' text: 'All of it' }")});
  EXPECT_EQ(Question(registers).state(), QUESTION_STATE_ANSWERED);
  EXPECT_EQ(Parts(registers, "owed: true").rows_size(), 0);
}

TEST(QuestionsTest, AnAnswerThatGivesNothingIsNone) {
  MemoryLedger ledger;
  ledger.Append(
      {InQuestion("2019-03-01", "question_submitted { title: 'Q' asker_kind: ASKER_KIND_MEMBER }"),
       InQuestion("2019-03-02", "question_accepted {}"),
       InQuestion("2019-03-18",
                  "question_answered { text: 'It will be looked at' extent: "
                  "ANSWER_EXTENT_NONE }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Question(registers).state(), QUESTION_STATE_ACCEPTED);
  EXPECT_EQ(Question(registers).answered_on(), "");
  EXPECT_TRUE(Question(registers).owed());
  EXPECT_EQ(Parts(registers, "owed: true").rows_size(), 1);
}

TEST(QuestionsTest, WhatWasPromisedIsOwedUntilAllOfItIsGiven) {
  MemoryLedger ledger;
  ledger.Append({Meeting("mar", "2019-03-18"), TwoLimbs(),
                 InQuestion("2019-03-18", "question_answered { text: 'Both' }"),
                 InQuestion("2019-03-18",
                            "follow_up_promised { key: 'f1' text: 'Figures' limbs: 'b' due { "
                            "date: '2019-05-01' } owners { post: 'DCC' } action: 'actions/a' "
                            "meeting: 'meetings/mar' }"),
                 InQuestion("2019-03-18",
                            "supplementary_question_put { key: 's1' text: 'And Derby?' asker: "
                            "'persons/b' }"),
                 InQuestion("2019-03-18", "supplementary_answered { key: 's1' text: 'Too' }")});
  OpenRegisters registers(ledger);
  QuestionRow row = Question(registers, "overdue: true");
  EXPECT_EQ(row.state(), QUESTION_STATE_FOLLOW_UP_OWED);
  EXPECT_EQ(row.due_date(), "2019-04-01") << "its own, not the follow-up's";
  EXPECT_EQ(row.asker(), "") << "its own, not the supplementary's";
  EXPECT_EQ(row.supplementaries(), 1);
  EXPECT_EQ(row.supplementaries_owed(), 0);
  EXPECT_EQ(row.follow_ups_owed(), 1);
  const auto overdue = Parts(registers, "overdue: true meeting: 'meetings/mar'");
  ASSERT_EQ(overdue.rows_size(), 1);
  EXPECT_EQ(overdue.rows(0).sort(), QUESTION_PART_SORT_FOLLOW_UP);
  EXPECT_EQ(overdue.rows(0).due_date(), "2019-05-01");
  EXPECT_EQ(overdue.rows(0).action(), "actions/a");
  EXPECT_EQ(Count(registers, "overdue: true view { judged_on: '2019-05-01' }"), 0);
  ledger.Append(
      {InQuestion("2019-05-02", "follow_up_supplied { key: 'f1' text: '2018' missing: '2017' }")});
  EXPECT_EQ(Question(registers).state(), QUESTION_STATE_FOLLOW_UP_OWED);
  ledger.Append({InQuestion("2019-05-03",
                            "follow_up_supplied { key: 'f1' text: '2017' evidence { paper: "
                            "'papers/f' } }")});
  EXPECT_EQ(Question(registers).state(), QUESTION_STATE_ANSWERED);
  EXPECT_EQ(Parts(registers, "sort: QUESTION_PART_SORT_FOLLOW_UP").rows(0).paper(), "papers/f");
}

TEST(QuestionsTest, NothingIsOwedOnOneThatIsClosedUntilItIsReopened) {
  MemoryLedger ledger;
  ledger.Append({TwoLimbs(),
                 InQuestion("2019-03-18", "follow_up_promised { key: 'f1' text: 'Figures' }"),
                 InQuestion("2019-05-20", "question_closed { reason: 'overtaken' }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Question(registers).state(), QUESTION_STATE_CLOSED);
  EXPECT_EQ(Question(registers).closed_on(), "2019-05-20");
  EXPECT_FALSE(Question(registers).owed() || Question(registers).overdue());
  EXPECT_EQ(Parts(registers, "owed: true").rows_size(), 0);
  ledger.Append({InQuestion("2019-05-21", "question_reopened { reason: 'asked again' }")});
  EXPECT_EQ(Question(registers).state(), QUESTION_STATE_SUBMITTED);
  EXPECT_EQ(Question(registers).closed_on(), "");
  EXPECT_EQ(Parts(registers, "owed: true").rows_size(), 3);
  ledger.Append({InQuestion("2019-05-22", "question_rejected { reason: 'about one case' }")});
  EXPECT_EQ(Question(registers).state(), QUESTION_STATE_REJECTED);
  ledger.Append({InQuestion("2019-05-23", "question_accepted {}")});
  EXPECT_EQ(Question(registers).state(), QUESTION_STATE_ACCEPTED);
}

TEST(QuestionsTest, SelectedForAMeetingOrRoutedToCasework) {
  MemoryLedger ledger;
  ledger.Append({Meeting("mar", "2019-03-18"), Meeting("may", "2019-05-20"), TwoLimbs(),
                 InQuestion("2019-03-10",
                            "question_selected { put_to: 'meetings/may' part: 'sp3' order: 2 }")});
  OpenRegisters registers(ledger);
  QuestionRow row = Question(registers, "meeting: 'meetings/may'");
  EXPECT_EQ(row.state(), QUESTION_STATE_SELECTED);
  EXPECT_EQ(row.part(), "sp3");
  EXPECT_TRUE(row.selected());
  EXPECT_EQ(Count(registers, "meeting: 'meetings/mar'"), 0) << "put to another meeting since";
  EXPECT_EQ(Count(registers, "forum: 'forums/spab' from: '2019-03-01' until: '2019-03-01'"), 1);
  ledger.Append({InQuestion("2019-03-12",
                            "question_routed_to_casework { casework: 'casework/c' reason: 'one "
                            "case' }")});
  row = Question(registers, "state: QUESTION_STATE_WITH_CASEWORK");
  EXPECT_TRUE(row.to_casework());
  EXPECT_EQ(row.casework(), "casework/c");
  EXPECT_EQ(row.routed_on(), "2019-03-12");
}

TEST(QuestionsTest, TheAskerIsShownByNameByPostOrAsWithheld) {
  MemoryLedger ledger;
  const auto asked = [](const std::string& record, const std::string& rest) {
    return On("2019-03-01", record, absl::StrCat("question_submitted { title: 'Q' ", rest, " }"));
  };
  ledger.Append(
      {On("2017", "persons/mp",
          "person_registered { name: 'Ruth George' post: 'Member of Parliament' }"),
       asked("questions/a", "asker_kind: ASKER_KIND_REPRESENTATIVE asker: 'persons/mp'"),
       asked("questions/b", "asker_kind: ASKER_KIND_PUBLIC asker_withheld: true"),
       asked("questions/c", "asker_kind: ASKER_KIND_MEMBER asker_post: 'Independent member'")});
  OpenRegisters registers(ledger);
  const auto answer = testing::AnswerTo<ListQuestionsResponse, ListQuestionsRequest>(registers, "");
  ASSERT_EQ(answer.rows_size(), 3);
  EXPECT_EQ(answer.rows(0).shown_as(), "Ruth George");
  EXPECT_EQ(answer.rows(1).shown_as(), "withheld");
  EXPECT_EQ(answer.rows(2).shown_as(), "Independent member");
  EXPECT_EQ(Count(registers, "asker: 'persons/mp'"), 1);
  EXPECT_EQ(Count(registers, "asker_kind: ASKER_KIND_PUBLIC"), 1);
}

TEST(QuestionsTest, AnUndatedSubmissionComesAfterItsAnswersAndTakesThem) {
  MemoryLedger ledger;
  ledger.Append({InQuestion("2019-03-18",
                            "question_answered { limbs: 'a' text: '41' extent: "
                            "ANSWER_EXTENT_FULL }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Parts(registers).rows(0).sort(), QUESTION_PART_SORT_ANSWER)
      << "of no limb that is known";
  ledger.Append({InQuestion("2019-03-19", "question_answered { text: 'Both' }"), TwoLimbs("")});
  const auto parts = Parts(registers);
  ASSERT_EQ(parts.rows_size(), 3);
  EXPECT_EQ(parts.rows(0).sort(), QUESTION_PART_SORT_LIMB);
  EXPECT_EQ(parts.rows(0).answer(), "41");
  EXPECT_EQ(parts.rows(1).answer(), "Both");
  EXPECT_EQ(Question(registers).limbs_owed(), 0);
  EXPECT_EQ(Question(registers).state(), QUESTION_STATE_ANSWERED);
}

}  // namespace
}  // namespace scrutiny::projections
