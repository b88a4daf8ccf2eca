// projections/panels/sessions.h
// Sessions and visits of volunteer panels. Rows: register.v1.SessionRow; under kHinderedPrefix and
// a sequence register.v1.HinderedVisitRow; under kIssuePrefix and a key register.v1.VisitIssueRow;
// and counts (count_rows.h). Indexed by scheme ("scheme").
//
// Threads:  pure.
// Tests:    tests/projections/queries, tests/projections/panels/visits_test.cc
#ifndef SCRUTINY_PROJECTIONS_PANELS_SESSIONS_H_
#define SCRUTINY_PROJECTIONS_PANELS_SESSIONS_H_

#include "absl/strings/string_view.h"

#include "projections/engine/register.h"

namespace scrutiny::projections {

inline constexpr absl::string_view kHinderedPrefix = "h/";
inline constexpr absl::string_view kIssuePrefix = "i/";

const Register& SessionsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PANELS_SESSIONS_H_
