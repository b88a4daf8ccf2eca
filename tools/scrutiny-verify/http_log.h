// tools/scrutiny-verify/http_log.h
// A log at an address, as a ledger's server or a static site publishes it.
//
// Threads:     thread-safe; each call uses a connection of its own, kept for later ones.
// Errors:      those of LogReader. An answer of 5xx or 429, and a connection that breaks, is tried
//              again a few times.
// Limits:      kTriesMax; answers no longer than what was asked for can be.
// Format:      C2SP tlog-tiles.   Tests: tests/tools/scrutiny-verify/http_log_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINY_VERIFY_HTTP_LOG_H_
#define SCRUTINY_TOOLS_SCRUTINY_VERIFY_HTTP_LOG_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"

#include "ledger/base/mutex.h"
#include "ledger/verify/log_reader.h"
#include "services/http/client.h"

namespace scrutiny::tools::verify {

// How often a tile is asked for before it is given up.
inline constexpr int kTriesMax = 4;

class HttpLog : public ledger::LogReader {
 public:
  // `prefix`: "http://127.0.0.1:8080/log", where `checkpoint` and `tile/…` lie. Between two tries
  // it waits for `pause_micros`, and twice as long the next time.
  explicit HttpLog(std::string prefix, int64_t pause_micros = 200'000);

  absl::StatusOr<std::string> Checkpoint() override;
  // What is partial and gone is cut from what is full by now, as tlog-tiles allows.
  absl::StatusOr<std::string> Tile(ledger::TileId id, uint32_t width) override;
  absl::StatusOr<std::string> Bundle(uint64_t index, uint32_t width) override;

 private:
  absl::StatusOr<std::string> Get(const std::string& path, size_t bytes_max);
  absl::StatusOr<services::HttpResponse> Fetch(const std::string& url);

  const std::string prefix_;
  const int64_t pause_micros_;
  ledger::Mutex mutex_;
  // Those that are not in use.
  std::vector<std::unique_ptr<services::HttpClient>> clients_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace scrutiny::tools::verify

#endif  // SCRUTINY_TOOLS_SCRUTINY_VERIFY_HTTP_LOG_H_
