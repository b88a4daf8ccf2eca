// services/http/server.h
// A server of HTTP/1.1 for small things that many may ask for: it reads requests whole, hands them
// to one function, and writes what that returns. It knows nothing of what is served.
//
// Guarantees:  Start returns once it serves. A client that sends or reads slowly, sends nothing, or
//              sends nonsense costs one connection for a bounded time and nobody else anything.
//              What a handler throws is a 500.
// Requests:    a handler sees whole, well-formed requests of the methods in the options; HEAD comes
//              as GET and its answer goes without its body. Requests of one connection, pipelined
//              or not, are handled one after the other.
// Threads:     thread-safe. The handler is called on several threads at once, never on the one that
//              does the network's work, so it may read from disk.
// Errors:      kMalformed (not an address, or one that others can reach); UNAVAILABLE (the port is
//              taken).
// Limits:      those of the options; beyond them 413, 414, 431, or 503 with Retry-After.
// Tests:       tests/services/http/server_*_test.cc
#ifndef SCRUTINY_SERVICES_HTTP_SERVER_H_
#define SCRUTINY_SERVICES_HTTP_SERVER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "services/http/message.h"

namespace scrutiny::services {

struct HttpServerOptions {
  std::string listen = "127.0.0.1:8080";  // port 0 picks a free one
  bool loopback_only = true;              // refuse an address that others can reach

  // What the handler takes; HEAD goes with GET. Anything else is answered 405.
  std::vector<std::string> methods = {"GET", "POST", "OPTIONS"};

  size_t head_bytes_max = 8 * 1024;    // request line and headers: 431
  size_t target_bytes_max = 2 * 1024;  // path and query: 414
  size_t body_bytes_max = 64 * 1024;   // 413

  // Beyond it, the connection that has been idle longest is closed for the new one, or where none
  // is idle, the one that has been sending its request longest; where all requests are being
  // answered, the new one gets 503. Lowered at start to what the limit of file descriptors leaves.
  size_t connections_max = 4096;
  // File descriptors left to the rest of the program.
  size_t descriptors_reserved = 512;

  size_t handler_threads = 2;
  size_t requests_waiting_max = 256;  // for a free handler thread: 503
  // Of all responses being written that are longer than unsent_bytes_free. Beyond it, the slowest
  // reader of those that have had slow_read_micros is cut off; where there is none, 503.
  size_t unsent_bytes_max = 128 * size_t{1 << 20};
  size_t unsent_bytes_free = 16 * 1024;
  int64_t slow_read_micros = 1'000'000;

  int64_t idle_timeout_micros = 60'000'000;   // without a request
  int64_t head_timeout_micros = 10'000'000;   // from its first byte to the end of its headers
  int64_t body_timeout_micros = 30'000'000;   // the whole body
  int64_t write_timeout_micros = 30'000'000;  // the whole response, and what it takes at this rate:
  size_t write_bytes_per_second_min = 32 * 1024;
};

using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

class HttpServer {
 public:
  // What the handler uses must outlive the server.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(const HttpServerOptions& options,
                                                           HttpHandler handler);
  virtual ~HttpServer() = default;

  // Where it listens, with the port that was chosen, such as `127.0.0.1:8080`.
  virtual const std::string& address() const = 0;

  // How many connections it takes, after the limit of file descriptors was looked at.
  virtual size_t connections_max() const = 0;

  // Takes no new connection, closes idle ones, answers the requests it has begun to read, and
  // after so long closes what is left. Returns when no handler runs any more, so a handler must not
  // call it. The destructor does it without waiting for clients.
  virtual void Shutdown(int64_t timeout_micros) = 0;
};

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_HTTP_SERVER_H_
