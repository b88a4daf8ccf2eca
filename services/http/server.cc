#include "services/http/server.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <list>
#include <sys/resource.h>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "boost/asio/executor_work_guard.hpp"
#include "boost/asio/io_context.hpp"
#include "boost/asio/ip/tcp.hpp"
#include "boost/asio/post.hpp"
#include "boost/asio/steady_timer.hpp"

#include "ledger/base/clock.h"
#include "ledger/base/error.h"
#include "ledger/base/mutex.h"
#include "ledger/base/status.h"
#include "services/http/address.h"
#include "services/http/connection.h"
#include "services/http/handler_pool.h"

namespace scrutiny::services {
namespace {

using boost::asio::ip::tcp;
using ErrorCode = boost::system::error_code;
using ledger::Error;
using ledger::MutexLock;
using ledger::Reason;

// Connections beyond the maximum that are told so at once; more are closed without a word.
constexpr size_t kRefusalsMax = 64;
// A header that is longer than Beast's fields hold could not be taken in.
constexpr size_t kHeadBytesLimit = 60 * 1024;
// How often to look whether everything was closed, which takes no longer than the thread is busy.
constexpr int64_t kCloseAllMicros = 1'000'000;
// How long to wait where there is no descriptor for a new connection.
constexpr auto kAcceptPause = std::chrono::milliseconds(50);

// Raises the soft limit of descriptors as far as that many connections need and the hard limit
// lets, and returns how many connections may be open.
size_t FitDescriptors(size_t connections, size_t reserved) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return connections;
  const rlim_t wanted = connections + reserved + kRefusalsMax;
  if (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < wanted) {
    const rlim_t before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max == RLIM_INFINITY ? wanted : std::min(wanted, limit.rlim_max);
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) limit.rlim_cur = before;
  }
  if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= wanted) return connections;
  // Where there are very few, the program gets half of them.
  const rlim_t others = std::min<rlim_t>(reserved + kRefusalsMax, limit.rlim_cur / 2);
  return std::max<size_t>(limit.rlim_cur - others, 1);
}

class HttpServerImpl final : public HttpServer, public ConnectionHost {
 public:
  HttpServerImpl(const HttpServerOptions& options, HttpHandler handler)
      : options_(options),
        handler_(std::move(handler)),
        acceptor_(io_),
        accept_pause_(io_),
        work_(io_.get_executor()),
        pool_(options.handler_threads, options.requests_waiting_max) {
    limits_.head_bytes_max = std::min(options.head_bytes_max, kHeadBytesLimit);
    limits_.target_bytes_max = options.target_bytes_max;
    limits_.body_bytes_max = options.body_bytes_max;
    limits_.methods = options.methods;
    options_.connections_max =
        FitDescriptors(std::max<size_t>(options.connections_max, 1), options.descriptors_reserved);
  }

  ~HttpServerImpl() override { Shutdown(0); }

  absl::Status Listen() {
    SCRUTINY_ASSIGN_OR_RETURN(ListenAddress address,
                              ParseListenAddress(options_.listen, options_.loopback_only));
    ErrorCode error;
    const tcp::endpoint endpoint(boost::asio::ip::make_address(address.host, error), address.port);
    if (!error) acceptor_.open(endpoint.protocol(), error);
    // A port whose last connections are still winding down can be taken; one that somebody listens
    // on cannot.
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(boost::asio::socket_base::max_listen_connections, error);
    tcp::endpoint local;
    if (!error) local = acceptor_.local_endpoint(error);
    if (error) return CannotListen(error);
    address.port = local.port();
    address_ = address.ToString();
    Accept();
    thread_ = std::thread([this] { Run(); });
    return absl::OkStatus();
  }

  const std::string& address() const override { return address_; }
  size_t connections_max() const override { return options_.connections_max; }

  void Shutdown(int64_t timeout_micros) override {
    MutexLock lock(shutdown_mutex_);
    if (!thread_.joinable()) return;
    boost::asio::post(io_, [this] { BeginStopping(); });
    if (!AwaitDrained(timeout_micros)) {
      boost::asio::post(io_, [this] { CloseAll(); });
      while (!AwaitDrained(kCloseAllMicros)) {
      }
    }
    pool_.Stop();
    // What handlers still posted runs, and finds its connection closed.
    work_.reset();
    thread_.join();
  }

