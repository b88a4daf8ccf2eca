#include "services/papers/paper_files.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/types/optional.h"

#include "ledger/base/error.h"

namespace scrutiny::services {
namespace {

constexpr absl::string_view kAllow = "GET, HEAD";
constexpr size_t kShortHash = 12;

// What never changes may be kept by who fetched it, but by nobody between: papers may be for few.
constexpr absl::string_view kForTheReader = "private, max-age=604800, immutable";

HttpResponse Refused(int status, absl::string_view why) {
  HttpResponse response = TextResponse(status, why);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

absl::StatusOr<std::string> WholePaper(ledger::PaperStore::Reading& reading) {
  std::string bytes;
  bytes.reserve(reading.paper().bytes);
  for (;;) {
    absl::StatusOr<std::string> piece = reading.Next(size_t{1} << 20);
    if (!piece.ok()) return piece.status();
    if (piece->empty()) return bytes;
    bytes.append(*piece);
  }
}

HttpHeaders HeadersOf(const ledger::HeldPaper& paper, const std::string& hex) {
  const bool text = absl::StartsWith(paper.type->name, "text/");
  return {
      {"Content-Type", absl::StrCat(paper.type->name, text ? "; charset=utf-8" : "")},
      {"Content-Disposition", absl::StrCat("attachment; filename=\"paper-",
                                           hex.substr(0, kShortHash), paper.type->extension, "\"")},
      {"X-Content-Type-Options", "nosniff"},
      {"Content-Security-Policy", "default-src 'none'; sandbox"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"ETag", absl::StrCat("\"", hex, "\"")},
      {"Cache-Control", std::string(kForTheReader)}};
}

}  // namespace

HttpResponse ServePaper(const ledger::PaperStore& papers, const HttpRequest& request) {
  if (request.method != "GET" && request.method != "HEAD") return MethodNotAllowed(kAllow);
  absl::string_view name = request.target;
  absl::ConsumePrefix(&name, kPapersPrefix);
  const size_t dot = name.find('.');
  const absl::optional<ledger::Hash> sha256 = ledger::ParseSha256(name.substr(0, dot));
  if (!sha256 || request.has_query) {
    return Refused(404, "A paper is at /papers/ and its SHA-256 in 64 hexadecimal digits.");
  }
  const absl::optional<ledger::HeldPaper> held = papers.Find(*sha256);
  if (!held || (dot != absl::string_view::npos && name.substr(dot) != held->type->extension)) {
    return Refused(404, "No such paper is held.");
  }
  HttpResponse response;
  response.headers = HeadersOf(*held, ledger::ToHex(ledger::AsBytes(*sha256)));
  if (request.header("If-None-Match") == FindHeader(response.headers, "ETag")) {
    response.status = 304;
    return response;
  }
  absl::StatusOr<std::unique_ptr<ledger::PaperStore::Reading>> reading = papers.Read(*sha256);
  absl::StatusOr<std::string> bytes =
      reading.ok() ? WholePaper(**reading) : absl::StatusOr<std::string>(reading.status());
  if (!bytes.ok()) {
    if (ledger::ReasonOf(bytes.status()) == ledger::Reason::kNotFound) {
      return Refused(404, "No such paper is held.");
    }
    return Refused(500, "The paper cannot be read as it was added.");
  }
  response.body = *std::move(bytes);
  return response;
}

}  // namespace scrutiny::services
