// projections/board/knowledge.h
// What was put before meetings by a later fact, beyond what entries say of themselves. Rows:
// event.v1.PutBefore with at most kSequencesPerRow sequences, "s/<sequence>/<n>".
//
// Threads:  pure.
// Tests:    tests/projections/queries
#ifndef SCRUTINY_PROJECTIONS_BOARD_KNOWLEDGE_H_
#define SCRUTINY_PROJECTIONS_BOARD_KNOWLEDGE_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

// Ten bytes each at most: a row stays well under kRowBytesMax.
inline constexpr int kSequencesPerRow = 300;

const Register& KnowledgeRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_KNOWLEDGE_H_
