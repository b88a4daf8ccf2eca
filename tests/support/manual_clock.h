// tests/support/manual_clock.h
// A clock that stands still until a test moves it.
//
// Threads:  thread-safe.
#ifndef SCRUTINY_TESTS_SUPPORT_MANUAL_CLOCK_H_
#define SCRUTINY_TESTS_SUPPORT_MANUAL_CLOCK_H_

#include <atomic>
#include <cstdint>

#include "ledger/base/clock.h"

namespace scrutiny::testing {

class ManualClock final : public ledger::Clock {
 public:
  // 18 March 2019, 10:00 UTC: the day of the first board meeting in the papers.
  static constexpr int64_t kStartMicros = int64_t{1552903200} * 1'000'000;

  explicit ManualClock(int64_t wall_micros = kStartMicros) : wall_(wall_micros) {}

  int64_t WallMicros() override { return wall_.load(); }
  int64_t MonotonicMicros() override { return monotonic_.load(); }

  // Time passes: both clocks move.
  void Advance(int64_t micros) {
    wall_.fetch_add(micros);
    monotonic_.fetch_add(micros);
  }
  // Somebody sets the machine's clock: only the wall clock moves, either way.
  void JumpWall(int64_t micros) { wall_.fetch_add(micros); }

 private:
  std::atomic<int64_t> wall_;
  std::atomic<int64_t> monotonic_{1'000'000};
};

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_SUPPORT_MANUAL_CLOCK_H_
