#include "tools/scrutiny-bench/samples.h"

#include "gtest/gtest.h"

namespace scrutiny::bench {
namespace {

constexpr int64_t kMilli = 1'000'000;

TEST(SamplesTest, PercentilesAreOfTheSortedSamples) {
  Samples samples;
  for (int i = 100; i >= 1; --i) samples.Add(i * kMilli);
  EXPECT_DOUBLE_EQ(samples.Percentile(50), 50);
  EXPECT_DOUBLE_EQ(samples.Percentile(99), 99);
  EXPECT_DOUBLE_EQ(samples.Percentile(99.9), 100);
  EXPECT_DOUBLE_EQ(samples.Percentile(0), 1);
  EXPECT_DOUBLE_EQ(samples.Max(), 100);
  EXPECT_DOUBLE_EQ(samples.Mean(), 50.5);
  samples.Add(1000 * kMilli);
  EXPECT_DOUBLE_EQ(samples.Percentile(100), 1000);
}

TEST(SamplesTest, OfNoneIsNothing) {
  const Samples samples;
  EXPECT_EQ(samples.Percentile(99), 0);
  EXPECT_EQ(samples.Mean(), 0);
  EXPECT_EQ(samples.Max(), 0);
}

TEST(SamplesTest, MedianIsTheMiddle) {
  EXPECT_DOUBLE_EQ(Median({3, 1, 2}), 2);
  EXPECT_DOUBLE_EQ(Median({4, 1, 3, 2}), 2.5);
  EXPECT_DOUBLE_EQ(Median({7}), 7);
  EXPECT_DOUBLE_EQ(Median({}), 0);
}

}  // namespace
}  // namespace scrutiny::bench
