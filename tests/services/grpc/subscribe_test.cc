#include <atomic>
#include <chrono>
#include <memory>
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

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A subscription that remembers what it was given.
class Subscription {
 public:
  Subscription(api::LedgerService::Stub& stub, const api::SubscribeRequest& request)
      : reader_(stub.Subscribe(&context_, request)) {}
  ~Subscription() { Cancel(); }

  bool Next() {
    if (!reader_->Read(&last_)) return false;
    for (const std::string& entry : last_.entries()) sequences_.push_back(SequenceOf(entry));
    if (last_.caught_up()) ++marks_;
    return true;
  }
  bool ReadUntilCaughtUp() {
    while (marks_ == 0) {
      if (!Next()) return false;
    }
    return true;
  }
  bool ReadUntil(size_t entries) {
    while (sequences_.size() < entries) {
      if (!Next()) return false;
    }
    return true;
  }
  grpc::Status Cancel() {
    if (reader_ == nullptr) return grpc::Status::OK;
    context_.TryCancel();
    return End();
  }
  grpc::Status End() {
    while (Next()) {
    }
    const grpc::Status status = reader_->Finish();
    reader_.reset();
    return status;
  }

  const std::vector<uint64_t>& sequences() const { return sequences_; }
  const api::SubscribeResponse& last() const { return last_; }
  int marks() const { return marks_; }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<api::SubscribeResponse>> reader_;
  api::SubscribeResponse last_;
  std::vector<uint64_t> sequences_;
  int marks_ = 0;
};

class SubscribeTest : public GrpcTest {
 protected:
  static void ExpectDense(const std::vector<uint64_t>& sequences, uint64_t first) {
    for (size_t i = 0; i < sequences.size(); ++i) ASSERT_EQ(sequences[i], first + i);
  }
  uint64_t Subscribers() {
    grpc::ClientContext context;
    api::GetStatusResponse response;
    EXPECT_TRUE(stub_->GetStatus(&context, api::GetStatusRequest(), &response).ok());
    return response.subscribers();
  }
};

TEST_F(SubscribeTest, CatchesUpMarksOnceAndGoesOnLive) {
  AppendActions(2000, 200);
  Subscription subscription(*stub_, api::SubscribeRequest());
  ASSERT_TRUE(subscription.ReadUntilCaughtUp());
  EXPECT_EQ(subscription.sequences().size(), 2001u);
  AppendActions(100, 1, "actions/live");
  ASSERT_TRUE(subscription.ReadUntil(2101));
  ExpectDense(subscription.sequences(), 0);
  EXPECT_EQ(subscription.marks(), 1);
  EXPECT_EQ(subscription.last().next_sequence(), 2101u);
  EXPECT_EQ(subscription.last().head_sequence(), 2100u);
  EXPECT_GT(subscription.last().head_recorded_at_us(), 0);
}

TEST_F(SubscribeTest, LiveGivesOnlyWhatComes) {
  AppendActions(10);
  api::SubscribeRequest request;
  request.set_live(true);
  Subscription subscription(*stub_, request);
  ASSERT_TRUE(subscription.ReadUntilCaughtUp());
  EXPECT_THAT(subscription.sequences(), IsEmpty());
  AppendActions(3, 3, "actions/live");
  ASSERT_TRUE(subscription.ReadUntil(3));
  EXPECT_THAT(subscription.sequences(), ElementsAre(11, 12, 13));
}

TEST_F(SubscribeTest, StartsAtASequenceATimeOrACursor) {
  AppendActions(10);
  api::SubscribeRequest at;
  at.set_from_sequence(8);
  Subscription from_sequence(*stub_, at);
  ASSERT_TRUE(from_sequence.ReadUntilCaughtUp());
  EXPECT_THAT(from_sequence.sequences(), ElementsAre(8, 9, 10));

  event::v1::Entry entry;
  ASSERT_TRUE(entry.ParseFromString(ReadAll(api::ReadRequest())[9]));
  api::SubscribeRequest since;
  since.set_from_recorded_at_us(entry.assigned().recorded_at_us());
  Subscription from_time(*stub_, since);
  ASSERT_TRUE(from_time.ReadUntilCaughtUp());
  EXPECT_THAT(from_time.sequences(), ElementsAre(9, 10));

  api::SubscribeRequest after;
  *after.mutable_cursor() = from_time.last().cursor();
  Subscription resumed(*stub_, after);
  ASSERT_TRUE(resumed.ReadUntilCaughtUp());
  EXPECT_THAT(resumed.sequences(), IsEmpty());
}

// Resumed at the cursor of every single answer, the parts put together are the whole.
TEST_F(SubscribeTest, EveryCursorIsSafeToResumeFrom) {
  AppendActions(3000, 300);
  api::SubscribeRequest request;
  std::vector<uint64_t> all;
  while (all.size() < 3001) {
    Subscription subscription(*stub_, request);
    ASSERT_TRUE(subscription.Next());
    const std::vector<uint64_t> part = subscription.sequences();
    all.insert(all.end(), part.begin(), part.end());
    *request.mutable_cursor() = subscription.last().cursor();
  }
  EXPECT_EQ(all.size(), 3001u);
  ExpectDense(all, 0);
}

