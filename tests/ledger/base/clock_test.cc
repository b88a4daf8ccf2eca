#include "ledger/base/clock.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "gtest/gtest.h"

#include "ledger/base/random.h"

namespace scrutiny::ledger {
namespace {

TEST(SystemClockTest, WallIsUtcSinceTheEpoch) {
  SystemClock clock;
  constexpr int64_t kStartOf2020Micros = int64_t{1577836800} * 1'000'000;
  EXPECT_GT(clock.WallMicros(), kStartOf2020Micros);
}

TEST(SystemClockTest, MonotonicNeverGoesBack) {
  SystemClock clock;
  int64_t last = clock.MonotonicMicros();
  for (int i = 0; i < 1000; ++i) {
    const int64_t now = clock.MonotonicMicros();
    ASSERT_GE(now, last);
    last = now;
  }
}

TEST(SystemRandomTest, FillsEveryByteAnewEachTime) {
  SystemRandom random;
  std::array<uint8_t, 1024> a{};
  std::array<uint8_t, 1024> b{};
  random.Fill(a);
  random.Fill(b);
  EXPECT_NE(a, b);
  // 1,024 zero bytes at the end would come by chance once in 2^512.
  EXPECT_TRUE(std::any_of(a.end() - 64, a.end(), [](uint8_t byte) { return byte != 0; }));
  random.Fill({});
}

}  // namespace
}  // namespace scrutiny::ledger
