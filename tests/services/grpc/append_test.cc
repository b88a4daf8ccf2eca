#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

#include "ledger/base/limits.h"
#include "tests/services/grpc/fixture.h"
#include "tests/support/facts.h"

namespace scrutiny::testing {
namespace {

using ::testing::HasSubstr;

class AppendTest : public GrpcTest {};

TEST_F(AppendTest, ReceiptNamesWhatWasRecorded) {
  api::AppendResponse response;
  const grpc::Status status = Append(
      RequestOf("r-1", {ActionRaised("actions/a", "One"), ActionUpdated("actions/a", "Two")}),
      &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  const api::Receipt& receipt = response.receipt();
  EXPECT_EQ(receipt.request_id(), "r-1");
  EXPECT_EQ(receipt.first_sequence(), 1u);
  EXPECT_GT(receipt.recorded_at_us(), 0);
  ASSERT_EQ(receipt.entries_size(), 2);
  EXPECT_EQ(receipt.entries(1).sequence(), 2u);
  EXPECT_EQ(receipt.entries(1).record(), "actions/a");
  EXPECT_EQ(receipt.entries(1).revision(), 2u);
  EXPECT_EQ(receipt.entries(1).leaf_hash().size(), 32u);
  EXPECT_FALSE(response.already_recorded());
}

TEST_F(AppendTest, RepeatedRequestGetsTheFirstReceipt) {
  api::AppendResponse first;
  api::AppendResponse second;
  const api::AppendRequest request = RequestOf("r-1", {ActionRaised("actions/a", "One")});
  ASSERT_TRUE(Append(request, &first).ok());
  ASSERT_TRUE(Append(request, &second).ok());
  EXPECT_TRUE(second.already_recorded());
  EXPECT_EQ(first.receipt().SerializeAsString(), second.receipt().SerializeAsString());
  EXPECT_EQ(ledger_->size().value(), 2u);
}

TEST_F(AppendTest, ReusedRequestIdIsRefused) {
  ASSERT_TRUE(Append(RequestOf("r-1", {ActionRaised("actions/a", "One")})).ok());
  const grpc::Status status = Append(RequestOf("r-1", {ActionRaised("actions/a", "Two")}));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_THAT(status, IsRefusedFor(api::ERROR_REASON_REQUEST_ID_REUSED));
}

// Many requests with one id and different facts at once, so that several fall into one group:
// exactly one is recorded.
TEST_F(AppendTest, ReusedRequestIdIsRefusedWithinOneGroup) {
  constexpr int kClients = 16;
  std::atomic<int> recorded{0};
  std::atomic<int> refused{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&, i] {
      const grpc::Status status =
          Append(RequestOf("same", {ActionRaised("actions/a", absl::StrCat("Variant ", i))}));
      if (status.ok()) ++recorded;
      if (status.error_code() == grpc::StatusCode::ALREADY_EXISTS) ++refused;
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(recorded, 1);
  EXPECT_EQ(refused, kClients - 1);
  EXPECT_EQ(ledger_->size().value(), 2u);
}

TEST_F(AppendTest, WrongExpectedRevisionIsAborted) {
  api::AppendRequest request = RequestOf("r-1", {ActionRaised("actions/a", "One")});
  request.mutable_facts(0)->set_expected_revision(3);
  const grpc::Status status = Append(request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_THAT(status, IsRefusedFor(api::ERROR_REASON_WRONG_REVISION));
  EXPECT_EQ(DetailOf(status).record(), "actions/a");
  request.mutable_facts(0)->set_expected_revision(0);
  EXPECT_TRUE(Append(request).ok());
}

TEST_F(AppendTest, GuardThatDoesNotHoldIsAborted) {
  api::AppendRequest request = RequestOf("r-1", {ActionRaised("actions/a", "One")});
  api::Guard* const guard = request.add_guards();
  guard->set_record("actions/b");
  guard->set_revision(1);
  const grpc::Status status = Append(request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_THAT(status, IsRefusedFor(api::ERROR_REASON_GUARD_NOT_MET));
}

TEST_F(AppendTest, ARuleRefusesInWordsAndCanBePassed) {
  ASSERT_TRUE(
      Append(RequestOf("r-1", {ActionRaised("actions/a", "One"), ActionCompleted("actions/a")}))
          .ok());
  api::AppendRequest again = RequestOf("r-2", {ActionCompleted("actions/a", "2019-04-01")});
  const grpc::Status status = Append(again);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(status, IsRefusedFor(api::ERROR_REASON_RULE_REFUSED));
  EXPECT_THAT(status.error_message(), HasSubstr("already completed"));
  event::v1::RecordedDespite* const despite =
      again.mutable_facts(0)->mutable_proposed()->add_recorded_despite();
  despite->set_rule(DetailOf(status).rule());
  despite->set_reason("It was completed twice.");
  EXPECT_TRUE(Append(again).ok());
}

TEST_F(AppendTest, ValidateOnlyRecordsNothing) {
  api::AppendRequest request = RequestOf("r-1", {ActionRaised("actions/a", "One")});
  request.set_validate_only(true);
  api::AppendResponse response;
  ASSERT_TRUE(Append(request, &response).ok());
  EXPECT_TRUE(response.validated_only());
  EXPECT_EQ(response.receipt().first_sequence(), 1u);
  EXPECT_EQ(ledger_->size().value(), 1u);
}

// Every request that is malformed or over a limit: what is wrong, and what the error must say.
struct BadRequest {
  const char* name;
  std::function<void(api::AppendRequest&)> spoil;
  api::ErrorReason reason;
  const char* field;
};

std::ostream& operator<<(std::ostream& out, const BadRequest& bad) { return out << bad.name; }

class BadAppendTest : public GrpcTest, public ::testing::WithParamInterface<BadRequest> {};

TEST_P(BadAppendTest, IsRefusedWithTheFieldAndNothingIsRecorded) {
  api::AppendRequest request =
      RequestOf("r-1", {ActionRaised("actions/a", "One"), ActionRaised("actions/b", "Two")});
  GetParam().spoil(request);
  const grpc::Status status = Append(request);
  EXPECT_THAT(status, IsRefusedFor(GetParam().reason));
  EXPECT_THAT(DetailOf(status).field(), HasSubstr(GetParam().field));
  EXPECT_FALSE(status.error_message().empty());
  EXPECT_EQ(ledger_->size().value(), 1u);
  EXPECT_TRUE(Append(RequestOf("r-2", {ActionRaised("actions/c", "Three")})).ok());
}

event::v1::Proposed& Second(api::AppendRequest& request) {
  return *request.mutable_facts(1)->mutable_proposed();
}

INSTANTIATE_TEST_SUITE_P(
    All, BadAppendTest,
    ::testing::Values(
        BadRequest{"NoRequestId", [](auto& r) { r.clear_request_id(); },
                   api::ERROR_REASON_MALFORMED, "request_id"},
        BadRequest{"RequestIdWithSpaces", [](auto& r) { r.set_request_id("a b"); },
                   api::ERROR_REASON_MALFORMED, "request_id"},
        BadRequest{"RequestIdTooLong", [](auto& r) { r.set_request_id(std::string(65, 'a')); },
                   api::ERROR_REASON_OVER_LIMIT, "request_id"},
        BadRequest{"NoFacts", [](auto& r) { r.clear_facts(); }, api::ERROR_REASON_MALFORMED,
                   "facts"},
        BadRequest{"FactWithoutContent", [](auto& r) { Second(r).clear_fact(); },
                   api::ERROR_REASON_MALFORMED, "facts[1]"},
        BadRequest{"RecordName", [](auto& r) { Second(r).set_record("Actions/B"); },
                   api::ERROR_REASON_MALFORMED, "facts[1]"},
        BadRequest{"OverLongRecordName",
                   [](auto& r) { Second(r).set_record("actions/" + std::string(200, 'a')); },
                   api::ERROR_REASON_OVER_LIMIT, "facts[1]"},
        BadRequest{"DateThatDoesNotExist",
                   [](auto& r) { Second(r).mutable_occurred()->set_on("2019-02-30"); },
                   api::ERROR_REASON_MALFORMED, "occurred.on"},
        BadRequest{"MissingTitle",
                   [](auto& r) { Second(r).mutable_action_raised()->clear_title(); },
                   api::ERROR_REASON_MALFORMED, "action_raised.title"},
        BadRequest{
            "OverLongTitle",
            [](auto& r) { Second(r).mutable_action_raised()->set_title(std::string(601, 'a')); },
            api::ERROR_REASON_OVER_LIMIT, "action_raised.title"},
        BadRequest{"UnknownField",
                   [](auto& r) {
                     auto& raised = *Second(r).mutable_action_raised();
                     raised.GetReflection()->MutableUnknownFields(&raised)->AddVarint(900, 1);
                   },
                   api::ERROR_REASON_MALFORMED, "action_raised"},
        BadRequest{"AFactOnlyTheServerWrites",
                   [](auto& r) {
                     Second(r).set_record("ledger/identity");
                     Second(r).mutable_clock_confirmed()->set_reason("x");
                   },
                   api::ERROR_REASON_NOT_AUTHORISED, "facts[1]"},
        BadRequest{"WhatStandsForASealedFact", [](auto& r) { Second(r).mutable_sealed_fact(); },
                   api::ERROR_REASON_NOT_AUTHORISED, "facts[1]"},
        BadRequest{"TooManyFacts",
                   [](auto& r) {
                     while (r.facts_size() < 1001) *r.add_facts() = r.facts(0);
                   },
                   api::ERROR_REASON_OVER_LIMIT, "facts"},
        BadRequest{"TooManyGuards",
                   [](auto& r) {
                     for (int i = 0; i < 101; ++i) r.add_guards()->set_record("actions/x");
                   },
                   api::ERROR_REASON_OVER_LIMIT, "guards"},
        BadRequest{"TooLarge",
                   [](auto& r) {
                     for (int i = 0; i < 300; ++i) {
                       api::NewFact& fact = *r.add_facts();
                       fact = r.facts(0);
                       fact.mutable_proposed()->mutable_action_raised()->set_detail(
                           std::string(3900, 'd'));
                     }
                   },
                   api::ERROR_REASON_OVER_LIMIT, "facts"}),
    [](const auto& info) { return info.param.name; });

// The queue holds kQueueAppendsMax appends; while the disk stands still, more are turned away and
// told to come back, and everything that was taken is recorded once it moves again.
class FullQueueTest : public GrpcTest {
 protected:
  void SetUp() override {
    ledger_options_.file_system = GatedFileSystem(gate_);
    Start();
  }
  void TearDown() override {
    gate_.Open();
    Stop();
  }

  SyncGate gate_;
};

TEST_F(FullQueueTest, TurnsAwayAndKeepsWhatItTook) {
  gate_.Close();
  // A connection carries 2,048 calls at a time; what fills a queue comes over several.
  std::vector<std::unique_ptr<api::LedgerService::Stub>> stubs;
  for (int i = 0; i < 8; ++i) stubs.push_back(api::LedgerService::NewStub(NewChannel()));
  struct Call {
    grpc::ClientContext context;
    api::AppendRequest request;
    api::AppendResponse response;
    grpc::Status status;
  };
  std::vector<std::unique_ptr<Call>> calls;
  std::atomic<size_t> answered{0};
  std::atomic<size_t> full{0};
  while (full == 0 && calls.size() < 4 * ledger::kQueueAppendsMax) {
    const size_t i = calls.size();
    calls.push_back(std::make_unique<Call>());
    Call* const call = calls.back().get();
    call->request = RequestOf(absl::StrCat("r-", i), {ActionRaised(ActionName(i), "One")});
    stubs[i % stubs.size()]->async()->Append(&call->context, &call->request, &call->response,
                                             [&, call](grpc::Status status) {
                                               call->status = status;
                                               if (!status.ok()) ++full;
                                               ++answered;
                                             });
  }
  for (int i = 0; i < 4000 && full == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_GT(full, 0u);
  EXPECT_GE(calls.size(), ledger::kQueueAppendsMax);
  gate_.Open();
  while (answered < calls.size()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  for (const auto& call : calls) {
    if (!call->status.ok()) {
      EXPECT_THAT(call->status, IsRefusedFor(api::ERROR_REASON_QUEUE_FULL));
    }
  }
  EXPECT_EQ(ledger_->size().value(), 1 + calls.size() - full);
}

}  // namespace
}  // namespace scrutiny::testing
