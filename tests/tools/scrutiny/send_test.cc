#include "tools/scrutiny/send.h"

#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"
#include "tests/tools/fake_ledger.h"

namespace scrutiny::tools {
namespace {

using ::scrutiny::ledger::Reason;
using ::scrutiny::testing::ErrorOf;
using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::FakeLedger;
using ::scrutiny::testing::WireStatus;
using ::testing::HasSubstr;

ledger::v1::AppendRequest Request() {
  ledger::v1::AppendRequest request;
  request.set_request_id("r");
  event::v1::Proposed* proposed = request.add_facts()->mutable_proposed();
  proposed->set_record("actions/spab/1");
  proposed->mutable_occurred()->set_on("2019-03-18");
  proposed->mutable_action_completed()->set_text("Done");
  return request;
}

// Refuses by the rule until the fact is recorded despite it.
std::function<grpc::Status(const ledger::v1::AppendRequest&)> RefuseBy(const std::string& rule) {
  return [rule](const ledger::v1::AppendRequest& request) {
    for (const auto& despite : request.facts(0).proposed().recorded_despite()) {
      if (despite.rule() == rule) return grpc::Status::OK;
    }
    ledger::v1::ErrorDetail detail;
    detail.set_reason(ledger::v1::ERROR_REASON_RULE_REFUSED);
    detail.set_rule(rule);
    detail.set_fact_index(0);
    return WireStatus(ErrorOf(grpc::StatusCode::FAILED_PRECONDITION, "Already completed.", detail));
  };
}

class SendTest : public ::testing::Test {
 protected:
  absl::Status SendWith(const SendOptions& options) { return Send(Request(), options, context_); }

  FakeLedger server_;
  Client client_{server_.address()};
  std::ostringstream out_;
  std::ostringstream err_;
  Context context_{.client = client_, .out = out_, .err = err_};
};

TEST_F(SendTest, TheFactIsSaidBackWithItsSequence) {
  SCRUTINY_ASSERT_OK(SendWith({}));
  EXPECT_EQ(out_.str(),
            "Recorded as entry 100: Action completed: Done. On 18 Mar 2019.\n  actions/spab/1\n");
}

TEST_F(SendTest, ADryRunRecordsNothing) {
  SCRUTINY_ASSERT_OK(SendWith({.dry_run = true}));
  EXPECT_TRUE(server_.appends[0].validate_only());
  EXPECT_THAT(out_.str(), HasSubstr("Would be recorded as entry 100"));
}

TEST_F(SendTest, DespiteNamesTheRuleThatRefuses) {
  server_.on_append = RefuseBy("action-already-completed");
  SCRUTINY_ASSERT_OK(SendWith({.despite_reason = "it was done twice"}));
  ASSERT_EQ(server_.appends.size(), 2u);
  EXPECT_EQ(server_.appends[1].request_id(), "r");
  EXPECT_EQ(server_.appends[1].facts(0).proposed().recorded_despite(0).reason(),
            "it was done twice");
  EXPECT_THAT(out_.str(), HasSubstr("[despite action-already-completed: it was done twice]"));
}

TEST_F(SendTest, ARuleThatDoesNotRefuseIsNotNoted) {
  SCRUTINY_ASSERT_OK(SendWith({.despite_rule = "some-rule", .despite_reason = "x"}));
  EXPECT_EQ(server_.appends[0].facts(0).proposed().recorded_despite_size(), 0);
}

TEST_F(SendTest, DespiteAnotherRuleIsRefusedAllTheSame) {
  server_.on_append = RefuseBy("action-already-completed");
  EXPECT_THAT(SendWith({.despite_rule = "some-rule", .despite_reason = "x"}),
              FailsWith(Reason::kRuleRefused));
  EXPECT_EQ(server_.appends.size(), 1u);
}

TEST_F(SendTest, WithoutDespiteTheRefusalIsToldAndNothingSentAgain) {
  server_.on_append = RefuseBy("action-already-completed");
  const absl::Status status = SendWith({});
  EXPECT_THAT(status, FailsWith(Reason::kRuleRefused));
  EXPECT_EQ(ErrorInWords(status, false), "Already completed.");
  EXPECT_THAT(ErrorInWords(status, true), HasSubstr("rule:   action-already-completed"));
}

TEST(DespiteTest, ARuleMayStandBeforeTheReason) {
  SendOptions options;
  ReadDespite("number-taken=printed twice in the log", &options);
  EXPECT_EQ(options.despite_rule, "number-taken");
  EXPECT_EQ(options.despite_reason, "printed twice in the log");
  SendOptions reason_only;
  ReadDespite("It says so = twice", &reason_only);
  EXPECT_EQ(reason_only.despite_rule, "");
  EXPECT_EQ(reason_only.despite_reason, "It says so = twice");
}

// Under a name that was used before, somebody else's fact would pass for the one that was erased.
TEST(EchoTest, WhatIsSealedAndRecordedAlreadyMayBeErased) {
  ledger::v1::AppendRequest request;
  ledger::v1::NewFact& fact = *request.add_facts();
  fact.mutable_proposed()->set_record("persons/v-1");
  fact.mutable_proposed()->mutable_person_registered()->set_personal_name("Bob Jones");
  fact.add_seals()->set_field_path("person_registered.personal_name");
  ledger::v1::AppendResponse response;
  response.mutable_receipt()->add_entries()->set_record("persons/v-1");
  EXPECT_THAT(EchoInWords(request, response), ::testing::Not(::testing::HasSubstr("erased")));
  response.set_already_recorded(true);
  EXPECT_THAT(EchoInWords(request, response), ::testing::HasSubstr("give it a record of its own"));
  request.mutable_facts(0)->clear_seals();
  EXPECT_THAT(EchoInWords(request, response), ::testing::Not(::testing::HasSubstr("erased")));
}

}  // namespace
}  // namespace scrutiny::tools
