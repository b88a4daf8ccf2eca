// projections/queries/queries.h
// One function a query: what RegisterStore does behind its methods.
//
// Threads:  thread-safe.
// Errors:   those of Scope; kNotFound, kMalformed for what a filter names.
// Tests:    tests/projections/queries
#ifndef SCRUTINY_PROJECTIONS_QUERIES_QUERIES_H_
#define SCRUTINY_PROJECTIONS_QUERIES_QUERIES_H_

#include "absl/status/statusor.h"

#include "projections/engine/engine.h"
#include "projections/queries/register_store.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {

absl::StatusOr<register_::v1::ListActionsResponse> QueryActions(
    Engine& engine, const register_::v1::ListActionsRequest& request, const QueryContext& context);
absl::StatusOr<register_::v1::ListForwardPlanResponse> QueryForwardPlan(
    Engine& engine, const register_::v1::ListForwardPlanRequest& request,
    const QueryContext& context);
absl::StatusOr<register_::v1::ListDecisionsResponse> QueryDecisions(
    Engine& engine, const register_::v1::ListDecisionsRequest& request,
    const QueryContext& context);
absl::StatusOr<register_::v1::ListResolutionsResponse> QueryResolutions(
    Engine& engine, const register_::v1::ListResolutionsRequest& request,
    const QueryContext& context);
absl::StatusOr<register_::v1::ListAssuranceResponse> QueryAssurance(
    Engine& engine, const register_::v1::ListAssuranceRequest& request,
    const QueryContext& context);
absl::StatusOr<register_::v1::ListFindingsResponse> QueryFindings(
    Engine& engine, const register_::v1::ListFindingsRequest& request, const QueryContext& context);
absl::StatusOr<register_::v1::ListSessionsResponse> QuerySessions(
    Engine& engine, const register_::v1::ListSessionsRequest& request, const QueryContext& context);
absl::StatusOr<register_::v1::ListSchemesResponse> QuerySchemes(
    Engine& engine, const register_::v1::ListSchemesRequest& request, const QueryContext& context);
absl::StatusOr<register_::v1::ListMeetingsResponse> QueryMeetings(
    Engine& engine, const register_::v1::ListMeetingsRequest& request, const QueryContext& context);
absl::StatusOr<register_::v1::GetMeetingResponse> QueryMeeting(
    Engine& engine, const register_::v1::GetMeetingRequest& request, const QueryContext& context);

absl::StatusOr<register_::v1::DiffRegisterResponse> QueryDiff(
    Engine& engine, const register_::v1::DiffRegisterRequest& request, const QueryContext& context);
absl::StatusOr<register_::v1::ExplainRecordResponse> QueryExplain(
    Engine& engine, const register_::v1::ExplainRecordRequest& request,
    const QueryContext& context);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_QUERIES_H_
