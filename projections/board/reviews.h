// projections/board/reviews.h
// Reviews of actions as printed: which actions a meeting's review lists. Rows, event messages cut
// to what is needed: "r/<sequence>" an ActionReviewPresented without lines, that there was one;
// "r/<sequence>/<n>" a ReviewLine.
//
// Threads:  pure.
// Tests:    tests/projections/queries
#ifndef SCRUTINY_PROJECTIONS_BOARD_REVIEWS_H_
#define SCRUTINY_PROJECTIONS_BOARD_REVIEWS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& ReviewsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_REVIEWS_H_
