// ledger/append/clock_guard.h
// Whether the server's clock can be believed. recorded_at must mean something for ever, so a wall
// clock that jumps against the monotonic one stops appends until an operator has looked.
//
// Guarantees:  recorded_at never goes back.
// Threads:     thread-compatible; confined to the sequencer.
// Errors:      kClock, in words for the operator.
// Limits:      kClockJumpMaxMicros, kClockBehindMaxMicros.
// Tests:       tests/ledger/append/clock_guard_test.cc
#ifndef SCRUTINY_LEDGER_APPEND_CLOCK_GUARD_H_
#define SCRUTINY_LEDGER_APPEND_CLOCK_GUARD_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace scrutiny::ledger {

class ClockGuard {
 public:
  // `last_recorded_at`: of the newest entry, or INT64_MIN for none.
  ClockGuard(int64_t last_recorded_at, int64_t wall, int64_t monotonic);

  // Takes a reading; afterwards says whether the clock may be used.
  absl::Status Observe(int64_t wall, int64_t monotonic);

  // max(now, last) as of the last reading. Remembered by Recorded.
  int64_t recorded_at() const;
  void Recorded(int64_t recorded_at) { last_recorded_at_ = recorded_at; }

  bool unconfirmed() const { return !problem_.empty(); }
  // What was seen, in words; empty if nothing.
  const std::string& problem() const { return problem_; }
  // An operator has looked: the last reading counts from now.
  void Confirm() { problem_.clear(); }

 private:
  int64_t last_recorded_at_;
  int64_t wall_;
  int64_t monotonic_;
  std::string problem_;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_APPEND_CLOCK_GUARD_H_
