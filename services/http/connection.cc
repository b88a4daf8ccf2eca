#include "services/http/connection.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "boost/asio/buffer.hpp"
#include "boost/asio/write.hpp"
#include "boost/beast/http/status.hpp"

namespace scrutiny::services {
namespace {

using boost::asio::ip::tcp;
using ErrorCode = boost::system::error_code;

constexpr size_t kReadBytes = 8 * 1024;
constexpr size_t kWriteBytes = 64 * 1024;
// How long, and for how many bytes, a client is listened to after the last answer.
constexpr int64_t kLingerMicros = 2'000'000;
constexpr int64_t kLingerWhenStoppingMicros = 200'000;
constexpr absl::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

// Those the connection sets itself; a handler's are left out.
bool IsOwnHeader(absl::string_view name) {
  for (const absl::string_view own :
       {"Connection", "Content-Length", "Date", "Transfer-Encoding"}) {
    if (absl::EqualsIgnoreCase(name, own)) return true;
  }
  return false;
}

// A name or value that would end its line could begin another response.
bool EndsLine(absl::string_view text) {
  return text.find_first_of(absl::string_view("\r\n\0", 3)) != absl::string_view::npos;
}

bool HasNoBody(int status) { return status < 200 || status == 204 || status == 304; }

HttpResponse Busy(absl::string_view why) {
  HttpResponse response = TextResponse(503, why);
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

}  // namespace

Connection::Connection(tcp::socket socket, ConnectionHost& host)
    : socket_(std::move(socket)), timer_(socket_.get_executor()), host_(host) {}

absl::string_view Connection::Buffered() const {
  const auto data = buffer_.data();
  return {static_cast<const char*>(data.data()), data.size()};
}

void Connection::Start() {
  ErrorCode ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
  WaitForRequest();
}

void Connection::StartRefusal() {
  ErrorCode ignored;
  socket_.non_blocking(true, ignored);
  keep_alive_ = false;
  Send(Busy("Too many connections are open."));
}

Connection::Progress Connection::progress() const {
  const auto since = std::chrono::steady_clock::now() - writing_since_;
  Progress progress;
  progress.micros = std::chrono::duration_cast<std::chrono::microseconds>(since).count();
  progress.bytes_per_second =
      sent_ * 1'000'000 / static_cast<size_t>(std::max<int64_t>(progress.micros, 1));
  return progress;
}

void Connection::SetPhase(Phase phase) {
  phase_ = phase;
  ++turn_;
  host_.OnWaits(*this, WaitsForIn(phase));
}

WaitsFor Connection::WaitsForIn(Phase phase) {
  switch (phase) {
    case Phase::kIdle:
    case Phase::kLingering:
      return WaitsFor::kIdle;
    case Phase::kHead:
    case Phase::kBody:
      return WaitsFor::kReading;
    case Phase::kWriting:
      return WaitsFor::kWriting;
    case Phase::kHandling:
    case Phase::kClosed:
      return WaitsFor::kNothing;
  }
  return WaitsFor::kNothing;
}

void Connection::Enter(Phase phase, int64_t timeout_micros) {
  SetPhase(phase);
  const uint64_t turn = turn_;
  timer_.expires_after(std::chrono::microseconds(timeout_micros));
  timer_.async_wait([self = shared_from_this(), turn](const ErrorCode& cancelled) {
    if (!cancelled && self->turn_ == turn) self->OnDeadline();
  });
}

void Connection::OnDeadline() {
  switch (phase_) {
    case Phase::kHead:
    case Phase::kBody: {
      if (phase_ == Phase::kHead && !reader_->begun()) {
        Close();  // an empty line only; an answer could be taken for that to a request under way
        return;
      }
      ErrorCode ignored;
      socket_.cancel(ignored);  // the read
      keep_alive_ = false;
      Send(TextResponse(408, "The request did not come in time."));
      return;
    }
    case Phase::kIdle:
    case Phase::kHandling:
    case Phase::kWriting:
    case Phase::kLingering:
    case Phase::kClosed:
      Close();
      return;
  }
}

void Connection::WaitForRequest() {
  reader_.emplace(host_.limits());
  is_head_ = false;
  is_http10_ = false;
  if (buffer_.size() > 0) {
    Enter(Phase::kHead, host_.options().head_timeout_micros);
    Advance();
    return;
  }
  if (host_.stopping()) {
    Close();
    return;
  }
  buffer_.shrink_to_fit();
  Enter(Phase::kIdle, host_.options().idle_timeout_micros);
  socket_.async_wait(tcp::socket::wait_read,
                     [self = shared_from_this(), turn = turn_](const ErrorCode& error) {
                       if (self->turn_ != turn) return;
                       if (error) {
                         self->Close();
                         return;
                       }
                       self->Enter(Phase::kHead, self->host_.options().head_timeout_micros);
                       self->Read();
                     });
}

void Connection::Read() {
  socket_.async_read_some(buffer_.prepare(kReadBytes), [self = shared_from_this(), turn = turn_](
                                                           const ErrorCode& error, size_t bytes) {
    if (self->turn_ != turn) return;
    if (error && error != boost::asio::error::eof) {
      self->Close();
      return;
    }
    self->OnRead(bytes, static_cast<bool>(error));
  });
}

void Connection::OnRead(size_t bytes, bool ended) {
  buffer_.commit(bytes);
  if (ended) {
    if (phase_ == Phase::kHead && buffer_.size() == 0) {
      Close();
      return;
    }
    reader_->End();
  }
  Advance();
}

void Connection::Advance() {
  for (;;) {
    const RequestReader::State before = reader_->state();
    const size_t taken = reader_->Consume(Buffered());
    buffer_.consume(taken);
    switch (reader_->state()) {
      case RequestReader::State::kDone:
        HandOver();
        return;
      case RequestReader::State::kRefused:
        keep_alive_ = false;
        is_head_ = reader_->is_head();
        Send(reader_->TakeRefusal());
        return;
      case RequestReader::State::kHead:
        if (taken == 0) {
          Read();
          return;
        }
        break;
      case RequestReader::State::kBody:
        if (before == RequestReader::State::kHead) {
          BeginBody();
          return;
        }
        if (taken == 0) {
          Read();
          return;
        }
        break;
    }
  }
}

void Connection::BeginBody() {
  Enter(Phase::kBody, host_.options().body_timeout_micros);
  if (!reader_->wants_continue() || buffer_.size() > 0) {
    Advance();
    return;
  }
  boost::asio::async_write(
      socket_, boost::asio::buffer(kContinue.data(), kContinue.size()),
      [self = shared_from_this(), turn = turn_](const ErrorCode& error, size_t /*bytes*/) {
        if (self->turn_ != turn) return;
        if (error) {
          self->Close();
        } else {
          self->Read();
        }
      });
}

void Connection::HandOver() {
  keep_alive_ = reader_->keep_alive();
  is_head_ = reader_->is_head();
  is_http10_ = reader_->is_http10();
  // No deadline while it waits and runs: the queue is bounded, and a handler ends by itself.
  SetPhase(Phase::kHandling);
  timer_.cancel();
  if (!host_.Handle(shared_from_this(), reader_->TakeRequest())) {
    Send(Busy("Too many requests wait for an answer."));
  }
}

void Connection::Respond(HttpResponse response) {
  if (phase_ == Phase::kHandling) Send(std::move(response));
}

void Connection::Send(HttpResponse response) {
  if (response.status < 200 || response.status > 599) {
    response = TextResponse(500, "The server failed to answer this.");
  }
  const HttpServerOptions& options = host_.options();
  // Small ones always go: there are no more of them than connections.
  const bool counts = !is_head_ && response.body.size() > options.unsent_bytes_free;
  const size_t unsent = counts ? response.body.size() : 0;
  if (!host_.TakeUnsent(unsent)) {
    response = Busy("Too much waits to be sent.");
  } else {
    unsent_ = unsent;
  }
  const bool with_body = !is_head_ && !HasNoBody(response.status);
  keep_alive_ = keep_alive_ && !host_.stopping();
  MakeHead(response, with_body);
  body_out_ = with_body ? std::move(response.body) : std::string();
  sent_ = 0;
  writing_since_ = std::chrono::steady_clock::now();
  const size_t rate = std::max<size_t>(options.write_bytes_per_second_min, 1);
  Enter(Phase::kWriting,
        options.write_timeout_micros + static_cast<int64_t>(body_out_.size() * 1'000'000 / rate));
  const std::array<boost::asio::const_buffer, 2> buffers = {boost::asio::buffer(head_out_),
                                                            boost::asio::buffer(body_out_)};
  boost::asio::async_write(
      socket_, buffers,
      // Called after each part with what was written so far; says how much to write next.
      [self = shared_from_this(), turn = turn_](const ErrorCode& error, size_t bytes) -> size_t {
        if (self->turn_ == turn) self->sent_ = bytes;
        return error ? 0 : kWriteBytes;
      },
      [self = shared_from_this(), turn = turn_](const ErrorCode& error, size_t /*bytes*/) {
        if (self->turn_ != turn) return;
        if (error) {
          self->Close();
        } else {
          self->OnSent();
        }
      });
}

void Connection::MakeHead(const HttpResponse& response, bool with_body) {
  const auto reason =
      boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(response.status));
  head_out_ = absl::StrCat("HTTP/1.1 ", response.status, " ",
                           absl::string_view(reason.data(), reason.size()), "\r\n",
                           "Date: ", host_.Date(), "\r\n");
  for (const auto& header : response.headers) {
    if (IsOwnHeader(header.first) || EndsLine(header.first) || EndsLine(header.second)) continue;
    absl::StrAppend(&head_out_, header.first, ": ", header.second, "\r\n");
  }
  if (with_body || !HasNoBody(response.status)) {
    absl::StrAppend(&head_out_, "Content-Length: ", response.body.size(), "\r\n");
  }
  if (!keep_alive_) {
    absl::StrAppend(&head_out_, "Connection: close\r\n");
  } else if (is_http10_) {
    absl::StrAppend(&head_out_, "Connection: keep-alive\r\n");
  }
  absl::StrAppend(&head_out_, "\r\n");
}

void Connection::OnSent() {
  host_.ReturnUnsent(unsent_);
  unsent_ = 0;
  head_out_.clear();
  body_out_ = std::string();
  if (keep_alive_) {
    WaitForRequest();
    return;
  }
  ErrorCode error;
  socket_.shutdown(tcp::socket::shutdown_send, error);
  if (error) {
    Close();
    return;
  }
  buffer_.clear();
  Enter(Phase::kLingering, host_.stopping() ? kLingerWhenStoppingMicros : kLingerMicros);
  Linger();
}

void Connection::Linger() {
  buffer_.clear();
  socket_.async_read_some(
      buffer_.prepare(kReadBytes),
      [self = shared_from_this(), turn = turn_](const ErrorCode& error, size_t /*bytes*/) {
        if (self->turn_ != turn) return;
        if (error) {
          self->Close();
        } else {
          self->Linger();
        }
      });
}

void Connection::OnStopping() {
  if (phase_ == Phase::kIdle) Close();
  if (phase_ == Phase::kLingering) Enter(Phase::kLingering, kLingerWhenStoppingMicros);
}

void Connection::Close() {
  if (phase_ == Phase::kClosed) return;
  SetPhase(Phase::kClosed);
  timer_.cancel();
  ErrorCode ignored;
  socket_.close(ignored);
  host_.ReturnUnsent(unsent_);
  unsent_ = 0;
  host_.OnClosed(*this);
}

}  // namespace scrutiny::services
