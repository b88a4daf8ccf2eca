// projections/queries/grants_query.h
// What is computed when grants, their rounds and schemes are asked for: totals, bounds, what is
// left of an allocation, what is overdue. Listed in performance_group.cc.
//
// Threads:  pure; a scope is confined to its query.
// Errors:   kCorrupt for a row that cannot be read; those of Scope.
// Tests:    tests/projections/money/grants_test.cc
#ifndef SCRUTINY_PROJECTIONS_QUERIES_GRANTS_QUERY_H_
#define SCRUTINY_PROJECTIONS_QUERIES_GRANTS_QUERY_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "projections/queries/scope.h"
#include "scrutiny/register/v1/grant_rounds.pb.h"
#include "scrutiny/register/v1/grants.pb.h"

namespace scrutiny::projections {

inline constexpr absl::string_view kGrants = "grants";
inline constexpr absl::string_view kGrantRounds = "grant-rounds";
inline constexpr absl::string_view kGrantSchemes = "grant-schemes";

// Each needs all three registers among those the question draws on.
absl::Status FinishGrant(Scope& scope, register_::v1::GrantRow* row);
absl::Status FinishGrantMonitoring(Scope& scope, register_::v1::GrantMonitoringRow* row);
absl::Status FinishGrantRound(Scope& scope, register_::v1::GrantRoundRow* row);
absl::Status FinishGrantEarmark(Scope& scope, register_::v1::GrantEarmarkRow* row);
absl::Status FinishGrantScheme(Scope& scope, register_::v1::GrantSchemeRow* row);

// Awarded, and not declined since.
bool IsAward(const register_::v1::GrantRow& row);
// A report that is dated, or of which anything is said that only a report says.
bool IsMade(const register_::v1::GrantMonitoringRow& row);
// What a grant comes to over its whole term; false: not known.
bool ComesTo(const register_::v1::GrantRow& row, event::v1::Amount* total);
// What a scheme has for a year; false: not known.
bool AllocatedFor(const register_::v1::GrantSchemeRow& scheme, const event::v1::Period& year,
                  event::v1::Amount* amount);
// Adds the pence; a sum with something rounded in it is rounded.
void AddTo(const event::v1::Amount& amount, event::v1::Amount* sum);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_GRANTS_QUERY_H_
