#include "services/http/client.h"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <zlib.h>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "services/http/server.h"
#include "tests/services/http/fake_server.h"
#include "tests/services/http/serve.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::services {
namespace {

using ::scrutiny::ledger::Reason;
using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::HasCode;
using ::testing::HasSubstr;

constexpr const char* kOkHead = "HTTP/1.1 200 OK\r\n";

std::string UrlOf(const std::string& address, const std::string& path = "/") {
  return absl::StrCat("http://", address, path);
}

HttpClientOptions Patient(int64_t millis) {
  HttpClientOptions options;
  options.timeout_micros = millis * 1000;
  return options;
}

std::string Gzip(const std::string& plain) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
  std::string packed(deflateBound(&stream, plain.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string MessageOf(const absl::StatusOr<HttpResponse>& response) {
  return std::string(response.status().message());
}

TEST(HttpClientTest, GetsAndPosts) {
  const auto server = Serve([](const HttpRequest& request) {
    HttpResponse response = Echo(request);
    response.headers.emplace_back("X-Type", std::string(request.header("Content-Type")));
    response.status = request.target == "/none" ? 404 : 200;
    return response;
  });
  HttpClient client;
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const HttpResponse got,
                                client.Get(UrlOf(server->address(), "/a?b=c")));
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.body, "GET /a ");
  EXPECT_EQ(got.header("x-query"), "b=c");
  const std::string body("with a\0zero\r\n", 13);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const HttpResponse posted,
      client.Post(UrlOf(server->address(), "/p"), "text/x.tlog.size", body));
  EXPECT_EQ(posted.body, "POST /p " + body);
  EXPECT_EQ(posted.header("x-type"), "text/x.tlog.size");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const HttpResponse empty,
                                client.Post(UrlOf(server->address(), "/p"), "text/plain", ""));
  EXPECT_EQ(empty.body, "POST /p ");
  // Any answer is an answer.
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const HttpResponse none,
                                client.Get(UrlOf(server->address(), "/none")));
  EXPECT_EQ(none.status, 404);
  EXPECT_EQ(none.body, "GET /none ");
}

TEST(HttpClientTest, PostsLargeBodiesWithoutWaiting) {
  HttpServerOptions options = OnFreePort();
  options.body_bytes_max = size_t{8} << 20;
  const auto server = Serve(Echo, options);
  HttpClient client(Patient(20'000));
  const std::string body(size_t{4} << 20, 'b');
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const HttpResponse response,
                                client.Post(UrlOf(server->address()), "text/plain", body));
  EXPECT_EQ(response.body.size(), body.size() + 7);
}

TEST(HttpClientTest, KeepsItsConnection) {
  const FakeServer server(Always(absl::StrCat(kOkHead, "Content-Length: 2\r\n\r\nok")));
  HttpClient client;
  for (int i = 0; i < 5; ++i) SCRUTINY_ASSERT_OK(client.Get(UrlOf(server.address())));
  EXPECT_EQ(server.connections(), 1);
  HttpClient moved = std::move(client);
  SCRUTINY_ASSERT_OK(moved.Get(UrlOf(server.address())));
  EXPECT_EQ(server.connections(), 1);
}

TEST(HttpClientTest, ConnectsAgainWhereTheServerHadClosed) {
  const FakeServer server(Once(absl::StrCat(kOkHead, "Content-Length: 2\r\n\r\nok")));
  HttpClient client;
  for (int i = 0; i < 3; ++i) {
    SCRUTINY_ASSERT_OK(client.Get(UrlOf(server.address())));
    SCRUTINY_ASSERT_OK(client.Post(UrlOf(server.address()), "text/plain", "a"));
  }
  EXPECT_EQ(server.connections(), 6);
}

TEST(HttpClientTest, TakesPackedBodies) {
  const std::string plain = "packed and unpacked again, and again, and again, and again";
  const auto server = Serve([&](const HttpRequest& request) {
    EXPECT_THAT(std::string(request.header("Accept-Encoding")), HasSubstr("gzip"));
    HttpResponse response;
    response.headers = {{"Content-Encoding", "gzip"}};
    response.body = Gzip(plain);
    return response;
  });
  HttpClient client;
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const HttpResponse response, client.Get(UrlOf(server->address())));
  EXPECT_EQ(response.body, plain);
}

