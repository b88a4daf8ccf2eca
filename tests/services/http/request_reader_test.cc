#include "services/http/request_reader.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace scrutiny::services {
namespace {

using State = RequestReader::State;

RequestLimits SmallLimits() {
  RequestLimits limits;
  limits.head_bytes_max = 1024;
  limits.target_bytes_max = 200;
  limits.body_bytes_max = 100;
  limits.methods = {"GET", "POST", "OPTIONS"};
  return limits;
}

// What a run of bytes was read as: a line for each request, and for a refusal or an unfinished end.
std::vector<std::string> ReadAs(const std::vector<std::string>& pieces) {
  static const auto& limits = *new RequestLimits(SmallLimits());
  std::vector<std::string> read;
  std::string buffer;
  absl::optional<RequestReader> reader(absl::in_place, limits);
  for (const std::string& piece : pieces) {
    buffer += piece;
    for (;;) {
      const size_t taken = reader->Consume(buffer);
      EXPECT_LE(taken, buffer.size());
      buffer.erase(0, taken);
      if (reader->state() == State::kRefused) {
        read.push_back(absl::StrCat("refused ", reader->TakeRefusal().status));
        return read;
      }
      if (reader->state() == State::kDone) {
        const HttpRequest request = reader->TakeRequest();
        EXPECT_LE(request.body.size(), limits.body_bytes_max);
        EXPECT_TRUE(absl::StartsWith(request.target, "/") || request.target == "*");
        read.push_back(absl::StrCat(reader->is_head() ? "HEAD as " : "", request.method, " ",
                                    request.target, "?", request.query, " ", request.body,
                                    reader->keep_alive() ? "" : " and close"));
        reader.emplace(limits);
        continue;
      }
      if (taken == 0) break;
    }
    EXPECT_LE(buffer.size(), limits.head_bytes_max + piece.size());
  }
  if (!buffer.empty() || reader->state() != State::kHead) read.push_back("unfinished");
  return read;
}

std::string ReadAs(const std::string& bytes) {
  const std::vector<std::string> read = ReadAs(std::vector<std::string>{bytes});
  return read.empty() ? "nothing" : read.front();
}

std::vector<std::string> ByteByByte(const std::string& bytes) {
  std::vector<std::string> pieces;
  for (const char c : bytes) pieces.emplace_back(1, c);
  return pieces;
}

const std::vector<std::string>& GoodRequests() {
  static const auto& good = *new std::vector<std::string>{
      "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
      "\r\nGET /a?b=c HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n",
      "HEAD /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
      "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\n6 ; a=\"b\"\r\n world\r\n000\r\nX: y\r\n\r\n",
      "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n",
      "GET http://example.com/b?c HTTP/1.1\r\nHost: example.com\r\n\r\n",
      "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
  };
  return good;
}

TEST(RequestReaderTest, ReadsWhatIsMeant) {
  std::string all;
  for (const std::string& request : GoodRequests()) all += request;
  const std::vector<std::string> expected = {
      "GET /? ",        "GET /a?b=c ",          "HEAD as GET /a?  and close",
      "POST /a? hello", "POST /a? hello world", "POST /a? ",
      "GET /b?c ",      "OPTIONS *? ",          "GET /? "};
  EXPECT_EQ(ReadAs(std::vector<std::string>{all}), expected);
  EXPECT_EQ(ReadAs(ByteByByte(all)), expected);
}

TEST(RequestReaderTest, AnAbsoluteAddressIsThatOfItsPath) {
  EXPECT_EQ(ReadAs("GET http://h HTTP/1.1\r\nHost: h\r\n\r\n"), "GET /? ");
  EXPECT_EQ(ReadAs("GET https://h:1?q HTTP/1.1\r\nHost: h\r\n\r\n"), "GET /?q ");
  EXPECT_EQ(ReadAs("GET HTTP://h/p?q?r HTTP/1.1\r\nHost: h\r\n\r\n"), "GET /p?q?r ");
}

TEST(RequestReaderTest, AQueryIsKnownThoughItIsEmpty) {
  const auto has_query = [](absl::string_view target) {
    const RequestLimits limits = SmallLimits();
    RequestReader reader(limits);
    std::string bytes = absl::StrCat("GET ", target, " HTTP/1.1\r\nHost: x\r\n\r\n");
    for (size_t taken = 1; taken > 0 && reader.state() != State::kDone;) {
      taken = reader.Consume(bytes);
      bytes.erase(0, taken);
    }
    EXPECT_EQ(reader.state(), State::kDone) << target;
    return reader.TakeRequest().has_query;
  };
  EXPECT_FALSE(has_query("/a"));
  EXPECT_TRUE(has_query("/a?"));
  EXPECT_TRUE(has_query("/a?b=c"));
  EXPECT_TRUE(has_query("http://x/a?"));
}

TEST(RequestReaderTest, MalformedRequestsAreRefused) {
  for (const char* const bytes : {
           "\x16\x03\x01",                                   // TLS
           "PRI * HTTP/2.0\r\n\r\n",                         // HTTP/2
           " GET / HTTP/1.1\r\nHost: x\r\n\r\n",             //
           "GET / HTTP/1.1\nHost: x\n\n",                    // LF alone
           "GET / HTTP/1.1\rHost: x\r\r",                    // CR alone
           "GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n",   //
           "GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n",     // space before the colon
           "GET / HTTP/1.1\r\nHost: x\r\nA\r\n\r\n",         //
           "GET / HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n",       //
           "GET / HTTP/1.1\r\nHost: x\r\nA: b\x01\r\n\r\n",  //
           "GET / HTTP/1.1\r\n\r\n",                         // no Host
           "GET / HTTP/1.1\r\nHost: x\r\nhost: y\r\n\r\n",   // two
           "GET / HTTP/1.2\r\nHost: x\r\n\r\n",              //
           "GET / HTTP/0.9\r\nHost: x\r\n\r\n",              //
           "GET /\r\nHost: x\r\n\r\n",                       //
           "GET  / HTTP/1.1\r\nHost: x\r\n\r\n",             // two spaces
           "GET / a HTTP/1.1\r\nHost: x\r\n\r\n",            //
           "GET a HTTP/1.1\r\nHost: x\r\n\r\n",              // not a path
           "GET * HTTP/1.1\r\nHost: x\r\n\r\n",              //
           "GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n",           // a fragment
           "GET /\xc3\xa9 HTTP/1.1\r\nHost: x\r\n\r\n",      // not ASCII
           "CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\n",        //
           "G\xc3\xa9T / HTTP/1.1\r\nHost: x\r\n\r\n",       //
           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x1\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 1\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
           "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
       }) {
    EXPECT_EQ(ReadAs(bytes), "refused 400") << bytes;
  }
}

TEST(RequestReaderTest, MalformedChunksAreRefused) {
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const char* const chunks :
       {"\r\n", "g\r\n", "-1\r\n", "0x1\r\n", " 1\r\na\r\n", "1\na\r\n", "1\r\nab\r\n",
        "1\r\na\n0\r\n\r\n", "1 a\r\n", "1\x01\r\n", "ffffffffffffffff\r\n", "1;a\x01\r\na\r\n",
        "0\r\n\n", "0\r\nX: \x01\r\n\r\n"}) {
    EXPECT_EQ(ReadAs(head + chunks), "refused 400") << chunks;
  }
  EXPECT_EQ(ReadAs(head + "1;" + std::string(300, 'e') + "\r\na\r\n"), "refused 400");
  EXPECT_EQ(ReadAs(head + "0\r\nX: " + std::string(2000, 'e') + "\r\n\r\n"), "refused 400");
}

