#include "services/http/handler_pool.h"

#include <atomic>
#include <chrono>
#include <thread>

#include "gtest/gtest.h"

#include "tests/services/http/serve.h"

namespace scrutiny::services {
namespace {

TEST(HandlerPoolTest, RunsWhatItTook) {
  std::atomic<int> ran{0};
  Event done;
  HandlerPool pool(3, 1000);
  for (int i = 0; i < 1000; ++i) {
    while (!pool.TryPost([&] {
      if (ran.fetch_add(1) == 999) done.Set();
    })) {
      std::this_thread::yield();
    }
  }
  done.Await();
  EXPECT_EQ(ran.load(), 1000);
}

TEST(HandlerPoolTest, TakesNoMoreThanMayWait) {
  Event running;
  Event release;
  HandlerPool pool(1, 2);
  ASSERT_TRUE(pool.TryPost([&] {
    running.Set();
    release.Await();
  }));
  running.Await();
  EXPECT_TRUE(pool.TryPost([] {}));
  EXPECT_TRUE(pool.TryPost([] {}));
  EXPECT_FALSE(pool.TryPost([] {}));
  release.Set();
}

TEST(HandlerPoolTest, StopDropsWhatWaitsAndAwaitsWhatRuns) {
  Event running;
  std::atomic<bool> ended{false};
  std::atomic<bool> dropped{true};
  HandlerPool pool(1, 100'000);
  Event release;
  ASSERT_TRUE(pool.TryPost([&] {
    running.Set();
    release.Await();
    ended = true;
  }));
  running.Await();
  ASSERT_TRUE(pool.TryPost([&] { dropped = false; }));
  std::thread stopper([&] { pool.Stop(); });
  // Once it refuses, it has dropped what waited.
  while (pool.TryPost([] {})) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  release.Set();
  stopper.join();
  EXPECT_TRUE(ended);
  EXPECT_TRUE(dropped);
  EXPECT_FALSE(pool.TryPost([] {}));
}

}  // namespace
}  // namespace scrutiny::services
