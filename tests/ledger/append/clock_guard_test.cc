#include "ledger/append/clock_guard.h"

#include "gtest/gtest.h"

#include "ledger/base/limits.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using testing::FailsWith;
using testing::IsOk;

constexpr int64_t kWall = int64_t{1'552'903'200} * 1'000'000;
constexpr int64_t kSecond = 1'000'000;

TEST(ClockGuardTest, TimeThatPassesIsFine) {
  ClockGuard guard(kWall, kWall, 0);
  EXPECT_THAT(guard.Observe(kWall + 3600 * kSecond, 3600 * kSecond), IsOk());
  EXPECT_EQ(guard.recorded_at(), kWall + 3600 * kSecond);
}

TEST(ClockGuardTest, AJumpForwardOrBackStopsUntilConfirmed) {
  for (const int64_t direction : {1, -1}) {
    ClockGuard guard(kWall - kSecond, kWall, 0);
    const int64_t jumped = kWall + direction * (kClockJumpMaxMicros + kSecond);
    EXPECT_THAT(guard.Observe(jumped, 0), FailsWith(Reason::kClock));
    EXPECT_THAT(guard.Observe(jumped + kSecond, kSecond), FailsWith(Reason::kClock));
    EXPECT_TRUE(guard.unconfirmed());
    guard.Confirm();
    EXPECT_THAT(guard.Observe(jumped + 2 * kSecond, 2 * kSecond), IsOk());
  }
}

TEST(ClockGuardTest, AJumpOfFiveMinutesIsNotYetOne) {
  ClockGuard guard(kWall, kWall, 0);
  EXPECT_THAT(guard.Observe(kWall + kClockJumpMaxMicros, 0), IsOk());
  EXPECT_THAT(guard.Observe(kWall, 0), IsOk());
}

TEST(ClockGuardTest, RecordedAtNeverGoesBack) {
  ClockGuard guard(kWall, kWall - 3 * kSecond, 0);
  EXPECT_THAT(guard.Observe(kWall - 3 * kSecond, 0), IsOk());
  EXPECT_EQ(guard.recorded_at(), kWall);
  guard.Recorded(kWall + 10 * kSecond);
  EXPECT_THAT(guard.Observe(kWall, 3 * kSecond), IsOk());
  EXPECT_EQ(guard.recorded_at(), kWall + 10 * kSecond);
}

TEST(ClockGuardTest, AClockBehindTheLastEntryAtOpenStopsAppends) {
  ClockGuard fine(kWall, kWall - kClockBehindMaxMicros, 0);
  EXPECT_FALSE(fine.unconfirmed());
  ClockGuard behind(kWall, kWall - kClockBehindMaxMicros - 1, 0);
  EXPECT_TRUE(behind.unconfirmed());
  EXPECT_THAT(behind.Observe(kWall, kClockBehindMaxMicros), FailsWith(Reason::kClock));
}

}  // namespace
}  // namespace scrutiny::ledger
