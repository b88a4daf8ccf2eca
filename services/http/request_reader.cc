#include "services/http/request_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "boost/asio/buffer.hpp"
#include "boost/beast/http/empty_body.hpp"
#include "boost/beast/http/parser.hpp"

namespace scrutiny::services {
namespace {

namespace http = boost::beast::http;

// What the request line has besides its target: a method of some length, the version, two spaces.
constexpr size_t kRequestLineOtherBytesMax = 64;
// The line that gives a chunk's size; extensions are read over.
constexpr size_t kChunkLineBytesMax = 256;
constexpr size_t kChunkSizeDigitsMax = 15;
constexpr size_t kLengthDigitsMax = 18;

absl::string_view View(boost::beast::string_view text) { return {text.data(), text.size()}; }

bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

bool AllDigits(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); });
}

size_t CountHeaders(const HttpHeaders& headers, absl::string_view name) {
  return static_cast<size_t>(std::count_if(
      headers.begin(), headers.end(),
      [name](const auto& header) { return absl::EqualsIgnoreCase(header.first, name); }));
}

}  // namespace

std::string AllowedMethods(const std::vector<std::string>& methods) {
  std::string allowed;
  for (const std::string& method : methods) {
    absl::StrAppend(&allowed, allowed.empty() ? "" : ", ", method, method == "GET" ? ", HEAD" : "");
  }
  return allowed;
}

size_t RequestReader::Consume(absl::string_view bytes) {
  switch (state_) {
    case State::kHead:
      return ConsumeHead(bytes);
    case State::kBody:
      return ConsumeBody(bytes);
    case State::kDone:
    case State::kRefused:
      break;
  }
  return 0;
}

void RequestReader::End() {
  if (state_ == State::kHead || state_ == State::kBody) {
    Refuse(400, "The connection ended in the middle of the request.");
  }
}

void RequestReader::Refuse(int status, absl::string_view why) {
  refusal_ = TextResponse(status, why);
  state_ = State::kRefused;
  keep_alive_ = false;
}

size_t RequestReader::ConsumeHead(absl::string_view bytes) {
  const size_t head_bytes = ScanHead(bytes);
  if (head_bytes == 0 || state_ == State::kRefused) return 0;
  if (line_bytes_ == 0 && head_bytes == 2) {
    // An empty line before the request: some clients end a body with one that is not counted.
    scanned_ = 0;
    return head_bytes;
  }
  ParseHead(bytes.substr(0, head_bytes));
  return head_bytes;
}

size_t RequestReader::ScanHead(absl::string_view bytes) {
  for (; scanned_ < bytes.size(); ++scanned_) {
    if (scanned_ >= limits_.head_bytes_max) {
      Refuse(431, absl::StrCat("The headers are longer than ", limits_.head_bytes_max, " bytes."));
      return 0;
    }
    const char c = bytes[scanned_];
    if (after_cr_ != (c == '\n')) {
      Refuse(400, "A line of the request does not end with CR LF.");
      return 0;
    }
    if (c == '\n') {
      after_cr_ = false;
      if (line_bytes_ == 0) return ++scanned_;
      line_bytes_ = 0;
      first_line_ = false;
    } else if (c == '\r') {
      after_cr_ = true;
    } else if (IsControl(c)) {
      Refuse(400, "There is a control character in the request.");
      return 0;
    } else {
      if (line_bytes_ == 0 && (c == ' ' || c == '\t')) {
        Refuse(400, "A line of the request begins with white space.");
        return 0;
      }
      ++line_bytes_;
      if (first_line_ && line_bytes_ > limits_.target_bytes_max + kRequestLineOtherBytesMax) {
        Refuse(414,
               absl::StrCat("The address is longer than ", limits_.target_bytes_max, " bytes."));
        return 0;
      }
    }
  }
  return 0;
}

