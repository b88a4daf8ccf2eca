// Measures as the scorecards of paper 003, item 10A, print them, and what is computed of them.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/measures.pb.h"
#include "scrutiny/register/v1/scorecards.pb.h"
#include "tests/projections/support/open_registers.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using testing::MemoryLedger;
using testing::OpenRegisters;

constexpr char kMeasure[] = "measures/drug-offences";
constexpr char kCard[] = "scorecards/2019-05-20";

// A fact of a day; no day: not dated.
std::string On(const std::string& day, const std::string& record, const std::string& fact) {
  const std::string occurred = day.empty() ? "" : absl::StrCat("occurred { on: '", day, "' } ");
  return absl::StrCat("record: '", record, "' ", occurred, fact);
}

template <typename Response, typename Request>
Response Answer(OpenRegisters& registers, const std::string& request = "") {
  registers.Level();
  const auto response =
      registers->Answer<Response>(testing::Ask<Request>(request), OpenRegisters::Today());
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return *response;
}

std::string Defined(const std::string& more = "", const std::string& measure = kMeasure) {
  return On("2019-04-01", measure,
            absl::StrCat("measure_defined { title: 'Drug offences' scorecard_title: 'Crime' order: "
                         "31 unit: 'Volume' ",
                         more, " }"));
}
// A year that ends on 31 March: `2018-19`.
std::string YearOf(int year) {
  return absl::StrCat("period_key: '", year, "-", (year + 1) % 100, "' period { from: '", year,
                      "-04-01' to: '", year + 1, "-03-31' }");
}
std::string Value(int year, int64_t units, const std::string& more = "",
                  const std::string& day = "2019-05-20") {
  return On(day, kMeasure,
            absl::StrCat("measure_value_submitted { ", YearOf(year), " value { units: ", units,
                         " } scorecard: '", kCard, "' ", more, " }"));
}

MeasureRow TheMeasure(OpenRegisters& registers) {
  return Answer<ListMeasuresResponse, ListMeasuresRequest>(registers).rows(0);
}
ListMeasureValuesResponse Values(OpenRegisters& registers, const std::string& request = "") {
  return Answer<ListMeasureValuesResponse, ListMeasureValuesRequest>(registers, request);
}
MeasureNoteRow TheNote(OpenRegisters& registers) {
  return Answer<ListMeasureNotesResponse, ListMeasureNotesRequest>(registers).rows(0);
}

TEST(MeasuresTest, ValueIsComparedWithThePeriodBefore) {
  MemoryLedger ledger;
  ledger.Append({Defined("wanted: WANTED_DIRECTION_DOWN"), Value(2018, 5690), Value(2016, 4638),
                 Value(2017, 4773)});
  OpenRegisters registers(ledger);
  const auto rows = Values(registers).rows();
  ASSERT_EQ(rows.size(), 3);
  EXPECT_EQ(rows[0].not_compared(), NOT_COMPARED_NO_PERIOD_BEFORE);
  EXPECT_EQ(rows[1].change_percent().units(), 29);
  EXPECT_EQ(rows[2].change_percent().units(), 192);
  EXPECT_EQ(rows[2].against(), "2017-18");
  EXPECT_EQ(rows[2].title(), "Drug offences");
  EXPECT_FALSE(rows[2].has_change_points());
  const MeasureRow row = TheMeasure(registers);
  EXPECT_EQ(row.latest_value().units(), 5690);
  EXPECT_EQ(row.value_before().units(), 4773);
  EXPECT_EQ(row.direction(), event::v1::DIRECTION_OF_TRAVEL_UP);
  EXPECT_TRUE(row.against_wanted());
  EXPECT_EQ(row.periods(), 3U);
}

TEST(MeasuresTest, PercentagesMoveByPointsBesidePerCent) {
  MemoryLedger ledger;
  ledger.Append({Defined("scale: MEASURE_SCALE_PERCENTAGE"),
                 On("2019-05-20", kMeasure,
                    absl::StrCat("measure_value_submitted { ", YearOf(2017),
                                 " value { units: 746 scale: 1 } }")),
                 On("2019-05-20", kMeasure,
                    absl::StrCat("measure_value_submitted { ", YearOf(2018),
                                 " value { units: 723 scale: 1 } stated_change_points { units: -23 "
                                 "scale: 1 } }"))});
  OpenRegisters registers(ledger);
  const MeasureValueRow row = Values(registers).rows(1);
  EXPECT_EQ(row.change_points().units(), -23);
  EXPECT_EQ(row.change_percent().units(), -31);
  EXPECT_FALSE(row.disagrees());
}