TEST(RequestReaderTest, OtherCodingsAreRefused) {
  for (const char* const coding : {"gzip", "gzip, chunked", "identity", "chunked, chunked", ""}) {
    const std::string read = ReadAs(
        absl::StrCat("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: ", coding, "\r\n\r\n"));
    EXPECT_THAT(read, ::testing::AnyOf("refused 501", "refused 400")) << coding;
  }
  EXPECT_EQ(ReadAs("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n"
                   "Transfer-Encoding: chunked\r\n\r\n"),
            "refused 400");
}

TEST(RequestReaderTest, OtherExpectationsAreRefused) {
  EXPECT_EQ(ReadAs("GET / HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\n\r\n"), "refused 417");
}

TEST(RequestReaderTest, LimitsAreExact) {
  const std::string get = "GET /";
  const std::string rest = " HTTP/1.1\r\nHost: x\r\n\r\n";
  EXPECT_EQ(ReadAs(get + std::string(199, 'a') + rest), "GET /" + std::string(199, 'a') + "? ");
  EXPECT_EQ(ReadAs(get + std::string(200, 'a') + rest), "refused 414");
  EXPECT_EQ(ReadAs(get + std::string(5000, 'a') + rest), "refused 414");
  EXPECT_EQ(ReadAs(get + std::string(5000, 'a')), "refused 414") << "before its end";

  const std::string head = "GET / HTTP/1.1\r\nHost: x\r\nA: ";
  const size_t room = 1024 - head.size() - 4;
  EXPECT_EQ(ReadAs(head + std::string(room, 'a') + "\r\n\r\n"), "GET /? ");
  EXPECT_EQ(ReadAs(head + std::string(room + 1, 'a') + "\r\n\r\n"), "refused 431");
  EXPECT_EQ(ReadAs(head + std::string(9000, 'a')), "refused 431") << "before its end";

  const std::string post = "POST / HTTP/1.1\r\nHost: x\r\n";
  EXPECT_EQ(ReadAs(post + "Content-Length: 100\r\n\r\n" + std::string(100, 'b')),
            "POST /? " + std::string(100, 'b'));
  EXPECT_EQ(ReadAs(post + "Content-Length: 101\r\n\r\n"), "refused 413");
  EXPECT_EQ(ReadAs(post + "Content-Length: 18446744073709551615\r\n\r\n"), "refused 413");
  const std::string chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(ReadAs(chunked + "60\r\n" + std::string(96, 'b') + "\r\n4\r\nbbbb\r\n0\r\n\r\n"),
            "POST /? " + std::string(100, 'b'));
  EXPECT_EQ(ReadAs(chunked + "60\r\n" + std::string(96, 'b') + "\r\n5\r\n"), "refused 413");
  EXPECT_EQ(ReadAs(chunked + "fffffffffffffff\r\n"), "refused 413");
}

