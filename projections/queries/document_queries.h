// projections/queries/document_queries.h
// What is computed when decisions and the forward plan are asked for, and the questions that are no
// plain list. Listed in document_group.cc.
//
// Threads:  pure; a scope is confined to its query.
// Tests:    tests/projections/board
#ifndef SCRUTINY_PROJECTIONS_QUERIES_DOCUMENT_QUERIES_H_
#define SCRUTINY_PROJECTIONS_QUERIES_DOCUMENT_QUERIES_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "projections/queries/query.h"
#include "projections/queries/scope.h"
#include "scrutiny/event/v1/decision.pb.h"
#include "scrutiny/register/v1/decision_reports.pb.h"
#include "scrutiny/register/v1/plan_agenda.pb.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {

// The office's time limit by which decisions are to be published, in days from the decision.
inline constexpr absl::string_view kDecisionLimitKey = "decision-publication";

// A decision with what stands beside it (projections/board/decisions.h).
struct DecisionRead {
  register_::v1::DecisionRow row;
  std::string earliest;  // its first possible day, ISO; empty if not known
  event::v1::DecisionPublicationWithheld withheld;  // empty if it is not
};

// Calls `fn` for each decision in the scope's view. Needs kDecisions.
absl::Status ForDecisions(Scope& scope, const std::function<absl::Status(DecisionRead&)>& fn);

// Sets `publication`, judged on the scope's day. Needs kOfficeSettings.
absl::Status JudgePublication(Scope& scope, DecisionRead& decision);

absl::StatusOr<register_::v1::ListDecisionsToReportResponse> QueryDecisionsToReport(
    Engine& engine, const register_::v1::ListDecisionsToReportRequest& request,
    const QueryContext& context);

absl::StatusOr<register_::v1::ComparePlanWithAgendaResponse> QueryPlanAgenda(
    Engine& engine, const register_::v1::ComparePlanWithAgendaRequest& request,
    const QueryContext& context);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_DOCUMENT_QUERIES_H_
