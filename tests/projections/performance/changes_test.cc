// Changes in per cent and in points, and which period compares with which.
#include "projections/performance/changes.h"

#include <cstdint>
#include <limits>
#include <string>

#include "gtest/gtest.h"

#include "projections/performance/spans.h"

namespace scrutiny::projections {
namespace {

using event::v1::Decimal;

Decimal D(int64_t units, uint32_t scale = 0) {
  Decimal decimal;
  decimal.set_units(units);
  decimal.set_scale(scale);
  return decimal;
}

Span Of(const std::string& from, const std::string& to) {
  event::v1::Period period;
  period.set_from(from);
  period.set_to(to);
  return *SpanOf(period);
}

TEST(ChangesTest, PercentIsRoundedOnceHalvesAwayFromZero) {
  EXPECT_EQ(PercentChange(D(4773), D(4638))->units(), 29);  // 2.91
  EXPECT_EQ(PercentChange(D(416), D(420))->units(), -10);   // -0.952
  EXPECT_EQ(PercentChange(D(416), D(420), 2)->units(), -95);
  EXPECT_EQ(PercentChange(D(10005), D(10000))->units(), 1);  // 0.05
  EXPECT_EQ(PercentChange(D(9995), D(10000))->units(), -1);
  EXPECT_EQ(PercentChange(D(1), D(-2))->units(), 1500);  // of its size: up
}

TEST(ChangesTest, PointsAreNotPerCent) {
  // From 40.5 % to 42 %: 1.5 points, 3.7 per cent.
  EXPECT_EQ(PointChange(D(42), D(405, 1))->units(), 15);
  EXPECT_EQ(PercentChange(D(42), D(405, 1))->units(), 37);
  EXPECT_EQ(PointChange(D(4225, 2), D(422, 1))->units(), 1);  // 0.05
}

TEST(ChangesTest, NothingComesOfWhatCannotBeComputed) {
  EXPECT_FALSE(PercentChange(D(5), D(0)).has_value());
  EXPECT_FALSE(PercentShare(D(5), D(0)).has_value());
  EXPECT_FALSE(PercentChange(D(5, 10), D(1)).has_value());  // no Decimal has that scale
  EXPECT_FALSE(
      PercentChange(D(std::numeric_limits<int64_t>::max()), D(1, 9), kPlacesMax).has_value());
  EXPECT_FALSE(DecimalOf(std::numeric_limits<uint64_t>::max()).has_value());
}

TEST(ChangesTest, LargestDecimalsDoNotOverflow) {
  const Decimal most = D(std::numeric_limits<int64_t>::max());
  const Decimal least = D(std::numeric_limits<int64_t>::min(), 9);
  EXPECT_EQ(PercentChange(most, most, kPlacesMax)->units(), 0);
  EXPECT_EQ(PercentChange(least, most)->units(), -1000);
  EXPECT_EQ(DirectionOf(least, most), event::v1::DIRECTION_OF_TRAVEL_DOWN);
}

TEST(ChangesTest, StatedIsHeldAgainstToItsOwnPrecision) {
  const auto share = [](uint32_t places) { return PercentShare(D(40), D(121), places); };
  EXPECT_FALSE(SaysOtherwise(D(33), share));
  EXPECT_FALSE(SaysOtherwise(D(331, 1), share));
  EXPECT_TRUE(SaysOtherwise(D(332, 1), share));
  EXPECT_FALSE(SaysOtherwise(D(33), [](uint32_t) { return absl::optional<Decimal>(); }));
}

TEST(SpansTest, MonthsCompareByNumberAndDaysByDays) {
  EXPECT_TRUE(SameLength(Of("2019-02", "2019-02"), Of("2019-03", "2019-03")));
  EXPECT_TRUE(SameLength(Of("2019-04-01", "2020-03-31"), Of("2018-04-01", "2019-03-31")));
  EXPECT_TRUE(SameLength(Of("2019-03-31", "2019-03-31"), Of("2018-03-31", "2018-03-31")));
  EXPECT_FALSE(SameLength(Of("2018-04-01", "2018-12-31"), Of("2017-04-01", "2018-03-31")));
  EXPECT_FALSE(SameLength(Of("2019-03-01", "2019-03-31"), Of("2019-03-31", "2019-03-31")));
}

TEST(SpansTest, PeriodNeedsBothEndsInOrder) {
  event::v1::Period period;
  EXPECT_FALSE(SpanOf(period).has_value());
  period.set_to("2018");
  EXPECT_FALSE(SpanOf(period).has_value());
  EXPECT_EQ(LastDayOf(period), "2018-12-31");
  period.set_from("2019");
  EXPECT_FALSE(SpanOf(period).has_value());
}

}  // namespace
}  // namespace scrutiny::projections
