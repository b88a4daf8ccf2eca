// Goal: the registers say of questions, commitments, papers, decisions and the forward plan what
// the papers of 2019 say. Method: the demonstration's files, as they stand, are checked as the
// server checks them and go into a ledger in memory.

#include <algorithm>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/commitments.pb.h"
#include "scrutiny/register/v1/decision_reports.pb.h"
#include "scrutiny/register/v1/papers.pb.h"
#include "scrutiny/register/v1/plan_agenda.pb.h"
#include "scrutiny/register/v1/questions.pb.h"
#include "tests/projections/board/document_support.h"
#include "tests/projections/support/paper_facts.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using ::testing::ElementsAre;
using testing::MemoryLedger;
using testing::OpenRegisters;

// The papers, read once for all tests of this file.
class DocumentPapersTest : public ::testing::Test {
 protected:
  struct Held {
    Held() {
      testing::AppendPapers(testing::AllPapers(), ledger);
      registers.Level();
    }

    MemoryLedger ledger;
    OpenRegisters registers{ledger};
  };
  static void SetUpTestSuite() { held_ = new Held; }
  static void TearDownTestSuite() {
    delete held_;
    held_ = nullptr;
  }

  template <typename Response, typename Request>
  Response Answer(const std::string& request = std::string()) {
    return testing::AnswerTo<Response, Request>(held_->registers, request);
  }

  static Held* held_;
};
DocumentPapersTest::Held* DocumentPapersTest::held_ = nullptr;

TEST_F(DocumentPapersTest, TwoCommitmentsOfTheMinutesBecameActionsAndTheRestDidNot) {
  const auto all = Answer<ListCommitmentsResponse, ListCommitmentsRequest>();
  EXPECT_EQ(all.rows_size(), 26);
  const auto adopted =
      Answer<ListCommitmentsResponse, ListCommitmentsRequest>("state: COMMITMENT_STATE_ADOPTED");
  ASSERT_EQ(adopted.rows_size(), 2);
  EXPECT_EQ(adopted.rows(0).action(), "actions/spab/case-management-plan");
  EXPECT_EQ(adopted.rows(1).action(), "actions/spab/hate-crime-profile");
  EXPECT_EQ((Answer<ListCommitmentsResponse, ListCommitmentsRequest>(
                 "meeting: 'meetings/spab/2019-03-18'")
                 .rows_size()),
            10);
}

// On 1 June 2019 the Force Management Statement alone is overdue: by 31 May (12E 3.4).
TEST_F(DocumentPapersTest, OverdueCommitmentsFollowTheDay) {
  const auto overdue = [&](const std::string& day) {
    std::vector<std::string> names;
    const auto answer = Answer<ListCommitmentsResponse, ListCommitmentsRequest>(
        absl::StrCat("overdue: true view { judged_on: '", day, "' }"));
    for (const CommitmentRow& row : answer.rows()) names.push_back(row.commitment().substr(17));
    std::sort(names.begin(), names.end());
    return names;
  };
  EXPECT_THAT(overdue("2019-06-01"), ElementsAre("force-management-statement"));
  EXPECT_THAT(overdue("2019-07-09"), ElementsAre("alcohol-diversion-report", "buxton-closure",
                                                 "force-management-statement", "gmp-arrangements",
                                                 "repeat-victims", "womens-intensive-programme"));
}

TEST_F(DocumentPapersTest, QuestionsToTheBoard) {
  const auto answer =
      Answer<ListQuestionsResponse, ListQuestionsRequest>("meeting: 'meetings/spab/2019-03-18'");
  ASSERT_EQ(answer.rows_size(), 3);
  EXPECT_EQ(answer.rows(0).state(), QUESTION_STATE_ANSWERED);
  EXPECT_EQ(answer.rows(0).published_at(), "https://app.sli.do/event/agiaos7c");
  const QuestionRow& contract = answer.rows(1);
  EXPECT_EQ(contract.wording(), "what if the contract with GMP does not work?");
  EXPECT_EQ(contract.shown_as(), "Member of Parliament");
  EXPECT_EQ(contract.state(), QUESTION_STATE_PARTLY_ANSWERED);
  EXPECT_EQ(contract.follow_ups_owed(), 1);
  EXPECT_EQ(answer.rows(2).state(), QUESTION_STATE_SUBMITTED) << "no answer is minuted";
  EXPECT_TRUE(answer.rows(2).owed());
}

