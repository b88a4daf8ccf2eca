// The log as files: any request is answered, and one with bytes only if it is the one path of what
// the published checkpoint covers.
#include <string>

#include "absl/strings/str_cat.h"

#include "ledger/merkle/tile.h"
#include "services/log/static_log.h"
#include "tests/fuzz/fuzz.h"

namespace scrutiny::services {
namespace {

using ledger::TileRequest;

constexpr uint64_t kSize = 70'000;

class FakeLog : public StaticLog {
 public:
  absl::optional<std::string> Checkpoint() override { return std::string("the checkpoint\n"); }
  ledger::TreeSize CheckpointSize() override { return ledger::TreeSize(kSize); }
  absl::StatusOr<std::string> Tile(ledger::TileId id, uint32_t width) override {
    SCRUTINY_CHECK(width >= 1 && width <= ledger::TileWidthAt(id, CheckpointSize()));
    return std::string(size_t{32} * width, 't');
  }
  absl::StatusOr<std::string> Bundle(uint64_t index, uint32_t width) override {
    SCRUTINY_CHECK(width >= 1 && width <= ledger::TileWidthAt({0, index}, CheckpointSize()));
    return absl::StrCat("bundle ", index, " of ", width);
  }
};

// The paths that the answer may be for, in the only way to write them.
bool IsOnePath(absl::string_view target) {
  if (target == "/" || target == "/log" || target == "/log/" || target == "/log/checkpoint") {
    return true;
  }
  constexpr absl::string_view kFront = "/log/";
  if (target.substr(0, kFront.size()) != kFront) return false;
  const absl::optional<TileRequest> request = ledger::ParseTilePath(target.substr(kFront.size()));
  return request.has_value() &&
         target.substr(kFront.size()) ==
             (request->entries ? ledger::BundlePath(request->id.index, request->width)
                               : ledger::TilePath(request->id, request->width));
}

}  // namespace
}  // namespace scrutiny::services

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace scrutiny::services;  // NOLINT: a target is one function
  static auto& log = *new FakeLog();
  scrutiny::fuzz::Input input(data, size);
  constexpr const char* kMethods[] = {"GET", "HEAD", "OPTIONS", "POST", "DELETE"};
  HttpRequest request;
  request.method = kMethods[input.Byte() % 5];
  request.target = std::string(input.rest());
  const HttpResponse response = ServeStaticLog(log, request);
  SCRUTINY_CHECK(response.status == 200 || response.status == 204 || response.status == 404 ||
                 response.status == 405)
      << response.status;
  SCRUTINY_CHECK(response.status != 200 || IsOnePath(request.target));
  SCRUTINY_CHECK(response.status == 200 || response.status == 204 ||
                 response.header("Cache-Control") == "no-store")
      << "an error would be kept";
  return 0;
}
