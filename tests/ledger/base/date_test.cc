#include "ledger/base/date.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

#include "ledger/base/error.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::testing::HasSubstr;

PartialDate Date(absl::string_view text) { return PartialDate::Parse(text).value(); }
std::string First(absl::string_view text) { return Date(text).FirstDay().ToString(); }
std::string Last(absl::string_view text) { return Date(text).LastDay().ToString(); }

TEST(PartialDateTest, ReadsEachPrecision) {
  EXPECT_EQ(Date("2019").precision(), PartialDate::Precision::kYear);
  EXPECT_EQ(Date("2019-03").precision(), PartialDate::Precision::kMonth);
  EXPECT_EQ(Date("2019-03-18").precision(), PartialDate::Precision::kDay);
}

TEST(PartialDateTest, SpansTheDaysItMayMean) {
  EXPECT_EQ(First("2019"), "2019-01-01");
  EXPECT_EQ(Last("2019"), "2019-12-31");
  EXPECT_EQ(First("2019-03"), "2019-03-01");
  EXPECT_EQ(Last("2019-03"), "2019-03-31");
  EXPECT_EQ(First("2019-03-18"), "2019-03-18");
  EXPECT_EQ(Last("2019-03-18"), "2019-03-18");
}

TEST(PartialDateTest, KnowsLeapYearsAndMonthEnds) {
  EXPECT_EQ(Last("2019-02"), "2019-02-28");
  EXPECT_EQ(Last("2020-02"), "2020-02-29");
  EXPECT_EQ(Last("1900-02"), "1900-02-28");
  EXPECT_EQ(Last("2000-02"), "2000-02-29");
  EXPECT_EQ(Last("2019-12"), "2019-12-31");
  EXPECT_EQ(Last("9999"), "9999-12-31");
  EXPECT_EQ(First("1000"), "1000-01-01");
}

TEST(PartialDateTest, RefusesWhatIsNoDate) {
  for (const absl::string_view text : {"",
                                       "19",
                                       "2019-",
                                       "2019-3-1",
                                       "2019-3",
                                       "2019-03-1",
                                       "2019-13",
                                       "2019-00",
                                       "2019-02-30",
                                       "2019-02-29",
                                       "2019-04-31",
                                       "2019-03-00",
                                       "2019-03-32",
                                       "2019/03/18",
                                       "18-03-2019",
                                       "2019-03-18 ",
                                       " 2019-03-18",
                                       "2019-03-18T10:00",
                                       "20190318",
                                       "0999",
                                       "+019",
                                       "-201",
                                       "2019-+3",
                                       "2019-03-x1",
                                       "yyyy",
                                       "18 March 2019",
                                       "2019-0318"}) {
    EXPECT_THAT(PartialDate::Parse(text), FailsWith(Reason::kMalformed)) << text;
  }
}

TEST(PartialDateTest, RefusalSaysWhatIsWrongAndHowToWriteIt) {
  const absl::Status status = PartialDate::Parse("2019-02-30").status();
  EXPECT_EQ(status.message(), "\"2019-02-30\" is not a date: February 2019 has 28 days.");
  EXPECT_EQ(InfoOf(status).value, "2019-02-30");
  EXPECT_THAT(InfoOf(status).next, HasSubstr("2019-03-18"));
  EXPECT_THAT(std::string(PartialDate::Parse("2019-13").status().message()),
              HasSubstr("no month 13"));
}

TEST(PartialDateTest, SortsByTheLastPossibleDay) {
  EXPECT_LT(Date("2019-03-18"), Date("2019-03"));
  EXPECT_LT(Date("2019-03"), Date("2019"));
  EXPECT_LT(Date("2019"), Date("2019-12-31"));  // same last day, earlier first
  EXPECT_EQ(Date("2019-03"), Date("2019-03"));
  EXPECT_NE(Date("2019-03"), Date("2019-03-31"));
}

TEST(DayTest, ReadsWholeDaysOnly) {
  EXPECT_EQ(Day::Parse("1970-01-01").value(), Day(0));
  EXPECT_EQ(Day::Parse("2019-03-18").value(), Day(17973));
  EXPECT_THAT(Day::Parse("2019-03"), FailsWith(Reason::kMalformed));
}

TEST(DayTest, ComesFromMicrosecondsOfUtc) {
  constexpr int64_t kDayMicros = int64_t{86'400} * 1'000'000;
  EXPECT_EQ(Day::FromUnixMicros(0), Day(0));
  EXPECT_EQ(Day::FromUnixMicros(kDayMicros - 1), Day(0));
  EXPECT_EQ(Day::FromUnixMicros(kDayMicros), Day(1));
  EXPECT_EQ(Day::FromUnixMicros(-1), Day(-1));
  EXPECT_EQ(Day::FromUnixMicros(-kDayMicros), Day(-1));
}

TEST(DayTest, CountsAndCompares) {
  const Day board = Day::Parse("2019-03-18").value();
  EXPECT_EQ((board + 63).ToString(), "2019-05-20");
  EXPECT_EQ((board - 49).ToString(), "2019-01-28");
  EXPECT_EQ(Day::Parse("2019-05-20").value() - board, 63);
  EXPECT_EQ(board.year(), 2019);
  EXPECT_LT(Day::Min(), board);
  EXPECT_LT(board, Day::Max());
}

RC_GTEST_PROP(PartialDateTest, EveryDayReadsBackToItself, ()) {
  const Day day(*rc::gen::inRange<int32_t>(-354'285, 2'932'896));  // 1000-01-01 to 9999-12-31
  const PartialDate date = PartialDate::OfDay(day);
  RC_ASSERT(date.ToString() == day.ToString());
  RC_ASSERT(PartialDate::Parse(date.ToString()).value() == date);
  RC_ASSERT(date.FirstDay() == day);
  RC_ASSERT(date.LastDay() == day);
}

RC_GTEST_PROP(PartialDateTest, MonthsAndYearsTakeEachDayIn, ()) {
  const Day day(*rc::gen::inRange<int32_t>(-354'285, 2'932'896));
  const std::string text = day.ToString();
  for (const size_t length : {4, 7}) {
    const PartialDate date = PartialDate::Parse(text.substr(0, length)).value();
    RC_ASSERT(date.ToString() == text.substr(0, length));
    RC_ASSERT(date.FirstDay() <= day);
    RC_ASSERT(day <= date.LastDay());
  }
}

RC_GTEST_PROP(PartialDateTest, NoTextBreaksTheParser, (const std::string& text)) {
  const absl::StatusOr<PartialDate> date = PartialDate::Parse(text);
  if (date.ok()) RC_ASSERT(date->ToString() == text);
}

}  // namespace
}  // namespace scrutiny::ledger
