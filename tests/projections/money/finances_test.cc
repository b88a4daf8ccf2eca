// The finance briefing as the minutes of 18 March 2019 give it, 11A: what is foreseen, and what is
// meant by an underspend.

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/finances.pb.h"
#include "tests/projections/support/open_registers.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using testing::MemoryLedger;
using testing::OpenRegisters;

constexpr char kPeriod9[] = "finances/2018-19-period-9";
constexpr char kMeaning[] = "a reduction in the amount of reserves required to balance the budget";

std::string On(const std::string& day, const std::string& fact,
               const std::string& record = kPeriod9) {
  return absl::StrCat("record: '", record, "' occurred { on: '", day, "' } ", fact);
}

template <typename Response, typename Request>
Response Answer(OpenRegisters& registers, const std::string& request = "") {
  registers.Level();
  const auto response =
      registers->Answer<Response>(testing::Ask<Request>(request), OpenRegisters::Today());
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return *response;
}
FinanceRow ThePosition(OpenRegisters& registers) {
  return Answer<ListFinanceResponse, ListFinanceRequest>(registers).rows(0);
}
ListFinanceFiguresResponse Figures(OpenRegisters& registers, const std::string& request = "") {
  return Answer<ListFinanceFiguresResponse, ListFinanceFiguresRequest>(registers, request);
}

std::string Figure(const std::string& key, int64_t pence) {
  return absl::StrCat("figures { key: '", key, "' label: '", key, "' amount { pence: ", pence,
                      " } basis: FIGURE_BASIS_FORECAST term: 'Underspend' } ");
}
std::string Briefing(const std::string& figures) {
  return absl::StrCat(
      "finance_position_reported { title: 'Finance briefing' scope: 'Force' period { to: "
      "'2018-12' printed: 'period 9' } year { from: '2018-04-01' to: '2019-03-31' printed: "
      "'2018/19' } meeting: 'meetings/spab/2019-03-18' item: '11a' ",
      figures, " }");
}

TEST(FinancesTest, FigureMeansWhatItsPositionSaysOfTheTerm) {
  MemoryLedger ledger;
  ledger.Append({On("2019-03-18", Briefing(Figure("reserves", 35800000))),
                 On("2019-03-18", absl::StrCat("finance_term_defined { definition { term: "
                                               "'underspend' meaning: '",
                                               kMeaning, "' } }")),
                 On("2019-07-08",
                    absl::StrCat("finance_position_reported { title: 'Outturn' period { to: "
                                 "'2019-03-31' } ",
                                 Figure("reserves", 1), " }"),
                    "finances/outturn"),
                 On("2018-07-08",
                    absl::StrCat("finance_position_reported { title: 'Before' period { to: "
                                 "'2018-06-30' } ",
                                 Figure("reserves", 2), " }"),
                    "finances/before")});
  OpenRegisters registers(ledger);
  const auto figures = Figures(registers, "key: 'reserves'");
  ASSERT_EQ(figures.rows_size(), 3);
  EXPECT_EQ(figures.rows(0).meaning(), "");
  EXPECT_EQ(figures.rows(1).meaning(), kMeaning);
  EXPECT_EQ(figures.rows(1).period_end_date(), "2018-12-31");
  EXPECT_EQ(figures.rows(1).amount().pence(), 35800000);
  EXPECT_EQ(figures.rows(2).meaning(), kMeaning);
}

TEST(FinancesTest, RestatedFigureKeepsWhatItWas) {
  MemoryLedger ledger;
  ledger.Append({On("2019-03-18", Briefing(Figure("a", 100) + Figure("b", 200)))});
  OpenRegisters registers(ledger);
  ledger.Append({On("2019-05-20",
                    absl::StrCat("finance_figures_restated { ", Figure("b", 250), Figure("c", 300),
                                 "reason: 'A late invoice' meeting: "
                                 "'meetings/spab/2019-05-20' }"))});
  const FinanceRow row = ThePosition(registers);
  EXPECT_EQ(row.state(), FINANCE_STATE_RESTATED);
  EXPECT_EQ(row.figures_recorded(), 3U);
  EXPECT_EQ(row.meeting(), "meetings/spab/2019-05-20");
  EXPECT_EQ(row.item(), "");
  const auto restated = Figures(registers, "restated: true");
  ASSERT_EQ(restated.rows_size(), 1);
  EXPECT_EQ(restated.rows(0).order(), 2U);
  EXPECT_EQ(restated.rows(0).amount().pence(), 250);
  EXPECT_EQ(restated.rows(0).restated_from().pence(), 200);
  EXPECT_EQ(restated.rows(0).reason(), "A late invoice");
}

// What is not dated folds last: the restatement that is dated stands.
TEST(FinancesTest, UndatedReportIsWhatTheRestatementRestates) {
  MemoryLedger ledger;
  ledger.Append(
      {absl::StrCat("record: '", kPeriod9, "' ", Briefing(Figure("a", 1) + Figure("b", 100))),
       On("2019-05-20", absl::StrCat("finance_figures_restated { ", Figure("b", 250),
                                     "reason: 'A late invoice' }"))});
  OpenRegisters registers(ledger);
  const auto figures = Figures(registers);
  ASSERT_EQ(figures.rows_size(), 2);
  EXPECT_EQ(figures.rows(0).key(), "a");
  EXPECT_EQ(figures.rows(1).amount().pence(), 250);
  EXPECT_EQ(figures.rows(1).restated_from().pence(), 100);
  EXPECT_EQ(ThePosition(registers).state(), FINANCE_STATE_RESTATED);
}

TEST(FinancesTest, IsFoundByYearAndMeeting) {
  MemoryLedger ledger;
  ledger.Append({On("2019-03-18", Briefing(""))});
  OpenRegisters registers(ledger);
  const auto found = [&](const std::string& request) {
    return Answer<ListFinanceResponse, ListFinanceRequest>(registers, request).rows_size();
  };
  EXPECT_EQ(found("year: '2018/19'"), 1);
  EXPECT_EQ(found("year: '2017/18'"), 0);
  EXPECT_EQ(found("meeting: 'meetings/spab/2019-03-18'"), 1);
  EXPECT_EQ(found("scope: 'opcc'"), 0);
}

}  // namespace
}  // namespace scrutiny::projections