TEST(RequestReaderTest, AnEndInTheMiddleIsRefused) {
  const RequestLimits limits = SmallLimits();
  for (const std::string& request : GoodRequests()) {
    for (size_t length = 1; length < request.size(); ++length) {
      RequestReader reader(limits);
      absl::string_view left = absl::string_view(request).substr(0, length);
      for (size_t taken = 1; taken > 0;) {
        taken = reader.Consume(left);
        left.remove_prefix(taken);
      }
      ASSERT_NE(reader.state(), State::kRefused) << request.substr(0, length);
      if (reader.state() == State::kDone) continue;
      reader.End();
      EXPECT_EQ(reader.state(), State::kRefused);
      EXPECT_EQ(reader.TakeRefusal().status, 400);
    }
  }
}

// Goal: no byte changed, left out or doubled lets a request be read past its own end or over a
// limit, and the outcome does not depend on how the bytes arrive. ReadAs checks the former.
TEST(RequestReaderTest, EveryByteAlteredIsReadAlikeHoweverItArrives) {
  for (const std::string& request : GoodRequests()) {
    for (size_t at = 0; at < request.size(); ++at) {
      for (const char c : {'\0', '\r', '\n', ' ', ':', '/', '0', 'f', 'z', '\x7f', '\xff'}) {
        std::string altered = request;
        altered[at] = c;
        ASSERT_EQ(ReadAs(std::vector<std::string>{altered}), ReadAs(ByteByByte(altered)))
            << altered;
      }
      std::string shorter = request;
      shorter.erase(at, 1);
      ASSERT_EQ(ReadAs(std::vector<std::string>{shorter}), ReadAs(ByteByByte(shorter)));
      std::string longer = request;
      longer.insert(at, 1, request[at]);
      ASSERT_EQ(ReadAs(std::vector<std::string>{longer}), ReadAs(ByteByByte(longer)));
    }
  }
}

RC_GTEST_PROP(RequestReaderTest, AnyBytesInAnyPiecesAreReadAlike, ()) {
  const auto part = rc::gen::oneOf(
      rc::gen::elementOf(GoodRequests()), rc::gen::string<std::string>(),
      rc::gen::elementOf(std::vector<std::string>{
          "\r\n", "GET ", "/", " HTTP/1.1", "Host: x\r\n", "Content-Length: ", "7", "0\r\n\r\n",
          "Transfer-Encoding: chunked\r\n", "Expect: 100-continue\r\n", "Connection: close\r\n"}));
  const auto parts = *rc::gen::container<std::vector<std::string>>(part);
  std::string all;
  for (const std::string& one : parts) all += one;
  std::vector<std::string> pieces;
  for (size_t at = 0; at < all.size();) {
    const size_t bytes = *rc::gen::inRange<size_t>(1, 40);
    pieces.push_back(all.substr(at, bytes));
    at += pieces.back().size();
  }
  RC_ASSERT(ReadAs(std::vector<std::string>{all}) == ReadAs(pieces));
}

}  // namespace
}  // namespace scrutiny::services
