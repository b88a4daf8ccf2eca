// projections/performance/spans.h
// Periods as days: which covers the same length of time as which, and which comes before.
//
// Threads:  pure functions.
// Tests:    tests/projections/performance/changes_test.cc
#ifndef SCRUTINY_PROJECTIONS_PERFORMANCE_SPANS_H_
#define SCRUTINY_PROJECTIONS_PERFORMANCE_SPANS_H_

#include <string>

#include "absl/types/optional.h"

#include "ledger/base/date.h"
#include "scrutiny/event/v1/common.pb.h"

namespace scrutiny::projections {

struct Span {
  ledger::Day first;
  ledger::Day last;

  friend bool operator==(const Span& a, const Span& b) = default;
};

// None if one of its dates is missing or the last lies before the first.
absl::optional<Span> SpanOf(const event::v1::Period& period);

// Its last day, ISO; empty: not known.
std::string LastDayOf(const event::v1::Period& period);

// As many whole months, or else as many days: a February compares with a March, and one day as at
// which something was read with another.
bool SameLength(const Span& a, const Span& b);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PERFORMANCE_SPANS_H_
