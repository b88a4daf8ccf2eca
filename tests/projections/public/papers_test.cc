// Goal: what papers 000, 001 and 003 say of engagement, grants and money, as transcribed in
// tools/demo/derbyshire, gives the figures that were checked by hand, and what is wrong in the
// papers is found.
//
// Method: the transcribed facts are folded, and the registers are asked.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/register.pb.h"
#include "tests/projections/support/open_registers.h"
#include "tests/projections/support/paper_facts.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): rows

class Papers {
 public:
  static Papers& Get() {
    static Papers& papers = *new Papers;
    return papers;
  }

  template <typename Response, typename Request>
  Response Answer(const std::string& request) {
    const auto response =
        (*registers_)
            ->Answer<Response>(testing::Ask<Request>(request), testing::OpenRegisters::Today());
    SCRUTINY_CHECK(response.ok()) << response.status().ToString();
    return *response;
  }

 private:
  Papers() {
    testing::AppendPapers({"00-office-forums-persons", "01-plans", "02-meetings", "21-003-actions",
                           "27-003-12f-inspection", "28-003-12e-return", "40-003-grants",
                           "70-003-engagement", "71-000-engagement", "72-001-engagement-finances",
                           "73-003-budget-finances", "74-003-12j-grants"},
                          ledger_);
    registers_ = new testing::OpenRegisters(ledger_);
  }

  testing::MemoryLedger ledger_;
  testing::OpenRegisters* registers_ = nullptr;
};

ProgrammeRow Programme(const std::string& name) {
  const auto programmes = Papers::Get().Answer<ListProgrammesResponse, ListProgrammesRequest>("");
  for (const ProgrammeRow& row : programmes.rows()) {
    if (row.programme() == absl::StrCat("programmes/derbyshire/", name)) return row;
  }
  ADD_FAILURE() << name;
  return {};
}

ConsultationRow Consultation(const std::string& name) {
  const auto all = Papers::Get().Answer<ListConsultationsResponse, ListConsultationsRequest>("");
  for (const ConsultationRow& row : all.rows()) {
    if (row.consultation() == absl::StrCat("consultations/derbyshire/", name)) return row;
  }
  ADD_FAILURE() << name;
  return {};
}

// 325 of 383 are called 92 per cent; they are 84.9.
TEST(PublicPapersTest, TourOfTheCountyIsNotAtNinetyTwoPerCent) {
  const ProgrammeRow row = Programme("d383");
  EXPECT_EQ(row.visited_stated(), 325U);
  EXPECT_EQ(row.target_stated(), 383U);
  EXPECT_EQ(row.percent_stated().printed(), "92%");
  EXPECT_EQ(row.stated_gives_percent().units(), 849);
  EXPECT_TRUE(row.stated_disagrees());
}

TEST(PublicPapersTest, ThreeOfNineRoadshowsWereHeld) {
  const ProgrammeRow row = Programme("victim-roadshows");
  EXPECT_EQ(row.covered(), "3/9");
  EXPECT_EQ(row.visited_stated(), 3U);
  EXPECT_EQ(row.due_date(), "2019");
}

TEST(PublicPapersTest, SurveysByTopicAddUp) {
  EXPECT_EQ(Consultation("een-surveys-year-2").responses().value(), 492U);
  const auto drop_ins =
      Papers::Get().Answer<ListEngagementsResponse, ListEngagementsRequest>("place: 'shirebrook'");
  EXPECT_EQ(drop_ins.rows_size(), 1);
}

TEST(PublicPapersTest, PlanConsultationRanFromJulyToSeptember) {
  const ConsultationRow row = Consultation("plan-2024");
  EXPECT_EQ(row.state(), CONSULTATION_STATE_CLOSED);
  EXPECT_EQ(row.opened_on(), "2024-07-08");
  EXPECT_EQ(row.closed_on(), "2024-09-01");
  EXPECT_EQ(row.responses().value(), 3340U);
}

