// projections/queries/engagement_queries.h
// What is computed when programmes, engagements, budgets and grant totals are asked for, and the
// questions that are no plain list. Listed in engagement_group.cc.
//
// Threads:  pure; a scope is confined to its query.
// Tests:    tests/projections/public, tests/projections/money
#ifndef SCRUTINY_PROJECTIONS_QUERIES_ENGAGEMENT_QUERIES_H_
#define SCRUTINY_PROJECTIONS_QUERIES_ENGAGEMENT_QUERIES_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "projections/queries/query.h"
#include "projections/queries/scope.h"
#include "scrutiny/register/v1/calendar.pb.h"
#include "scrutiny/register/v1/engagements.pb.h"
#include "scrutiny/register/v1/grant_totals.pb.h"
#include "scrutiny/register/v1/matters.pb.h"

namespace scrutiny::projections {

inline constexpr absl::string_view kBudgets = "budgets";
inline constexpr absl::string_view kConsultations = "consultations";
inline constexpr absl::string_view kEngagements = "engagements";
inline constexpr absl::string_view kFinances = "finances";
inline constexpr absl::string_view kMatters = "matters";
inline constexpr absl::string_view kProgrammes = "programmes";

// `part` in per cent of `whole`, which is not 0, with so many digits after the point, at most 4;
// halves away from 0.
event::v1::Decimal PercentOf(uint32_t part, uint32_t whole, uint32_t scale);

// Needs kEngagements.
absl::Status FinishProgramme(Scope& scope, register_::v1::ProgrammeRow* row);

absl::StatusOr<register_::v1::CoverPlacesResponse> CoverPlaces(
    Engine& engine, const register_::v1::CoverPlacesRequest& request, const QueryContext& context);
absl::StatusOr<register_::v1::TotalGrantsResponse> TotalGrants(
    Engine& engine, const register_::v1::TotalGrantsRequest& request, const QueryContext& context);
absl::StatusOr<register_::v1::ListCalendarResponse> ListCalendar(
    Engine& engine, const register_::v1::ListCalendarRequest& request, const QueryContext& context);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_ENGAGEMENT_QUERIES_H_
