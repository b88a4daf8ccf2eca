#include "services/grpc/server.h"

#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "grpcpp/generic/generic_stub.h"

#include "tests/services/grpc/fixture.h"
#include "tests/support/facts.h"
#include "tests/support/manual_clock.h"

namespace scrutiny::testing {
namespace {

using services::GrpcServer;
using ::testing::HasSubstr;

class ServerTest : public GrpcTest {
 protected:
  // One message to a method, one message back.
  std::pair<grpc::Status, std::string> CallRaw(const std::string& method,
                                               const std::string& message) {
    grpc::GenericStub raw(channel_);
    grpc::ClientContext context;
    grpc::CompletionQueue queue;
    grpc::Slice slice(message);
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    grpc::Status status;
    const auto call = raw.PrepareUnaryCall(&context, method, request, &queue);
    call->StartCall();
    call->Finish(&response, &status, nullptr);
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    grpc::Slice bytes;
    if (status.ok()) response.DumpToSingleSlice(&bytes);
    return {status, std::string(reinterpret_cast<const char*>(bytes.begin()), bytes.size())};
  }
};

TEST_F(ServerTest, ListensOnLoopbackAlone) {
  services::ServerOptions options;
  for (const std::string address : {"0.0.0.0:0", "[::]:0", "example.org:0", "127.0.0.1", ""}) {
    options.listen = address;
    const auto refused = GrpcServer::Start(options, *ledger_, registers_.get(), clock_);
    EXPECT_THAT(refused, HasCode(absl::StatusCode::kInvalidArgument)) << address;
  }
  options.listen = "localhost:0";
  const auto started = GrpcServer::Start(options, *ledger_, registers_.get(), clock_);
  SCRUTINY_ASSERT_OK(started);
  EXPECT_EQ((*started)->address().rfind("127.0.0.1:", 0), 0u) << (*started)->address();
}

TEST_F(ServerTest, ATakenPortIsRefusedInASentence) {
  services::ServerOptions options;
  options.listen = server_->address();
  const auto refused = GrpcServer::Start(options, *ledger_, registers_.get(), clock_);
  EXPECT_THAT(refused, HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr(server_->address()));
}

TEST_F(ServerTest, HealthIsKnownByService) {
  const std::string serving("\x08\x01", 2);  // HealthCheckResponse{status: SERVING}
  for (const std::string name :
       {"", "scrutiny.ledger.v1.LedgerService", "scrutiny.ledger.v1.ProofService",
        "scrutiny.ledger.v1.SealService", "scrutiny.register.v1.RegisterService"}) {
    std::string request;
    if (!name.empty()) request = std::string("\x0a") + static_cast<char>(name.size()) + name;
    const auto [status, answer] = CallRaw("/grpc.health.v1.Health/Check", request);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(answer, serving) << name;
  }
  EXPECT_EQ(CallRaw("/grpc.health.v1.Health/Check", "\x0a\x03xyz").first.error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(ServerTest, ARegisterThatHasStoppedIsNotHealthyAndTheOthersAre) {
  server_->SetHealth("register/actions", false);
  server_->SetHealth("register/plans", true);
  const auto health = [this](const std::string& name) {
    return CallRaw("/grpc.health.v1.Health/Check",
                   std::string("\x0a") + static_cast<char>(name.size()) + name)
        .second;
  };
  EXPECT_EQ(health("register/actions"), std::string("\x08\x02", 2));  // NOT_SERVING
  EXPECT_EQ(health("register/plans"), std::string("\x08\x01", 2));
}

TEST_F(ServerTest, ReflectionNamesTheServices) {
  // ServerReflectionRequest{list_services: "*"}
  const auto [status, answer] =
      CallRaw("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", "\x3a\x01*");
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_THAT(answer, HasSubstr("scrutiny.ledger.v1.LedgerService"));
  EXPECT_THAT(answer, HasSubstr("scrutiny.ledger.v1.ProofService"));
  EXPECT_THAT(answer, HasSubstr("scrutiny.ledger.v1.SealService"));
  EXPECT_THAT(answer, HasSubstr("scrutiny.register.v1.RegisterService"));
  EXPECT_THAT(answer, HasSubstr("grpc.health.v1.Health"));
}

TEST_F(ServerTest, StatusSaysWhatTheLedgerIs) {
  AppendActions(7);
  grpc::ClientContext context;
  api::GetStatusResponse status;
  ASSERT_TRUE(stub_->GetStatus(&context, api::GetStatusRequest(), &status).ok());
  EXPECT_EQ(status.ledger_id().size(), 16u);
  EXPECT_EQ(status.incarnation(), 1u);
  EXPECT_EQ(status.format_version(), 1u);
  EXPECT_THAT(status.origin(), HasSubstr("ledger.invalid/"));
  EXPECT_EQ(status.size(), 8u);
  EXPECT_EQ(status.read_only_because(), "");
  EXPECT_FALSE(status.clock_unconfirmed());
  EXPECT_GT(status.server_time_us(), status.head_recorded_at_us() - 1);
  EXPECT_EQ(status.server_version(), "test");
  EXPECT_EQ(status.checkpoint_size(), 0u);
  EXPECT_THAT(status.checkpoint_problem(), HasSubstr("no key"));
}

class SigningServerTest : public GrpcTest {
 protected:
  void SetUp() override {
    signs_ = true;
    Start();
  }
};

TEST_F(SigningServerTest, StatusSaysWhatIsSigned) {
  AppendActions(7);
  SCRUTINY_ASSERT_OK(checkpointer_->WaitCovered(ledger_->size()));
  grpc::ClientContext context;
  api::GetStatusResponse status;
  ASSERT_TRUE(stub_->GetStatus(&context, api::GetStatusRequest(), &status).ok());
  EXPECT_EQ(status.checkpoint_size(), 8u);
  EXPECT_GE(status.checkpoint_at_us(), status.head_recorded_at_us());
  EXPECT_EQ(status.checkpoint_problem(), "");
}

TEST_F(ServerTest, TextThatIsNotUtf8IsRefusedWithItsField) {
  const auto [status, answer] = CallRaw("/scrutiny.ledger.v1.LedgerService/Resolve",
                                        "\x0a\x03"
                                        "a\xFFz");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(DetailOf(status).field(), "alias");
  EXPECT_EQ(DetailOf(status).value(), "");
  EXPECT_THAT(status.error_message(), ::testing::HasSubstr("from its byte 1 on"));
}

TEST_F(ServerTest, AMessageOverTheLimitIsRefused) {
  api::AppendRequest request = RequestOf("r", {ActionRaised("actions/a", "One")});
  request.mutable_facts(0)->mutable_proposed()->mutable_action_raised()->set_detail(
      std::string(5 << 20, 'x'));
  EXPECT_EQ(Append(request).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(Append(RequestOf("r", {ActionRaised("actions/a", "One")})).ok());
}

// The server's clock jumps by an hour: appends are refused until an operator confirms it, which is
// an entry of its own; reads go on.
class ClockTest : public GrpcTest {
 protected:
  void SetUp() override {
    ledger_options_.clock = &manual_;
    Start();
  }

  ManualClock manual_;
};

TEST_F(ClockTest, AJumpStopsAppendsUntilConfirmed) {
  AppendActions(1);
  const auto confirm = [this](const std::string& id) {
    grpc::ClientContext context;
    api::ConfirmClockRequest request;
    request.set_reason("The time server was down.");
    request.set_request_id(id);
    api::ConfirmClockResponse response;
    return stub_->ConfirmClock(&context, request, &response);
  };
  EXPECT_EQ(confirm("too-early").error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  manual_.JumpWall(int64_t{3600} * 1'000'000);
  const grpc::Status refused = Append(RequestOf("r-1", {ActionRaised("actions/b", "One")}));
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(refused, IsRefusedFor(api::ERROR_REASON_CLOCK));
  EXPECT_EQ(ReadAll(api::ReadRequest()).size(), 2u);
  {
    grpc::ClientContext context;
    api::GetStatusResponse status;
    ASSERT_TRUE(stub_->GetStatus(&context, api::GetStatusRequest(), &status).ok());
    EXPECT_TRUE(status.clock_unconfirmed());
    EXPECT_FALSE(status.clock_message().empty());
  }
  const grpc::Status confirmed = confirm("now");
  EXPECT_TRUE(confirmed.ok()) << confirmed.error_message();
  EXPECT_TRUE(Append(RequestOf("r-1", {ActionRaised("actions/b", "One")})).ok());
  EXPECT_EQ(ledger_->size().value(), 4u);
}

}  // namespace
}  // namespace scrutiny::testing
