// projections/panels/scheme_reports.h
// What volunteer schemes report. Row: register.v1.SchemeReportRow, without what joins it to others;
// beside it its counts (count_rows.h) and the plans of action on it (plan_rows.h). Indexed by
// scheme ("scheme").
//
// Threads:  pure.
// Tests:    tests/projections/panels/counts_test.cc
#ifndef SCRUTINY_PROJECTIONS_PANELS_SCHEME_REPORTS_H_
#define SCRUTINY_PROJECTIONS_PANELS_SCHEME_REPORTS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& SchemeReportsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PANELS_SCHEME_REPORTS_H_
