#include "ledger/base/clock.h"

#include <time.h>

#include "ledger/base/status.h"

namespace scrutiny::ledger {
namespace {

int64_t MicrosOf(clockid_t id) {
  timespec now{};
  SCRUTINY_CHECK(clock_gettime(id, &now) == 0) << "clock " << id;
  return int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
}

}  // namespace

int64_t SystemClock::WallMicros() { return MicrosOf(CLOCK_REALTIME); }

// CLOCK_BOOTTIME counts suspended time too: a laptop that slept has not had its clock jump.
int64_t SystemClock::MonotonicMicros() { return MicrosOf(CLOCK_BOOTTIME); }

}  // namespace scrutiny::ledger
