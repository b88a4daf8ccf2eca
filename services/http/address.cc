#include "services/http/address.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "boost/asio/ip/address.hpp"

#include "ledger/base/error.h"

namespace scrutiny::services {
namespace {

using boost::asio::ip::make_address;
using ledger::Error;
using ledger::Reason;

absl::string_view WithoutBrackets(absl::string_view host) {
  if (host.size() > 1 && host.front() == '[' && host.back() == ']') {
    return host.substr(1, host.size() - 2);
  }
  return host;
}

bool ReadPort(absl::string_view text, uint16_t* port) {
  uint32_t value = 0;
  if (text.empty() || text.size() > 5) return false;
  for (const char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return false;
    value = value * 10 + static_cast<uint32_t>(c - '0');
  }
  if (value > 65535) return false;
  *port = static_cast<uint16_t>(value);
  return true;
}

absl::Status NotAnAddress(absl::string_view listen) {
  return Error(Reason::kMalformed, absl::StrCat("`", listen, "` is not an address to listen on."))
      .Field("listen")
      .Value(listen)
      .Next("Give host and port, such as 127.0.0.1:8080; port 0 picks a free one.");
}

}  // namespace

std::string ListenAddress::ToString() const {
  return absl::StrCat(is_v6() ? "[" : "", host, is_v6() ? "]" : "", ":", port);
}

bool IsLoopbackHost(absl::string_view host) {
  host = WithoutBrackets(host);
  if (absl::EqualsIgnoreCase(host, "localhost")) return true;
  boost::system::error_code not_an_address;
  const auto address = make_address(std::string(host), not_an_address);
  return !not_an_address && address.is_loopback();
}

absl::StatusOr<ListenAddress> ParseListenAddress(absl::string_view listen, bool loopback_only) {
  ListenAddress parsed;
  const size_t colon = listen.rfind(':');
  if (colon == absl::string_view::npos || !ReadPort(listen.substr(colon + 1), &parsed.port)) {
    return NotAnAddress(listen);
  }
  const absl::string_view bracketed = listen.substr(0, colon);
  const absl::string_view host = WithoutBrackets(bracketed);
  parsed.host = absl::EqualsIgnoreCase(host, "localhost") ? "127.0.0.1" : std::string(host);
  boost::system::error_code not_an_address;
  const auto address = make_address(parsed.host, not_an_address);
  // A v6 address has colons of its own, so it must stand in brackets, and nothing else may.
  if (not_an_address || address.is_v6() != (bracketed.size() != host.size())) {
    return NotAnAddress(listen);
  }
  if (loopback_only && !address.is_loopback()) {
    return Error(Reason::kMalformed,
                 absl::StrCat("Will not listen on ", listen,
                              ": others could reach it, and there is neither encryption nor "
                              "access control."))
        .Field("listen")
        .Value(listen)
        .Next("Listen on 127.0.0.1 or [::1].");
  }
  return parsed;
}

}  // namespace scrutiny::services
