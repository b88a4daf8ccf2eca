#include "tests/services/http/raw_client.h"

#include <algorithm>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

#include "services/http/address.h"

namespace scrutiny::services {
namespace {

int Connect(const ListenAddress& address, int receive_buffer_bytes) {
  const int domain = address.is_v6() ? AF_INET6 : AF_INET;
  const int socket = ::socket(domain, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return -1;
  const timeval wait{kWaitSeconds, 0};
  const int one = 1;
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (receive_buffer_bytes > 0) {
    setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof receive_buffer_bytes);
  }
  int result = -1;
  if (address.is_v6()) {
    sockaddr_in6 to{};
    to.sin6_family = AF_INET6;
    to.sin6_port = htons(address.port);
    inet_pton(AF_INET6, address.host.c_str(), &to.sin6_addr);
    result = connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  } else {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(address.port);
    inet_pton(AF_INET, address.host.c_str(), &to.sin_addr);
    result = connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  }
  if (result == 0) return socket;
  close(socket);
  return -1;
}

}  // namespace

RawClient::RawClient(const std::string& address, int receive_buffer_bytes) {
  const auto parsed = ParseListenAddress(address, /*loopback_only=*/true);
  if (parsed.ok()) socket_ = Connect(*parsed, receive_buffer_bytes);
}

RawClient::RawClient(RawClient&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), buffer_(std::move(other.buffer_)) {}

RawClient::~RawClient() {
  if (socket_ >= 0) close(socket_);
}

bool RawClient::Send(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

void RawClient::EndSending() { shutdown(socket_, SHUT_WR); }

void RawClient::Reset() {
  const linger now{1, 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close(socket_);
  socket_ = -1;
}

bool RawClient::Fill() {
  char bytes[16 * 1024];
  const ssize_t received = recv(socket_, bytes, sizeof bytes, 0);
  if (received <= 0) return false;
  buffer_.append(bytes, static_cast<size_t>(received));
  return true;
}

absl::optional<HttpResponse> RawClient::Receive(bool head) {
  size_t end = buffer_.find("\r\n\r\n");
  while (end == std::string::npos) {
    if (!Fill()) return absl::nullopt;
    end = buffer_.find("\r\n\r\n");
  }
  HttpResponse response;
  bool first = true;
  for (const absl::string_view line :
       absl::StrSplit(absl::string_view(buffer_).substr(0, end), "\r\n")) {
    if (std::exchange(first, false)) {
      if (!absl::SimpleAtoi(line.substr(9, 3), &response.status)) return absl::nullopt;
      continue;
    }
    const std::pair<absl::string_view, absl::string_view> header =
        absl::StrSplit(line, absl::MaxSplits(": ", 1));
    response.headers.emplace_back(std::string(header.first), std::string(header.second));
  }
  size_t length = 0;
  if (!head && !absl::SimpleAtoi(response.header("Content-Length"), &length)) length = 0;
  buffer_.erase(0, end + 4);
  while (buffer_.size() < length) {
    if (!Fill()) return absl::nullopt;
  }
  response.body = buffer_.substr(0, length);
  buffer_.erase(0, length);
  return response;
}

size_t RawClient::ReceiveSome(size_t bytes) {
  while (buffer_.size() < bytes && Fill()) {
  }
  const size_t came = std::min(bytes, buffer_.size());
  buffer_.erase(0, came);
  return came;
}

std::string RawClient::ReceiveAll() {
  while (Fill()) {
  }
  return std::exchange(buffer_, std::string());
}

bool RawClient::Ended() {
  char byte = 0;
  return buffer_.empty() && recv(socket_, &byte, 1, 0) == 0;
}

bool RawClient::SomethingCame(int millis) {
  pollfd wanted{socket_, POLLIN, 0};
  return !buffer_.empty() || poll(&wanted, 1, millis) > 0;
}

}  // namespace scrutiny::services