void RequestReader::ParseHead(absl::string_view head) {
  http::request_parser<http::empty_body> parser;
  // The scan has looked at the length already, and bodies are read here.
  parser.header_limit(static_cast<std::uint32_t>(head.size() + 1));
  parser.skip(true);
  boost::beast::error_code error;
  const size_t used = parser.put(boost::asio::const_buffer(head.data(), head.size()), error);
  if (error || used != head.size() || !parser.is_done()) {
    Refuse(400, "The request is not HTTP/1.1 as RFC 9112 has it.");
    return;
  }
  const auto& message = parser.get();
  request_.method = std::string(View(message.method_string()));
  for (const auto& field : message) {
    request_.headers.emplace_back(std::string(View(field.name_string())),
                                  std::string(View(field.value())));
  }
  is_http10_ = message.version() < 11;
  is_head_ = request_.method == "HEAD";
  if (!SetTarget(View(message.target())) || !CheckHeaders() || !CheckMethod() || !SetBodyLength()) {
    return;
  }
  keep_alive_ = parser.keep_alive();
  state_ = body_left_ > 0 || body_ != Body::kLength ? State::kBody : State::kDone;
  if (state_ == State::kDone) wants_continue_ = false;
}

bool RequestReader::SetTarget(absl::string_view target) {
  if (target.size() > limits_.target_bytes_max) {
    Refuse(414, absl::StrCat("The address is longer than ", limits_.target_bytes_max, " bytes."));
    return false;
  }
  const bool printable = std::all_of(target.begin(), target.end(),
                                     [](char c) { return c > ' ' && c < '\x7f' && c != '#'; });
  // The absolute form is what a proxy is sent; RFC 9112 §3.2.2 has every server take it.
  for (const absl::string_view scheme : {"http://", "https://"}) {
    if (!absl::StartsWithIgnoreCase(target, scheme)) continue;
    const size_t path = target.find_first_of("/?", scheme.size());
    target = path == absl::string_view::npos ? absl::string_view() : target.substr(path);
    if (target.empty() || target.front() == '?') request_.target = "/";
    break;
  }
  const size_t mark = std::min(target.find('?'), target.size());
  if (mark > 0) request_.target = std::string(target.substr(0, mark));
  request_.has_query = mark < target.size();
  if (request_.has_query) request_.query = std::string(target.substr(mark + 1));
  const bool is_path = absl::StartsWith(request_.target, "/");
  if (!printable || !(is_path || (request_.target == "*" && request_.method == "OPTIONS"))) {
    Refuse(400, "The address of the request is not a path.");
    return false;
  }
  return true;
}

bool RequestReader::CheckHeaders() {
  const size_t hosts = CountHeaders(request_.headers, "Host");
  if (hosts > 1 || (hosts == 0 && !is_http10_)) {
    Refuse(400, "A request has one Host header.");
    return false;
  }
  const absl::string_view expected = request_.header("Expect");
  if (expected.empty() || is_http10_) return true;
  if (!absl::EqualsIgnoreCase(expected, "100-continue")) {
    Refuse(417, "Only 100-continue can be expected.");
    return false;
  }
  wants_continue_ = true;
  return true;
}

bool RequestReader::CheckMethod() {
  // A HEAD is a GET whose answer goes without its body.
  if (is_head_) request_.method = "GET";
  const auto& methods = limits_.methods;
  if (std::find(methods.begin(), methods.end(), request_.method) != methods.end()) return true;
  refusal_ = MethodNotAllowed(AllowedMethods(methods));
  state_ = State::kRefused;
  return false;
}

bool RequestReader::SetBodyLength() {
  const size_t codings = CountHeaders(request_.headers, "Transfer-Encoding");
  const size_t lengths = CountHeaders(request_.headers, "Content-Length");
  if (codings + lengths > 1 || (codings > 0 && is_http10_)) {
    Refuse(400, "The length of the body is given in more than one way.");
    return false;
  }
  if (codings == 1) {
    if (!absl::EqualsIgnoreCase(request_.header("Transfer-Encoding"), "chunked")) {
      Refuse(501, "The only transfer coding taken is chunked.");
      return false;
    }
    body_ = Body::kChunkSize;
    return true;
  }
  if (lengths == 0) return true;
  const absl::string_view length = request_.header("Content-Length");
  if (length.empty() || !AllDigits(length)) {
    Refuse(400, "The length of the body is not a number.");
    return false;
  }
  for (const char digit : length.substr(0, kLengthDigitsMax)) {
    body_left_ = body_left_ * 10 + static_cast<uint64_t>(digit - '0');
  }
  if (length.size() > kLengthDigitsMax || body_left_ > limits_.body_bytes_max) {
    Refuse(413, absl::StrCat("The body is longer than ", limits_.body_bytes_max, " bytes."));
    return false;
  }
  return true;
}

