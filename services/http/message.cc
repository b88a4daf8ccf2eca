#include "services/http/message.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace scrutiny::services {

absl::string_view FindHeader(const HttpHeaders& headers, absl::string_view name) {
  for (const auto& header : headers) {
    if (absl::EqualsIgnoreCase(header.first, name)) return header.second;
  }
  return {};
}

HttpResponse TextResponse(int status, absl::string_view text) {
  HttpResponse response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
  response.body = std::string(text);
  if (!absl::EndsWith(text, "\n")) response.body += '\n';
  return response;
}

HttpResponse MethodNotAllowed(absl::string_view allow) {
  HttpResponse response =
      TextResponse(405, absl::StrCat("This method is not taken here; these are: ", allow, "."));
  response.headers.emplace_back("Allow", std::string(allow));
  return response;
}

}  // namespace scrutiny::services
