// projections/public/representations.h
// Letters and representations, sent and received. Row: register.v1.RepresentationRow, without what
// the day makes of it. Indexed by the records it is about ("concerning").
//
// Threads:  pure.
// Limits:   the latest kRepliesMax answers.
// Tests:    tests/projections/public/representations_test.cc
#ifndef SCRUTINY_PROJECTIONS_PUBLIC_REPRESENTATIONS_H_
#define SCRUTINY_PROJECTIONS_PUBLIC_REPRESENTATIONS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

inline constexpr int kRepliesMax = 10;

const Register& RepresentationsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PUBLIC_REPRESENTATIONS_H_
