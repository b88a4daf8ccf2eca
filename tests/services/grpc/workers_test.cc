#include "services/grpc/workers.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <future>

#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace scrutiny::services {
namespace {

using ledger::Reason;
using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::IsOk;

TEST(WorkersTest, StopRunsWhatWaits) {
  std::atomic<int> ran{0};
  Workers workers(2);
  for (int i = 0; i < 1000; ++i) workers.Post([&] { ++ran; });
  workers.Stop();
  EXPECT_EQ(ran, 1000);
}

TEST(WorkersTest, StopDoesNotWaitForTimers) {
  std::atomic<int> ran{0};
  Workers workers(1);
  workers.After(int64_t{3600} * 1'000'000, [&] { ++ran; });
  workers.Stop();
  EXPECT_EQ(ran, 0);
}

TEST(WorkersTest, ATimerRunsAfterItsTime) {
  Workers workers(1);
  std::promise<void> ran;
  workers.After(10'000, [&] { ran.set_value(); });
  ran.get_future().wait();
}

TEST(WorkersTest, TooManyCallsAreRefused) {
  Workers workers(1);
  std::promise<void> go;
  std::shared_future<void> gone = go.get_future().share();
  std::promise<void> started;
  EXPECT_THAT(workers.TryPost([&, gone] {
    started.set_value();
    gone.wait();
  }),
              IsOk());
  started.get_future().wait();
  std::atomic<int> ran{0};
  for (size_t i = 0; i < kCallsWaitingMax; ++i) {
    ASSERT_THAT(workers.TryPost([&] { ++ran; }), IsOk());
  }
  EXPECT_THAT(workers.TryPost([&] { ++ran; }), FailsWith(Reason::kQueueFull));
  go.set_value();
  workers.Stop();
  EXPECT_EQ(ran, static_cast<int>(kCallsWaitingMax));
}

}  // namespace
}  // namespace scrutiny::services
