// What clients do that nobody should have to suffer from: nonsense, slowness, greed, crowds.
#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

#include "ledger/base/clock.h"
#include "services/http/client.h"
#include "services/http/server.h"
#include "tests/services/http/raw_client.h"
#include "tests/services/http/serve.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::services {
namespace {

using ::testing::AnyOf;
using ::testing::StartsWith;

constexpr int64_t kMillis = 1000;

void Sleep(int millis) { std::this_thread::sleep_for(std::chrono::milliseconds(millis)); }

// That the server still answers others.
void ExpectServing(const HttpServer& server) {
  RawClient client(server.address());
  client.Send(GetRequest("/alive"));
  const auto response = client.Receive();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->body, "GET /alive ");
}

class Stopwatch {
 public:
  int64_t millis() { return (clock_.MonotonicMicros() - start_) / 1000; }

 private:
  ledger::SystemClock clock_;
  int64_t start_ = clock_.MonotonicMicros();
};

TEST(HttpServerHostileTest, MalformedRequestsAreAnsweredAndTheConnectionClosed) {
  const auto server = Serve();
  const std::pair<std::string, int> cases[] = {
      {"\x16\x03\x01\x02", 400},
      {"GET\r\n\r\n", 400},
      {"GET / HTTP/1.1\n\n", 400},
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/3.0\r\nHost: x\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: zip\r\n\r\n", 501},
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n", 413},
      {"GET /" + std::string(3000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n", 414},
      {"GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(9000, 'a') + "\r\n\r\n", 431},
  };
  for (const auto& [bytes, status] : cases) {
    RawClient client(server->address());
    // What follows must not be taken for another request.
    client.Send(bytes + GetRequest("/smuggled"));
    const std::string all = client.ReceiveAll();
    EXPECT_THAT(all, StartsWith(absl::StrCat("HTTP/1.1 ", status, " "))) << bytes;
    EXPECT_THAT(all, ::testing::HasSubstr("Connection: close\r\n"));
    EXPECT_THAT(all, ::testing::Not(::testing::HasSubstr("smuggled")));
  }
  ExpectServing(*server);
}

TEST(HttpServerHostileTest, EndlessHeadersAreCutOffAtTheLimit) {
  const auto server = Serve();
  RawClient client(server->address());
  client.Send("GET / HTTP/1.1\r\nHost: x\r\n");
  std::string answer;
  for (int i = 0; i < 10'000 && client.Send("A: bbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n"); ++i) {
    if (i > 1000 && client.SomethingCame(0)) break;
  }
  EXPECT_EQ(client.Receive()->status, 431);
}

TEST(HttpServerHostileTest, ABodyThatIsTooLongIsRefusedWithoutBeingRead) {
  const auto server = Serve();
  RawClient client(server->address());
  client.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n");
  // The answer is there though the client goes on sending.
  for (int i = 0; i < 20; ++i) client.Send(std::string(10'000, 'b'));
  const auto response = client.Receive();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 413);
}

// A byte now and then keeps no connection open: the time is for the whole head.
TEST(HttpServerHostileTest, HeadersThatTrickleInAreCutOff) {
  HttpServerOptions options = OnFreePort();
  options.head_timeout_micros = 300 * kMillis;
  const auto server = Serve(Echo, options);
  RawClient client(server->address());
  const std::string request = GetRequest("/" + std::string(1000, 'a'));
  Stopwatch watch;
  size_t sent = 0;
  while (sent < request.size() && !client.SomethingCame(20)) client.Send(request.substr(sent++, 1));
  EXPECT_LT(sent, request.size());
  EXPECT_GE(watch.millis(), 250);
  EXPECT_LT(watch.millis(), 5000);
  EXPECT_EQ(client.Receive()->status, 408);
  ExpectServing(*server);
}

TEST(HttpServerHostileTest, ABodyThatTricklesInIsCutOff) {
  HttpServerOptions options = OnFreePort();
  options.body_timeout_micros = 300 * kMillis;
  const auto server = Serve(Echo, options);
  RawClient client(server->address());
  client.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
  int sent = 0;
  while (sent < 1000 && !client.SomethingCame(20)) {
    client.Send("b");
    ++sent;
  }
  EXPECT_LT(sent, 1000);
  EXPECT_EQ(client.Receive()->status, 408);
}

TEST(HttpServerHostileTest, AConnectionThatIsNotUsedIsClosed) {
  HttpServerOptions options = OnFreePort();
  options.idle_timeout_micros = 1500 * kMillis;
  const auto server = Serve(Echo, options);
  RawClient fresh(server->address());
  RawClient used(server->address());
  used.Send(GetRequest("/"));
  EXPECT_TRUE(used.Receive().has_value());
  EXPECT_TRUE(fresh.Ended());
  EXPECT_TRUE(used.Ended());
}

TEST(HttpServerHostileTest, AClientThatDoesNotReadIsCutOff) {
  HttpServerOptions options = OnFreePort();
  options.write_timeout_micros = 300 * kMillis;
  options.write_bytes_per_second_min = size_t{1} << 30;
  const std::string large(size_t{64} << 20, 'l');
  const auto server = Serve(
      [&](const HttpRequest& request) {
        HttpResponse response = Echo(request);
        if (request.target == "/large") response.body = large;
        return response;
      },
      options);
  RawClient client(server->address(), /*receive_buffer_bytes=*/4096);
  client.Send(GetRequest("/large"));
  Sleep(600);
  EXPECT_LT(client.ReceiveAll().size(), large.size());
  ExpectServing(*server);
}

TEST(HttpServerHostileTest, OneWhoReadsSlowlyButEnoughGetsAll) {
  HttpServerOptions options = OnFreePort();
  options.write_timeout_micros = 100 * kMillis;
  options.write_bytes_per_second_min = size_t{1} << 20;
  const std::string large(size_t{16} << 20, 'l');
  const auto server = Serve(
      [&](const HttpRequest&) {
        HttpResponse response;
        response.body = large;
        return response;
      },
      options);
  RawClient client(server->address(), /*receive_buffer_bytes=*/4096);
  client.Send(GetRequest("/large"));
  Sleep(500);  // longer than the time for a small answer
  EXPECT_EQ(client.Receive()->body.size(), large.size());
}

TEST(HttpServerHostileTest, WhatWaitsToBeSentIsBounded) {
  HttpServerOptions options = OnFreePort();
  options.slow_read_micros = int64_t{1} << 50;  // whoever has begun may go on
  options.unsent_bytes_max = size_t{40} << 20;
  const std::string large(size_t{32} << 20, 'l');
  const auto server = Serve(
      [&](const HttpRequest& request) {
        HttpResponse response = Echo(request);
        if (request.target == "/large") response.body = large;
        return response;
      },
      options);
  RawClient first(server->address(), 4096);
  first.Send(GetRequest("/large"));
  ASSERT_TRUE(first.SomethingCame(10'000));
  RawClient second(server->address());
  second.Send(GetRequest("/large"));
  const auto refused = second.Receive();
  EXPECT_EQ(refused->status, 503);
  EXPECT_EQ(refused->header("retry-after"), "1");
  ExpectServing(*server);
  EXPECT_EQ(first.Receive()->body.size(), large.size());
  // The connection that was refused is good, and the room is free again.
  second.Send(GetRequest("/large"));
  EXPECT_EQ(second.Receive()->body.size(), large.size());
}

HttpHandler LargeOrEcho(const std::string& large) {
  return [&large](const HttpRequest& request) {
    HttpResponse response = Echo(request);
    if (request.target == "/large") response.body = large;
    return response;
  };
}

TEST(HttpServerHostileTest, WhereTooMuchWaitsTheSlowestReaderIsCutOff) {
  HttpServerOptions options = OnFreePort();
  options.unsent_bytes_max = size_t{70} << 20;
  options.slow_read_micros = 100 * kMillis;
  const std::string large(size_t{32} << 20, 'l');
  const auto server = Serve(LargeOrEcho(large), options);
  RawClient slow(server->address(), 4096);
  slow.Send(GetRequest("/large"));
  ASSERT_TRUE(slow.SomethingCame(10'000));
  RawClient faster(server->address());
  faster.Send(GetRequest("/large"));
  ASSERT_TRUE(faster.SomethingCame(10'000));
  EXPECT_EQ(faster.ReceiveSome(size_t{16} << 20), size_t{16} << 20);
  Sleep(200);
  RawClient late(server->address());
  late.Send(GetRequest("/large"));
  const auto response = late.Receive();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body.size(), large.size());
  EXPECT_LT(slow.ReceiveAll().size(), large.size());
  EXPECT_EQ(faster.ReceiveSome(size_t{16} << 20), size_t{16} << 20) << "all that was left";
}

// Sixty that ask for much and read nothing cost nobody else an answer.
TEST(HttpServerHostileTest, SlowReadersOfMuchCostNobodyElseAnything) {
  HttpServerOptions options = OnFreePort();
  options.unsent_bytes_max = size_t{16} << 20;
  options.slow_read_micros = 50 * kMillis;
  const std::string large(size_t{8} << 20, 'l');
  const auto server = Serve(LargeOrEcho(large), options);
  std::vector<std::unique_ptr<RawClient>> slow;
  for (int i = 0; i < 60; ++i) {
    slow.push_back(std::make_unique<RawClient>(server->address(), 4096));
    slow.back()->Send(GetRequest("/large"));
    if (i % 10 == 0) ExpectServing(*server);  // a small answer at any time
  }
  Sleep(200);
  for (int i = 0; i < 3; ++i) {
    RawClient other(server->address());
    other.Send(GetRequest("/large"));
    const auto response = other.Receive();
    ASSERT_TRUE(response.has_value());
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body.size(), large.size());
  }
}

TEST(HttpServerHostileTest, TooManyRequestsAreToldToComeBack) {
  HttpServerOptions options = OnFreePort();
  options.handler_threads = 1;
  options.requests_waiting_max = 1;
  Holder holder;
  const auto server = Serve(holder.handler(), options);
  RawClient running(server->address());
  running.Send(GetRequest("/hold"));
  holder.AwaitReached();
  // One of these two waits, the other is refused; which is which is the network's affair.
  RawClient a(server->address());
  RawClient b(server->address());
  a.Send(GetRequest("/a"));
  b.Send(GetRequest("/b"));
  RawClient* const refused = [&] {
    for (;;) {
      if (a.SomethingCame(20)) return &a;
      if (b.SomethingCame(20)) return &b;
    }
  }();
  const auto response = refused->Receive();
  EXPECT_EQ(response->status, 503);
  EXPECT_EQ(response->header("retry-after"), "1");
  holder.Release();
  EXPECT_EQ(running.Receive()->body, "GET /hold ");
  EXPECT_EQ((refused == &a ? b : a).Receive()->status, 200);
  refused->Send(GetRequest("/again"));
  EXPECT_EQ(refused->Receive()->body, "GET /again ");
}

TEST(HttpServerHostileTest, BeyondTheMaximumTheLongestIdleMakesRoom) {
  HttpServerOptions options = OnFreePort();
  options.connections_max = 3;
  const auto server = Serve(Echo, options);
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(std::make_unique<RawClient>(server->address()));
    clients.back()->Send(GetRequest("/"));
    EXPECT_TRUE(clients.back()->Receive().has_value());
  }
  // The first is the freshest now.
  clients[0]->Send(GetRequest("/"));
  EXPECT_TRUE(clients[0]->Receive().has_value());
  ExpectServing(*server);
  EXPECT_TRUE(clients[1]->Ended());
  clients[0]->Send(GetRequest("/0"));
  EXPECT_EQ(clients[0]->Receive()->body, "GET /0 ");
  clients[2]->Send(GetRequest("/2"));
  EXPECT_EQ(clients[2]->Receive()->body, "GET /2 ");
}

// Whoever sends half a request and stops makes room too, the longest-standing first.
TEST(HttpServerHostileTest, BeyondTheMaximumHalfARequestMakesRoom) {
  for (const char* const half :
       {"GET / HTTP/1.1\r\nHost:", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nb"}) {
    HttpServerOptions options = OnFreePort();
    options.connections_max = 3;
    const auto server = Serve(Echo, options);
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 3; ++i) {
      clients.push_back(std::make_unique<RawClient>(server->address()));
      clients.back()->Send(half);
      Sleep(100);
    }
    for (int i = 0; i < 5; ++i) ExpectServing(*server);
    EXPECT_TRUE(clients[0]->Ended());
    clients[2]->Send(half[0] == 'G' ? " x\r\n\r\n" : "bbbbbbbb");
    EXPECT_EQ(clients[2]->Receive()->status, 200);
  }
}

TEST(HttpServerHostileTest, ACrowdOfHalfRequestsBlocksNobody) {
  HttpServerOptions options = OnFreePort();
  options.connections_max = 20;
  const auto server = Serve(Echo, options);
  std::vector<std::unique_ptr<RawClient>> crowd;
  for (int i = 0; i < 200; ++i) {
    crowd.push_back(std::make_unique<RawClient>(server->address()));
    crowd.back()->Send("GET / HT");
    if (i % 20 == 0) ExpectServing(*server);
  }
  Sleep(100);
  for (int i = 0; i < 50; ++i) ExpectServing(*server);
}

TEST(HttpServerHostileTest, BeyondTheMaximumWhereNoneIsIdleNewOnesAreRefused) {
  HttpServerOptions options = OnFreePort();
  options.connections_max = 1;
  Holder holder;
  const auto server = Serve(holder.handler(), options);
  RawClient busy(server->address());
  busy.Send(GetRequest("/hold"));
  holder.AwaitReached();
  for (int i = 0; i < 3; ++i) {
    RawClient refused(server->address());
    refused.Send(GetRequest("/"));
    const auto response = refused.Receive();
    ASSERT_TRUE(response.has_value());
    EXPECT_EQ(response->status, 503);
    EXPECT_EQ(response->header("retry-after"), "1");
  }
  // A crowd of them is refused too, with or without a word.
  std::vector<std::unique_ptr<RawClient>> crowd;
  for (int i = 0; i < 200; ++i) crowd.push_back(std::make_unique<RawClient>(server->address()));
  for (const auto& client : crowd) {
    const std::string all = client->ReceiveAll();
    EXPECT_TRUE(all.empty() || absl::StartsWith(all, "HTTP/1.1 503 ")) << all;
  }
  holder.Release();
  EXPECT_EQ(busy.Receive()->body, "GET /hold ");
  ExpectServing(*server);
}

// Goal: thousands of connections that do nothing harm nobody. Method: open them, serve another
// client all the while, and look at a few of them afterwards.
TEST(HttpServerHostileTest, TwoThousandIdleConnectionsHarmNobody) {
  constexpr size_t kIdle = 2000;
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  // Both ends are in this process.
  const rlim_t needed = 2 * kIdle + 1000;
  if (limit.rlim_max < needed) GTEST_SKIP() << "only " << limit.rlim_max << " descriptors";
  limit.rlim_cur = std::max(limit.rlim_cur, needed);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);

  HttpServerOptions options = OnFreePort();
  options.connections_max = kIdle + 100;
  const auto server = Serve(Echo, options);
  ASSERT_EQ(server->connections_max(), kIdle + 100);
  RawClient other(server->address());
  std::vector<std::unique_ptr<RawClient>> idle;
  for (size_t i = 0; i < kIdle; ++i) {
    idle.push_back(std::make_unique<RawClient>(server->address()));
    ASSERT_TRUE(idle.back()->connected()) << i;
    if (i % 50 == 0) {
      other.Send(GetRequest("/other"));
      ASSERT_EQ(other.Receive()->body, "GET /other ");
    }
  }
  Stopwatch watch;
  for (int i = 0; i < 1000; ++i) {
    other.Send(GetRequest("/other"));
    ASSERT_EQ(other.Receive()->body, "GET /other ");
  }
  EXPECT_LT(watch.millis(), 10'000);
  for (size_t i = 0; i < kIdle; i += 100) {
    idle[i]->Send(GetRequest("/idle"));
    ASSERT_EQ(idle[i]->Receive()->body, "GET /idle ");
  }
}

TEST(HttpServerHostileTest, TheLimitOfDescriptorsLowersTheNumberOfConnections) {
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max > 10'000'000) GTEST_SKIP();
  HttpServerOptions options = OnFreePort();
  options.connections_max = limit.rlim_max * 2;
  const auto server = Serve(Echo, options);
  EXPECT_LT(server->connections_max(), limit.rlim_max);
  EXPECT_GT(server->connections_max(), 0u);
  ExpectServing(*server);
}

TEST(HttpServerHostileTest, ClientsThatGoAwayInTheMiddleAreForgotten) {
  HttpServerOptions options = OnFreePort();
  options.connections_max = 4;
  const auto server = Serve(
      [](const HttpRequest& request) {
        HttpResponse response = Echo(request);
        if (request.target == "/large") response.body = std::string(size_t{8} << 20, 'l');
        return response;
      },
      options);
  for (int i = 0; i < 40; ++i) {
    RawClient client(server->address());
    const char* const sent[] = {"", "GET",
                                "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nb",
                                "GET /large HTTP/1.1\r\nHost: x\r\n\r\n"};
    client.Send(sent[i % 4]);
    if (i % 8 < 4) client.Reset();
  }
  ExpectServing(*server);
}

TEST(HttpServerHostileTest, APipelineThatIsNeverReadIsBounded) {
  HttpServerOptions options = OnFreePort();
  options.write_timeout_micros = 300 * kMillis;
  options.write_bytes_per_second_min = size_t{1} << 30;
  const auto server = Serve(
      [](const HttpRequest& request) {
        HttpResponse response = Echo(request);
        if (request.target == "/large") response.body = std::string(100'000, 'l');
        return response;
      },
      options);
  RawClient client(server->address(), 4096);
  std::string requests;
  for (int i = 0; i < 1000; ++i) requests += GetRequest("/large");
  // Sends until the server takes no more of it, at the latest when it has cut the client off.
  std::thread sender([&] {
    for (int i = 0; i < 1000 && client.Send(requests); ++i) {
    }
  });
  ExpectServing(*server);
  sender.join();
  ExpectServing(*server);
}

RC_GTEST_PROP(HttpServerHostileTest, AnyBytesAreSurvived, ()) {
  static const auto& server = *new std::unique_ptr<HttpServer>(Serve());
  const auto part = rc::gen::oneOf(
      rc::gen::string<std::string>(),
      rc::gen::elementOf(std::vector<std::string>{
          "\r\n", "\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\n", "POST / HTTP/1.1\r\nHost: x\r\n",
          "Content-Length: 4\r\n", "Transfer-Encoding: chunked\r\n", "Expect: 100-continue\r\n",
          "Connection: close\r\n", "4\r\nabcd\r\n", "0\r\n\r\n"}));
  const auto parts = *rc::gen::container<std::vector<std::string>>(part);
  RawClient client(server->address());
  for (const std::string& bytes : parts) client.Send(bytes);
  client.EndSending();
  const std::string all = client.ReceiveAll();
  RC_ASSERT(all.empty() || absl::StartsWith(all, "HTTP/1.1 "));
  RawClient next(server->address());
  next.Send(GetRequest("/"));
  RC_ASSERT(next.Receive().has_value());
}

}  // namespace
}  // namespace scrutiny::services
