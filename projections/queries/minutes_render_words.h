// projections/queries/minutes_render_words.h
// How minutes say things: dates, capacities, limbs of resolutions, outcomes of assurance.
//
// Threads:  pure functions.
// Tests:    tests/projections/board/minutes_render_test.cc
#ifndef SCRUTINY_PROJECTIONS_QUERIES_MINUTES_RENDER_WORDS_H_
#define SCRUTINY_PROJECTIONS_QUERIES_MINUTES_RENDER_WORDS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "scrutiny/event/v1/agenda.pb.h"
#include "scrutiny/event/v1/meeting.pb.h"
#include "scrutiny/event/v1/resolution.pb.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {

// `2019-03-18` as `18 March 2019`, `2019-03` as `March 2019`; what is no ISO date as it is.
std::string DateInFull(absl::string_view iso);
// One line of text: white space and control characters in a row become one space; characters that
// change the direction of what follows are left out, since a reader would be shown other words.
std::string PlainText(absl::string_view text);
// Ended by a full stop unless it ends a sentence already.
std::string AsSentence(absl::string_view text);
// First letter a capital.
std::string Capital(absl::string_view text);
// `a`, `a and b`, `a, b and c`.
std::string WithAnd(const std::vector<std::string>& parts);

// `CAPACITY_IN_ATTENDANCE` as `in attendance`; UNSPECIFIED is empty.
std::string CapacityWords(event::v1::Capacity capacity);
// `INTEREST_HANDLING_LEFT_ROOM` as `left room`; UNSPECIFIED is empty.
std::string HandlingWords(event::v1::InterestHandling handling);
// `gained`, `gained on conditions`, ….
std::string AssuranceWords(register_::v1::AssuranceOutcome outcome);
// A limb as a sentence, its verb joined to its subject as far as can be done safely.
std::string LimbWords(const event::v1::ResolutionLimb& limb);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_MINUTES_RENDER_WORDS_H_
