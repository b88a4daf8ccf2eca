#include "tools/scrutiny-bench/report.h"

#include "gmock/gmock.h"
#include "nlohmann/json.hpp"

namespace scrutiny::bench {
namespace {

using ::testing::HasSubstr;

Result Rate(double value, double at_least) {
  Result result;
  result.name = "append";
  result.unit = "appends/s";
  result.rounds = {value - 1, value, value + 1};
  result.at_least = at_least;
  return result;
}

TEST(ReportTest, ABudgetIsMetByTheMedianAndTheTail) {
  EXPECT_TRUE(WithinBudget(Rate(100, 100)));
  EXPECT_FALSE(WithinBudget(Rate(99, 100)));
  Result slow = Rate(100, 100);
  slow.p99_ms_at_most = 20;
  for (int i = 0; i < 98; ++i) slow.latency.Add(1'000'000);
  slow.latency.Add(30'000'000);
  slow.latency.Add(30'000'000);
  EXPECT_FALSE(WithinBudget(slow));
}

TEST(ReportTest, SaysTheSameInWordsAndInJson) {
  Report report;
  report.machine.cores = 2;
  report.settings = {{"seed", "7"}};
  report.results = {Rate(12'345, 12'000)};
  const std::string words = InWords(report);
  EXPECT_THAT(words, HasSubstr("12,345"));
  EXPECT_THAT(words, HasSubstr(">= 12,000"));
  EXPECT_THAT(words, HasSubstr("acknowledged after fdatasync"));
  const nlohmann::json json = nlohmann::json::parse(ToJson(report));
  EXPECT_EQ(json["machine"]["cores"], 2);
  EXPECT_EQ(json["settings"]["seed"], "7");
  EXPECT_EQ(json["results"][0]["value"], 12'345);
  EXPECT_EQ(json["results"][0]["rounds"].size(), 3u);
  EXPECT_EQ(json["results"][0]["within_budget"], true);
}

}  // namespace
}  // namespace scrutiny::bench