TEST_F(SubscribeTest, AFilteredOneGetsPositionsBeyondWhatItSkipped) {
  AppendActions(500, 100);
  api::SubscribeRequest request;
  request.mutable_filter()->add_record_prefixes("actions/test/7");
  Subscription subscription(*stub_, request);
  ASSERT_TRUE(subscription.ReadUntilCaughtUp());
  EXPECT_THAT(subscription.sequences(), ElementsAre(8));
  EXPECT_EQ(subscription.last().next_sequence(), 501u);
  AppendActions(50, 10, "actions/other");
  // Nothing of that is for it; within some seconds it is told where it stands all the same.
  const auto start = std::chrono::steady_clock::now();
  ASSERT_TRUE(subscription.Next());
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
  EXPECT_EQ(subscription.last().entries_size(), 0);
  EXPECT_EQ(subscription.last().next_sequence(), 551u);
}

// One subscriber does not read at all while others follow at full speed; then it reads, and has
// missed nothing.
TEST_F(SubscribeTest, ASlowOneCostsTheOthersNothing) {
  Subscription slow(*stub_, api::SubscribeRequest());
  ASSERT_TRUE(slow.ReadUntilCaughtUp());
  Subscription fast(*stub_, api::SubscribeRequest());
  constexpr int kEntries = 20'000;
  std::thread writer([this] { AppendActions(kEntries, 500, "actions/flood"); });
  ASSERT_TRUE(fast.ReadUntil(kEntries + 1));
  writer.join();
  ExpectDense(fast.sequences(), 0);
  ASSERT_TRUE(slow.ReadUntil(kEntries + 1));
  ExpectDense(slow.sequences(), 0);
}

TEST_F(SubscribeTest, CancelledOnesLeave) {
  AppendActions(1000, 100);
  for (int i = 0; i < 30; ++i) {
    Subscription subscription(*stub_, api::SubscribeRequest());
    if (i % 3 == 1) {
      ASSERT_TRUE(subscription.Next());
    }
    if (i % 3 == 2) {
      ASSERT_TRUE(subscription.ReadUntilCaughtUp());
    }
    EXPECT_EQ(subscription.Cancel().error_code(), grpc::StatusCode::CANCELLED);
  }
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (Subscribers() > 0 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_EQ(Subscribers(), 0u);
}

TEST_F(SubscribeTest, OneTooManyIsRefused) {
  std::vector<std::unique_ptr<Subscription>> open;
  for (size_t i = 0; i < ledger::kSubscribersMax; ++i) {
    open.push_back(std::make_unique<Subscription>(*stub_, api::SubscribeRequest()));
    ASSERT_TRUE(open.back()->ReadUntilCaughtUp());
  }
  Subscription one_more(*stub_, api::SubscribeRequest());
  EXPECT_FALSE(one_more.Next());
  EXPECT_EQ(one_more.End().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  AppendActions(1, 1, "actions/for-all");
  for (const auto& subscription : open) ASSERT_TRUE(subscription->ReadUntil(2));
}

TEST_F(SubscribeTest, ShutdownEndsThemCleanly) {
  AppendActions(10);
  Subscription subscription(*stub_, api::SubscribeRequest());
  ASSERT_TRUE(subscription.ReadUntilCaughtUp());
  std::thread stopper([this] { server_->Shutdown(5'000'000); });
  EXPECT_EQ(subscription.End().error_code(), grpc::StatusCode::UNAVAILABLE);
  stopper.join();
}

TEST_F(SubscribeTest, RefusesAStartThatCannotBe) {
  api::SubscribeRequest beyond;
  beyond.set_from_sequence(2);
  EXPECT_THAT(Subscription(*stub_, beyond).End(), IsRefusedFor(api::ERROR_REASON_BEYOND_HEAD));
  api::SubscribeRequest tampered;
  tampered.mutable_cursor()->set_token("nonsense");
  EXPECT_THAT(Subscription(*stub_, tampered).End(), IsRefusedFor(api::ERROR_REASON_MALFORMED));
  api::SubscribeRequest next;
  next.set_from_sequence(1);
  EXPECT_TRUE(Subscription(*stub_, next).ReadUntilCaughtUp());
}

// Writers and subscribers that come and go, all at once: each sees every entry from its start.
TEST_F(SubscribeTest, ManyComingAndGoingMissNothing) {
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (int i = 0; !stop; ++i) AppendActions(20, 5, absl::StrCat("actions/w", i));
  });
  std::vector<std::thread> followers;
  for (int f = 0; f < 6; ++f) {
    followers.emplace_back([&, f] {
      api::SubscribeRequest request;
      std::vector<uint64_t> all;
      for (int round = 0; round < 10; ++round) {
        Subscription subscription(*stub_, request);
        if (!subscription.ReadUntil(static_cast<size_t>(f) * 7 + 1)) return;
        const std::vector<uint64_t> part = subscription.sequences();
        *request.mutable_cursor() = subscription.last().cursor();
        all.insert(all.end(), part.begin(), part.end());
      }
      ExpectDense(all, 0);
    });
  }
  for (std::thread& follower : followers) follower.join();
  stop = true;
  writer.join();
}

}  // namespace
}  // namespace scrutiny::testing
