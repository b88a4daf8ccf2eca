// services/http/request_reader.h
// Takes one request of HTTP/1.1 out of the bytes a client sends; the connection does the sending
// and receiving.
//
// Guarantees:  strict, so that nobody in between can read a request otherwise than this does: CR LF
//              alone ends a line, headers are not folded, one Host, one length, no coding but
//              chunked. However the bytes are cut into pieces, the outcome is the same.
// Threads:     thread-compatible.
// Errors:      a refusal is the response to send before closing: 400, 405, 413, 414, 417, 431, 501.
// Limits:      RequestLimits. No more than head_bytes_max bytes wait to be consumed.
// Source:      RFC 9110, RFC 9112.   Tests: tests/services/http/request_reader_test.cc
#ifndef SCRUTINY_SERVICES_HTTP_REQUEST_READER_H_
#define SCRUTINY_SERVICES_HTTP_REQUEST_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/http/message.h"

namespace scrutiny::services {

struct RequestLimits {
  size_t head_bytes_max = 8 * 1024;
  size_t target_bytes_max = 2 * 1024;
  size_t body_bytes_max = 64 * 1024;
  std::vector<std::string> methods = {"GET"};  // HEAD goes with GET
};

class RequestReader {
 public:
  enum class State : uint8_t {
    kHead,     // reads request line and headers
    kBody,     // reads the body
    kDone,     // the request is whole
    kRefused,  // the answer is refusal(), and what follows cannot be read
  };

  // Borrows the limits.
  explicit RequestReader(const RequestLimits& limits) : limits_(limits) {}

  // Takes what it can from the front of the bytes that came and were not yet taken, and returns how
  // many it took; 0 in kHead or kBody means that it needs more. It stops between head and body.
  size_t Consume(absl::string_view bytes);
  // The client sends nothing more.
  void End();

  State state() const { return state_; }
  // In kHead: whether a request has begun.
  bool begun() const { return scanned_ > 0; }
  // From kBody on.
  bool wants_continue() const { return wants_continue_; }
  bool keep_alive() const { return keep_alive_; }
  bool is_head() const { return is_head_; }
  bool is_http10() const { return is_http10_; }

  // In kDone, and once.
  HttpRequest TakeRequest() { return std::move(request_); }
  // In kRefused, and once.
  HttpResponse TakeRefusal() { return std::move(refusal_); }

 private:
  enum class Body : uint8_t { kLength, kChunkSize, kChunkData, kChunkEnd, kTrailer };
  enum class Line : uint8_t { kWhole, kNeedMore, kBad };

  size_t ConsumeHead(absl::string_view bytes);
  size_t ConsumeBody(absl::string_view bytes);
  size_t ConsumeChunkSize(absl::string_view bytes);
  size_t ConsumeTrailer(absl::string_view bytes);
  size_t AppendBody(absl::string_view bytes);

  // Looks at the bytes not looked at so far; the length of the head once it is whole, else 0.
  size_t ScanHead(absl::string_view bytes);
  void ParseHead(absl::string_view head);
  bool SetTarget(absl::string_view target);
  bool CheckHeaders();
  bool SetBodyLength();
  bool CheckMethod();
  // One line of the chunked coding.
  static Line TakeLine(absl::string_view bytes, size_t bytes_max, absl::string_view* line);

  void Refuse(int status, absl::string_view why);

  const RequestLimits& limits_;
  State state_ = State::kHead;

  // The scan of the head.
  size_t scanned_ = 0;
  size_t line_bytes_ = 0;
  bool first_line_ = true;
  bool after_cr_ = false;

  // The body.
  Body body_ = Body::kLength;
  uint64_t body_left_ = 0;  // of the body, or of the chunk
  size_t trailer_bytes_ = 0;

  bool wants_continue_ = false;
  bool keep_alive_ = false;
  bool is_head_ = false;
  bool is_http10_ = false;
  HttpRequest request_;
  HttpResponse refusal_;
};

// "GET, HEAD, POST" for the methods of the limits.
std::string AllowedMethods(const std::vector<std::string>& methods);

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_HTTP_REQUEST_READER_H_
