// projections/queries/meeting_queries.h
// Questions about meetings, attendance and numbers that are no plain list. Listed in
// meetings_group.cc.
//
// Threads:  thread-safe.
// Errors:   those of Scope; kNotFound, kMalformed for what a filter names.
// Tests:    tests/projections/board
#ifndef SCRUTINY_PROJECTIONS_QUERIES_MEETING_QUERIES_H_
#define SCRUTINY_PROJECTIONS_QUERIES_MEETING_QUERIES_H_

#include "absl/status/statusor.h"

#include "projections/engine/engine.h"
#include "projections/queries/register_store.h"
#include "scrutiny/register/v1/attendance.pb.h"
#include "scrutiny/register/v1/numbers.pb.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {

absl::StatusOr<register_::v1::ListAgendaItemsResponse> QueryAgendaItems(
    Engine& engine, const register_::v1::ListAgendaItemsRequest& request,
    const QueryContext& context);
absl::StatusOr<register_::v1::CountAttendanceResponse> QueryAttendanceCount(
    Engine& engine, const register_::v1::CountAttendanceRequest& request,
    const QueryContext& context);
absl::StatusOr<register_::v1::ListNumbersResponse> QueryNumbers(
    Engine& engine, const register_::v1::ListNumbersRequest& request, const QueryContext& context);
absl::StatusOr<register_::v1::ListNumberSeriesResponse> QueryNumberSeries(
    Engine& engine, const register_::v1::ListNumberSeriesRequest& request,
    const QueryContext& context);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_MEETING_QUERIES_H_
