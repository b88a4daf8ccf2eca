// services/http/client.h
// Fetches from and posts to HTTP servers: a log's tiles, a witness.
//
// Guarantees:  a call ends within its time-out; a body is never longer than the maximum, also not
//              once it is unpacked; only http and https are spoken, redirects included, and never
//              from https to http. A server's certificate is verified.
// Packing:     gzip is taken; the body is the unpacked one, the headers are those that were sent.
// Redirects:   at most kRedirectsMax for Get; Post returns the 3xx.
// Proxies:     those of the environment (http_proxy, https_proxy, no_proxy), except for this
//              machine itself.
// Threads:     one thread at a time; connections are kept open between calls.
// Errors:      an answer of any status is an OK result. kMalformed (not such a URL), UNAVAILABLE
//              (no name, nobody listens, cut off, TLS), DEADLINE_EXCEEDED, CANCELLED, kOverLimit.
// Limits:      those of the options; kHeadBytesMax of headers.
// Tests:       tests/services/http/client_test.cc
#ifndef SCRUTINY_SERVICES_HTTP_CLIENT_H_
#define SCRUTINY_SERVICES_HTTP_CLIENT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/http/message.h"

namespace scrutiny::services {

struct HttpClientOptions {
  int64_t connect_timeout_micros = 10'000'000;
  int64_t timeout_micros = 30'000'000;  // the whole call, redirects included
  size_t body_bytes_max = 32 * size_t{1 << 20};
  std::string user_agent = "scrutiny";
  std::string ca_file;  // certificates to trust instead of the system's
  // Asked once a second and whenever something comes; true ends the call. May be empty.
  std::function<bool()> cancelled;
};

class HttpClient {
 public:
  static constexpr int kRedirectsMax = 3;
  static constexpr size_t kHeadBytesMax = 64 * 1024;

  explicit HttpClient(HttpClientOptions options = {});
  ~HttpClient();
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;

  absl::StatusOr<HttpResponse> Get(absl::string_view url);
  absl::StatusOr<HttpResponse> Post(absl::string_view url, absl::string_view content_type,
                                    absl::string_view body);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_HTTP_CLIENT_H_
