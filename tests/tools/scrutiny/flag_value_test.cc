// What clerks write for numbers, periods, counts and tables of counts.
#include "tools/scrutiny/flag_value.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "scrutiny/event/v1/casework.pb.h"
#include "scrutiny/event/v1/measure.pb.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::tools {
namespace {

using event::v1::CaseworkStatisticsPublished;
using event::v1::MeasureValueSubmitted;
using ::testing::HasSubstr;

absl::Status Set(google::protobuf::Message* message, const std::string& path,
                 const std::vector<std::string>& values) {
  return SetFromText(message, path, values, [](absl::string_view text, absl::string_view) {
    return absl::StatusOr<std::string>(std::string(text));
  });
}

event::v1::Decimal ReadDecimal(const std::string& text) {
  MeasureValueSubmitted value;
  SCRUTINY_CHECK_OK(Set(&value, "value", {text}));
  return value.value();
}

event::v1::Period ReadPeriod(const std::string& text) {
  MeasureValueSubmitted value;
  SCRUTINY_CHECK_OK(Set(&value, "period", {text}));
  return value.period();
}

event::v1::CountTable ReadTable(const std::string& text) {
  CaseworkStatisticsPublished casework;
  SCRUTINY_CHECK_OK(Set(&casework, "tables", {text}));
  return casework.tables(0);
}

TEST(FlagValueTest, DecimalsKeepTheirDigits) {
  EXPECT_EQ(ReadDecimal("70.6 %").units(), 706);
  EXPECT_EQ(ReadDecimal("70.6 %").scale(), 1U);
  EXPECT_EQ(ReadDecimal("70.6 %").printed(), "70.6 %");
  EXPECT_EQ(ReadDecimal("61,719").units(), 61719);
  EXPECT_EQ(ReadDecimal("+10.6%").units(), 106);
  EXPECT_EQ(ReadDecimal("-0.90").units(), -90);
  EXPECT_EQ(ReadDecimal("-0.90").scale(), 2U);
}

TEST(FlagValueTest, WhatIsNoNumberIsRefused) {
  MeasureValueSubmitted value;
  for (const char* text : {"1.2.3", ".5", "5.", "n/a", "1.0123456789", "1 2"}) {
    EXPECT_THAT(Set(&value, "value", {text}).message(), HasSubstr("is not a number")) << text;
  }
}

TEST(FlagValueTest, PeriodsAreYearsDaysAndWhatLiesBetween) {
  EXPECT_EQ(ReadPeriod("2018/19").from(), "2018-04-01");
  EXPECT_EQ(ReadPeriod("2018/19").to(), "2019-03-31");
  EXPECT_EQ(ReadPeriod("1999/00").to(), "2000-03-31");
  EXPECT_EQ(ReadPeriod("2018").to(), "2018");
  EXPECT_EQ(ReadPeriod("as at 31 March 2019").from(), "2019-03-31");
  EXPECT_EQ(ReadPeriod("April 2018 to December 2018").to(), "2018-12");
  MeasureValueSubmitted value;
  EXPECT_FALSE(Set(&value, "period", {"2018/20"}).ok());
}

TEST(FlagValueTest, CountIsANumberAndWhatIsCounted) {
  CaseworkStatisticsPublished casework;
  SCRUTINY_ASSERT_OK(Set(&casework, "total", {"1,204 contacts"}));
  EXPECT_EQ(casework.total().value(), 1204U);
  EXPECT_EQ(casework.total().unit(), "contacts");
  SCRUTINY_ASSERT_OK(Set(&casework, "total", {"withheld"}));
  EXPECT_TRUE(casework.total().suppressed());
  EXPECT_THAT(Set(&casework, "total", {"many"}).message(), HasSubstr("is not a count"));
}

TEST(FlagValueTest, TableNamesWhatItCountsByAndWhen) {
  const event::v1::CountTable table = ReadTable(
      "main reason (2017/18): Burglary, robbery, theft=23, Abuse > Hate Crime=10, Other=*, Old=-, "
      "total=420");
  EXPECT_EQ(table.dimension(), "main reason");
  EXPECT_EQ(table.key(), "main-reason-2017-18");
  EXPECT_EQ(table.period_from(), "2017-04-01");
  ASSERT_EQ(table.counts_size(), 4);
  EXPECT_EQ(table.counts(0).label(), "Burglary, robbery, theft");
  EXPECT_EQ(table.counts(0).value(), 23U);
  EXPECT_EQ(table.counts(1).parent_label(), "Abuse");
  EXPECT_EQ(table.counts(1).label(), "Hate Crime");
  EXPECT_TRUE(table.counts(2).suppressed());
  EXPECT_FALSE(table.counts(3).has_value());
  EXPECT_EQ(table.counts(3).printed(), "-");
  EXPECT_EQ(table.total(), 420U);
}

TEST(FlagValueTest, TableThatCannotBeReadIsRefused) {
  CaseworkStatisticsPublished casework;
  for (const char* text : {"nature", "nature: Feedback", "nature: A=1, B", "nature: A=1,204",
                           "nature: A=x", "nature (someday): A=1"}) {
    EXPECT_FALSE(Set(&casework, "tables", {text}).ok()) << text;
  }
}

}  // namespace
}  // namespace scrutiny::tools
