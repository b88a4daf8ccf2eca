// Commitments found in prose: proposed, then adopted as an action, declined or kept.

#include <string>

#include "gtest/gtest.h"

#include "scrutiny/register/v1/commitments.pb.h"
#include "tests/projections/board/document_support.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using testing::Meeting;
using testing::MemoryLedger;
using testing::On;
using testing::OpenRegisters;

ListCommitmentsResponse Commitments(OpenRegisters& registers, const std::string& request) {
  return testing::AnswerTo<ListCommitmentsResponse, ListCommitmentsRequest>(registers, request);
}

// Minutes of 18 March 2019, item 6 and item 3A.
std::string Profile() {
  return On("2019-03-18", "commitments/c1",
            "sources { paper: 'papers/003/min-2019-03-18' item: '6' paragraph: 'P1' } "
            "commitment_proposed { title: 'Hate Crime Problem Profile shared with the PCC' "
            "source_text: 'on track to be completed by the end of March' "
            "paper: 'papers/003/min-2019-03-18' given_at: 'meetings/mar' given_item: '6' "
            "owners { organisation: 'Constabulary' } "
            "due { date: '2019-03' printed: 'the end of March' } }");
}
std::string Briefings() {
  return On("2019-03-18", "commitments/c3",
            "commitment_proposed { title: 'Briefings on crime recording' recurrence: "
            "'regular briefings' paper: 'papers/003/min-2019-03-18' given_at: 'meetings/mar' }");
}

TEST(CommitmentsTest, OneProposedIsOverdueAfterItsDueDate) {
  MemoryLedger ledger;
  ledger.Append({Meeting("mar", "2019-03-18"), Profile(), Briefings()});
  OpenRegisters registers(ledger);
  const ListCommitmentsResponse overdue = Commitments(registers, "overdue: true");
  ASSERT_EQ(overdue.rows_size(), 1);
  const CommitmentRow& row = overdue.rows(0);
  EXPECT_EQ(row.commitment(), "commitments/c1");
  EXPECT_EQ(row.state(), COMMITMENT_STATE_PROPOSED);
  EXPECT_EQ(row.paragraph(), "P1");
  EXPECT_EQ(row.due_date(), "2019-03");
  EXPECT_EQ(row.forum(), "forums/spab");
  EXPECT_EQ(row.given_on(), "2019-03-18");
  EXPECT_EQ(Commitments(registers, "overdue: true view { judged_on: '2019-03-31' }").rows_size(),
            0);
  EXPECT_EQ(Commitments(registers, "forum: 'forums/spab'").rows_size(), 2);
  EXPECT_EQ(Commitments(registers, "meeting: 'meetings/mar'").rows_size(), 2);
  EXPECT_EQ(Commitments(registers, "paper: 'papers/003/min-2019-03-18'").rows_size(), 2);
  EXPECT_EQ(Commitments(registers, "owner: 'constab'").rows_size(), 1);
}

TEST(CommitmentsTest, OneDueByAMeetingIsDueOnItsDay) {
  MemoryLedger ledger;
  ledger.Append({Meeting("may", "2019-05-20"),
                 On("2019-03-18", "commitments/c2",
                    "commitment_proposed { title: 'Update on the Case Management Progression "
                    "Action Plan' due { meeting: 'meetings/may' } }")});
  OpenRegisters registers(ledger);
  EXPECT_TRUE(Commitments(registers, "").rows(0).overdue());
  EXPECT_EQ(Commitments(registers, "").rows(0).due_date(), "2019-05-20");
  EXPECT_FALSE(Commitments(registers, "view { judged_on: '2019-05-20' }").rows(0).overdue());
  ledger.Append({Meeting("may", "2019-07-08")});
  EXPECT_FALSE(Commitments(registers, "").rows(0).overdue()) << "the meeting was moved";
}

TEST(CommitmentsTest, ReopenedItIsAsIfNothingHadBeenDecided) {
  MemoryLedger ledger;
  ledger.Append({Profile(), On("2019-03-19", "commitments/c1",
                               "commitment_declined { reason: 'no more than a hope' same_as: "
                               "'commitments/c0' }")});
  OpenRegisters registers(ledger);
  CommitmentRow row = Commitments(registers, "").rows(0);
  EXPECT_EQ(row.state(), COMMITMENT_STATE_DECLINED);
  EXPECT_EQ(row.declined_because(), "no more than a hope");
  EXPECT_EQ(row.same_as(), "commitments/c0");
  EXPECT_EQ(row.declined_on(), "2019-03-19");
  EXPECT_FALSE(row.overdue());
  ledger.Append({On("2019-04-01", "commitments/c1", "commitment_reopened { reason: 'minuted' }")});
  row = Commitments(registers, "").rows(0);
  EXPECT_EQ(row.state(), COMMITMENT_STATE_PROPOSED);
  EXPECT_EQ(row.declined_because() + row.same_as() + row.declined_on(), "");
  EXPECT_TRUE(row.overdue());
  ledger.Append({On("2019-05-20", "commitments/c1",
                    "commitment_adopted { action: 'actions/a' meeting: 'meetings/may' }")});
  row = Commitments(registers, "state: COMMITMENT_STATE_ADOPTED").rows(0);
  EXPECT_EQ(row.action(), "actions/a");
  EXPECT_EQ(row.adopted_on(), "2019-05-20");
  ASSERT_EQ(row.steps_size(), 4);
  EXPECT_EQ(row.steps(1).what(), "declined");
  EXPECT_EQ(row.steps(3).meeting(), "meetings/may");
}

TEST(CommitmentsTest, WhatIsWithdrawnOrCorrectedIsFoldedAnew) {
  MemoryLedger ledger;
  ledger.Append({Profile()});
  const uint64_t met = ledger.Append({On("2019-03-28", "commitments/c1",
                                         "commitment_met { text: 'Shared' evidence { text: "
                                         "'The profile' } }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Commitments(registers, "").rows(0).state(), COMMITMENT_STATE_MET);
  EXPECT_EQ(Commitments(registers, "").rows(0).evidence_size(), 1);
  ledger.Append({absl::StrCat("record: 'commitments/c1' corrects: ", met,
                              " withdrawn { reason: 'of another profile' }")});
  const CommitmentRow row = Commitments(registers, "").rows(0);
  EXPECT_EQ(row.state(), COMMITMENT_STATE_PROPOSED);
  EXPECT_EQ(row.met_on(), "");
  EXPECT_EQ(row.evidence_size(), 0);
}

TEST(CommitmentsTest, AnUndatedProposalDoesNotTakeBackWhatIsDated) {
  MemoryLedger ledger;
  ledger.Append(
      {On("", "commitments/c", "commitment_proposed { title: 'First words' }"),
       On("2019-04-01", "commitments/c",
          "commitment_restated { title: 'Later words' owners { post: 'CFO' } reason: 'clearer' }"),
       On("2019-05-01", "commitments/c", "commitment_met { text: 'Done' }")});
  OpenRegisters registers(ledger);
  const CommitmentRow row = Commitments(registers, "").rows(0);
  EXPECT_EQ(row.title(), "Later words");
  EXPECT_EQ(row.state(), COMMITMENT_STATE_MET);
  EXPECT_EQ(row.given_on(), "");
  EXPECT_TRUE(row.meta().date_not_known());
}

}  // namespace
}  // namespace scrutiny::projections
