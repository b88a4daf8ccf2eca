#include "projections/performance/changes.h"

#include <algorithm>
#include <limits>

#include "absl/numeric/int128.h"

namespace scrutiny::projections {
namespace {

using event::v1::Decimal;

// As Decimal.scale says.
constexpr uint32_t kScaleMax = 9;

absl::int128 PowerOfTen(uint32_t exponent) {
  absl::int128 power = 1;
  for (uint32_t i = 0; i < exponent; ++i) power *= 10;
  return power;
}

// Two decimals as whole numbers of the same unit, 10^-scale. Both stay below 10^28, so that what is
// multiplied by 100 and 10^kPlacesMax and doubled fits 128 bits.
struct Aligned {
  absl::int128 a;
  absl::int128 b;
  uint32_t scale;
};

absl::optional<Aligned> Align(const Decimal& a, const Decimal& b) {
  if (a.scale() > kScaleMax || b.scale() > kScaleMax) return absl::nullopt;
  const uint32_t scale = std::max(a.scale(), b.scale());
  return Aligned{absl::int128(a.units()) * PowerOfTen(scale - a.scale()),
                 absl::int128(b.units()) * PowerOfTen(scale - b.scale()), scale};
}

// Halves away from 0; `by` is above 0.
absl::int128 DividedRounded(absl::int128 number, absl::int128 by) {
  const bool negative = number < 0;
  const absl::int128 positive = negative ? -number : number;
  const absl::int128 rounded = (2 * positive + by) / (2 * by);
  return negative ? -rounded : rounded;
}

absl::optional<Decimal> AsDecimal(absl::int128 units, uint32_t places) {
  if (units > std::numeric_limits<int64_t>::max() || units < std::numeric_limits<int64_t>::min()) {
    return absl::nullopt;
  }
  Decimal decimal;
  decimal.set_units(static_cast<int64_t>(units));
  decimal.set_scale(places);
  return decimal;
}

absl::optional<Decimal> Percent(absl::int128 part, absl::int128 whole, uint32_t places) {
  if (whole == 0 || places > kPlacesMax) return absl::nullopt;
  return AsDecimal(DividedRounded(part * 100 * PowerOfTen(places), whole), places);
}

}  // namespace

absl::optional<Decimal> PercentChange(const Decimal& now, const Decimal& before, uint32_t places) {
  const absl::optional<Aligned> two = Align(now, before);
  if (!two.has_value()) return absl::nullopt;
  return Percent(two->a - two->b, two->b < 0 ? -two->b : two->b, places);
}

absl::optional<Decimal> PointChange(const Decimal& now, const Decimal& before, uint32_t places) {
  const absl::optional<Aligned> two = Align(now, before);
  if (!two.has_value() || places > kPlacesMax) return absl::nullopt;
  return AsDecimal(DividedRounded((two->a - two->b) * PowerOfTen(places), PowerOfTen(two->scale)),
                   places);
}

absl::optional<Decimal> PercentShare(const Decimal& part, const Decimal& whole, uint32_t places) {
  const absl::optional<Aligned> two = Align(part, whole);
  if (!two.has_value() || two->b < 0) return absl::nullopt;
  return Percent(two->a, two->b, places);
}

event::v1::DirectionOfTravel DirectionOf(const Decimal& now, const Decimal& before) {
  const absl::optional<Aligned> two = Align(now, before);
  if (!two.has_value()) return event::v1::DIRECTION_OF_TRAVEL_UNSPECIFIED;
  if (two->a == two->b) return event::v1::DIRECTION_OF_TRAVEL_SAME;
  return two->a > two->b ? event::v1::DIRECTION_OF_TRAVEL_UP : event::v1::DIRECTION_OF_TRAVEL_DOWN;
}

bool IsZero(const Decimal& value) { return value.units() == 0; }

absl::optional<Decimal> DecimalOf(uint64_t count) {
  if (count > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) return absl::nullopt;
  Decimal decimal;
  decimal.set_units(static_cast<int64_t>(count));
  return decimal;
}

bool SaysOtherwise(const Decimal& stated,
                   const std::function<absl::optional<Decimal>(uint32_t)>& compute) {
  if (stated.scale() > kPlacesMax) return false;
  const absl::optional<Decimal> computed = compute(stated.scale());
  return computed.has_value() && computed->units() != stated.units();
}

}  // namespace scrutiny::projections