  // What connections ask, on the thread of io_.
  const HttpServerOptions& options() const override { return options_; }
  const RequestLimits& limits() const override { return limits_; }
  bool stopping() const override { return stopping_; }
  const std::string& Date() override;
  bool Handle(ConnectionPtr connection, HttpRequest request) override;
  bool TakeUnsent(size_t bytes) override;
  void ReturnUnsent(size_t bytes) override { unsent_ -= bytes; }
  void OnWaits(Connection& connection, WaitsFor what) override;
  void OnClosed(Connection& connection) override;

 private:
  absl::Status CannotListen(const ErrorCode& error) const;
  HttpResponse CallHandler(const HttpRequest& request) const;

  void Run();
  void Accept();
  void OnAccepted(tcp::socket socket);
  // Closes the connection that has been idle longest, or else reading its request longest; false
  // if there is none.
  bool MakeRoom();
  // Closes the slowest of those that read their answers; false if none has had its time.
  bool CloseSlowestReader();
  std::list<Connection*>& Waiting(WaitsFor what) { return waiting_[static_cast<size_t>(what)]; }

  void BeginStopping();
  void CloseAll();
  void SayIfDrained();
  // Waits until no connection is left; false when the time ran out before.
  bool AwaitDrained(int64_t timeout_micros);

  HttpServerOptions options_;
  RequestLimits limits_;
  const HttpHandler handler_;
  std::string address_;

  // Confined to the thread of io_.
  boost::asio::io_context io_{1};
  tcp::acceptor acceptor_;
  boost::asio::steady_timer accept_pause_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::list<ConnectionPtr> all_;
  std::array<std::list<Connection*>, kWaitsForCount> waiting_;  // by WaitsFor, longest first
  size_t refusals_ = 0;                                         // of all_
  size_t unsent_ = 0;
  bool stopping_ = false;
  int64_t date_second_ = -1;
  std::string date_;

  ledger::SystemClock clock_;
  ledger::Mutex shutdown_mutex_;
  ledger::Mutex drained_mutex_;
  ledger::CondVar drained_changed_;
  bool drained_ ABSL_GUARDED_BY(drained_mutex_) = false;

  // After what its tasks use: they are gone when the rest is destroyed.
  HandlerPool pool_;
  std::thread thread_;
};

absl::Status HttpServerImpl::CannotListen(const ErrorCode& error) const {
  const bool taken = error == boost::asio::error::address_in_use;
  return Error(absl::StatusCode::kUnavailable, Reason::kUnspecified,
               absl::StrCat("Cannot listen on ", options_.listen, ": ",
                            taken ? "the port is taken." : error.message() + "."))
      .Field("listen")
      .Value(options_.listen)
      .Next(taken ? "End what listens there, or choose another port; 0 picks a free one."
                  : "Choose an address of this machine and a port this program may use.");
}

const std::string& HttpServerImpl::Date() {
  const int64_t second = clock_.WallMicros() / 1'000'000;
  if (second != date_second_) {
    date_second_ = second;
    date_ = absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", absl::FromUnixSeconds(second),
                             absl::UTCTimeZone());
  }
  return date_;
}

HttpResponse HttpServerImpl::CallHandler(const HttpRequest& request) const {
  try {
    return handler_(request);
  } catch (...) {
    return TextResponse(500, "The server failed to answer this.");
  }
}

bool HttpServerImpl::Handle(ConnectionPtr connection, HttpRequest request) {
  // Shared, because a std::function must be copyable.
  auto shared = std::make_shared<HttpRequest>(std::move(request));
  return pool_.TryPost([this, connection = std::move(connection), shared = std::move(shared)] {
    auto response = std::make_shared<HttpResponse>(CallHandler(*shared));
    boost::asio::post(io_, [connection, response] { connection->Respond(std::move(*response)); });
  });
}

bool HttpServerImpl::TakeUnsent(size_t bytes) {
  // One response may always go, however large.
  while (bytes > 0 && unsent_ > 0 && unsent_ + bytes > options_.unsent_bytes_max) {
    if (!CloseSlowestReader()) return false;
  }
  unsent_ += bytes;
  return true;
}

void HttpServerImpl::OnWaits(Connection& connection, WaitsFor what) {
  Connection::Place& place = connection.place();
  // One that was refused has no room to give; a body is waited for as long as its head.
  if (place.is_refusal || place.waits_for == what) return;
  std::list<Connection*>& to = Waiting(what);
  if (place.waits_for == WaitsFor::kNothing) {
    place.in_waiting = to.insert(to.end(), &connection);
  } else if (what == WaitsFor::kNothing) {
    Waiting(place.waits_for).erase(place.in_waiting);
  } else {
    to.splice(to.end(), Waiting(place.waits_for), place.in_waiting);
  }
  place.waits_for = what;
}

