#include "ledger/append/clock_guard.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"

namespace scrutiny::ledger {
namespace {

std::string InWords(int64_t micros) {
  return absl::FormatDuration(absl::Seconds(micros / 1'000'000));
}

std::string At(int64_t wall) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", absl::FromUnixMicros(wall), absl::UTCTimeZone());
}

}  // namespace

ClockGuard::ClockGuard(int64_t last_recorded_at, int64_t wall, int64_t monotonic)
    : last_recorded_at_(last_recorded_at), wall_(wall), monotonic_(monotonic) {
  if (last_recorded_at > wall && last_recorded_at - wall > kClockBehindMaxMicros) {
    problem_ =
        absl::StrCat("The server's clock says ", At(wall), ", which is ",
                     InWords(last_recorded_at - wall), " before the newest entry was recorded.");
  }
}

absl::Status ClockGuard::Observe(int64_t wall, int64_t monotonic) {
  const int64_t jump = (wall - wall_) - (monotonic - monotonic_);
  if (problem_.empty() && (jump > kClockJumpMaxMicros || jump < -kClockJumpMaxMicros)) {
    problem_ = absl::StrCat("The server's clock jumped ", jump > 0 ? "forward" : "back", " by ",
                            InWords(jump > 0 ? jump : -jump), " and now says ", At(wall), ".");
  }
  wall_ = wall;
  monotonic_ = monotonic;
  if (problem_.empty()) return absl::OkStatus();
  return Error(Reason::kClock,
               absl::StrCat(problem_, " Nothing is recorded until an operator has looked at it."))
      .Next("Look at the server's clock, then run: scrutiny confirm-clock --reason \"…\"");
}

int64_t ClockGuard::recorded_at() const { return std::max(wall_, last_recorded_at_); }

}  // namespace scrutiny::ledger
