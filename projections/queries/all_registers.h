// projections/queries/all_registers.h
// Every register there is, and the names by which queries ask for them.
//
// Threads:  pure.
#ifndef SCRUTINY_PROJECTIONS_QUERIES_ALL_REGISTERS_H_
#define SCRUTINY_PROJECTIONS_QUERIES_ALL_REGISTERS_H_

#include <vector>

#include "absl/strings/string_view.h"

#include "projections/engine/register.h"

namespace scrutiny::projections {

inline constexpr absl::string_view kActions = "actions";
inline constexpr absl::string_view kAssurance = "assurance";
inline constexpr absl::string_view kDecisions = "decisions";
inline constexpr absl::string_view kFindings = "findings";
inline constexpr absl::string_view kForums = "forums";
inline constexpr absl::string_view kForwardPlan = "forward-plan";
inline constexpr absl::string_view kKnowledge = "knowledge";
inline constexpr absl::string_view kMeetings = "meetings";
inline constexpr absl::string_view kPapers = "papers";
inline constexpr absl::string_view kPeople = "people";
inline constexpr absl::string_view kResolutions = "resolutions";
inline constexpr absl::string_view kReviews = "reviews";
inline constexpr absl::string_view kSchemes = "schemes";
inline constexpr absl::string_view kSessions = "sessions";

std::vector<const Register*> AllRegisters();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_ALL_REGISTERS_H_
