// projections/public/programmes.h
// Programmes of engagement: what each is to reach, the places on its list and the visits to places.
// How far it is is computed when asked, with the engagements held under it. Rows:
// register.v1.ProgrammeRow; under p/<place> a PlaceCoverRow of a listed place, without its visits;
// under v/<place>/<sequence> a PlaceCoverRow of one visit: when first visited, the engagement.
//
// Tests:   tests/projections/public/programmes_test.cc
#ifndef SCRUTINY_PROJECTIONS_PUBLIC_PROGRAMMES_H_
#define SCRUTINY_PROJECTIONS_PUBLIC_PROGRAMMES_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

inline constexpr char kPlacePrefix[] = "p/";
inline constexpr char kVisitPrefix[] = "v/";

const Register& ProgrammesRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PUBLIC_PROGRAMMES_H_
