// projections/panels/findings.h
// Findings of volunteer panels with the force's answers. Row: register.v1.FindingRow, without the
// scheme's name and what depends on a day. Under kResponseDueKey an event.v1.Due, where a response
// is due by a meeting or by the scheme's time limit. Indexed by scheme ("scheme").
//
// Threads:  pure.
// Tests:    tests/projections/queries
#ifndef SCRUTINY_PROJECTIONS_PANELS_FINDINGS_H_
#define SCRUTINY_PROJECTIONS_PANELS_FINDINGS_H_

#include "absl/strings/string_view.h"

#include "projections/engine/register.h"

namespace scrutiny::projections {

inline constexpr absl::string_view kResponseDueKey = "due";

const Register& FindingsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PANELS_FINDINGS_H_
