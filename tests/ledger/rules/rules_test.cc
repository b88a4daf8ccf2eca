// Goal:   every rule refuses the slip it is for, with its sentence, and is passed by naming it.
// Method: one table; each row records some facts, then tries one that must be refused.
#include "ledger/rules/rules.h"

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/format/check.h"
#include "tests/ledger/rules/fake_ledger.h"
#include "tests/ledger/rules/slips.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using testing::Fact;
using testing::FailsWith;
using testing::FakeLedger;
using testing::IsOk;
using testing::Slip;
using testing::Slips;

constexpr absl::string_view kHowToGoOn =
    " To record this all the same, add --despite with a reason.";

class RuleTest : public ::testing::TestWithParam<Slip> {
 protected:
  void SetUp() override {
    for (const std::string& fact : GetParam().before) {
      ASSERT_THAT(CheckProposed(Fact(fact)), IsOk()) << fact;
      ASSERT_THAT(ledger_.Record(Fact(fact)), IsOk()) << fact;
    }
    ASSERT_THAT(CheckProposed(Fact(GetParam().fact)), IsOk()) << GetParam().fact;
  }

  FakeLedger ledger_;
};

TEST_P(RuleTest, RefusesTheSlipWithASentenceThatSaysHowToGoOn) {
  const absl::Status status = ledger_.Judge(Fact(GetParam().fact));
  ASSERT_THAT(status, FailsWith(Reason::kRuleRefused));
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  const ErrorInfo info = InfoOf(status);
  EXPECT_EQ(info.rule, GetParam().rule);
  EXPECT_EQ(info.field, GetParam().field);
  EXPECT_EQ(info.record, Fact(GetParam().fact).record());
  EXPECT_FALSE(info.next.empty());
  const std::string message(status.message());
  EXPECT_EQ(message.find(GetParam().sentence), 0u) << message;
  EXPECT_TRUE(message.size() > kHowToGoOn.size() &&
              message.substr(message.size() - kHowToGoOn.size()) == kHowToGoOn)
      << message;
}

TEST_P(RuleTest, IsPassedByNamingIt) {
  event::v1::Proposed fact = Fact(GetParam().fact);
  event::v1::RecordedDespite& despite = *fact.add_recorded_despite();
  despite.set_rule(GetParam().rule);
  despite.set_reason("It is what happened.");
  EXPECT_THAT(ledger_.Record(fact), IsOk());
}

TEST_P(RuleTest, IsNotPassedByNamingAnother) {
  event::v1::Proposed fact = Fact(GetParam().fact);
  event::v1::RecordedDespite& despite = *fact.add_recorded_despite();
  despite.set_rule(GetParam().rule == "not-held" ? "in-the-future" : "not-held");
  despite.set_reason("It is what happened.");
  EXPECT_EQ(InfoOf(ledger_.Judge(fact)).rule, GetParam().rule);
}

INSTANTIATE_TEST_SUITE_P(All, RuleTest, ::testing::ValuesIn(Slips()),
                         [](const ::testing::TestParamInfo<Slip>& slip) {
                           return slip.param.name;
                         });

TEST(AllRulesTest, EachIsTriedAbove) {
  std::set<std::string> tried;
  for (const Slip& slip : Slips()) tried.insert(slip.rule);
  std::set<std::string> all;
  for (const RuleInfo& rule : AllRules()) {
    EXPECT_TRUE(all.insert(rule.id).second) << rule.id << " stands twice";
    EXPECT_FALSE(rule.refuses.empty()) << rule.id;
  }
  EXPECT_EQ(tried, all);
}

TEST(AllRulesTest, StandInTheRoomsReadmeAsTheyAre) {
  std::ifstream file(std::string(SCRUTINY_SOURCE_DIR) + "/ledger/rules/README.md");
  std::stringstream readme;
  readme << file.rdbuf();
  for (const RuleInfo& rule : AllRules()) {
    const std::string row = absl::StrCat("| `", rule.id, "` | ", rule.refuses);
    EXPECT_NE(readme.str().find(row), std::string::npos) << row;
  }
}

TEST(DespiteTest, ARuleThatDoesNotExistIsMalformed) {
  FakeLedger ledger;
  const absl::Status status = ledger.Judge(Fact(R"(
      record: "actions/x" action_raised { title: "t" }
      recorded_despite { rule: "not-held" reason: "r" }
      recorded_despite { rule: "no-such-rule" reason: "r" })"));
  EXPECT_THAT(status, FailsWith(Reason::kMalformed));
  EXPECT_EQ(InfoOf(status).field, "recorded_despite[1].rule");
  EXPECT_EQ(InfoOf(status).value, "no-such-rule");
}

}  // namespace
}  // namespace scrutiny::ledger
