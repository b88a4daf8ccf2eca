// Goal: the registers of documents hang on the facts and not on when they were folded.
//
// Method: facts that come late, undated, twice, corrected and withdrawn are followed one append at
// a time, and folded anew from the whole ledger; rows and digests are the same.
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "scrutiny/register/v1/commitments.pb.h"
#include "scrutiny/register/v1/decision_reports.pb.h"
#include "scrutiny/register/v1/papers.pb.h"
#include "scrutiny/register/v1/plan_agenda.pb.h"
#include "scrutiny/register/v1/questions.pb.h"
#include "tests/projections/board/document_support.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): requests and rows
using testing::AnswerTo;
using testing::MemoryLedger;
using testing::On;
using testing::OpenRegisters;

std::string Corrected(const std::string& fact, int sequence) {
  return absl::StrCat(fact, " corrects: ", sequence);
}

std::vector<std::string> Facts() {
  const std::string late = "2019-01-01";
  const std::string now = "2019-05-20";
  const std::string q = "questions/q";
  const std::string p = "papers/p";
  const std::string d = "decisions/d";
  const std::string c = "commitments/c";
  const std::string i = "plan-items/i";
  return {
      On(now, q, "question_answered { key: 'all' text: 'Both' extent: ANSWER_EXTENT_PARTIAL }"),
      On(now, q, "supplementary_question_put { key: 's1' text: 'And Derby?' }"),
      On("", q,
         "question_submitted { title: 'Q' asker_kind: ASKER_KIND_PUBLIC limbs { key: 'a' text: "
         "'A' } limbs { key: 'b' text: 'B' } }"),
      On(late, q, "question_answered { limbs: 'b' text: 'B' }"),
      Corrected(On(now, q, "question_answered { key: 'all' text: 'All' }"), 1),
      On(now, q, "question_closed {}"),
      "record: 'questions/q' corrects: 6 withdrawn { reason: 'not yet' }",
      On(now, p,
         "paper_submitted { title: 'P' attachments { label: 'A' } attachments { label: 'B' } "
         "recommendations { key: '1' text: 'One' } }"),
      On(late, p, "report_requested { title: 'Wanted' }"),
      On(now, p, "paper_submitted { title: 'P again' attachments { label: 'C' } }"),
      On("", p, "attachment_added { attachment { label: 'D' } }"),
      "record: 'decisions/d' occurred { latest: '2019-05-01' earliest: '2019-04-01' inferred: true "
      "} decision_taken { title: 'D' considered { key: '1' text: 'x' } considered { key: '2' text: "
      "'y' } }",
      On(now, d, "decision_options_appraised { considered { key: '1' text: 'z' } }"),
      On(late, d, "decision_publication_withheld { reason: 'r' }"),
      On(now, d, "decision_published { url: 'u' }"),
      On("2019-05-21", d, "decision_taken { title: 'Taken again' }"),
      On("", d, "decision_proposed { title: 'To do D' }"),
      On(now, c, "commitment_met { text: 'Done' }"),
      On("", c, "commitment_proposed { title: 'C' given_at: 'meetings/m' }"),
      On(late, c, "commitment_declined { reason: 'r' }"),
      On(now, i, "forward_plan_item_placed { meeting: 'meetings/m' item: '9a' }"),
      On(late, i, "forward_plan_item_moved { meetings: 'meetings/m' reason: 'r' }"),
      On("", i,
         "forward_plan_item_scheduled { forum: 'forums/f' title: 'I' meetings: 'meetings/l' "
         "}"),
  };
}

std::vector<std::string> All(OpenRegisters& registers) {
  return {
      AnswerTo<ListQuestionsResponse, ListQuestionsRequest>(registers, "").DebugString(),
      AnswerTo<ListQuestionPartsResponse, ListQuestionPartsRequest>(registers, "").DebugString(),
      AnswerTo<ListPapersResponse, ListPapersRequest>(registers, "").DebugString(),
      AnswerTo<ListPaperAttachmentsResponse, ListPaperAttachmentsRequest>(registers, "")
          .DebugString(),
      AnswerTo<ListDecisionsResponse, ListDecisionsRequest>(registers, "").DebugString(),
      AnswerTo<ListDecisionOptionsResponse, ListDecisionOptionsRequest>(registers, "")
          .DebugString(),
      AnswerTo<ListCommitmentsResponse, ListCommitmentsRequest>(registers, "").DebugString(),
      AnswerTo<ListForwardPlanResponse, ListForwardPlanRequest>(registers, "").DebugString(),
      AnswerTo<ComparePlanWithAgendaResponse, ComparePlanWithAgendaRequest>(registers,
                                                                            "meeting: 'meetings/m'")
          .DebugString(),
  };
}

TEST(DocumentRebuildTest, FollowingAndFoldingAnewComeToTheSame) {
  MemoryLedger ledger;
  const std::vector<std::string> facts = Facts();
  ledger.Append({testing::Meeting("m", "2019-05-20", "forums/f")});
  OpenRegisters followed(ledger);
  for (const std::string& fact : facts) {
    ledger.Append({fact});
    followed.Level();
  }
  OpenRegisters anew(ledger);
  const std::vector<std::string> one = All(followed);
  const std::vector<std::string> other = All(anew);
  // With the digests of the registers, which are over every change of a row.
  for (size_t i = 0; i < one.size(); ++i) EXPECT_EQ(one[i], other[i]);
  EXPECT_EQ(
      (AnswerTo<ListPaperAttachmentsResponse, ListPaperAttachmentsRequest>(anew, "").rows_size()),
      2)
      << "as the second submission lists them, and the one added";
}

TEST(DocumentRebuildTest, WhatIsTrueOnADayIsFoldedFromItsFactsAlone) {
  MemoryLedger ledger;
  ledger.Append({testing::Meeting("m", "2019-05-20", "forums/f")});
  ledger.Append(Facts());
  OpenRegisters registers(ledger);
  const std::string at = "view { true_on: '2019-03-01' }";
  const auto questions = AnswerTo<ListQuestionsResponse, ListQuestionsRequest>(registers, at);
  ASSERT_EQ(questions.rows_size(), 1);
  EXPECT_EQ(questions.rows(0).title(), "");
  EXPECT_EQ(questions.rows(0).state(), QUESTION_STATE_PARTLY_ANSWERED);
  const auto papers = AnswerTo<ListPapersResponse, ListPapersRequest>(registers, at);
  ASSERT_EQ(papers.rows_size(), 1);
  EXPECT_EQ(papers.rows(0).title(), "Wanted");
  EXPECT_EQ((AnswerTo<ListPaperAttachmentsResponse, ListPaperAttachmentsRequest>(registers, at)
                 .rows_size()),
            0);
  EXPECT_EQ(
      (AnswerTo<ListCommitmentsResponse, ListCommitmentsRequest>(registers, at).rows(0).state()),
      COMMITMENT_STATE_DECLINED);
}

}  // namespace
}  // namespace scrutiny::projections