size_t RequestReader::ConsumeBody(absl::string_view bytes) {
  switch (body_) {
    case Body::kLength: {
      const size_t taken = AppendBody(bytes);
      if (body_left_ == 0) state_ = State::kDone;
      return taken;
    }
    case Body::kChunkSize:
      return ConsumeChunkSize(bytes);
    case Body::kChunkData: {
      const size_t taken = AppendBody(bytes);
      if (body_left_ == 0) body_ = Body::kChunkEnd;
      return taken;
    }
    case Body::kChunkEnd: {
      absl::string_view line;
      const Line found = TakeLine(bytes, 2, &line);
      if (found == Line::kNeedMore) return 0;
      if (found == Line::kBad || !line.empty()) {
        Refuse(400, "A chunk is longer than its size says.");
        return 0;
      }
      body_ = Body::kChunkSize;
      return 2;
    }
    case Body::kTrailer:
      return ConsumeTrailer(bytes);
  }
  return 0;
}

size_t RequestReader::AppendBody(absl::string_view bytes) {
  const size_t taken = std::min<uint64_t>(bytes.size(), body_left_);
  request_.body.append(bytes.data(), taken);
  body_left_ -= taken;
  return taken;
}

RequestReader::Line RequestReader::TakeLine(absl::string_view bytes, size_t bytes_max,
                                            absl::string_view* line) {
  const size_t end = bytes.substr(0, bytes_max).find('\n');
  if (end == absl::string_view::npos) {
    return bytes.size() < bytes_max ? Line::kNeedMore : Line::kBad;
  }
  if (end == 0 || bytes[end - 1] != '\r') return Line::kBad;
  *line = bytes.substr(0, end - 1);
  return std::any_of(line->begin(), line->end(), IsControl) ? Line::kBad : Line::kWhole;
}

size_t RequestReader::ConsumeChunkSize(absl::string_view bytes) {
  absl::string_view line;
  const Line found = TakeLine(bytes, kChunkLineBytesMax, &line);
  if (found == Line::kNeedMore) return 0;
  size_t digits = 0;
  uint64_t size = 0;
  while (digits < line.size() && digits < kChunkSizeDigitsMax &&
         absl::ascii_isxdigit(static_cast<unsigned char>(line[digits]))) {
    const char c = absl::ascii_tolower(static_cast<unsigned char>(line[digits++]));
    size = size * 16 + static_cast<uint64_t>(c <= '9' ? c - '0' : c - 'a' + 10);
  }
  const absl::string_view extension = absl::StripLeadingAsciiWhitespace(line.substr(digits));
  if (found == Line::kBad || digits == 0 || (!extension.empty() && extension.front() != ';')) {
    Refuse(400, "The size of a chunk cannot be read.");
    return 0;
  }
  if (size > limits_.body_bytes_max - request_.body.size()) {
    Refuse(413, absl::StrCat("The body is longer than ", limits_.body_bytes_max, " bytes."));
    return 0;
  }
  body_left_ = size;
  body_ = size == 0 ? Body::kTrailer : Body::kChunkData;
  return line.size() + 2;
}

size_t RequestReader::ConsumeTrailer(absl::string_view bytes) {
  // Trailers are read over: what they say comes too late to be looked at.
  absl::string_view line;
  const Line found = TakeLine(bytes, limits_.head_bytes_max - trailer_bytes_, &line);
  if (found == Line::kNeedMore) return 0;
  if (found == Line::kBad) {
    Refuse(400, "What follows the last chunk cannot be read.");
    return 0;
  }
  trailer_bytes_ += line.size() + 2;
  if (line.empty()) state_ = State::kDone;
  return line.size() + 2;
}

}  // namespace scrutiny::services