void HttpServerImpl::OnClosed(Connection& connection) {
  if (connection.place().is_refusal) --refusals_;
  all_.erase(connection.place().in_all);
  SayIfDrained();
}

void HttpServerImpl::Run() {
  for (;;) {
    try {
      io_.run();
      return;
    } catch (const std::exception&) {
      // Out of memory, in the midst of one connection: its deadline ends it, the others go on.
      continue;
    }
  }
}

void HttpServerImpl::Accept() {
  acceptor_.async_accept([this](const ErrorCode& error, tcp::socket socket) {
    if (stopping_) return;
    if (!error) {
      Accept();
      OnAccepted(std::move(socket));
      return;
    }
    // No descriptor, or no memory: make room, and try again in a while.
    MakeRoom();
    accept_pause_.expires_after(kAcceptPause);
    accept_pause_.async_wait([this](const ErrorCode& cancelled) {
      if (!cancelled && !stopping_) Accept();
    });
  });
}

void HttpServerImpl::OnAccepted(tcp::socket socket) {
  const bool full = all_.size() - refusals_ >= options_.connections_max && !MakeRoom();
  if (full && refusals_ >= kRefusalsMax) return;
  // Shared: the list holds it while it has a socket, its operations while they are under way.
  auto connection = std::make_shared<Connection>(std::move(socket), *this);
  connection->place().in_all = all_.insert(all_.end(), connection);
  connection->place().is_refusal = full;
  if (full) {
    ++refusals_;
    connection->StartRefusal();
  } else {
    connection->Start();
  }
}

bool HttpServerImpl::MakeRoom() {
  for (const WaitsFor what : {WaitsFor::kIdle, WaitsFor::kReading}) {
    if (Waiting(what).empty()) continue;
    Waiting(what).front()->Close();
    return true;
  }
  return false;
}

bool HttpServerImpl::CloseSlowestReader() {
  Connection* slowest = nullptr;
  size_t least = 0;
  for (Connection* connection : Waiting(WaitsFor::kWriting)) {
    const Connection::Progress progress = connection->progress();
    if (progress.micros < options_.slow_read_micros) break;  // so have all behind it
    if (!connection->holds_unsent()) continue;
    if (slowest != nullptr && progress.bytes_per_second >= least) continue;
    slowest = connection;
    least = progress.bytes_per_second;
  }
  if (slowest == nullptr) return false;
  slowest->Close();
  return true;
}

void HttpServerImpl::BeginStopping() {
  stopping_ = true;
  ErrorCode ignored;
  acceptor_.close(ignored);
  accept_pause_.cancel();
  const std::list<ConnectionPtr> all = all_;  // closing takes them off the list
  for (const ConnectionPtr& connection : all) connection->OnStopping();
  SayIfDrained();
}

void HttpServerImpl::CloseAll() {
  const std::list<ConnectionPtr> all = all_;
  for (const ConnectionPtr& connection : all) connection->Close();
}

void HttpServerImpl::SayIfDrained() {
  if (!stopping_ || !all_.empty()) return;
  MutexLock lock(drained_mutex_);
  drained_ = true;
  drained_changed_.SignalAll();
}

bool HttpServerImpl::AwaitDrained(int64_t timeout_micros) {
  const int64_t until = clock_.MonotonicMicros() + timeout_micros;
  MutexLock lock(drained_mutex_);
  while (!drained_) {
    const int64_t left = until - clock_.MonotonicMicros();
    if (left <= 0) return false;
    drained_changed_.WaitFor(drained_mutex_, std::min(left, kCloseAllMicros));
  }
  return true;
}

}  // namespace

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(const HttpServerOptions& options,
                                                              HttpHandler handler) {
  try {
    auto server = std::make_unique<HttpServerImpl>(options, std::move(handler));
    SCRUTINY_RETURN_IF_ERROR(server->Listen());
    return std::unique_ptr<HttpServer>(std::move(server));
  } catch (const std::exception& error) {
    return Error(absl::StatusCode::kUnavailable, Reason::kUnspecified,
                 absl::StrCat("Cannot start a server: ", error.what(), "."))
        .Next("See whether the limits of threads and open files are reached.");
  }
}

}  // namespace scrutiny::services
