// projections/panels/schemes.h
// Volunteer schemes. Row: register.v1.SchemeRow; beside it, under kSchemeTermsKey, the
// event.v1.SchemeEstablished with the aliases that find it and its time limit.
//
// Threads:  pure.
// Tests:    tests/projections/queries
#ifndef SCRUTINY_PROJECTIONS_PANELS_SCHEMES_H_
#define SCRUTINY_PROJECTIONS_PANELS_SCHEMES_H_

#include "absl/strings/string_view.h"

#include "projections/engine/register.h"

namespace scrutiny::projections {

inline constexpr absl::string_view kSchemeTermsKey = "terms";

const Register& SchemesRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PANELS_SCHEMES_H_
