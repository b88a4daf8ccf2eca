// projections/performance/figures.h
// Tables of counts of several periods, put side by side: what register.v1.CaseworkFigureRow and
// SafetyFigureRow say of joining, restating and computing. Worked out anew from everything a record
// was given, so that it hangs on the facts and their order alone.
//
// Threads:  confined to whoever folds.
// Limits:   kFigurePeriodsMax periods a row.
// Cost:     O(counts given) for each Build.
// Tests:    tests/projections/performance/casework_test.cc, safety_test.cc
#ifndef SCRUTINY_PROJECTIONS_PERFORMANCE_FIGURES_H_
#define SCRUTINY_PROJECTIONS_PERFORMANCE_FIGURES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/optional.h"

#include "projections/engine/fact.h"
#include "projections/engine/row_meta.h"
#include "scrutiny/event/v1/casework.pb.h"
#include "scrutiny/event/v1/counts.pb.h"
#include "scrutiny/event/v1/safety_review.pb.h"
#include "scrutiny/register/v1/figures.pb.h"

namespace scrutiny::projections {

inline constexpr int kFigurePeriodsMax = 10;

// What one fact gives. It outlives the fact.
struct FiguresGiven {
  explicit FiguresGiven(const Fact& fact);
  // What stands behind rows, as a fact: its sources and clocks, not what it says.
  Fact behind() const;

  ledger::Sequence sequence;
  ledger::Day day;
  event::v1::Entry entry;
  bool corrected = false;
  // It founds the record: what other facts give anew, it gave before, whenever it is dated.
  bool founds = false;
  event::v1::Period period;  // of the record; absent: as the founding fact says
  std::string unit;          // of counts without one
  absl::optional<event::v1::Count> total;
  std::vector<event::v1::CountTable> tables;
  std::vector<event::v1::StatedMovement> stated;
  std::vector<event::v1::SafetyFigureRestatement> restatements;
};

// One sort of thing counted.
struct FigureSeries {
  std::string key;  // of its row: what it is, hashed, so that it stays whatever else is given
  std::string dimension;
  uint32_t dimension_order = 0;
  uint32_t order = 0;
  std::string parent_label;
  std::string label;
  std::vector<event::v1::CountCategory> also;
  std::string unit;
  std::string note;
  std::vector<register_::v1::PeriodFigure> figures;  // the latest period first
  // Of the period that the latest is compared with.
  absl::optional<register_::v1::PeriodFigure> before;
  event::v1::DirectionOfTravel direction = event::v1::DIRECTION_OF_TRAVEL_UNSPECIFIED;
  absl::optional<event::v1::Decimal> change_percent;
  absl::optional<event::v1::Decimal> share_percent;
  event::v1::DirectionOfTravel stated_direction = event::v1::DIRECTION_OF_TRAVEL_UNSPECIFIED;
  absl::optional<event::v1::Decimal> stated_change_percent;
  absl::optional<event::v1::Decimal> stated_share_percent;
  bool disagrees = false;
  MetaBuilder meta;

  bool restated() const;
};

struct FigureBook {
  std::vector<FigureSeries> series;  // by dimension and order
  std::vector<std::string> dimensions;
  uint32_t periods = 0;
  uint32_t tables = 0;
  uint32_t suppressed = 0;

  // What is counted by nothing: the total of everything; null if none is given.
  const FigureSeries* total() const;
};

FigureBook BuildFigures(const std::vector<FiguresGiven>& given);

// Fills a row of figures; `Row` is CaseworkFigureRow or SafetyFigureRow.
template <typename Row>
void FillFigureRow(const FigureSeries& series, Row* row) {
  row->set_dimension(series.dimension);
  row->set_dimension_order(series.dimension_order);
  row->set_order(series.order);
  row->set_parent_label(series.parent_label);
  row->set_label(series.label);
  row->set_unit(series.unit);
  row->set_note(series.note);
  for (const register_::v1::PeriodFigure& figure : series.figures) *row->add_figures() = figure;
  row->set_direction(series.direction);
  if (series.change_percent.has_value()) *row->mutable_change_percent() = *series.change_percent;
  if (series.share_percent.has_value()) *row->mutable_share_percent() = *series.share_percent;
  row->set_stated_direction(series.stated_direction);
  if (series.stated_change_percent.has_value()) {
    *row->mutable_stated_change_percent() = *series.stated_change_percent;
  }
  if (series.stated_share_percent.has_value()) {
    *row->mutable_stated_share_percent() = *series.stated_share_percent;
  }
  row->set_disagrees(series.disagrees);
  series.meta.WriteTo(row->mutable_meta());
}

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PERFORMANCE_FIGURES_H_
