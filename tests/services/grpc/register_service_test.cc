#include <chrono>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"

#include "scrutiny/register/v1/register.grpc.pb.h"
#include "tests/services/grpc/fixture.h"
#include "tests/support/facts.h"

namespace scrutiny::testing {
namespace {

namespace rapi = ::scrutiny::register_::v1;

class RegisterServiceTest : public GrpcTest {
 protected:
  void SetUp() override {
    Start();
    registers_stub_ = rapi::RegisterService::NewStub(channel_);
  }
  void TearDown() override {
    registers_stub_.reset();
    Stop();
  }

  grpc::Status ListActions(const rapi::ListActionsRequest& request,
                           rapi::ListActionsResponse* response) {
    grpc::ClientContext context;
    return registers_stub_->ListActions(&context, request, response);
  }

  std::unique_ptr<rapi::RegisterService::Stub> registers_stub_;
};

TEST_F(RegisterServiceTest, AWriterReadsItsOwnWrite) {
  for (uint64_t i = 0; i < 20; ++i) {
    api::AppendResponse appended;
    ASSERT_TRUE(
        Append(RequestOf("r-" + std::to_string(i), {ActionRaised(ActionName(i), "One")}), &appended)
            .ok());
    rapi::ListActionsRequest request;
    request.mutable_view()->set_min_sequence(appended.receipt().first_sequence());
    rapi::ListActionsResponse response;
    const grpc::Status status = ListActions(request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(response.rows_size(), static_cast<int>(i) + 1);
    EXPECT_GE(response.basis().sequence(), appended.receipt().first_sequence());
  }
}

TEST_F(RegisterServiceTest, QueriesThatWaitHoldUpNobody) {
  // More of them than there are threads for queries.
  std::vector<std::thread> waiting;
  for (int i = 0; i < 12; ++i) {
    waiting.emplace_back([this, i] {
      grpc::ClientContext context;
      context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(2));
      rapi::ListActionsRequest request;
      // Half of them wait for the last number of all.
      request.mutable_view()->set_min_sequence(i % 2 == 0 ? 1'000'000
                                                          : std::numeric_limits<uint64_t>::max());
      rapi::ListActionsResponse response;
      EXPECT_EQ(registers_stub_->ListActions(&context, request, &response).error_code(),
                grpc::StatusCode::DEADLINE_EXCEEDED);
    });
  }
  AppendActions(50);
  EXPECT_EQ(ReadAll(api::ReadRequest()).size(), 51u);
  rapi::ListActionsResponse response;
  EXPECT_TRUE(ListActions(rapi::ListActionsRequest(), &response).ok());
  for (std::thread& thread : waiting) thread.join();
}

TEST_F(RegisterServiceTest, MalformedQueriesAreRefused) {
  rapi::ListActionsRequest request;
  request.mutable_view()->set_true_on("2019-02-30");
  rapi::ListActionsResponse response;
  EXPECT_THAT(ListActions(request, &response), IsRefusedFor(api::ERROR_REASON_MALFORMED));
  request.Clear();
  request.mutable_page()->set_token("nonsense");
  EXPECT_EQ(ListActions(request, &response).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  request.Clear();
  request.mutable_view()->mutable_known_to()->set_forum("forums/none");
  request.mutable_view()->mutable_known_to()->set_on("2019-03-18");
  EXPECT_THAT(ListActions(request, &response), IsRefusedFor(api::ERROR_REASON_NOT_FOUND));
}

TEST_F(RegisterServiceTest, RebuildReportsUntilItIsLevel) {
  AppendActions(500, 100);
  grpc::ClientContext context;
  const auto reader = registers_stub_->Rebuild(&context, rapi::RebuildRequest());
  rapi::RebuildResponse progress;
  bool finished = false;
  while (reader->Read(&progress)) finished = progress.finished();
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_TRUE(finished);
  rapi::ListActionsRequest request;
  rapi::ListActionsResponse response;
  ASSERT_TRUE(ListActions(request, &response).ok());
  EXPECT_EQ(response.rows_size(), 500);
}

TEST_F(RegisterServiceTest, RebuildOfARegisterThatIsNotThereIsRefused) {
  grpc::ClientContext context;
  rapi::RebuildRequest request;
  request.add_registers("unicorns");
  const auto reader = registers_stub_->Rebuild(&context, request);
  rapi::RebuildResponse progress;
  while (reader->Read(&progress)) {
  }
  EXPECT_THAT(reader->Finish(), IsRefusedFor(api::ERROR_REASON_NOT_FOUND));
}

}  // namespace
}  // namespace scrutiny::testing
