// projections/board/questions.h
// Questions put to boards, panels and office-holders. Rows of a question, by key:
//   ""          QuestionRow, without what is judged on a day and how the asker is shown
//   "p/l/<key>"  QuestionPartRow of a limb, "p/a/" of an answer to the whole question, "p/s/" of a
//                supplementary, "p/f/" of a follow-up; without what is judged on a day
// State, what is owed and the counts follow from the parts. An answer of which it is not said how
// much it gives counts as a full one; one that gives nothing as none. An answer to the whole
// question answers each limb that has no full answer yet.
// Indexed by every meeting it was put to ("meeting"), its forum ("forum") and asker ("asker").
//
// Threads:  pure.
// Tests:    tests/projections/board/questions_test.cc
#ifndef SCRUTINY_PROJECTIONS_BOARD_QUESTIONS_H_
#define SCRUTINY_PROJECTIONS_BOARD_QUESTIONS_H_

#include "absl/strings/string_view.h"

#include "projections/engine/register.h"

namespace scrutiny::projections {

inline constexpr absl::string_view kQuestions = "questions";
inline constexpr absl::string_view kQuestionPartPrefix = "p/";

const Register& QuestionsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_QUESTIONS_H_
