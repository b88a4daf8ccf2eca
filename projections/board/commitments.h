// projections/board/commitments.h
// Commitments found in prose. Row: register.v1.CommitmentRow, without what is judged on a day and
// without the forum. Indexed by the meeting it was given at ("meeting"), the paper it stands in
// ("paper") and the action it became ("action").
//
// Threads:  pure.
// Tests:    tests/projections/board/commitments_test.cc
#ifndef SCRUTINY_PROJECTIONS_BOARD_COMMITMENTS_H_
#define SCRUTINY_PROJECTIONS_BOARD_COMMITMENTS_H_

#include "absl/strings/string_view.h"

#include "projections/engine/register.h"

namespace scrutiny::projections {

inline constexpr absl::string_view kCommitments = "commitments";

const Register& CommitmentsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_COMMITMENTS_H_
