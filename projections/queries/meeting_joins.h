// projections/queries/meeting_joins.h
// What a meeting's row takes from other records: its forum's name on the day, how many resolutions
// it passed, what became of its minutes; and how people are shown.
//
// Threads:  as Scope.
// Tests:    tests/projections/queries
#ifndef SCRUTINY_PROJECTIONS_QUERIES_MEETING_JOINS_H_
#define SCRUTINY_PROJECTIONS_QUERIES_MEETING_JOINS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"

#include "ledger/base/date.h"
#include "projections/queries/scope.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {

// Fills in the row's joined fields. The scope draws on meetings, forums and resolutions.
absl::Status JoinMeeting(Scope& scope, register_::v1::MeetingRow& row);

// How somebody is shown: the name of a holder of public office, else the post. The scope draws on
// people.
absl::StatusOr<std::string> ShownAs(Scope& scope, const std::string& person,
                                    const std::string& post);

// The last day an ISO date of any precision may mean.
absl::optional<ledger::Day> LastDayOf(const std::string& date);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_MEETING_JOINS_H_
