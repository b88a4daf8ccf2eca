#include "services/http/server.h"

#include <chrono>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "services/http/client.h"
#include "tests/services/http/raw_client.h"
#include "tests/services/http/serve.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::services {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(HttpServerTest, AnswersARequestWithWhatTheHandlerReturns) {
  const auto server = Serve();
  RawClient client(server->address());
  client.Send("GET /a/b?c=d&e HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto response = client.Receive();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "GET /a/b ");
  EXPECT_EQ(response->header("content-type"), "text/plain");
  EXPECT_EQ(response->header("x-query"), "c=d&e");
  EXPECT_EQ(response->header("connection"), "");
  EXPECT_THAT(std::string(response->header("date")), ::testing::EndsWith(" GMT"));
}

TEST(HttpServerTest, HeadIsAnsweredLikeGetWithoutTheBody) {
  const auto server = Serve();
  RawClient client(server->address());
  client.Send("HEAD /x HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto head = client.Receive(/*head=*/true);
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(head->header("content-length"), "7");
  // The next answer on the same connection stands where a body would have begun.
  client.Send("GET /x HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto get = client.Receive();
  ASSERT_TRUE(get.has_value());
  EXPECT_EQ(get->body, "GET /x ");
}

TEST(HttpServerTest, RequestsOfOnePacketAreAnsweredInOrder) {
  const auto server = Serve();
  RawClient client(server->address());
  std::string requests;
  for (int i = 0; i < 200; ++i) {
    absl::StrAppend(&requests, "POST /", i, " HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n",
                    100 + i);
  }
  client.Send(requests);
  for (int i = 0; i < 200; ++i) {
    const auto response = client.Receive();
    ASSERT_TRUE(response.has_value()) << i;
    EXPECT_EQ(response->body, absl::StrCat("POST /", i, " ", 100 + i));
  }
}

TEST(HttpServerTest, BodiesComeWholeByLengthAndInChunks) {
  const auto server = Serve();
  RawClient client(server->address());
  client.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n01234");
  EXPECT_FALSE(client.SomethingCame(50));
  client.Send("56789");
  EXPECT_EQ(client.Receive()->body, "POST / 0123456789");
  client.Send(
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3;name=value\r\nabc\r\n0A\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n");
  EXPECT_EQ(client.Receive()->body, "POST / abc0123456789");
}

TEST(HttpServerTest, AClientThatWaitsIsToldToContinue) {
  const auto server = Serve();
  RawClient client(server->address());
  client.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  const auto interim = client.Receive();
  ASSERT_TRUE(interim.has_value());
  EXPECT_EQ(interim->status, 100);
  client.Send("ok");
  EXPECT_EQ(client.Receive()->body, "POST / ok");
  // One who sends at once is not told.
  client.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\nok");
  EXPECT_EQ(client.Receive()->status, 200);
  // One whose body would not be taken is told that instead.
  client.Send(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.Receive()->status, 413);
}

TEST(HttpServerTest, ConnectionsAreKeptOrClosedAsTheClientSays) {
  const auto server = Serve();
  {
    RawClient client(server->address());
    client.Send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(client.Receive()->header("connection"), "close");
    EXPECT_TRUE(client.Ended());
  }
  {
    RawClient client(server->address());
    client.Send("GET / HTTP/1.0\r\n\r\n");
    EXPECT_EQ(client.Receive()->header("connection"), "close");
    EXPECT_TRUE(client.Ended());
  }
  {
    RawClient client(server->address());
    client.Send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(client.Receive()->header("connection"), "keep-alive");
    client.Send("GET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(client.Receive()->body, "GET /2 ");
  }
}

TEST(HttpServerTest, AClientThatEndsSendingStillGetsItsAnswers) {
  const auto server = Serve([](const HttpRequest& request) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return Echo(request);
  });
  RawClient client(server->address());
  client.Send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
  client.EndSending();
  EXPECT_EQ(client.Receive()->body, "GET /1 ");
  EXPECT_EQ(client.Receive()->body, "GET /2 ");
  EXPECT_TRUE(client.Ended());
}

TEST(HttpServerTest, OtherMethodsAreRefusedWithThoseThatAreTaken) {
  HttpServerOptions options = OnFreePort();
  options.methods = {"GET", "OPTIONS"};
  const auto server = Serve(Echo, options);
  for (const char* const method : {"POST", "PUT", "DELETE", "TRACE", "PATCH", "get", "FOO"}) {
    RawClient client(server->address());
    client.Send(absl::StrCat(method, " / HTTP/1.1\r\nHost: x\r\n\r\n"));
    const auto response = client.Receive();
    ASSERT_TRUE(response.has_value()) << method;
    EXPECT_EQ(response->status, 405) << method;
    EXPECT_EQ(response->header("allow"), "GET, HEAD, OPTIONS");
  }
  RawClient client(server->address());
  client.Send("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.Receive()->body, "OPTIONS * ");
}

TEST(HttpServerTest, WhatAHandlerThrowsIsAnErrorOfTheServer) {
  const auto server = Serve([](const HttpRequest& request) -> HttpResponse {
    if (request.target == "/throw") throw std::runtime_error("no");
    if (request.target == "/number") throw 7;
    HttpResponse response;
    response.status = 7;
    return response;
  });
  RawClient client(server->address());
  for (const char* const path : {"/throw", "/number", "/status"}) {
    client.Send(absl::StrCat("GET ", path, " HTTP/1.1\r\nHost: x\r\n\r\n"));
    EXPECT_EQ(client.Receive()->status, 500) << path;
  }
}

TEST(HttpServerTest, AHeaderOfTheHandlerCannotBeginAnotherLine) {
  const auto server = Serve([](const HttpRequest&) {
    HttpResponse response;
    response.headers = {{"X-Good", "yes"},
                        {"X-Bad", "a\r\nSet-Cookie: b"},
                        {"Content-Length", "3"},
                        {"Transfer-Encoding", "chunked"}};
    response.body = "0123456789";
    return response;
  });
  RawClient client(server->address());
  client.Send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string all = client.ReceiveAll();
  EXPECT_THAT(all, HasSubstr("X-Good: yes\r\n"));
  EXPECT_THAT(all, HasSubstr("Content-Length: 10\r\n"));
  EXPECT_THAT(all, ::testing::Not(HasSubstr("Cookie")));
  EXPECT_THAT(all, ::testing::Not(HasSubstr("chunked")));
  EXPECT_THAT(all, HasSubstr("\r\n\r\n0123456789"));
}

TEST(HttpServerTest, AResponseWithoutContentHasNoLength) {
  const auto server = Serve([](const HttpRequest&) {
    HttpResponse response;
    response.status = 204;
    response.body = "never sent";
    return response;
  });
  RawClient client(server->address());
  client.Send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string all = client.ReceiveAll();
  EXPECT_THAT(all, StartsWith("HTTP/1.1 204 No Content\r\n"));
  EXPECT_THAT(all, ::testing::EndsWith("\r\n\r\n"));
  EXPECT_THAT(all, ::testing::Not(HasSubstr("Content-Length")));
}

TEST(HttpServerTest, ATakenPortIsAnErrorThatSaysSo) {
  const auto server = Serve();
  HttpServerOptions options;
  options.listen = server->address();
  const auto second = HttpServer::Start(options, Echo);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("the port is taken"));
}

TEST(HttpServerTest, APortCanBeTakenAgainAtOnce) {
  HttpServerOptions options = OnFreePort();
  for (int i = 0; i < 5; ++i) {
    const auto server = Serve(Echo, options);
    ASSERT_NE(server, nullptr);
    options.listen = server->address();
    HttpClient client;
    EXPECT_TRUE(client.Get(absl::StrCat("http://", server->address(), "/")).ok());
  }
}

TEST(HttpServerTest, AddressesThatOthersReachAreRefusedUnlessMeant) {
  HttpServerOptions options;
  options.listen = "0.0.0.0:0";
  EXPECT_EQ(ledger::ReasonOf(HttpServer::Start(options, Echo).status()),
            ledger::Reason::kMalformed);
  options.loopback_only = false;
  EXPECT_TRUE(HttpServer::Start(options, Echo).ok());
}

TEST(HttpServerTest, WhereNoFileCanBeOpenedItSaysSo) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit none = before;
  none.rlim_cur = 0;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  const auto server = HttpServer::Start(OnFreePort(), Echo);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(server.status().code(), absl::StatusCode::kUnavailable);
}

TEST(HttpServerTest, ServesOverIpV6) {
  HttpServerOptions options;
  options.listen = "[::1]:0";
  const auto server = HttpServer::Start(options, Echo);
  if (!server.ok()) GTEST_SKIP() << "no IPv6 here: " << server.status();
  EXPECT_THAT((*server)->address(), StartsWith("[::1]:"));
  HttpClient client;
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const HttpResponse response,
                                client.Get(absl::StrCat("http://", (*server)->address(), "/6")));
  EXPECT_EQ(response.body, "GET /6 ");
}

}  // namespace
}  // namespace scrutiny::services
