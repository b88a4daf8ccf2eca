// ledger/base/clock.h
// Time as an input: who needs the hour is given a Clock, so that tests and the simulator own it.
//
// Guarantees:  SystemClock::MonotonicMicros never goes back within a process.
// Threads:     thread-safe.
// Tests:       tests/ledger/base/clock_test.cc
#ifndef SCRUTINY_LEDGER_BASE_CLOCK_H_
#define SCRUTINY_LEDGER_BASE_CLOCK_H_

#include <cstdint>

namespace scrutiny::ledger {

class Clock {
 public:
  virtual ~Clock() = default;

  // Microseconds of UTC since 1970-01-01; may jump when the machine's clock is set.
  virtual int64_t WallMicros() = 0;

  // Microseconds since some fixed moment; runs while the machine sleeps, never jumps.
  virtual int64_t MonotonicMicros() = 0;
};

class SystemClock final : public Clock {
 public:
  int64_t WallMicros() override;
  int64_t MonotonicMicros() override;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_BASE_CLOCK_H_
