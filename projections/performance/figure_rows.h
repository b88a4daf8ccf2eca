// projections/performance/figure_rows.h
// The rows of figures of one record, those that are gone taken away.
//
// Threads:  confined to whoever folds.
// Tests:    tests/projections/performance/casework_test.cc
#ifndef SCRUTINY_PROJECTIONS_PERFORMANCE_FIGURE_ROWS_H_
#define SCRUTINY_PROJECTIONS_PERFORMANCE_FIGURE_ROWS_H_

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "projections/engine/register.h"
#include "projections/performance/figures.h"

namespace scrutiny::projections {

class FigureRows {
 public:
  void Take(FiguresGiven given) {
    given_.push_back(std::move(given));
    book_ = BuildFigures(given_);
  }
  const FigureBook& book() const { return book_; }

  // `finish(series, row)` fills in what is the register's own.
  template <typename Row, typename Finish>
  void Give(RowSink& sink, Finish finish) {
    std::set<std::string> now;
    for (const FigureSeries& series : book_.series) {
      Row row;
      FillFigureRow(series, &row);
      finish(series, &row);
      sink.Row(series.key, row);
      now.insert(series.key);
      shown_.erase(series.key);
    }
    for (const std::string& gone : shown_) sink.Row(gone, Row());
    shown_ = std::move(now);
  }

 private:
  std::vector<FiguresGiven> given_;
  FigureBook book_;
  std::set<std::string> shown_;
};

// The facts of a register that may be put to a meeting without an item: the item of the meeting
// before is not its item.
template <typename Given, typename Row>
void ClearOldItem(const Given& given, Row* row) {
  if (!given.meeting().empty() && given.item().empty()) row->clear_item();
}

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PERFORMANCE_FIGURE_ROWS_H_
