// projections/board/papers.h
// Papers: what they are, what they recommend and what is attached to them. Rows of a paper, by key:
//   ""          PaperRow, without what its meeting says, what is judged on a day, and whether the
//               store holds its bytes
//   "r/<key>"   PaperRecommendationRow, without the meeting's date and the resolutions
//   "t/<place>" PaperAttachmentRow, without whether it is held
// Indexed by the meeting it was put to ("meeting") and the paper it is part of ("part_of").
//
// Threads:  pure.
// Tests:    tests/projections/board/papers_test.cc
#ifndef SCRUTINY_PROJECTIONS_BOARD_PAPERS_H_
#define SCRUTINY_PROJECTIONS_BOARD_PAPERS_H_

#include "absl/strings/string_view.h"

#include "projections/engine/register.h"

namespace scrutiny::projections {

inline constexpr absl::string_view kPaperRecommendationPrefix = "r/";
inline constexpr absl::string_view kPaperAttachmentPrefix = "t/";

const Register& PapersRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_PAPERS_H_
