// What the verbs of engagement and money make of the words a clerk gives them.

#include <map>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "scrutiny/event/v1/entry.pb.h"
#include "tests/support/status_matchers.h"
#include "tools/scrutiny/verb.h"

namespace scrutiny::tools {
namespace {

absl::StatusOr<event::v1::Proposed> Filled(
    absl::string_view name, const std::map<std::string, std::vector<std::string>>& given) {
  FillSources sources;
  sources.resolve = [](absl::string_view text, absl::string_view) -> absl::StatusOr<std::string> {
    return std::string(text);
  };
  sources.meeting = [](absl::string_view) -> absl::StatusOr<MeetingInfo> { return MeetingInfo(); };
  sources.mint = [] { return std::string("01jx"); };
  sources.today = "2019-06-01";
  Args args;
  for (const auto& [flag, values] : given) args.Set(flag, values);
  for (const Verb& verb : AllVerbs()) {
    if (verb.name == name) return Fill(verb, args, sources);
  }
  return absl::NotFoundError("no such verb");
}

TEST(EngagementVerbsTest, PlaceIsItsNameAndArea) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const auto held, Filled("engagement", {{"title", {"Roadshow"}},
                                             {"place", {"Chapel-en-le-Frith (High Peak)", "Derby"}},
                                             {"attended", {"40"}}}));
  const event::v1::EngagementHeld& fact = held.engagement_held();
  ASSERT_EQ(fact.places_size(), 2);
  EXPECT_EQ(fact.places(0).key(), "chapel-en-le-frith");
  EXPECT_EQ(fact.places(0).name(), "Chapel-en-le-Frith");
  EXPECT_EQ(fact.places(0).area(), "High Peak");
  EXPECT_EQ(fact.places(1).key(), "derby");
  EXPECT_EQ(fact.attended().value(), 40U);
  EXPECT_FALSE(Filled("engagement", {{"title", {"Roadshow"}}, {"place", {"()"}}}).ok());
}

TEST(EngagementVerbsTest, BudgetDayNamesItsStep) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const auto set,
      Filled("budget-dates", {{"RECORD", {"budgets/2019-20"}},
                              {"date", {"key=report; step=panel report; due=2019-02-08"}}}));
  const event::v1::BudgetDate& date = set.budget_dates_set().dates(0);
  EXPECT_EQ(date.step(), event::v1::BUDGET_STEP_PANEL_REPORT);
  EXPECT_EQ(date.due().date(), "2019-02-08");
}

TEST(EngagementVerbsTest, FinanceFigureTakesAmountAndTerm) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const auto reported,
      Filled("finance", {{"title", {"Finance briefing"}},
                         {"year", {"2018/19"}},
                         {"figure",
                          {"key=reserves; label=Contribution from reserves; amount=£0.358m; "
                           "basis=forecast; term=underspend"}}}));
  const event::v1::FinanceFigure& figure = reported.finance_position_reported().figures(0);
  EXPECT_EQ(figure.amount().pence(), 35800000);
  EXPECT_EQ(figure.basis(), event::v1::FIGURE_BASIS_FORECAST);
  EXPECT_EQ(figure.term(), "underspend");
}

}  // namespace
}  // namespace scrutiny::tools
