// projections/board/papers.h
// Papers put to meetings, with what they recommend. Row: event.v1.PaperSubmitted as it stands.
// Indexed by the meeting they were put to ("meeting").
//
// Threads:  pure.
// Tests:    tests/projections/queries
#ifndef SCRUTINY_PROJECTIONS_BOARD_PAPERS_H_
#define SCRUTINY_PROJECTIONS_BOARD_PAPERS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& PapersRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_PAPERS_H_
