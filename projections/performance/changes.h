// projections/performance/changes.h
// Changes and shares of exact decimals: per cent and percentage points are two things, and neither
// passes through floating point.
//
// Guarantees:  exact; rounded once, to `places` decimals, halves away from 0.
// Threads:     pure functions.
// Errors:      none as a Status: nothing is returned where nothing can be computed (division by 0,
// a
//              scale that no Decimal has, a result beyond 64 bits).
// Limits:      kPlacesMax decimals.
// Tests:       tests/projections/performance/changes_test.cc
#ifndef SCRUTINY_PROJECTIONS_PERFORMANCE_CHANGES_H_
#define SCRUTINY_PROJECTIONS_PERFORMANCE_CHANGES_H_

#include <cstdint>
#include <functional>

#include "absl/types/optional.h"

#include "scrutiny/event/v1/common.pb.h"
#include "scrutiny/event/v1/measure.pb.h"

namespace scrutiny::projections {

// To which registers round.
inline constexpr uint32_t kPlaces = 1;
inline constexpr uint32_t kPlacesMax = 6;

// (now - before) / |before| x 100.
absl::optional<event::v1::Decimal> PercentChange(const event::v1::Decimal& now,
                                                 const event::v1::Decimal& before,
                                                 uint32_t places = kPlaces);
// now - before: of percentages, the change in percentage points.
absl::optional<event::v1::Decimal> PointChange(const event::v1::Decimal& now,
                                               const event::v1::Decimal& before,
                                               uint32_t places = kPlaces);
// part / whole x 100.
absl::optional<event::v1::Decimal> PercentShare(const event::v1::Decimal& part,
                                                const event::v1::Decimal& whole,
                                                uint32_t places = kPlaces);

// Which way it moved; unspecified if a scale is none.
event::v1::DirectionOfTravel DirectionOf(const event::v1::Decimal& now,
                                         const event::v1::Decimal& before);

bool IsZero(const event::v1::Decimal& value);

// A count as a decimal. Counts beyond 63 bits are none.
absl::optional<event::v1::Decimal> DecimalOf(uint64_t count);

// Whether what is stated is something else than what is computed, to the precision in which it is
// stated. `compute(places)` computes it; what cannot be computed contradicts nothing.
bool SaysOtherwise(const event::v1::Decimal& stated,
                   const std::function<absl::optional<event::v1::Decimal>(uint32_t)>& compute);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PERFORMANCE_CHANGES_H_
