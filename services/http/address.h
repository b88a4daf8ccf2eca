// services/http/address.h
// Where a server listens: host and port out of `127.0.0.1:8080` or `[::1]:8080`.
//
// Guarantees:  an address that others can reach is given only to a caller who said that this is
//              meant.
// Threads:     pure.
// Errors:      kMalformed (not an address; not one of this machine alone).
// Tests:       tests/services/http/address_test.cc
#ifndef SCRUTINY_SERVICES_HTTP_ADDRESS_H_
#define SCRUTINY_SERVICES_HTTP_ADDRESS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace scrutiny::services {

struct ListenAddress {
  std::string host;  // a number, never a name, and without brackets
  uint16_t port = 0;

  bool is_v6() const { return host.find(':') != std::string::npos; }
  // As it stands in a URL.
  std::string ToString() const;
};

// `localhost` is taken for 127.0.0.1; other names are not looked up.
absl::StatusOr<ListenAddress> ParseListenAddress(absl::string_view listen, bool loopback_only);

// Whether a host of a URL, brackets or not, is this machine by its form alone.
bool IsLoopbackHost(absl::string_view host);

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_HTTP_ADDRESS_H_
