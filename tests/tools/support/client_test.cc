#include "tools/support/client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"
#include "tests/tools/fake_ledger.h"

namespace scrutiny::tools {
namespace {

using ::scrutiny::ledger::InfoOf;
using ::scrutiny::ledger::Reason;
using ::scrutiny::testing::ErrorOf;
using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::FakeLedger;
using ::scrutiny::testing::HasCode;
using ::scrutiny::testing::IsOk;
using ::scrutiny::testing::WireStatus;
using ::testing::HasSubstr;

ledger::v1::AppendRequest Request(const std::string& id) {
  ledger::v1::AppendRequest request;
  request.set_request_id(id);
  request.add_facts()->mutable_proposed()->set_record("actions/a");
  return request;
}

grpc::Status Refusal(grpc::StatusCode code, ledger::v1::ErrorReason reason) {
  ledger::v1::ErrorDetail detail;
  detail.set_reason(reason);
  detail.set_field("facts[0].record");
  detail.set_rule("some-rule");
  detail.set_value("x");
  detail.set_fact_index(0);
  return WireStatus(ErrorOf(code, "The rule refuses.", detail));
}

TEST(ClientTest, AServerThatIsNotThereIsSaidWithoutWaiting) {
  Client client("127.0.0.1:1");
  int waits = 0;
  const auto response = client.AppendWithRetry(Request("r"), [&](const absl::Status&) { ++waits; });
  EXPECT_THAT(response, HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(std::string(response.status().message()),
              HasSubstr("No server answers at 127.0.0.1:1. Start one with tools/run"));
  EXPECT_EQ(waits, 0);
}

// Goal: a server that takes no more connections is not said to be away. Method: a listener that
// closes each connection as it comes.
TEST(ClientTest, AServerThatTakesNoConnectionIsToldFromNone) {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(listener, 10), 0);
  ASSERT_EQ(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  std::thread closer([listener] {
    for (int taken = 0; taken >= 0;) {
      taken = accept(listener, nullptr, nullptr);
      if (taken >= 0) close(taken);
    }
  });
  Client client(absl::StrCat("127.0.0.1:", ntohs(address.sin_port)));
  const absl::Status status = client.Append(Request("r")).status();
  shutdown(listener, SHUT_RDWR);
  closer.join();
  close(listener);
  EXPECT_THAT(status, HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(std::string(status.message()), HasSubstr("did not take the connection"));
}

TEST(ClientTest, AnAddressNamesHostAndPort) {
  for (const char* good : {"127.0.0.1:7443", "localhost:1", "[::1]:65535"}) {
    EXPECT_THAT(CheckServer(good), IsOk()) << good;
  }
  for (const char* bad : {"", "nonsense", "localhost:", ":7443", "localhost:0", "localhost:65536",
                          "localhost:http", "127.0.0.1:7443/x"}) {
    const absl::Status status = CheckServer(bad);
    EXPECT_THAT(status, HasCode(absl::StatusCode::kInvalidArgument)) << bad;
    EXPECT_THAT(std::string(status.message()), HasSubstr("write 127.0.0.1:7443"));
  }
}

TEST(ClientTest, ErrorsCarryTheServersParticulars) {
  FakeLedger server;
  server.on_append = [](const ledger::v1::AppendRequest&) {
    return Refusal(grpc::StatusCode::FAILED_PRECONDITION, ledger::v1::ERROR_REASON_RULE_REFUSED);
  };
  Client client(server.address());
  const absl::Status status = client.Append(Request("r")).status();
  EXPECT_THAT(status, FailsWith(Reason::kRuleRefused));
  EXPECT_THAT(status, HasCode(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(status.message(), "The rule refuses.");
  EXPECT_EQ(InfoOf(status).rule, "some-rule");
  EXPECT_EQ(InfoOf(status).field, "facts[0].record");
  EXPECT_EQ(InfoOf(status).fact_index, 0u);
}

TEST(ClientTest, AnUnknownOutcomeIsRetriedWithTheSameId) {
  FakeLedger server;
  int calls = 0;
  server.on_append = [&](const ledger::v1::AppendRequest&) {
    return ++calls < 3
               ? Refusal(grpc::StatusCode::UNAVAILABLE, ledger::v1::ERROR_REASON_OUTCOME_UNKNOWN)
               : grpc::Status::OK;
  };
  Client client(server.address());
  int waits = 0;
  SCRUTINY_ASSERT_OK(
      client.AppendWithRetry(Request("same"), [&](const absl::Status&) { ++waits; }));
  EXPECT_EQ(waits, 2);
  ASSERT_EQ(server.appends.size(), 3u);
  for (const auto& append : server.appends) EXPECT_EQ(append.request_id(), "same");
}

TEST(ClientTest, AReadOnlyLedgerIsNotWaitedFor) {
  FakeLedger server;
  server.on_append = [](const ledger::v1::AppendRequest&) {
    return Refusal(grpc::StatusCode::UNAVAILABLE, ledger::v1::ERROR_REASON_READ_ONLY);
  };
  Client client(server.address());
  EXPECT_THAT(client.AppendWithRetry(Request("r"), [](const absl::Status&) {}),
              FailsWith(Reason::kReadOnly));
  EXPECT_EQ(server.appends.size(), 1u);
}

// More requests than the window, so that the client must wait for answers in between.
TEST(ClientTest, ManyAppendsAreAnsweredInOrder) {
  FakeLedger server;
  Client client(server.address());
  uint64_t sent = 0;
  std::vector<uint64_t> answered;
  SCRUTINY_ASSERT_OK(client.AppendAll(
      [&](ledger::v1::AppendRequest* request) -> absl::StatusOr<bool> {
        if (sent == 5 * kImportWindow) return false;
        *request = Request(absl::StrCat("r", sent++));
        return true;
      },
      [&](const ledger::v1::AppendStreamResponse& response) {
        answered.push_back(response.index());
      }));
  ASSERT_EQ(answered.size(), 5 * kImportWindow);
  for (size_t i = 0; i < answered.size(); ++i) EXPECT_EQ(answered[i], i);
}

TEST(ClientTest, ARefusalEndsTheSending) {
  FakeLedger server;
  server.on_append = [](const ledger::v1::AppendRequest& request) {
    return request.request_id() == "r3"
               ? Refusal(grpc::StatusCode::INVALID_ARGUMENT, ledger::v1::ERROR_REASON_MALFORMED)
               : grpc::Status::OK;
  };
  Client client(server.address());
  uint64_t sent = 0;
  uint64_t first_refused = 0;
  SCRUTINY_ASSERT_OK(client.AppendAll(
      [&](ledger::v1::AppendRequest* request) -> absl::StatusOr<bool> {
        *request = Request(absl::StrCat("r", sent++));
        return sent < 1'000'000;
      },
      [&](const ledger::v1::AppendStreamResponse& response) {
        if (response.has_refused() && first_refused == 0) first_refused = response.index();
      }));
  EXPECT_EQ(first_refused, 3u);
  EXPECT_LT(sent, 1'000'000u);
  EXPECT_EQ(server.appends.size(), 3u);
}

TEST(ClientTest, ProofsAndSealsHaveServicesOfTheirOwn) {
  FakeLedger server;
  server.log.Add("actions/a");
  Client client(server.address());
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto checkpoint,
                                client.Call(ledger::v1::GetCheckpointRequest()));
  EXPECT_EQ(checkpoint.size(), 1u);
  SCRUTINY_EXPECT_OK(client.Call(ledger::v1::GetProofRequest()).status());
  SCRUTINY_EXPECT_OK(client.Call(ledger::v1::GetConsistencyRequest()).status());
  EXPECT_THAT(client.Call(ledger::v1::OpenSealedRequest()),
              HasCode(absl::StatusCode::kUnimplemented));
  uint64_t last = 0;
  SCRUTINY_EXPECT_OK(
      client.Backup(ledger::v1::BackupRequest(), [&](const ledger::v1::BackupResponse& response) {
        EXPECT_GE(response.bytes_done(), last);
        last = response.bytes_done();
        return absl::OkStatus();
      }));
  EXPECT_EQ(last, 20'480u);
}

TEST(ClientTest, AnErrorOfTheSourceComesAfterAllAnswers) {
  FakeLedger server;
  Client client(server.address());
  int sent = 0;
  int answered = 0;
  const absl::Status status = client.AppendAll(
      [&](ledger::v1::AppendRequest* request) -> absl::StatusOr<bool> {
        if (sent == 2) return absl::DataLossError("bad line");
        *request = Request(absl::StrCat("r", sent++));
        return true;
      },
      [&](const ledger::v1::AppendStreamResponse&) { ++answered; });
  EXPECT_EQ(status.message(), "bad line");
  EXPECT_EQ(answered, 2);
}

}  // namespace
}  // namespace scrutiny::tools
