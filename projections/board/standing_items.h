// projections/board/standing_items.h
// What stands on every agenda, and so is not expected on a forward plan. Under `i/` and its key an
// event.v1.StandingItemSet: the latest.
//
// Threads:  pure.
// Tests:    tests/projections/board/decisions_test.cc
#ifndef SCRUTINY_PROJECTIONS_BOARD_STANDING_ITEMS_H_
#define SCRUTINY_PROJECTIONS_BOARD_STANDING_ITEMS_H_

#include "absl/strings/string_view.h"

#include "projections/engine/register.h"

namespace scrutiny::projections {

inline constexpr absl::string_view kStandingItems = "standing-items";

const Register& StandingItemsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_STANDING_ITEMS_H_
