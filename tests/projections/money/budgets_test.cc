// A budget with its precept from the proposal to the issue, the days it has to keep, its lines and
// strategies.

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/budgets.pb.h"
#include "tests/projections/support/open_registers.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using testing::MemoryLedger;
using testing::OpenRegisters;

constexpr char kBudget[] = "budgets/2019-20";

std::string On(const std::string& day, const std::string& fact) {
  return absl::StrCat("record: '", kBudget, "' occurred { on: '", day, "' } ", fact);
}

template <typename Response, typename Request>
Response Answer(OpenRegisters& registers, const std::string& request = "",
                const std::string& judged_on = "2019-06-01") {
  registers.Level();
  const auto response = registers->Answer<Response>(testing::Ask<Request>(request),
                                                    {*ledger::Day::Parse(judged_on), nullptr});
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return *response;
}
BudgetRow TheBudget(OpenRegisters& registers, const std::string& judged_on = "2019-06-01") {
  return Answer<ListBudgetsResponse, ListBudgetsRequest>(registers, "", judged_on).rows(0);
}
ListBudgetDatesResponse Dates(OpenRegisters& registers, const std::string& judged_on) {
  return Answer<ListBudgetDatesResponse, ListBudgetDatesRequest>(registers, "", judged_on);
}
ListBudgetPartsResponse Parts(OpenRegisters& registers, const std::string& request = "") {
  return Answer<ListBudgetPartsResponse, ListBudgetPartsRequest>(registers, request);
}

std::string Proposed() {
  return On("2019-01-21",
            "precept_proposed { title: 'Budget 2019/20' year { from: '2019-04-01' to: "
            "'2020-03-31' printed: '2019/20' } band: 'Band D' panel_report_due { date: "
            "'2019-02-08' } }");
}

TEST(BudgetsTest, PreceptGoesThroughItsSteps) {
  MemoryLedger ledger;
  ledger.Append({Proposed()});
  OpenRegisters registers(ledger);
  EXPECT_EQ(TheBudget(registers).state(), PRECEPT_STATE_PROPOSED);
  EXPECT_EQ(TheBudget(registers).year_start_date(), "2019-04-01");
  ledger.Append({On("2019-01-31",
                    "panel_precept_report_received { panel_view: "
                    "PANEL_PRECEPT_VIEW_VETOED_TOO_HIGH recommendations: 'Less' "
                    "response_due { date: '2019-02-15' } }")});
  EXPECT_EQ(TheBudget(registers).state(), PRECEPT_STATE_VETOED);
  EXPECT_FALSE(TheBudget(registers).has_panel_report_due());
  ledger.Append(
      {On("2019-02-16", "precept_response_given { panel_report_due { date: '2019-02-22' } }"),
       On("2019-02-20",
          "panel_precept_report_received { second: true panel_view: "
          "PANEL_PRECEPT_VIEW_SUPPORTED }"),
       On("2019-02-28", "precept_issued { precept { pence: 100 } }")});
  const BudgetRow row = TheBudget(registers);
  EXPECT_EQ(row.state(), PRECEPT_STATE_ISSUED);
  EXPECT_EQ(row.recommendations_size(), 0);
  EXPECT_EQ(row.issued_on(), "2019-02-28");
  EXPECT_EQ(row.dates_overdue(), 0U);
  const auto dates = Dates(registers, "2019-06-01");
  ASSERT_EQ(dates.rows_size(), 3);
  EXPECT_EQ(dates.rows(0).key(), "panel-report");
  EXPECT_EQ(dates.rows(0).done_on(), "2019-01-31");
  EXPECT_FALSE(dates.rows(0).late());
  EXPECT_EQ(dates.rows(1).key(), "response");
  EXPECT_TRUE(dates.rows(1).late());
  EXPECT_EQ(dates.rows(2).key(), "second-panel-report");
  EXPECT_EQ(dates.rows(2).done_on(), "2019-02-20");
}

