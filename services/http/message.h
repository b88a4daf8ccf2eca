// services/http/message.h
// A request and a response of HTTP as plain values, shared by server and client.
//
// Guarantees:  names of headers are compared without case, as HTTP has it.
// Threads:     values; thread-compatible.
// Tests:       tests/services/http/message_test.cc
#ifndef SCRUTINY_SERVICES_HTTP_MESSAGE_H_
#define SCRUTINY_SERVICES_HTTP_MESSAGE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace scrutiny::services {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

// The value of the first header of that name; empty if there is none.
absl::string_view FindHeader(const HttpHeaders& headers, absl::string_view name);

struct HttpRequest {
  std::string method;      // a HEAD reaches a handler of the server as GET
  std::string target;      // the path as sent: percent-encodings stay, the query is cut off
  std::string query;       // what follows the first `?`, without it
  bool has_query = false;  // whether there is a `?`, be it with nothing behind it
  HttpHeaders headers;
  std::string body;

  absl::string_view header(absl::string_view name) const { return FindHeader(headers, name); }
};

struct HttpResponse {
  int status = 200;
  HttpHeaders headers;
  std::string body;

  absl::string_view header(absl::string_view name) const { return FindHeader(headers, name); }
};

// A response of plain text; the text is ended with a newline if it is not.
HttpResponse TextResponse(int status, absl::string_view text);

// 405, with the methods that are taken, such as "GET, HEAD".
HttpResponse MethodNotAllowed(absl::string_view allow);

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_HTTP_MESSAGE_H_
