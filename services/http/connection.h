// services/http/connection.h
// One client of the server: its requests one after the other, its deadlines, its end.
//
// Guarantees:  at any moment it waits for one thing, with a deadline, except while its request is
//              with the handler. An idle one holds no buffer.
// Threads:     confined to the thread of the server's io_context.
// Lifetime:    shared, because each operation under way keeps it alive; the host outlives all.
// Tests:       tests/services/http/server_*_test.cc
#ifndef SCRUTINY_SERVICES_HTTP_CONNECTION_H_
#define SCRUTINY_SERVICES_HTTP_CONNECTION_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "boost/asio/io_context.hpp"
#include "boost/asio/ip/tcp.hpp"
#include "boost/asio/steady_timer.hpp"
#include "boost/beast/core/flat_buffer.hpp"

#include "services/http/message.h"
#include "services/http/request_reader.h"
#include "services/http/server.h"

namespace scrutiny::services {

class Connection;

// What a client keeps its connection waiting for.
enum class WaitsFor : uint8_t {
  kNothing,  // its request is being handled, or it is closed
  kIdle,     // for the next request, or for the end
  kReading,  // for the rest of a request
  kWriting,  // for the client to read its answer
};
inline constexpr size_t kWaitsForCount = 4;

using ConnectionPtr = std::shared_ptr<Connection>;

// What a connection needs of its server, on the io_context's thread.
class ConnectionHost {
 public:
  virtual ~ConnectionHost() = default;

  virtual const HttpServerOptions& options() const = 0;
  virtual const RequestLimits& limits() const = 0;
  virtual bool stopping() const = 0;
  // The value of a Date header.
  virtual const std::string& Date() = 0;
  // Has the request handled, and calls Respond then; false if too many wait.
  virtual bool Handle(ConnectionPtr connection, HttpRequest request) = 0;
  // Bytes that wait to be written; false if they are too many, even where slow readers make room.
  // What was granted is given back.
  virtual bool TakeUnsent(size_t bytes) = 0;
  virtual void ReturnUnsent(size_t bytes) = 0;
  // What its client keeps it waiting for, each time that changes.
  virtual void OnWaits(Connection& connection, WaitsFor what) = 0;
  // It holds no socket any more; said once.
  virtual void OnClosed(Connection& connection) = 0;
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::ip::tcp::socket socket, ConnectionHost& host);

  // Waits for the first request.
  void Start();
  // Answers 503 without reading anything, and ends.
  void StartRefusal();
  // The answer to the request that was handed over.
  void Respond(HttpResponse response);
  // Ends at once.
  void Close();
  // The server stops: ends if nothing is under way.
  void OnStopping();

  // The host's own: where it stands in the host's lists.
  struct Place {
    std::list<ConnectionPtr>::iterator in_all;
    std::list<Connection*>::iterator in_waiting;
    WaitsFor waits_for = WaitsFor::kNothing;
    bool is_refusal = false;
  };
  Place& place() { return place_; }

  // How much of its answer the system took in each second since it began; while it writes.
  struct Progress {
    int64_t micros = 0;
    size_t bytes_per_second = 0;
  };
  Progress progress() const;
  bool holds_unsent() const { return unsent_ > 0; }

 private:
  enum class Phase : uint8_t { kIdle, kHead, kBody, kHandling, kWriting, kLingering, kClosed };

  void WaitForRequest();
  void Read();
  void OnRead(size_t bytes, bool ended);
  // Takes what the buffer holds of the request.
  void Advance();
  void BeginBody();
  void HandOver();

  void Send(HttpResponse response);
  void MakeHead(const HttpResponse& response, bool with_body);
  void OnSent();
  // Lets the client read the answer before the connection is gone: closing with bytes unread would
  // have the system throw away what is on its way.
  void Linger();

  void Enter(Phase phase, int64_t timeout_micros);
  void SetPhase(Phase phase);
  static WaitsFor WaitsForIn(Phase phase);
  void OnDeadline();
  absl::string_view Buffered() const;

  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer timer_;
  ConnectionHost& host_;
  Place place_;

  Phase phase_ = Phase::kIdle;
  // Counts the phases, so that what belonged to an earlier one is known by it.
  uint64_t turn_ = 0;

  boost::beast::flat_buffer buffer_;
  absl::optional<RequestReader> reader_;

  bool keep_alive_ = false;
  bool is_head_ = false;
  bool is_http10_ = false;
  size_t unsent_ = 0;
  size_t sent_ = 0;
  std::chrono::steady_clock::time_point writing_since_;
  std::string head_out_;
  std::string body_out_;
};

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_HTTP_CONNECTION_H_
