// projections/queries/time_spans.h
// Stretches of time by which an answer is cut: the month, quarter or year that a day lies in.
//
// Threads:  pure functions.
// Tests:    tests/projections/plans/assurance_map_test.cc
#ifndef SCRUTINY_PROJECTIONS_QUERIES_TIME_SPANS_H_
#define SCRUTINY_PROJECTIONS_QUERIES_TIME_SPANS_H_

#include <string>

#include "absl/strings/string_view.h"

#include "ledger/base/date.h"
#include "scrutiny/register/v1/assurance_map.pb.h"

namespace scrutiny::projections {

struct TimeSpan {
  ledger::Day first;
  ledger::Day last;
  std::string words;  // `Mar 2019`, `Apr–Jun 2019`, `2019`, `2019/20`
};

// The stretch that the day lies in; by meeting: the day alone.
TimeSpan SpanAround(register_::v1::AssuranceMapSpan by, ledger::Day day);

// `18 Mar 2019`, `Mar 2019`, `2019`; what is no ISO date comes back as it is.
std::string IsoInWords(const std::string& iso);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_TIME_SPANS_H_
