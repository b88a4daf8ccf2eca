#include "services/log/static_log.h"

#include <atomic>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "spdlog/spdlog.h"

#include "ledger/base/clock.h"
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

constexpr absl::string_view kNobodyKeeps = "no-store";

// Between two lines about damage: whoever asks again and again must not fill the log.
constexpr int64_t kDamageLineMicros = 1'000'000;

// Pages of other origins may read everything: it is public, and nothing here knows who asks.
HttpResponse Open(HttpResponse response) {
  response.headers.emplace_back("Access-Control-Allow-Origin", "*");
  return response;
}

// Without the header a cache may keep a 404 for minutes, and the tile is there a second later.
HttpResponse Refused(HttpResponse response) {
  response.headers.emplace_back("Cache-Control", std::string(kNobodyKeeps));
  return Open(std::move(response));
}

HttpResponse NotFound(absl::string_view why) { return Refused(TextResponse(404, why)); }

// What a client is told says nothing of the disk; who runs the server must know.
void TellOfDamage(absl::string_view path, const absl::Status& status) {
  static std::atomic<int64_t> next{0};
  const int64_t now = ledger::SystemClock().MonotonicMicros();
  int64_t due = next.load();
  if (now < due || !next.compare_exchange_strong(due, now + kDamageLineMicros)) return;
  spdlog::error("The log cannot give {}, which its checkpoint covers: {}", std::string(path),
                std::string(status.message()));
}

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
  response.headers = {{"Content-Type", "text/plain; charset=utf-8"},
                      {"Cache-Control", std::string(kNobodyKeeps)}};
  response.body = std::move(*note);
  return Open(std::move(response));
}

// A log that cannot give what its own checkpoint covers is at fault, not the request.
HttpResponse Unreadable(absl::string_view path, const absl::Status& status) {
  const bool damaged = absl::IsDataLoss(status) || absl::IsInternal(status) ||
                       absl::IsInvalidArgument(status) || absl::IsNotFound(status) ||
                       absl::IsOutOfRange(status);
  if (damaged) {
    TellOfDamage(path, status);
    return Refused(TextResponse(500, "The log cannot give what its checkpoint covers."));
  }
  HttpResponse response = TextResponse(503, "The log cannot be read at the moment.");
  response.headers.emplace_back("Retry-After", "1");
  return Refused(std::move(response));
}

HttpResponse ServeTile(StaticLog& log, absl::string_view path, const TileRequest& asked) {
  // At level 0 a bundle has as many entries as the tile has hashes.
  const uint32_t published = ledger::TileWidthAt(asked.id, log.CheckpointSize());
  if (asked.width > published) {
    return NotFound(published == 0 ? std::string("The published checkpoint does not cover this.")
                                   : absl::StrCat("The published checkpoint covers ", published,
                                                  " of this; ask for it with .p/", published, "."));
  }
  absl::StatusOr<std::string> bytes =
      asked.entries ? log.Bundle(asked.id.index, asked.width) : log.Tile(asked.id, asked.width);
  if (!bytes.ok()) return Unreadable(path, bytes.status());
  if (!asked.entries && bytes->size() != size_t{asked.width} * sizeof(ledger::Hash)) {
    return Unreadable(path, ledger::Error(ledger::Reason::kCorrupt, "A tile of another length."));
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
  if (request.method != "GET" && request.method != "HEAD") return Refused(MethodNotAllowed(kAllow));

  // A cache would keep each under a name of its own, for a week.
  if (request.has_query || !request.query.empty()) {
    return NotFound("What is here has no query; see /log/.");
  }
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
  return ServeTile(log, path, *asked);
}

}  // namespace scrutiny::services