TEST(BudgetsTest, DayThatIsSetTakesThePlaceOfOneMentioned) {
  MemoryLedger ledger;
  ledger.Append({Proposed()});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Dates(registers, "2019-02-08").rows_size(), 1);
  ledger.Append({On("2019-01-25",
                    "budget_dates_set { dates { key: 'report' step: BUDGET_STEP_PANEL_REPORT due { "
                    "date: '2019-02-07' } basis: 'Regulations' } dates { key: 'public' title: "
                    "'Publish' due { date: '2019-03' } } }")});
  const auto dates = Dates(registers, "2019-02-08");
  ASSERT_EQ(dates.rows_size(), 2);
  EXPECT_EQ(dates.rows(0).key(), "report");
  EXPECT_TRUE(dates.rows(0).overdue());
  EXPECT_EQ(TheBudget(registers, "2019-02-08").dates_overdue(), 1U);
  EXPECT_EQ(TheBudget(registers, "2019-04-01").dates_overdue(), 2U);
  EXPECT_EQ(TheBudget(registers).title(), "Budget 2019/20");
  // A panel that made no report kept no day.
  ledger.Append({On("2019-02-09",
                    "panel_precept_report_received { panel_view: "
                    "PANEL_PRECEPT_VIEW_NO_REPORT }")});
  EXPECT_EQ(TheBudget(registers).state(), PRECEPT_STATE_REVIEWED);
  EXPECT_EQ(Dates(registers, "2019-02-10").rows(0).done_on(), "");
}

TEST(BudgetsTest, VariedLineKeepsWhatItWasSetAt) {
  MemoryLedger ledger;
  ledger.Append({On("2019-02-28",
                    "budget_set { title: 'Budget 2019/20' lines { key: 'officers' label: "
                    "'Officers' amount { pence: 100 } } lines { key: 'staff' label: 'Staff' "
                    "amount { pence: 50 } } }"),
                 On("2019-02-28",
                    "financial_strategy_set { strategy_title: 'Capital Programme' key: "
                    "'officers' sort: 'capital programme' next_review { date: '2019-05-01' } }"),
                 On("2019-05-01",
                    "budget_varied { reason: 'More' lines { key: 'officers' label: 'Officers' "
                    "amount { pence: 110 } } }"),
                 On("2019-06-01",
                    "budget_varied { reason: 'Again' lines { key: 'officers' label: "
                    "'Officers' amount { pence: 120 } } }")});
  OpenRegisters registers(ledger);
  const auto parts = Parts(registers);
  ASSERT_EQ(parts.rows_size(), 3);
  EXPECT_EQ(parts.rows(0).amounts(0).pence(), 120);
  EXPECT_EQ(parts.rows(0).amount_before().pence(), 100);
  EXPECT_FALSE(parts.rows(1).has_amount_before());
  EXPECT_TRUE(parts.rows(2).is_strategy());
  EXPECT_EQ(parts.rows(2).order(), 3U);
  EXPECT_EQ(Parts(registers, "strategies: true overdue: true").rows_size(), 1);
  // Corrected, the second variation is of another line.
  ledger.Append({On("2019-06-01",
                    "budget_varied { reason: 'Again' lines { key: 'staff' label: "
                    "'Staff' amount { pence: 60 } } } corrects: 3")});
  EXPECT_EQ(Parts(registers).rows(0).amounts(0).pence(), 110);
  EXPECT_EQ(Parts(registers).rows(1).amount_before().pence(), 50);
}

TEST(BudgetsTest, ReservesStrategyDoesNotRenameTheBudget) {
  MemoryLedger ledger;
  ledger.Append({On("2019-02-01", "reserves_strategy_set { title: 'Reserves Strategy 2019/20' }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(TheBudget(registers).title(), "Reserves Strategy 2019/20");
  ledger.Append(
      {On("2019-02-02", "budget_set { title: 'Budget 2019/20' }"),
       On("2019-02-03", "reserves_strategy_set { title: 'Reserves Strategy, revised' }")});
  EXPECT_EQ(TheBudget(registers).title(), "Budget 2019/20");
  EXPECT_EQ(TheBudget(registers).reserves_set_on(), "2019-02-03");
}

}  // namespace
}  // namespace scrutiny::projections
