// projections/board/resolutions.h
// Resolutions of meetings. Rows: register.v1.ResolutionRow by the resolution's key, without the
// meeting's date and the item's number and title. Indexed by plan priority ("priority", the
// number).
//
// Threads:  pure.
// Tests:    tests/projections/queries
#ifndef SCRUTINY_PROJECTIONS_BOARD_RESOLUTIONS_H_
#define SCRUTINY_PROJECTIONS_BOARD_RESOLUTIONS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& ResolutionsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_RESOLUTIONS_H_