TEST(PublicPapersTest, GrantsOfMayAreMoreThanThereIs) {
  const auto rounds = Papers::Get().Answer<TotalGrantsResponse, TotalGrantsRequest>(
      "by: GRANT_TOTAL_BY_ROUND scheme: 'grant-schemes/derbyshire/large-cag'");
  ASSERT_EQ(rounds.rows_size(), 1);
  // The eight awards of March are known by their sum alone: the two of May are recorded.
  EXPECT_EQ(rounds.rows(0).awarded().pence(), 4999700);
  EXPECT_EQ(rounds.rows(0).allocated().pence(), 20000000);
  const auto small = Papers::Get().Answer<TotalGrantsResponse, TotalGrantsRequest>(
      "by: GRANT_TOTAL_BY_SCHEME scheme: 'grant-schemes/derbyshire/small-cag'");
  ASSERT_EQ(small.rows_size(), 1);
  EXPECT_EQ(small.rows(0).awarded().pence(), 600000);
}

TEST(PublicPapersTest, BudgetHasItsStrategiesAndPositionItsTerm) {
  const auto budgets = Papers::Get().Answer<ListBudgetsResponse, ListBudgetsRequest>("");
  ASSERT_EQ(budgets.rows_size(), 1);
  EXPECT_EQ(budgets.rows(0).decision(), "decisions/derbyshire/budget-and-precept");
  EXPECT_EQ(budgets.rows(0).reserves_decision(), "decisions/derbyshire/reserves-strategy");
  EXPECT_EQ(
      (Papers::Get().Answer<ListBudgetPartsResponse, ListBudgetPartsRequest>("strategies: true"))
          .rows_size(),
      3);
  const auto figures = Papers::Get().Answer<ListFinanceFiguresResponse, ListFinanceFiguresRequest>(
      "key: 'contribution-from-reserves'");
  ASSERT_EQ(figures.rows_size(), 1);
  EXPECT_EQ(figures.rows(0).amount().pence(), 35800000);
  // The report of 2024 does not say what an underspend is; the board was told in 2019.
  const auto underspend =
      Papers::Get().Answer<ListFinanceFiguresResponse, ListFinanceFiguresRequest>(
          "key: 'savings-and-underspends'");
  ASSERT_EQ(underspend.rows_size(), 1);
  EXPECT_EQ(underspend.rows(0).meaning(),
            "a reduction in the amount of reserves required to balance the budget");
}

// £20,000, £25,000 and £20,000: £65,000 each year for three years.
TEST(PublicPapersTest, ThreeYearGrantsAreSixtyFiveThousandAYear) {
  const auto years = Papers::Get().Answer<TotalGrantsResponse, TotalGrantsRequest>(
      "by: GRANT_TOTAL_BY_YEAR scheme: 'grant-schemes/derbyshire/three-year'");
  ASSERT_EQ(years.rows_size(), 3);
  for (const GrantTotalRow& row : years.rows()) {
    EXPECT_EQ(row.awarded().pence(), 6500000) << row.year().printed();
    EXPECT_FALSE(row.over());
  }
  EXPECT_EQ(years.rows(0).year().printed(), "2017/18");
  EXPECT_EQ(years.awarded().pence(), 19500000);
}

// #D383 in October 2019, the roadshows by the end of the year, as the papers print them.
TEST(PublicPapersTest, CalendarHoldsWhatThePapersPromise) {
  const auto calendar = Papers::Get().Answer<ListCalendarResponse, ListCalendarRequest>(
      "from: '2019-05-21' to: '2019-12-31' all: true");
  std::vector<std::string> dated;
  for (const CalendarRow& row : calendar.rows()) {
    dated.push_back(absl::StrCat(row.date(), " ", row.record()));
  }
  const auto holds = [&](const std::string& text) {
    return std::find(dated.begin(), dated.end(), text) != dated.end();
  };
  EXPECT_TRUE(holds("2019-10-31 programmes/derbyshire/d383"));
  EXPECT_TRUE(holds("2019-10-31 engagements/derbyshire/d383-matlock"));
  EXPECT_TRUE(holds("2019-12-31 programmes/derbyshire/victim-roadshows"));
  EXPECT_TRUE(holds("2019-07-08 meetings/spab/2019-07-08"));
}

}  // namespace
}  // namespace scrutiny::projections
