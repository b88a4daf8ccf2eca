#include "services/log/static_log.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "ledger/base/error.h"
#include "ledger/format/hash.h"

namespace scrutiny::services {
namespace {

using ledger::TileId;
using ledger::TileRequest;

constexpr absl::string_view kAllow = "GET, HEAD, OPTIONS";

// What never changes may be kept for ever; a week is what other logs say.
constexpr absl::string_view kForEver = "public, max-age=604800, immutable";

constexpr absl::string_view kIndexPage =
    "A transparency log, as files in the layout of https://c2sp.org/tlog-tiles.\n"
    "\n"
    "/log/checkpoint                 the newest checkpoint, a signed note\n"
    "/log/tile/<L>/<N>[.p/<W>]       tile N of level L, or its first W hashes\n"
    "/log/tile/entries/<N>[.p/<W>]   bundle N of entries, or its first W entries\n"
    "\n"
    "<N> is written in groups of three digits, all but the last with an x before it: 5 is 005,\n"
    "1234067 is x001/x234/067. A tile that is not full yet is there only with its .p/<W>.\n";

// Pages of other origins may read everything: it is public, and nothing here knows who asks.
HttpResponse Open(HttpResponse response) {
  response.headers.emplace_back("Access-Control-Allow-Origin", "*");
  return response;
}

HttpResponse NotFound(absl::string_view why) { return Open(TextResponse(404, why)); }

HttpResponse Preflight() {
  HttpResponse response;
  response.status = 204;
  response.headers = {{"Allow", std::string(kAllow)},
                      {"Access-Control-Allow-Methods", std::string(kAllow)},
                      {"Access-Control-Allow-Headers", "*"},
                      {"Access-Control-Max-Age", "86400"}};
  return Open(std::move(response));
}

HttpResponse ServeCheckpoint(StaticLog& log) {
  absl::optional<std::string> note = log.Checkpoint();
  if (!note.has_value()) return NotFound("No checkpoint has been published yet.");
  HttpResponse response;
  response.headers = {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}};
  response.body = std::move(*note);
  return Open(std::move(response));
}

// A log that cannot give what its own checkpoint covers is at fault, not the request.
HttpResponse Unreadable(const absl::Status& status) {
  const bool damaged = absl::IsDataLoss(status) || absl::IsInternal(status) ||
                       absl::IsInvalidArgument(status) || absl::IsNotFound(status) ||
                       absl::IsOutOfRange(status);
  if (damaged) return Open(TextResponse(500, "The log cannot give what its checkpoint covers."));
  HttpResponse response = TextResponse(503, "The log cannot be read at the moment.");
  response.headers.emplace_back("Retry-After", "1");
  return Open(std::move(response));
}

HttpResponse ServeTile(StaticLog& log, const TileRequest& asked) {
  // At level 0 a bundle has as many entries as the tile has hashes.
  const uint32_t published = ledger::TileWidthAt(asked.id, log.CheckpointSize());
  if (asked.width > published) {
    return NotFound(published == 0 ? std::string("The published checkpoint does not cover this.")
                                   : absl::StrCat("The published checkpoint covers ", published,
                                                  " of this; ask for it with .p/", published, "."));
  }
  absl::StatusOr<std::string> bytes =
      asked.entries ? log.Bundle(asked.id.index, asked.width) : log.Tile(asked.id, asked.width);
  if (!bytes.ok()) return Unreadable(bytes.status());
  if (!asked.entries && bytes->size() != size_t{asked.width} * sizeof(ledger::Hash)) {
    return Unreadable(ledger::Error(ledger::Reason::kCorrupt, "A tile of another length."));
  }
  HttpResponse response;
  response.headers = {{"Content-Type", "application/octet-stream"},
                      {"Cache-Control", std::string(kForEver)}};
  response.body = std::move(*bytes);
  return Open(std::move(response));
}

}  // namespace

HttpResponse ServeStaticLog(StaticLog& log, const HttpRequest& request) {
  if (request.method == "OPTIONS") return Preflight();
  if (request.method != "GET" && request.method != "HEAD") return Open(MethodNotAllowed(kAllow));

  absl::string_view path = request.target;
  if (path == "/" || path == "/log" || path == "/log/") {
    return Open(TextResponse(200, kIndexPage));
  }
  if (!absl::ConsumePrefix(&path, kLogPrefix) || !absl::ConsumePrefix(&path, "/")) {
    return NotFound("There is nothing here; see /log/.");
  }
  if (path == "checkpoint") return ServeCheckpoint(log);
  const absl::optional<TileRequest> asked = ledger::ParseTilePath(path);
  if (!asked.has_value()) return NotFound("There is no such path in a log; see /log/.");
  return ServeTile(log, *asked);
}

}  // namespace scrutiny::services
