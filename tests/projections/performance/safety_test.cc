// Health and safety as paper 003, item 12D, prints it: 385 injuries, 333 and 361 before, which were
// 262 and 273 until the query was mended.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/safety_reviews.pb.h"
#include "tests/projections/support/open_registers.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using testing::MemoryLedger;
using testing::OpenRegisters;

constexpr char kRecord[] = "safety-reviews/2018";

std::string On(const std::string& day, const std::string& fact) {
  return absl::StrCat("record: '", kRecord, "' occurred { on: '", day, "' } ", fact);
}

// The types of a year, as printed.
std::string Types(const std::string& year, const std::string& counts, int total) {
  return absl::StrCat("tables { key: 'type-", year,
                      "' dimension: 'type' complete: true total: ", total, " period_from: '", year,
                      "' period_to: '", year, "' ", counts, " } ");
}
std::string N(const std::string& label, int value) {
  return absl::StrCat("counts { label: '", label, "' value: ", value, " } ");
}

std::string Reported(const std::string& more = "") {
  return On(
      "2019-05-20",
      absl::StrCat(
          "safety_review_reported { title: 'Annual review 2018' period { from: '2018-01-01' to: "
          "'2018-12-31' printed: '2018' } injuries { value: 385 unit: 'reports' } reportable { "
          "value: 12 } rates { value { units: 104 scale: 1 } per: '100 employees' baseline: 3700 "
          "} ",
          Types("2018", N("Accident", 187) + N("Assault", 126) + N("Near Miss", 72), 385),
          Types("2017",
                N("Accident", 174) + N("Assault", 58) + N("Resisting Arrest", 14) +
                    N("Restraining Detainee", 21) + N("Near Miss", 45) + N("RTC", 18) +
                    N("Miscellaneous", 3),
                333),
          Types("2016",
                N("Accident", 166) + N("Assault", 66) + N("Resisting Arrest", 28) +
                    N("Restraining Detainee", 33) + N("Near Miss", 37) + N("RTC", 31),
                361),
          more, " }"));
}
std::string Restated() {
  return On("2019-05-20",
            "safety_figures_restated { reason: 'The query left reports out' given_before_to: "
            "'Health and Safety Committees' given_before_to: 'SGB' figures { period { from: "
            "'2017-01-01' to: '2017-12-31' } before: 262 now: 333 } figures { period { from: "
            "'2016-01-01' to: '2016-12-31' } before: 273 now: 361 } }");
}
std::string NoThreshold() {
  return "record: 'offices/a' occurred { on: '2016-01-01' } suppression_threshold_set { key: "
         "'safety' kind: 'safety-reviews' suppressed_below: 0 }";
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
SafetyReviewRow Main(OpenRegisters& registers) {
  return Answer<ListSafetyReviewsResponse, ListSafetyReviewsRequest>(registers).rows(0);
}
ListSafetyFiguresResponse Figures(OpenRegisters& registers, const std::string& more = "") {
  return Answer<ListSafetyFiguresResponse, ListSafetyFiguresRequest>(
      registers, absl::StrCat("safety_review: '", kRecord, "' ", more));
}

TEST(SafetyTest, FiguresGivenAnewStandBesideWhatTheyWere) {
  MemoryLedger ledger;
  ledger.Append({NoThreshold(), Reported(), Restated()});
  OpenRegisters registers(ledger);
  const auto rows = Figures(registers).rows();
  const SafetyFigureRow& total = rows[0];
  ASSERT_EQ(total.figures_size(), 3);
  EXPECT_EQ(total.figures(0).value(), 385U);
  EXPECT_FALSE(total.figures(0).restated());
  EXPECT_EQ(total.figures(1).value(), 333U);
  EXPECT_EQ(total.figures(1).restated_from(), 262U);
  EXPECT_EQ(total.figures(2).value(), 361U);
  EXPECT_EQ(total.figures(2).restated_from(), 273U);
  EXPECT_TRUE(total.restated());
  // An increase of 52 from 333: from what was reported in its year it would have been 123.
  EXPECT_EQ(total.change_percent().units(), 156);
  EXPECT_EQ(Figures(registers, "restated: true").rows_size(), 1);
  const SafetyReviewRow row = Main(registers);
  EXPECT_EQ(row.state(), SAFETY_REVIEW_STATE_RESTATED);
  EXPECT_EQ(row.restatements_size(), 2);
  EXPECT_EQ(row.given_before_to_size(), 2);
  EXPECT_EQ(row.reportable().value(), 12U);
  EXPECT_EQ(row.tables_recorded(), 3U);
}

TEST(SafetyTest, TypesOfThreeYearsAreJoined) {
  MemoryLedger ledger;
  ledger.Append({NoThreshold(), Reported("stated { dimension: 'type' label: 'Near Miss' direction: "
                                         "DIRECTION_OF_TRAVEL_UP change_percent { units: 60 } }")});
  OpenRegisters registers(ledger);
  const SafetyFigureRow miss = Figures(registers, "label: 'near miss'").rows(0);
  EXPECT_EQ(miss.change_percent().units(), 600);
  EXPECT_FALSE(miss.disagrees());
  EXPECT_EQ(miss.share_percent().units(), 187);
  // Not a type any more: nothing is computed of it.
  const SafetyFigureRow rtc = Figures(registers, "label: 'RTC'").rows(0);
  EXPECT_EQ(rtc.figures(0).period().from(), "2017");
  EXPECT_EQ(rtc.direction(), event::v1::DIRECTION_OF_TRAVEL_UNSPECIFIED);
  EXPECT_EQ(rtc.order(), 6U);
}

TEST(SafetyTest, CountsCutTwiceAreRowsOfTheirOwn) {
  MemoryLedger ledger;
  const auto cut = [](const std::string& division, const std::string& who, int value) {
    return absl::StrCat("counts { label: '", division, "' value: ", value,
                        " also { dimension: 'reported by' label: '", who, "' } } ");
  };
  ledger.Append(
      {NoThreshold(),
       Reported(absl::StrCat("tables { key: 'division' dimension: 'division' ",
                             cut("North Division", "Police Staff", 7),
                             cut("North Division", "Police Officers", 128),
                             cut("", "Police Staff", 97), cut("", "Police Officers", 288), "}"))});
  OpenRegisters registers(ledger);
  const auto rows = Figures(registers, "dimension: 'division' label: 'North'").rows();
  ASSERT_EQ(rows.size(), 2);
  EXPECT_EQ(rows[0].also(0).label(), "Police Staff");
  EXPECT_EQ(rows[0].share_percent().units(), 72);   // of 97
  EXPECT_EQ(rows[1].share_percent().units(), 444);  // of 288
}

TEST(SafetyTest, SmallCountsAreLeftOut) {
  MemoryLedger ledger;
  ledger.Append({Reported()});
  OpenRegisters registers(ledger);
  const SafetyFigureRow row = Figures(registers, "label: 'Miscellaneous'").rows(0);
  EXPECT_TRUE(row.figures(0).suppressed());
  EXPECT_FALSE(row.figures(0).has_value());
}

TEST(SafetyTest, SubjectIsOverdueUntilLookedAtAgain) {
  MemoryLedger ledger;
  ledger.Append({Reported(),
                 On("2019-01-15",
                    "safety_subject_reviewed { key: 'entry' subject: "
                    "SAFETY_SUBJECT_RISK_ASSESSMENT subject_title: 'Method of entry' "
                    "next_review { date: '2019-05' } interval: 'every two years' }"),
                 On("2019-05-20",
                    "safety_subject_review_due { key: 'premises' subject: "
                    "SAFETY_SUBJECT_WORKPLACE subject_title: 'All force premises' next_review "
                    "{ date: '2019-12-31' } owners { organisation: 'Constabulary' } }")});
  OpenRegisters registers(ledger);
  const auto overdue =
      Answer<ListSafetySubjectsResponse, ListSafetySubjectsRequest>(registers, "overdue: true")
          .rows();
  ASSERT_EQ(overdue.size(), 1);
  EXPECT_EQ(overdue[0].subject_title(), "Method of entry");
  EXPECT_EQ(overdue[0].reviewed_on(), "2019-01-15");
  EXPECT_EQ(Main(registers).subjects(), 2U);
  ledger.Append({On("2019-05-28",
                    "safety_subject_reviewed { key: 'entry' subject: "
                    "SAFETY_SUBJECT_RISK_ASSESSMENT subject_title: 'Method of entry' }")});
  const auto all = Answer<ListSafetySubjectsResponse, ListSafetySubjectsRequest>(registers).rows();
  ASSERT_EQ(all.size(), 2);
  EXPECT_EQ(all[0].reviewed_on(), "2019-05-28");
  EXPECT_FALSE(all[0].overdue());
  EXPECT_EQ(all[1].next_review_date(), "2019-12-31");
}

}  // namespace
}  // namespace scrutiny::projections
