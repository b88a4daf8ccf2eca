#include "tools/scrutiny-verify/http_log.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/note/signed_note.h"
#include "ledger/verify/folder_log.h"

namespace scrutiny::tools::verify {
namespace {

using ledger::Error;
using ledger::Reason;
using ledger::ReasonOf;

constexpr size_t kTileBytes = ledger::kTileWidth * sizeof(ledger::Hash);

bool IsPassing(const absl::StatusOr<services::HttpResponse>& answer) {
  if (answer.ok()) return answer->status >= 500 || answer->status == 429;
  return absl::IsUnavailable(answer.status()) || absl::IsDeadlineExceeded(answer.status());
}

}  // namespace

HttpLog::HttpLog(std::string prefix, int64_t pause_micros)
    : prefix_(absl::StripSuffix(prefix, "/")), pause_micros_(pause_micros) {}

absl::StatusOr<std::string> HttpLog::Checkpoint() {
  return Get("checkpoint", ledger::kNoteBytesMax);
}

absl::StatusOr<std::string> HttpLog::Tile(ledger::TileId id, uint32_t width) {
  absl::StatusOr<std::string> tile = Get(ledger::TilePath(id, width), kTileBytes);
  if (tile.ok() || width == ledger::kTileWidth || ReasonOf(tile.status()) != Reason::kNotFound) {
    return tile;
  }
  absl::StatusOr<std::string> full = Get(ledger::TilePath(id, ledger::kTileWidth), kTileBytes);
  if (!full.ok()) return tile;
  return ledger::FrontOfTile(*std::move(full), width);
}

absl::StatusOr<std::string> HttpLog::Bundle(uint64_t index, uint32_t width) {
  absl::StatusOr<std::string> bundle =
      Get(ledger::BundlePath(index, width), ledger::kBundleBytesMax);
  if (bundle.ok() || width == ledger::kTileWidth ||
      ReasonOf(bundle.status()) != Reason::kNotFound) {
    return bundle;
  }
  absl::StatusOr<std::string> full =
      Get(ledger::BundlePath(index, ledger::kTileWidth), ledger::kBundleBytesMax);
  if (!full.ok()) return bundle;
  return ledger::FrontOfBundle(*std::move(full), width);
}

absl::StatusOr<std::string> HttpLog::Get(const std::string& path, size_t bytes_max) {
  const std::string url = absl::StrCat(prefix_, "/", path);
  absl::StatusOr<services::HttpResponse> answer = Fetch(url);
  absl::Duration pause = absl::Microseconds(pause_micros_);
  for (int tries = 1; tries < kTriesMax && IsPassing(answer); ++tries, pause *= 2) {
    absl::SleepFor(pause);
    answer = Fetch(url);
  }
  SCRUTINY_RETURN_IF_ERROR(answer.status());
  if (answer->status == 404) {
    return Error(Reason::kNotFound, absl::StrCat(url, " is not there."))
        .Next("Check the address: `checkpoint` and `tile/` must lie right below it.");
  }
  if (answer->status != 200) {
    return Error(absl::StatusCode::kUnavailable, Reason::kUnspecified,
                 absl::StrCat(url, " was answered with status ", answer->status, "."))
        .Next("Try again later, or ask who runs the server.");
  }
  if (answer->body.size() > bytes_max) {
    return Error(Reason::kCorrupt,
                 absl::StrCat(url, " has ", answer->body.size(),
                              " bytes; what is meant has at most ", bytes_max, "."));
  }
  return std::move(answer->body);
}

absl::StatusOr<services::HttpResponse> HttpLog::Fetch(const std::string& url) {
  std::unique_ptr<services::HttpClient> client;
  {
    ledger::MutexLock lock(mutex_);
    if (!clients_.empty()) {
      client = std::move(clients_.back());
      clients_.pop_back();
    }
  }
  if (client == nullptr) {
    services::HttpClientOptions options;
    options.user_agent = "scrutiny-verify";
    client = std::make_unique<services::HttpClient>(options);
  }
  absl::StatusOr<services::HttpResponse> answer = client->Get(url);
  ledger::MutexLock lock(mutex_);
  clients_.push_back(std::move(client));
  return answer;
}

}  // namespace scrutiny::tools::verify
