// Numbers given to decisions, minutes and actions, the gaps between them, and how series run.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/numbers.pb.h"
#include "tests/projections/board/document_support.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using ::testing::ElementsAre;
using testing::Meeting;
using testing::MemoryLedger;
using testing::On;
using testing::OpenRegisters;

ListNumbersResponse Numbers(OpenRegisters& registers, const std::string& request) {
  return testing::AnswerTo<ListNumbersResponse, ListNumbersRequest>(registers, request);
}
ListNumberSeriesResponse Series(OpenRegisters& registers, const std::string& request = "") {
  return testing::AnswerTo<ListNumberSeriesResponse, ListNumberSeriesRequest>(registers, request);
}

// Each number or run as printed, with its state.
std::vector<std::string> Printed(const ListNumbersResponse& answer) {
  std::vector<std::string> printed;
  for (const NumberRow& row : answer.rows()) {
    printed.push_back(absl::StrCat(row.printed(), " ", NumberState_Name(row.state()).substr(13)));
  }
  return printed;
}

std::string Decision(const std::string& day, int number, const std::string& record) {
  return On(day, absl::StrCat("decisions/", record),
            absl::StrCat("decision_taken { title: '", record,
                         "' number { kind: 'decisions' year: 2019 number: ", number, " } }"));
}
std::string Defined(const std::string& fact) {
  return On("2016-05-01", "offices/o", absl::StrCat("number_series_defined { ", fact, " }"));
}

TEST(NumbersTest, GapsLieBetweenTheFirstAndTheHighest) {
  MemoryLedger ledger;
  ledger.Append({Decision("2019-02-01", 3, "a"), Decision("2019-03-01", 4, "b"),
                 Decision("2019-02-15", 8, "c"),
                 On("2019-06-01", "offices/o",
                    "number_gap_explained { kind: 'decisions' year: 2019 from: 6 "
                    "reason: 'skipped in error' }")});
  OpenRegisters registers(ledger);
  const ListNumbersResponse all = Numbers(registers, "kind: 'decisions'");
  EXPECT_THAT(Printed(all),
              ElementsAre("2019/1-2019/2 GAP", "2019/3 GIVEN", "2019/4 GIVEN", "2019/5 GAP",
                          "2019/6 GAP_EXPLAINED", "2019/7 GAP", "2019/8 GIVEN"));
  EXPECT_EQ(all.given(), 3u);
  EXPECT_EQ(all.missing(), 4u);
  EXPECT_EQ(all.explained(), 1u);
  EXPECT_EQ(all.rows(4).reason(), "skipped in error");
  EXPECT_EQ(all.rows(4).meta().entry_count(), 1u);
  EXPECT_EQ(all.rows(1).title(), "a");
  EXPECT_EQ(all.rows(1).numbered_on(), "2019-02-01");
  EXPECT_FALSE(all.rows(2).out_of_order());
  EXPECT_TRUE(all.rows(6).out_of_order()) << "8 was taken before 4";
  const ListNumbersResponse gaps = Numbers(registers, "kind: 'decisions' gaps: true");
  EXPECT_EQ(gaps.rows_size(), 4);
  EXPECT_EQ(gaps.given(), 3u) << "counted all the same";
  EXPECT_EQ(Numbers(registers, "kind: 'decisions' year: 2018").rows_size(), 0);
  const ListNumbersResponse then =
      Numbers(registers, "kind: 'decisions' view { true_on: '2019-02-28' }");
  EXPECT_THAT(Printed(then), ElementsAre("2019/1-2019/2 GAP", "2019/3 GIVEN", "2019/4-2019/7 GAP",
                                         "2019/8 GIVEN"));
}

TEST(NumbersTest, ASharedNumberIsARowForEach) {
  MemoryLedger ledger;
  ledger.Append({Decision("2019-02-01", 1, "a"), Decision("2019-03-01", 1, "b")});
  OpenRegisters registers(ledger);
  const ListNumbersResponse all = Numbers(registers, "kind: 'decisions'");
  EXPECT_THAT(Printed(all), ElementsAre("2019/1 SHARED", "2019/1 SHARED"));
  EXPECT_EQ(all.given(), 1u);
  EXPECT_EQ(all.rows(1).record(), "decisions/b");
}

