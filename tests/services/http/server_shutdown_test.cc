#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

#include "ledger/base/clock.h"
#include "services/http/server.h"
#include "tests/services/http/raw_client.h"
#include "tests/services/http/serve.h"

namespace scrutiny::services {
namespace {

constexpr int64_t kMinute = 60'000'000;
constexpr int64_t kMillis = 1000;

int64_t MillisOf(const std::function<void()>& what) {
  ledger::SystemClock clock;
  const int64_t start = clock.MonotonicMicros();
  what();
  return (clock.MonotonicMicros() - start) / 1000;
}

TEST(HttpServerShutdownTest, RequestsUnderWayAreAnsweredAndIdleConnectionsClosed) {
  Holder holder;
  const auto server = Serve(holder.handler());
  RawClient idle(server->address());
  idle.Send(GetRequest("/"));
  ASSERT_TRUE(idle.Receive().has_value());
  RawClient busy(server->address());
  busy.Send(GetRequest("/hold") + GetRequest("/next"));
  holder.AwaitReached();
  RawClient half(server->address());
  half.Send("GET /half HTTP/1.1\r\nHost: x\r\n");
  while (half.SomethingCame(20)) {
  }
  std::thread stopper([&] { server->Shutdown(kMinute); });
  EXPECT_TRUE(idle.Ended());
  half.Send("\r\n");
  const auto finished = half.Receive();
  ASSERT_TRUE(finished.has_value());
  EXPECT_EQ(finished->body, "GET /half ");
  EXPECT_EQ(finished->header("connection"), "close");
  holder.Release();
  const auto held = busy.Receive();
  ASSERT_TRUE(held.has_value());
  EXPECT_EQ(held->body, "GET /hold ");
  EXPECT_EQ(held->header("connection"), "close");
  EXPECT_TRUE(busy.Ended());
  stopper.join();
  EXPECT_FALSE(RawClient(server->address()).connected());
}

TEST(HttpServerShutdownTest, EndsAtOnceWhereNothingIsUnderWay) {
  const auto server = Serve();
  RawClient a(server->address());
  RawClient b(server->address());
  b.Send(GetRequest("/"));
  ASSERT_TRUE(b.Receive().has_value());
  EXPECT_LT(MillisOf([&] { server->Shutdown(kMinute); }), 5000);
  EXPECT_TRUE(a.Ended());
  EXPECT_TRUE(b.Ended());
}

TEST(HttpServerShutdownTest, ClosesWhatIsLeftAtTheDeadline) {
  const auto server = Serve();
  RawClient half(server->address());
  half.Send("GET /half HTTP/1.1\r\n");
  while (half.SomethingCame(50)) {
  }
  const int64_t millis = MillisOf([&] { server->Shutdown(200 * kMillis); });
  EXPECT_GE(millis, 190);
  EXPECT_LT(millis, 5000);
  EXPECT_TRUE(half.Ended());
}

TEST(HttpServerShutdownTest, WaitsForTheHandlerWhateverTheDeadline) {
  Holder holder;
  const auto server = Serve(holder.handler());
  RawClient client(server->address());
  client.Send(GetRequest("/hold"));
  holder.AwaitReached();
  std::atomic<bool> ended{false};
  std::thread stopper([&] {
    server->Shutdown(0);
    ended = true;
  });
  EXPECT_EQ(client.ReceiveAll(), "");  // cut off
  EXPECT_FALSE(ended);
  holder.Release();
  stopper.join();
}

TEST(HttpServerShutdownTest, SeveralMayAskForIt) {
  const auto server = Serve();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { server->Shutdown(kMinute); });
  for (std::thread& thread : threads) thread.join();
  server->Shutdown(0);
}

TEST(HttpServerShutdownTest, UnderLoadEveryAnswerIsWholeOrMissing) {
  for (int round = 0; round < 5; ++round) {
    auto server = Serve();
    std::vector<std::thread> clients;
    std::atomic<int> answers{0};
    for (int i = 0; i < 4; ++i) {
      clients.emplace_back([&, address = server->address()] {
        for (;;) {
          RawClient client(address);
          if (!client.connected() || !client.Send(GetRequest("/"))) return;
          const auto response = client.Receive();
          if (!response.has_value()) return;
          EXPECT_EQ(response->body, "GET / ");
          ++answers;
        }
      });
    }
    while (answers < 50) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    server->Shutdown(round % 2 == 0 ? kMinute : 0);
    for (std::thread& client : clients) client.join();
  }
}

}  // namespace
}  // namespace scrutiny::services
