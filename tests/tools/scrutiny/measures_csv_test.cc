// Values of measures and casework from a spreadsheet.
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/names.h"
#include "ledger/format/check.h"
#include "tests/support/status_matchers.h"
#include "tools/scrutiny/record_csv.h"

namespace scrutiny::tools {
namespace {

using ::testing::HasSubstr;

absl::StatusOr<std::vector<CsvRequest>> Read(const std::string& verb, const std::string& text) {
  FillSources sources;
  sources.resolve = [](absl::string_view name, absl::string_view) -> absl::StatusOr<std::string> {
    if (ledger::ValidateRecordName(name).ok()) return std::string(name);
    return absl::NotFoundError("no such record");
  };
  sources.meeting = [](absl::string_view) -> absl::StatusOr<MeetingInfo> {
    return MeetingInfo{"2019-05-20", "forums/spab"};
  };
  for (const Verb& one : AllVerbs()) {
    if (one.name == verb) return ReadCsvFacts(one, "a.csv", text, Args(), sources);
  }
  return absl::NotFoundError(verb);
}

TEST(MeasuresCsvTest, EachRowIsAValueOfTheMeasureItNames) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const auto requests, Read("measure-value",
                                "record,period,value,change-printed,not-available,because,on\n"
                                "measures/crime/1,2018/19,\"61,719\",+10.6 %,,,2019-05-20\n"
                                "measures/crime/17,2018/19,,,yes,Under development,2019-05-20\n"));
  ASSERT_EQ(requests.size(), 2U);
  const event::v1::Proposed& first = requests[0].request.facts(0).proposed();
  EXPECT_EQ(first.record(), "measures/crime/1");
  EXPECT_EQ(first.measure_value_submitted().period_key(), "2018-19");
  EXPECT_EQ(first.measure_value_submitted().value().units(), 61719);
  EXPECT_EQ(first.measure_value_submitted().stated_change_percent().units(), 106);
  SCRUTINY_EXPECT_OK(ledger::CheckProposed(first));
  const event::v1::Proposed& second = requests[1].request.facts(0).proposed();
  EXPECT_TRUE(second.measure_value_submitted().not_available());
  EXPECT_FALSE(second.measure_value_submitted().has_value());
}

// Else the second would pass for recorded already.
TEST(MeasuresCsvTest, SameValueOfAnotherMeasureIsAnotherRequest) {
  const std::string head = "record,period,value,on\n";
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const auto one, Read("measure-value", head + "measures/a/1,2018/19,5,2019-05-20\n"));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const auto other, Read("measure-value", head + "measures/a/2,2018/19,5,2019-05-20\n"));
  EXPECT_NE(one[0].request.request_id(), other[0].request.request_id());
}

TEST(MeasuresCsvTest, RowNeedsItsMeasure) {
  EXPECT_THAT(std::string(Read("measure-value", "period,value\n2018/19,5\n").status().message()),
              HasSubstr("name the record"));
}

TEST(MeasuresCsvTest, CaseworkBringsItsTables) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const auto requests,
      Read(
          "casework",
          "title,period,total,table,on\n"
          "Casework,2018/19,416,\"method: OPCC=169, Constabulary=247, total=416; method (2017/18): "
          "OPCC=106, Constabulary=314, total=420\",2019-05-20\n"));
  const event::v1::Proposed& fact = requests[0].request.facts(0).proposed();
  SCRUTINY_EXPECT_OK(ledger::CheckProposed(fact));
  ASSERT_EQ(fact.casework_statistics_published().tables_size(), 2);
  EXPECT_EQ(fact.casework_statistics_published().tables(1).total(), 420U);
  EXPECT_EQ(fact.casework_statistics_published().tables(1).period_from(), "2017-04-01");
}

}  // namespace
}  // namespace scrutiny::tools