TEST(NumbersTest, MinutesByTheSeriesOfTheirForum) {
  MemoryLedger ledger;
  ledger.Append(
      {Meeting("nov", "2022-11-17", "forums/pcp"), Meeting("mar", "2019-03-18"),
       Defined("kind: 'meetings' pattern: '{n}/{yy}' year_starts: '05-01' forum: 'forums/pcp' "
               "first: 40 title: 'minutes of the panel'"),
       On("2022-11-17", "meetings/nov",
          "agenda_item_placed { item: '2' title: 'Report' "
          "minute_number { kind: 'meetings' year: 2022 number: 41 } }"),
       On("2022-11-17", "meetings/nov", "agenda_item_placed { item: '3' title: 'Other' }"),
       On("2022-11-17", "meetings/nov",
          "minute_numbered { item: '3' number { kind: 'meetings' year: 2022 number: 43 "
          "printed: '43/22' } }"),
       On("2019-03-18", "meetings/mar",
          "minute_numbered { item: '9a' number { kind: 'meetings' series: 'spab' number: 1 } }")});
  OpenRegisters registers(ledger);
  const ListNumbersResponse panel = Numbers(registers, "kind: 'meetings' forum: 'forums/pcp'");
  EXPECT_THAT(Printed(panel), ElementsAre("40/22 GAP", "41/22 GIVEN", "42/22 GAP", "43/22 GIVEN"));
  EXPECT_EQ(panel.rows(1).item(), "2");
  EXPECT_EQ(panel.rows(1).title(), "Report");
  EXPECT_EQ(panel.rows(1).numbered_on(), "2022-11-17");
  EXPECT_EQ(panel.rows(3).forum(), "forums/pcp");
  EXPECT_EQ(Numbers(registers, "kind: 'meetings'").rows_size(), 5);
  EXPECT_EQ(Numbers(registers, "kind: 'meetings' main_series: true").rows_size(), 4);
  EXPECT_EQ(Numbers(registers, "kind: 'meetings' series: 'spab'").rows_size(), 1);
}

TEST(NumbersTest, ANumberGivenLaterTakesThePlaceOfTheFirst) {
  MemoryLedger ledger;
  const uint64_t first = ledger.Append(
      {Decision("2019-02-01", 1, "a"),
       On("2019-02-02", "decisions/a",
          "decision_numbered { number { kind: 'decisions' year: 2019 number: 2 } }")});
  OpenRegisters registers(ledger);
  EXPECT_THAT(Printed(Numbers(registers, "kind: 'decisions'")),
              ElementsAre("2019/1 GAP", "2019/2 GIVEN"));
  ledger.Append({absl::StrCat("record: 'decisions/a' corrects: ", first + 1,
                              " withdrawn { reason: 'typed wrongly' }")});
  EXPECT_THAT(Printed(Numbers(registers, "kind: 'decisions'")), ElementsAre("2019/1 GIVEN"));
}

TEST(NumbersTest, WhatTheServerAssignedIsPrintedByThePattern) {
  MemoryLedger ledger;
  ledger.Append(
      {On("2019-02-01", "decisions/a", "decision_taken { title: 'A' assign { year: 2019 } }"),
       Defined("kind: 'decisions' pattern: 'D{n}-{yyyy}' year_starts: '01-01'")});
  OpenRegisters registers(ledger);
  const ListNumbersResponse all = Numbers(registers, "kind: 'decisions'");
  EXPECT_THAT(Printed(all), ElementsAre("D1-2019 GIVEN"));
  EXPECT_TRUE(all.rows(0).assigned());
}

TEST(NumbersTest, NeedsAKindThatHasNumbers) {
  MemoryLedger ledger;
  ledger.Append({Meeting("mar", "2019-03-18")});
  OpenRegisters registers(ledger);
  for (const char* request :
       {"", "kind: 'papers'", "kind: 'decisions' main_series: true series: 'ops'"}) {
    EXPECT_THAT(registers->Answer<ListNumbersResponse>(testing::Ask<ListNumbersRequest>(request),
                                                       OpenRegisters::Today()),
                testing::FailsWith(ledger::Reason::kMalformed))
        << request;
  }
}

TEST(NumberSeriesTest, TheYearThatTheDayLiesInAndItsLatestNumber) {
  MemoryLedger ledger;
  ledger.Append(
      {Defined("kind: 'decisions' pattern: '{yyyy}/{n}' year_starts: '04-01' "
               "year_named: SERIES_YEAR_ENDS"),
       Defined("kind: 'meetings' series: 'old' pattern: '{n}'"),
       On("2018-01-01", "offices/o", "number_series_ended { kind: 'meetings' series: 'old' }"),
       Decision("2019-02-01", 3, "a"), Decision("2019-02-02", 5, "b"),
       On("2019-02-02", "actions/x",
          "action_raised { title: 'X' number { kind: 'actions' series: 's' number: 7 } }")});
  OpenRegisters registers(ledger);
  const ListNumberSeriesResponse all = Series(registers, "view { judged_on: '2019-03-31' }");
  ASSERT_EQ(all.rows_size(), 3);
  const NumberSeriesRow& actions = all.rows(0);
  EXPECT_EQ(actions.office(), "") << "numbers are given in it and nobody defined it";
  EXPECT_EQ(actions.current_year(), 0u);
  EXPECT_EQ(actions.latest().number(), 7u);
  const NumberSeriesRow& decisions = all.rows(1);
  EXPECT_EQ(decisions.office(), "offices/o");
  EXPECT_EQ(decisions.current_year(), 2019u);
  EXPECT_EQ(decisions.latest().printed(), "2019/5");
  EXPECT_EQ(decisions.first(), 1u);
  EXPECT_EQ(all.rows(2).ended_on(), "2018-01-01");
  EXPECT_FALSE(all.rows(2).has_latest());
  const ListNumberSeriesResponse later =
      Series(registers, "kind: 'decisions' view { judged_on: '2019-04-01' }");
  ASSERT_EQ(later.rows_size(), 1);
  EXPECT_EQ(later.rows(0).current_year(), 2020u);
  EXPECT_FALSE(later.rows(0).has_latest());
}

}  // namespace
}  // namespace scrutiny::projections