TEST(MeasuresTest, PrintedChangeIsHeldAgainstTheValues) {
  MemoryLedger ledger;
  ledger.Append({Value(2017, 1000), Value(2018, 1100, "stated_change_percent { units: 11 }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Values(registers, "disagrees: true").rows(0).period_key(), "2018-19");
  ledger.Append({Value(2016, 990), Value(2018, 1100,
                                         "stated_change_percent { units: 11 } stated_against: "
                                         "'2016-17'")});
  EXPECT_EQ(Values(registers, "disagrees: true").rows_size(), 0);
}

TEST(MeasuresTest, RestatedValueKeepsWhatItWas) {
  MemoryLedger ledger;
  ledger.Append({Defined(), Value(2017, 262), Value(2018, 385)});
  OpenRegisters registers(ledger);
  ledger.Append({On("2019-05-21", kMeasure,
                    "measure_value_restated { period_key: '2017-18' value { units: 333 } reason: "
                    "'A fault of the query' }")});
  const auto rows = Values(registers).rows();
  EXPECT_EQ(rows[0].value().units(), 333);
  EXPECT_TRUE(rows[0].restated());
  EXPECT_EQ(rows[0].restated_from().units(), 262);
  ASSERT_EQ(rows[0].snapshots_size(), 2);
  EXPECT_EQ(rows[0].snapshots(1).reason(), "A fault of the query");
  EXPECT_EQ(rows[1].change_percent().units(), 156);
  EXPECT_EQ(TheMeasure(registers).restated(), 1U);
  EXPECT_EQ(TheMeasure(registers).reason(), "");
  EXPECT_EQ(Values(registers, "view { true_on: '2019-05-20' }").rows(0).value().units(), 262);
}

TEST(MeasuresTest, ValueNeverRecordedIsRestatedFromWhatThePaperSays) {
  MemoryLedger ledger;
  ledger.Append({On("2019-05-20", kMeasure,
                    absl::StrCat("measure_value_restated { ", YearOf(2016),
                                 " value { units: 361 } restated_from { units: 273 } reason: 'A "
                                 "fault of the query' }"))});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Values(registers).rows(0).restated_from().units(), 273);
  EXPECT_EQ(Values(registers).rows(0).period_end_date(), "2017-03-31");
}

// Civilian staff: those who came over in 2018/19 are in the figure for the first time.
TEST(MeasuresTest, BreakStandsBetweenPeriods) {
  MemoryLedger ledger;
  ledger.Append({Defined(), Value(2016, 1389), Value(2017, 1415), Value(2018, 1597)});
  OpenRegisters registers(ledger);
  ledger.Append({On("2019-05-20", kMeasure,
                    "comparability_break_declared { key: 'transfer' from_period: '2018-19' reason: "
                    "'Staff came over' }")});
  const auto rows = Values(registers).rows();
  EXPECT_EQ(rows[1].change_percent().units(), 19);
  EXPECT_EQ(rows[2].not_compared(), NOT_COMPARED_BREAK);
  EXPECT_FALSE(rows[2].has_change_percent());
  EXPECT_EQ(rows[2].break_reason(), "Staff came over");
  EXPECT_EQ(TheMeasure(registers).breaks(), 1U);
  EXPECT_EQ(TheMeasure(registers).direction(), event::v1::DIRECTION_OF_TRAVEL_UNSPECIFIED);
  EXPECT_TRUE(TheNote(registers).is_break());
  ledger.Append({On("2019-05-21", kMeasure,
                    "comparability_break_declared { key: 'transfer' every_period: true reason: "
                    "'Another sample each year' }")});
  EXPECT_EQ(Values(registers).rows(1).not_compared(), NOT_COMPARED_BREAK);
  EXPECT_EQ(TheMeasure(registers).breaks(), 1U);
}

TEST(MeasuresTest, PeriodsOfOtherLengthsAreNotCompared) {
  MemoryLedger ledger;
  ledger.Append(
      {Value(2017, 100), Value(2018, 80, "covers { from: '2018-04-01' to: '2018-12-31' }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Values(registers).rows(1).not_compared(), NOT_COMPARED_LENGTH);
  EXPECT_EQ(Values(registers).rows(1).period_end_date(), "2018-12-31");
  ledger.Append({On("2019-05-20", kMeasure,
                    "measure_value_submitted { period_key: '2017-9m' period { from: '2017-04-01' "
                    "to: '2017-12-31' } value { units: 40 } }")});
  const auto rows = Values(registers).rows();
  EXPECT_EQ(rows[2].period_key(), "2018-19");
  EXPECT_EQ(rows[2].against(), "2017-9m");
  EXPECT_EQ(rows[2].change_percent().units(), 1000);
}

TEST(MeasuresTest, WhatIsMissingOrZeroIsNotCompared) {
  MemoryLedger ledger;
  ledger.Append({Value(2016, 0), Value(2017, 8),
                 On("2019-05-20", kMeasure,
                    absl::StrCat("measure_value_submitted { ", YearOf(2018),
                                 " not_available: true not_available_because: 'No data' }"))});
  OpenRegisters registers(ledger);
  const auto rows = Values(registers).rows();
  EXPECT_EQ(rows[1].not_compared(), NOT_COMPARED_ZERO_BEFORE);
  EXPECT_EQ(rows[1].direction(), event::v1::DIRECTION_OF_TRAVEL_UP);
  EXPECT_EQ(rows[2].not_compared(), NOT_COMPARED_NO_VALUE);
  EXPECT_TRUE(rows[2].not_available());
  EXPECT_FALSE(TheMeasure(registers).has_latest_value());
  EXPECT_EQ(TheMeasure(registers).latest_period().to(), "2019-03-31");
}

TEST(MeasuresTest, PeriodsWithoutDatesComeInTheOrderOfTheirKeys) {
  MemoryLedger ledger;
  ledger.Append({On("2019-05-20", kMeasure,
                    "measure_value_submitted { period_key: 'wave-2' value { units: 110 } }"),
                 On("2019-05-20", kMeasure,
                    "measure_value_submitted { period_key: 'wave-1' value { units: 100 } }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(TheMeasure(registers).change_percent().units(), 100);
}

TEST(MeasuresTest, CommentIsHeldAgainstTheValues) {
  MemoryLedger ledger;
  ledger.Append({Value(2017, 100), Value(2018, 90),
                 On("2019-05-20", kMeasure,
                    "commentary_attached { key: 'rise' text: 'Has risen' period_key: '2018-19' "
                    "stated_direction: DIRECTION_OF_TRAVEL_UP commentary_paper: 'papers/003/10a' "
                    "}")});
  OpenRegisters registers(ledger);
  EXPECT_TRUE(TheNote(registers).disagrees());
  EXPECT_EQ(TheNote(registers).change_percent().units(), -100);
  EXPECT_EQ(TheNote(registers).paper(), "papers/003/10a");
  // The figure was wrong, not the comment.
  ledger.Append({Value(2018, 130)});
  EXPECT_FALSE(TheNote(registers).disagrees());
}

TEST(MeasuresTest, CorrectionAndWithdrawalRefoldTheValues) {
  MemoryLedger ledger;
  ledger.Append({Value(2017, 1000)});
  const uint64_t wrong = ledger.Append({Value(2018, 1500)});
  OpenRegisters registers(ledger);
  EXPECT_EQ(TheMeasure(registers).change_percent().units(), 500);
  ledger.Append({absl::StrCat(Value(2018, 1050), " corrects: ", wrong)});
  EXPECT_EQ(TheMeasure(registers).change_percent().units(), 50);
  EXPECT_EQ(Values(registers).rows(1).snapshots_size(), 1);
  ledger.Append({absl::StrCat("record: '", kMeasure, "' corrects: ", wrong,
                              " withdrawn { reason: 'Of another measure' }")});
  EXPECT_EQ(Values(registers).rows_size(), 1);
}

TEST(MeasuresTest, UndatedDefinitionFillsWhatNobodyElseSaid) {
  MemoryLedger ledger;
  ledger.Append({On("2019-05-20", kMeasure, "measure_redefined { number_printed: '32' }"),
                 On("", kMeasure, "measure_defined { title: 'Drugs' number_printed: '31' }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(TheMeasure(registers).number_printed(), "32");
  EXPECT_EQ(TheMeasure(registers).title(), "Drugs");
  EXPECT_EQ(TheMeasure(registers).state(), MEASURE_STATE_FOLLOWED);
}

TEST(MeasuresTest, RedefinitionAndRetirementAreSteps) {
  MemoryLedger ledger;
  ledger.Append({Defined(),
                 On("2019-05-20", kMeasure,
                    "measure_redefined { unit: '%' scale: MEASURE_SCALE_PERCENTAGE reason: 'x' }"),
                 Value(2018, 50),
                 On("2019-06-01", kMeasure,
                    "measure_retired { reason: 'Not asked for' replaced_by: 'measures/b' }")});
  OpenRegisters registers(ledger);
  const MeasureRow row = TheMeasure(registers);
  EXPECT_EQ(row.state(), MEASURE_STATE_RETIRED);
  EXPECT_EQ(row.retired_on(), "2019-06-01");
  EXPECT_EQ(row.steps_size(), 3);
  EXPECT_EQ(Values(registers).rows(0).unit(), "%");
}

TEST(ScorecardsTest, ScorecardSaysWhatStandsOnIt) {
  MemoryLedger ledger;
  std::string measures;
  for (int i = 0; i < 60; ++i) absl::StrAppend(&measures, "measures: 'measures/m-", i, "' ");
  ledger.Append({On("2019-05-20", kCard,
                    absl::StrCat("scorecard_published { title: 'Crime' measures_stated: 35 ",
                                 measures, " meeting: 'meetings/spab/2019-05-20' item: '10a' }")),
                 On("2019-05-21", kCard,
                    "commentary_attached { key: 'a' text: 'Up' meeting: 'meetings/jarac/1' }")});
  OpenRegisters registers(ledger);
  const auto rows = Answer<ListScorecardsResponse, ListScorecardsRequest>(
                        registers, "meeting: 'meetings/jarac/1'")
                        .rows();
  ASSERT_EQ(rows.size(), 1);
  EXPECT_EQ(rows[0].measures_listed(), 60U);
  EXPECT_EQ(rows[0].measures_size(), 50);
  EXPECT_EQ(rows[0].measures(0), "measures/m-0");
  EXPECT_EQ(rows[0].item(), "");
  EXPECT_EQ(rows[0].steps_size(), 2);
}

}  // namespace
}  // namespace scrutiny::projections
