// projections/performance/measure_series.h
// The values of one measure side by side: which period is compared with which, and what comes of
// it. register.v1.MeasureValueRow says by what rules.
//
// Threads:   confined to whoever folds.
// Lifetime:  borrows the rows added, which must stay as they are.
// Cost:      O(n log n) to make ready; a comparison looks back as far as it must.
// Tests:     tests/projections/performance/measures_test.cc
#ifndef SCRUTINY_PROJECTIONS_PERFORMANCE_MEASURE_SERIES_H_
#define SCRUTINY_PROJECTIONS_PERFORMANCE_MEASURE_SERIES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/optional.h"

#include "projections/performance/spans.h"
#include "scrutiny/register/v1/measures.pb.h"
#include "scrutiny/register/v1/scorecards.pb.h"

namespace scrutiny::projections {

// One period held against another.
struct Comparison {
  register_::v1::NotCompared not_compared = register_::v1::NOT_COMPARED_UNSPECIFIED;
  // The other one; null: there is none that could be compared.
  const register_::v1::MeasureValueRow* against = nullptr;
  absl::optional<event::v1::Decimal> percent;
  absl::optional<event::v1::Decimal> points;  // of percentages only
  event::v1::DirectionOfTravel direction = event::v1::DIRECTION_OF_TRAVEL_UNSPECIFIED;
  std::string break_reason;

  bool compared() const {
    return not_compared == register_::v1::NOT_COMPARED_UNSPECIFIED ||
           not_compared == register_::v1::NOT_COMPARED_ZERO_BEFORE;
  }
};

class MeasureSeries {
 public:
  explicit MeasureSeries(event::v1::MeasureScale scale) : scale_(scale) {}

  // Periods in the order of their keys, then breaks, then Ready.
  void Add(const register_::v1::MeasureValueRow& value);
  void AddBreak(const register_::v1::MeasureNoteRow& note);
  void Ready();

  // The period that ends last; null: no period.
  const register_::v1::MeasureValueRow* latest() const;

  // With the period before it.
  Comparison Compare(const register_::v1::MeasureValueRow& value) const;
  // With that period; empty: with the one before. None if either is not recorded.
  absl::optional<Comparison> Compare(const std::string& period, const std::string& against) const;

  // Whether a paper that states these says otherwise than the values. A change that is not computed
  // cannot be contradicted.
  bool Contradicts(const std::string& period, const std::string& against,
                   const event::v1::Decimal* percent, const event::v1::Decimal* points,
                   event::v1::DirectionOfTravel direction) const;

 private:
  struct Entry {
    const register_::v1::MeasureValueRow* row;
    absl::optional<Span> span;
    size_t by_end = 0;  // its place among those with a span
  };

  Comparison Compare(const Entry& now, const Entry& before) const;
  // Sets why there is none where there is none.
  const Entry* Before(const Entry& entry, register_::v1::NotCompared* why) const;
  const register_::v1::MeasureNoteRow* BreakBetween(const Entry& now, const Entry& before) const;
  bool IsBefore(const Entry& entry, const std::string& period) const;
  const Entry* Find(const std::string& period) const;

  const event::v1::MeasureScale scale_;
  std::vector<Entry> entries_;  // in the order of keys
  std::vector<size_t> by_end_;  // of those with a span, those that end first first
  absl::flat_hash_map<std::string, size_t> places_;
  std::vector<const register_::v1::MeasureNoteRow*> breaks_;
};

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PERFORMANCE_MEASURE_SERIES_H_