TEST(HttpClientTest, ABodyIsNeverLongerThanTheMaximum) {
  HttpClientOptions options;
  options.body_bytes_max = 1000;
  HttpClient client(options);
  const auto server = Serve([](const HttpRequest& request) {
    HttpResponse response;
    if (request.target == "/fits") response.body = std::string(1000, 'b');
    if (request.target == "/long") response.body = std::string(1001, 'b');
    if (request.target == "/bomb") {
      response.headers = {{"Content-Encoding", "gzip"}};
      response.body = Gzip(std::string(500'000, '\0'));
    }
    return response;
  });
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const HttpResponse fits,
                                client.Get(UrlOf(server->address(), "/fits")));
  EXPECT_EQ(fits.body.size(), 1000u);
  EXPECT_THAT(client.Get(UrlOf(server->address(), "/long")), FailsWith(Reason::kOverLimit));
  EXPECT_THAT(client.Get(UrlOf(server->address(), "/bomb")), FailsWith(Reason::kOverLimit));
  // One that says nothing of its length, and never ends.
  const FakeServer endless([](FakeServer::Peer& peer) {
    peer.ReceiveHead();
    peer.Send(absl::StrCat(kOkHead, "\r\n"));
    while (peer.Send(std::string(1000, 'b'))) {
    }
  });
  EXPECT_THAT(client.Get(UrlOf(endless.address())), FailsWith(Reason::kOverLimit));
  // And it is good for the next call.
  SCRUTINY_EXPECT_OK(client.Get(UrlOf(server->address(), "/fits")));
}

TEST(HttpClientTest, EndlessHeadersAreCutOff) {
  const FakeServer server([](FakeServer::Peer& peer) {
    peer.ReceiveHead();
    peer.Send(kOkHead);
    while (peer.Send("A: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n")) {
    }
  });
  HttpClient client(Patient(20'000));
  EXPECT_THAT(client.Get(UrlOf(server.address())), FailsWith(Reason::kOverLimit));
}

TEST(HttpClientTest, SlowAnswersAreGivenUp) {
  const FakeServer silent([](FakeServer::Peer& peer) {
    peer.ReceiveHead();
    peer.ReceiveHead();
  });
  const FakeServer trickling([](FakeServer::Peer& peer) {
    peer.ReceiveHead();
    peer.Send(absl::StrCat(kOkHead, "Content-Length: 100000\r\n\r\n"));
    while (peer.Send("b")) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  });
  HttpClient client(Patient(300));
  for (const FakeServer* const server : {&silent, &trickling}) {
    const auto response = client.Get(UrlOf(server->address()));
    EXPECT_THAT(response, HasCode(absl::StatusCode::kDeadlineExceeded));
    EXPECT_THAT(MessageOf(response), HasSubstr("did not come in time"));
  }
}

TEST(HttpClientTest, WhereNobodyListensTheErrorSaysSo) {
  std::string address;
  {
    const FakeServer gone(Once(""));
    address = gone.address();
  }
  HttpClient client;
  const auto response = client.Get(UrlOf(address));
  EXPECT_THAT(response, HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(MessageOf(response), HasSubstr("nothing answers there"));
}

TEST(HttpClientTest, UnknownNamesAreSaid) {
  HttpClient client(Patient(15'000));
  const auto response = client.Get("http://nowhere.invalid/");
  if (absl::IsDeadlineExceeded(response.status())) GTEST_SKIP() << "no name server answers here";
  EXPECT_THAT(response, HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(MessageOf(response), HasSubstr("no machine of the name nowhere.invalid is known"));
}

TEST(HttpClientTest, AnswersThatAreNotHttpOrCutOffAreErrors) {
  HttpClient client(Patient(5000));
  for (const char* const bytes : {"", "hello", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
                                  "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/9.9 hello\r\n\r\n",
                                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                                  "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
                                  "Content-Length: 5\r\n\r\nhello"}) {
    const FakeServer server(Once(bytes));
    EXPECT_THAT(client.Get(UrlOf(server.address())), HasCode(absl::StatusCode::kUnavailable))
        << bytes;
  }
}

TEST(HttpClientTest, OnlyHttpIsSpoken) {
  HttpClient client;
  for (const char* const url :
       {"", "/a", "example.com/a", "file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/",
        "http://", "http://127.0.0.1:99999/", "http://a b/", "javascript:1"}) {
    EXPECT_THAT(client.Get(url), FailsWith(Reason::kMalformed)) << url;
    EXPECT_THAT(client.Post(url, "text/plain", ""), FailsWith(Reason::kMalformed)) << url;
  }
  EXPECT_THAT(client.Get(absl::string_view("http://127.0.0.1/\0a", 19)),
              FailsWith(Reason::kMalformed));
  EXPECT_THAT(client.Get("http://127.0.0.1/" + std::string(10'000, 'a')),
              FailsWith(Reason::kMalformed));
}

// Leads /3 to /2 to /1 to /0, and others elsewhere.
HttpResponse Lead(const HttpRequest& request) {
  HttpResponse response;
  response.status = 302;
  const std::string& path = request.target;
  std::string to;
  if (path == "/file") to = "file:///etc/passwd";
  if (path == "/self") to = "/self";
  if (path.size() == 2 && path[1] > '0') to = absl::StrCat("/", path[1] - '0' - 1);
  if (to.empty()) {
    response.status = path == "/bare" ? 302 : 200;
  } else {
    response.headers.emplace_back("Location", to);
  }
  response.body = path;
  return response;
}

TEST(HttpClientTest, FollowsAFewRedirects) {
  const auto server = Serve(Lead);
  HttpClient client;
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const HttpResponse led, client.Get(UrlOf(server->address(), "/3")));
  EXPECT_EQ(led.status, 200);
  EXPECT_EQ(led.body, "/0");
  EXPECT_THAT(MessageOf(client.Get(UrlOf(server->address(), "/4"))),
              HasSubstr("leads on more than 3 times"));
  EXPECT_THAT(MessageOf(client.Get(UrlOf(server->address(), "/self"))),
              HasSubstr("leads on more than 3 times"));
  EXPECT_THAT(client.Get(UrlOf(server->address(), "/file")), FailsWith(Reason::kMalformed));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const HttpResponse bare,
                                client.Get(UrlOf(server->address(), "/bare")));
  EXPECT_EQ(bare.status, 302);
}

TEST(HttpClientTest, PostsAreNotLedOn) {
  const auto server = Serve(Lead);
  HttpClient client;
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const HttpResponse response,
                                client.Post(UrlOf(server->address(), "/3"), "text/plain", "a"));
  EXPECT_EQ(response.status, 302);
  EXPECT_EQ(response.header("location"), "/2");
}

TEST(HttpClientTest, AnInterimAnswerIsReadOver) {
  const FakeServer server(
      Always("HTTP/1.1 100 Continue\r\nX-First: a\r\n\r\n"
             "HTTP/1.1 200 OK\r\nX-Second: b\r\nContent-Length: 0\r\n\r\n"));
  HttpClient client;
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const HttpResponse response, client.Get(UrlOf(server.address())));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header("x-first"), "");
  EXPECT_EQ(response.header("x-second"), "b");
}

TEST(HttpClientTest, ThisMachineIsReachedWithoutAProxy) {
  setenv("http_proxy", "http://127.0.0.1:1", 1);
  setenv("all_proxy", "http://127.0.0.1:1", 1);
  const auto server = Serve();
  HttpClient client;
  EXPECT_TRUE(client.Get(UrlOf(server->address())).ok());
  // Others are reached through it: here, through one that is not there.
  const auto response = client.Get("http://192.0.2.1/");
  EXPECT_THAT(response, HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(MessageOf(response), HasSubstr("nothing answers"));
  unsetenv("http_proxy");
  unsetenv("all_proxy");
}

TEST(HttpClientTest, ACertificateMustBeTrusted) {
  const FakeServer server(Always(absl::StrCat(kOkHead, "Content-Length: 2\r\n\r\nok")),
                          /*tls=*/true);
  const std::string url = absl::StrCat("https://", server.address(), "/");
  HttpClient stranger;
  const auto refused = stranger.Get(url);
  EXPECT_THAT(refused, HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(MessageOf(refused), HasSubstr("its certificate cannot be trusted"));

  const testing::TempDir dir;
  HttpClientOptions options;
  options.ca_file = dir.File("ca.pem");
  std::ofstream(options.ca_file) << server.certificate();
  HttpClient friendly(options);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const HttpResponse response, friendly.Get(url));
  EXPECT_EQ(response.body, "ok");
  // The certificate is for 127.0.0.1 alone.
  std::string other = url;
  other.replace(other.find("127.0.0.1"), 9, "localhost");
  EXPECT_THAT(MessageOf(friendly.Get(other)), HasSubstr("its certificate cannot be trusted"));

  options.ca_file = dir.File("missing.pem");
  HttpClient without(options);
  EXPECT_THAT(MessageOf(without.Get(url)), HasSubstr("certificates to trust cannot be read"));
}

// The client says goodbye on connections that the server has already closed.
TEST(HttpClientTest, AConnectionOverTlsThatTheServerClosedEndsNobody) {
  const FakeServer server(Once(absl::StrCat(kOkHead, "Content-Length: 2\r\n\r\nok")),
                          /*tls=*/true);
  const testing::TempDir dir;
  HttpClientOptions options;
  options.ca_file = dir.File("ca.pem");
  std::ofstream(options.ca_file) << server.certificate();
  for (int i = 0; i < 5; ++i) {
    HttpClient client(options);
    for (int j = 0; j < 3; ++j) {
      SCRUTINY_EXPECT_OK(client.Get(absl::StrCat("https://", server.address(), "/")));
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
}

TEST(HttpClientTest, FromHttpsNothingLeadsToHttp) {
  const FakeServer server(
      Always("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"),
      /*tls=*/true);
  const testing::TempDir dir;
  HttpClientOptions options;
  options.ca_file = dir.File("ca.pem");
  std::ofstream(options.ca_file) << server.certificate();
  HttpClient client(options);
  EXPECT_THAT(MessageOf(client.Get(absl::StrCat("https://", server.address(), "/"))),
              HasSubstr("leads from https on to http://127.0.0.1:1/"));
}

TEST(HttpClientTest, WhereNoTlsIsSpokenTheErrorSaysSo) {
  const auto server = Serve();
  HttpClient client;
  const auto response = client.Get(absl::StrCat("https://", server->address(), "/"));
  EXPECT_THAT(response, HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(MessageOf(response), HasSubstr("no TLS connection could be made"));
}

}  // namespace
}  // namespace scrutiny::services
