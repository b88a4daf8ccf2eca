// Conditions, pilots and agreements: what facts make of them, and what is judged on a day.

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/agreements.pb.h"
#include "scrutiny/register/v1/pilots.pb.h"
#include "tests/projections/support/open_registers.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using testing::MemoryLedger;
using testing::OpenRegisters;

// A fact of a day.
std::string On(const std::string& day, const std::string& record, const std::string& fact) {
  return absl::StrCat("record: '", record, "' occurred { on: '", day, "' } ", fact);
}

template <typename Response, typename Request>
Response Answer(OpenRegisters& registers, const std::string& request) {
  registers.Level();
  const auto response =
      registers->Answer<Response>(testing::Ask<Request>(request), OpenRegisters::Today());
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return *response;
}

ListConditionsResponse Conditions(OpenRegisters& registers, const std::string& request) {
  return Answer<ListConditionsResponse, ListConditionsRequest>(registers, request);
}
PilotRow Pilot(OpenRegisters& registers) {
  return Answer<ListPilotsResponse, ListPilotsRequest>(registers, "").rows(0);
}
AgreementRow Agreement(OpenRegisters& registers) {
  return Answer<ListAgreementsResponse, ListAgreementsRequest>(registers, "").rows(0);
}

TEST(ConditionsTest, OpenOnesAreOverdueUntilMet) {
  MemoryLedger ledger;
  ledger.Append({On("2019-03-01", "conditions/a",
                    "condition_set { title: 'Review' assurance: 'k' attached_to: 'pilots/p' "
                    "due { date: '2019-05-01' } }"),
                 On("2019-03-01", "conditions/b",
                    "condition_set { title: 'Report' due { date: '2019-07-01' } }")});
  OpenRegisters registers(ledger);
  const ListConditionsResponse overdue = Conditions(registers, "overdue: true");
  ASSERT_EQ(overdue.rows_size(), 1);
  EXPECT_EQ(overdue.rows(0).condition(), "conditions/a");
  EXPECT_TRUE(overdue.rows(0).of_assurance());
  EXPECT_EQ(overdue.rows(0).due_date(), "2019-05-01");
  EXPECT_EQ(Conditions(registers, "attached_to: 'pilots/p'").rows_size(), 1);
  ledger.Append({On("2019-05-20", "conditions/a", "condition_met { text: 'Done' }")});
  EXPECT_EQ(Conditions(registers, "overdue: true").rows_size(), 0);
  const ListConditionsResponse met = Conditions(registers, "state: CONDITION_STATE_MET");
  ASSERT_EQ(met.rows_size(), 1);
  EXPECT_EQ(met.rows(0).met_on(), "2019-05-20");
}

TEST(ConditionsTest, AReviewTakesThePlaceOfTheNextReview) {
  MemoryLedger ledger;
  ledger.Append({On("2019-03-01", "conditions/a",
                    "condition_set { title: 'Review' review_due { date: '2019-04-01' } }")});
  OpenRegisters registers(ledger);
  EXPECT_TRUE(Conditions(registers, "").rows(0).review_overdue());
  ledger.Append({On("2019-04-02", "conditions/a", "condition_reviewed { text: 'Seen' }")});
  const ListConditionsResponse answer = Conditions(registers, "");
  const ConditionRow& row = answer.rows(0);
  EXPECT_FALSE(row.review_overdue());
  EXPECT_EQ(row.review_due_date(), "");
  EXPECT_EQ(row.reviewed_on(), "2019-04-02");
  EXPECT_EQ(row.state(), CONDITION_STATE_OPEN);
}

TEST(PilotsTest, OnePastItsTermIsOverdueUntilEvaluated) {
  MemoryLedger ledger;
  ledger.Append(
      {On("2018-11-01", "pilots/p", "pilot_agreed { title: 'Pilot' planned_to: '2019-05' }"),
       On("2018-12-01", "pilots/p", "pilot_started { }"),
       On("2018-11-01", "conditions/a", "condition_set { title: 'A' attached_to: 'pilots/p' }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Pilot(registers).state(), PILOT_STATE_RUNNING);
  EXPECT_TRUE(Pilot(registers).overdue());
  EXPECT_EQ(Pilot(registers).conditions_open(), 1);
  ledger.Append({On("2019-05-20", "pilots/p",
                    "pilot_evaluated { outcome: PILOT_OUTCOME_SUCCESSFUL evaluation: 'Well' }"),
                 On("2019-05-20", "conditions/a", "condition_lapsed { reason: 'Over' }")});
  const PilotRow row = Pilot(registers);
  EXPECT_EQ(row.state(), PILOT_STATE_EVALUATED);
  EXPECT_FALSE(row.overdue());
  EXPECT_EQ(row.conditions_open(), 0);
}

TEST(AgreementsTest, AReviewWithoutADayIsShown) {
  MemoryLedger ledger;
  ledger.Append({On("2019-03-01", "agreements/a",
                    "agreement_required { title: 'MOU' review_required: true "
                    "due { date: '2019-04-01' } }")});
  OpenRegisters registers(ledger);
  EXPECT_TRUE(Agreement(registers).review_not_set());
  EXPECT_TRUE(Agreement(registers).overdue());
  ledger.Append({On("2019-04-05", "agreements/a", "agreement_signed { term_to: '2019-05-31' }"),
                 On("2019-04-06", "agreements/a",
                    "agreement_review_set { review_due { date: '2019-12-01' } }")});
  const AgreementRow row = Agreement(registers);
  EXPECT_FALSE(row.review_not_set());
  EXPECT_FALSE(row.overdue());
  EXPECT_EQ(row.state(), AGREEMENT_STATE_TERM_OVER);
  EXPECT_EQ(row.review_due_date(), "2019-12-01");
}

}  // namespace
}  // namespace scrutiny::projections
