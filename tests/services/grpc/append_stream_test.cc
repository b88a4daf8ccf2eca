#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "grpcpp/generic/generic_stub.h"

#include "tests/services/grpc/fixture.h"
#include "tests/support/facts.h"

namespace scrutiny::testing {
namespace {

class AppendStreamTest : public GrpcTest {
 protected:
  using Answers = std::vector<api::AppendStreamResponse>;

  static api::AppendStreamRequest StreamRequest(api::AppendRequest append, bool stop = false) {
    api::AppendStreamRequest request;
    *request.mutable_append() = std::move(append);
    request.set_stop_at_refusal(stop);
    return request;
  }

  // Sends them all, then reads the answers.
  Answers SendAll(const std::vector<api::AppendStreamRequest>& requests) {
    grpc::ClientContext context;
    const auto stream = stub_->AppendStream(&context);
    std::thread writer([&] {
      for (const api::AppendStreamRequest& request : requests) stream->Write(request);
      stream->WritesDone();
    });
    Answers answers;
    api::AppendStreamResponse answer;
    while (stream->Read(&answer)) answers.push_back(answer);
    writer.join();
    const grpc::Status status = stream->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    return answers;
  }

  // An append that a rule refuses once the sequencer looks at it: the action is completed.
  api::AppendRequest RefusedByRule(const std::string& id) {
    return RequestOf(id, {ActionCompleted("actions/done", "2019-05-01")});
  }
  void CompleteAnAction() {
    ASSERT_TRUE(Append(RequestOf("done", {ActionRaised("actions/done", "One"),
                                          ActionCompleted("actions/done")}))
                    .ok());
  }
};

TEST_F(AppendStreamTest, AnswersEachInOrder) {
  std::vector<api::AppendStreamRequest> requests;
  for (int i = 0; i < 500; ++i) {
    requests.push_back(
        StreamRequest(RequestOf(absl::StrCat("r-", i), {ActionRaised(ActionName(i), "One"),
                                                        ActionUpdated(ActionName(i), "Two")})));
  }
  const Answers answers = SendAll(requests);
  ASSERT_EQ(answers.size(), requests.size());
  for (size_t i = 0; i < answers.size(); ++i) {
    EXPECT_EQ(answers[i].index(), i);
    ASSERT_TRUE(answers[i].has_appended());
    EXPECT_EQ(answers[i].appended().receipt().first_sequence(), 1 + 2 * i);
  }
}

TEST_F(AppendStreamTest, AnEmptyStreamIsFine) { EXPECT_TRUE(SendAll({}).empty()); }

TEST_F(AppendStreamTest, GoesOnAfterARefusalUnlessToldToStop) {
  CompleteAnAction();
  const Answers answers =
      SendAll({StreamRequest(RequestOf("r-0", {ActionRaised(ActionName(0), "One")})),
               StreamRequest(RefusedByRule("r-1")), StreamRequest(RequestOf("r-2", {})),
               StreamRequest(RequestOf("r-3", {ActionRaised(ActionName(3), "One")}))});
  ASSERT_EQ(answers.size(), 4u);
  EXPECT_TRUE(answers[0].has_appended());
  EXPECT_EQ(DetailOf(answers[1].refused()).reason(), api::ERROR_REASON_RULE_REFUSED);
  EXPECT_EQ(answers[1].refused().code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(DetailOf(answers[2].refused()).reason(), api::ERROR_REASON_MALFORMED);
  EXPECT_TRUE(answers[3].has_appended());
}

// A refusal in the middle of a pipeline of which much is queued already: everything before it
// stands, nothing after it does.
TEST_F(AppendStreamTest, StopAtRefusalRecordsNothingAfterIt) {
  CompleteAnAction();
  const uint64_t before = ledger_->size().value();
  constexpr size_t kRefused = 37;
  std::vector<api::AppendStreamRequest> requests;
  for (size_t i = 0; i < 200; ++i) {
    requests.push_back(StreamRequest(
        i == kRefused ? RefusedByRule("refused")
                      : RequestOf(absl::StrCat("r-", i), {ActionRaised(ActionName(i), "One")}),
        true));
  }
  const Answers answers = SendAll(requests);
  ASSERT_EQ(answers.size(), requests.size());
  for (size_t i = 0; i < answers.size(); ++i) {
    EXPECT_EQ(answers[i].has_appended(), i < kRefused) << i;
    if (i == kRefused) {
      EXPECT_EQ(DetailOf(answers[i].refused()).reason(), api::ERROR_REASON_RULE_REFUSED);
    }
    if (i > kRefused) {
      EXPECT_EQ(DetailOf(answers[i].refused()).reason(), api::ERROR_REASON_AFTER_REFUSAL);
      EXPECT_EQ(answers[i].refused().code(), grpc::StatusCode::ABORTED);
    }
  }
  EXPECT_EQ(ledger_->size().value(), before + kRefused);
}

TEST_F(AppendStreamTest, StopAtRefusalCountsRefusalsOfShape) {
  std::vector<api::AppendStreamRequest> requests;
  for (int i = 0; i < 50; ++i) {
    api::AppendRequest append =
        RequestOf(absl::StrCat("r-", i), {ActionRaised(ActionName(i), "One")});
    if (i == 20) append.mutable_facts(0)->mutable_proposed()->set_record("No Name");
    if (i == 30) append.clear_facts();
    requests.push_back(StreamRequest(append, true));
  }
  const Answers answers = SendAll(requests);
  ASSERT_EQ(answers.size(), 50u);
  EXPECT_TRUE(answers[19].has_appended());
  EXPECT_EQ(DetailOf(answers[20].refused()).reason(), api::ERROR_REASON_MALFORMED);
  EXPECT_EQ(DetailOf(answers[30].refused()).reason(), api::ERROR_REASON_AFTER_REFUSAL);
  EXPECT_EQ(ledger_->size().value(), 1u + 20u);
}

TEST_F(AppendStreamTest, AnAppendRecordedEarlierIsNoRefusal) {
  const api::AppendRequest again = RequestOf("r-0", {ActionRaised(ActionName(0), "One")});
  ASSERT_TRUE(Append(again).ok());
  const Answers answers =
      SendAll({StreamRequest(again, true),
               StreamRequest(RequestOf("r-1", {ActionRaised(ActionName(1), "One")}), true)});
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_TRUE(answers[0].appended().already_recorded());
  EXPECT_TRUE(answers[1].has_appended());
}

// A message that cannot be read is refused in its place; the stream goes on. Sent raw, since the
// library writes no such bytes.
TEST_F(AppendStreamTest, UnreadableRequestIsRefusedInItsPlace) {
  std::string broken =
      StreamRequest(RequestOf("r-1", {ActionRaised(ActionName(1), "XXXX")})).SerializeAsString();
  broken.replace(broken.find("XXXX"), 4, "a\xFF\xFFz");
  const std::vector<std::string> messages = {
      StreamRequest(RequestOf("r-0", {ActionRaised(ActionName(0), "One")})).SerializeAsString(),
      broken,
      StreamRequest(RequestOf("r-2", {ActionRaised(ActionName(2), "One")})).SerializeAsString()};

  grpc::GenericStub raw(channel_);
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const auto stream =
      raw.PrepareCall(&context, "/scrutiny.ledger.v1.LedgerService/AppendStream", &queue);
  const auto wait = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  stream->StartCall(nullptr);
  ASSERT_TRUE(wait());
  for (const std::string& message : messages) {
    grpc::Slice slice(message);
    stream->Write(grpc::ByteBuffer(&slice, 1), nullptr);
    ASSERT_TRUE(wait());
  }
  stream->WritesDone(nullptr);
  ASSERT_TRUE(wait());
  Answers answers;
  grpc::ByteBuffer bytes;
  for (stream->Read(&bytes, nullptr); wait(); stream->Read(&bytes, nullptr)) {
    grpc::Slice slice;
    ASSERT_TRUE(bytes.DumpToSingleSlice(&slice).ok());
    ASSERT_TRUE(answers.emplace_back().ParseFromArray(slice.begin(), slice.size()));
  }
  grpc::Status status;
  stream->Finish(&status, nullptr);
  wait();
  EXPECT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(answers.size(), 3u);
  EXPECT_TRUE(answers[0].has_appended());
  EXPECT_EQ(DetailOf(answers[1].refused()).field(), "append.facts[0].proposed.action_raised.title");
  EXPECT_EQ(DetailOf(answers[1].refused()).value(), "") << "it may be personal";
  EXPECT_TRUE(answers[2].has_appended());
}

// Clients that go away in the middle: no crash, no leak (the sanitizers' business), what they sent
// whole stands or falls by itself, and the server goes on.
TEST_F(AppendStreamTest, ClientsThatVanishHarmNobody) {
  for (int round = 0; round < 20; ++round) {
    auto context = std::make_unique<grpc::ClientContext>();
    const auto stream = stub_->AppendStream(context.get());
    for (int i = 0; i < 30; ++i) {
      if (!stream->Write(StreamRequest(
              RequestOf(absl::StrCat("v-", round, "-", i),
                        {ActionRaised(absl::StrCat("actions/v/", round, "-", i), "One"),
                         ActionUpdated(absl::StrCat("actions/v/", round, "-", i), "Two")})))) {
        break;
      }
    }
    context->TryCancel();
    stream->Finish();
  }
  ASSERT_TRUE(Append(RequestOf("after", {ActionRaised("actions/after", "One")})).ok());
  // Genesis, whole appends of two, and the last one.
  EXPECT_EQ(ledger_->size().value() % 2, 0u);
}

TEST_F(AppendStreamTest, ShutdownAnswersWhatWasTakenAndEndsTheStream) {
  grpc::ClientContext context;
  const auto stream = stub_->AppendStream(&context);
  ASSERT_TRUE(stream->Write(StreamRequest(RequestOf("r-0", {ActionRaised(ActionName(0), "One")}))));
  api::AppendStreamResponse answer;
  ASSERT_TRUE(stream->Read(&answer));
  EXPECT_TRUE(answer.has_appended());
  std::thread stopper([this] { server_->Shutdown(5'000'000); });
  EXPECT_FALSE(stream->Read(&answer));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  stopper.join();
}

}  // namespace
}  // namespace scrutiny::testing
