// services/log/static_log.h
// A transparency log as files over HTTP: checkpoint, tiles and entry bundles at the paths of C2SP
// tlog-tiles, under /log, for any client of such logs.
//
// Guarantees:  a tile or bundle is served in every width up to what the published checkpoint
//              covers, also once it has filled, and never beyond it. Whatever is not the one path
//              of a thing is 404: other spellings, percent-encodings, doubled slashes, a query,
//              be it empty. Pages of other origins may read all of it.
// Threads:     ServeStaticLog is as thread-safe as the StaticLog it reads.
// Errors:      404, 405; 503 where the log cannot be read now, 500 where it is damaged. Errors have
//              `Cache-Control: no-store`; damage goes into the log of the program, a line a second
//              at most.
// Source:      C2SP tlog-tiles.   Tests: tests/services/log/static_log_test.cc
#ifndef SCRUTINY_SERVICES_LOG_STATIC_LOG_H_
#define SCRUTINY_SERVICES_LOG_STATIC_LOG_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include "ledger/base/ids.h"
#include "ledger/merkle/tile.h"
#include "services/http/message.h"

namespace scrutiny::services {

// Where the log lies on its server.
inline constexpr absl::string_view kLogPrefix = "/log";

// What is served. Called on several threads at once.
class StaticLog {
 public:
  virtual ~StaticLog() = default;

  // The newest published checkpoint, a signed note; nothing before the first.
  virtual absl::optional<std::string> Checkpoint() = 0;

  // Its size, 0 before the first. Whatever it covers can be read before it is published.
  virtual ledger::TreeSize CheckpointSize() = 0;

  // The first `width` hashes of a tile, one behind the other; the checkpoint covers them.
  virtual absl::StatusOr<std::string> Tile(ledger::TileId id, uint32_t width) = 0;

  // The first `width` entries of a bundle, each behind its length; the checkpoint covers them.
  virtual absl::StatusOr<std::string> Bundle(uint64_t index, uint32_t width) = 0;
};

// Answers any request; `/`, `/log` and `/log/` say what is where.
HttpResponse ServeStaticLog(StaticLog& log, const HttpRequest& request);

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_LOG_STATIC_LOG_H_