TEST_F(DocumentPapersTest, OptionsForBuxtonCustodySuite) {
  const auto options = Answer<ListDecisionOptionsResponse, ListDecisionOptionsRequest>(
      "decision: 'decisions/derbyshire/buxton-custody-closure'");
  ASSERT_EQ(options.rows_size(), 3);
  EXPECT_EQ(options.rows(0).label(), "Option 1");
  EXPECT_THAT(options.rows(0).reasons_against(),
              ElementsAre("Not good value for money on its current usage"));
  EXPECT_FALSE(options.rows(1).preferred());
  EXPECT_TRUE(options.rows(2).preferred());
  EXPECT_EQ(options.rows(2).decided_on(), "2019-03-18");
}

// 13A: number 17 is the only one after the March board; its date is not printed.
TEST_F(DocumentPapersTest, WhatTheBoardOfMayIsToHearOf) {
  const auto answer = Answer<ListDecisionsToReportResponse, ListDecisionsToReportRequest>(
      "meeting: 'meetings/spab/2019-05-20'");
  ASSERT_EQ(answer.rows_size(), 1);
  EXPECT_EQ(answer.rows(0).number().number(), 17u);
  EXPECT_EQ(answer.rows(0).case_(), REPORTING_CASE_UNDATED);
  EXPECT_EQ(answer.meeting_before(), "meetings/spab/2019-03-18");
}

// The plan promised JARAC minutes and NICE fund awards; the agenda has 12H and 12I instead.
TEST_F(DocumentPapersTest, ThePlanForMayAgainstItsAgenda) {
  const auto answer = Answer<ComparePlanWithAgendaResponse, ComparePlanWithAgendaRequest>(
      "meeting: 'meetings/spab/2019-05-20'");
  EXPECT_EQ(answer.meeting_date(), "2019-05-20");
  EXPECT_TRUE(answer.agenda_incomplete()) << "items 1 to 4 cannot be read";
  EXPECT_FALSE(answer.no_agenda());
  EXPECT_EQ(answer.both(), 9u) << "ten lines are certain for 20 May";
  EXPECT_EQ(answer.missing(), 1u);
  std::vector<std::string> unplanned;
  for (const PlanAgendaRow& row : answer.rows()) {
    if (row.match() == PLAN_AGENDA_MATCH_MISSING) {
      EXPECT_EQ(row.plan_item(), "plan-items/spab/jarac-minutes");
    }
    if (row.match() == PLAN_AGENDA_MATCH_UNPLANNED) unplanned.push_back(row.item());
  }
  EXPECT_THAT(unplanned, ElementsAre("8a", "12h", "12i", "13a"));
}

TEST_F(DocumentPapersTest, PapersOfMay) {
  const auto absent =
      Answer<ListPaperAttachmentsResponse, ListPaperAttachmentsRequest>("paper: 'papers/003/8a'");
  ASSERT_EQ(absent.rows_size(), 3);
  EXPECT_EQ(absent.rows(1).label(), "B");
  const auto asked = Answer<ListPaperRecommendationsResponse, ListPaperRecommendationsRequest>(
      "meeting: 'meetings/spab/2019-05-20' verb: 'determine'");
  EXPECT_GE(asked.rows_size(), 5);
  const auto papers = Answer<ListPapersResponse, ListPapersRequest>(
      "meeting: 'meetings/spab/2019-05-20' by: 'chief finance officer'");
  EXPECT_EQ(papers.rows_size(), 3) << "12H, 12I and 12J; the head of 12G is lost";
}

}  // namespace
}  // namespace scrutiny::projections
