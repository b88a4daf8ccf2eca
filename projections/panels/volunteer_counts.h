// projections/panels/volunteer_counts.h
// How many volunteers schemes have. Row: register.v1.VolunteerCountRow, without the scheme's name;
// beside it its counts (count_rows.h). Indexed by scheme ("scheme").
//
// Threads:  pure.
// Tests:    tests/projections/panels/counts_test.cc
#ifndef SCRUTINY_PROJECTIONS_PANELS_VOLUNTEER_COUNTS_H_
#define SCRUTINY_PROJECTIONS_PANELS_VOLUNTEER_COUNTS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& VolunteerCountsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PANELS_VOLUNTEER_COUNTS_H_
