// projections/queries/inspection_queries.h
// What is computed when inspections, audits, recommendations, returns and complaint reviews are
// asked for, and the questions that are no plain list. Listed in inspection_group.cc.
//
// Threads:  pure; a scope is confined to its query.
// Tests:    tests/projections/inspections
#ifndef SCRUTINY_PROJECTIONS_QUERIES_INSPECTION_QUERIES_H_
#define SCRUTINY_PROJECTIONS_QUERIES_INSPECTION_QUERIES_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "projections/queries/query.h"
#include "projections/queries/scope.h"
#include "scrutiny/register/v1/audits.pb.h"
#include "scrutiny/register/v1/complaint_reviews.pb.h"
#include "scrutiny/register/v1/inspections.pb.h"
#include "scrutiny/register/v1/recommendations.pb.h"
#include "scrutiny/register/v1/returns.pb.h"

namespace scrutiny::projections {

inline constexpr absl::string_view kAudits = "audits";
inline constexpr absl::string_view kComplaintReviews = "complaint-reviews";
inline constexpr absl::string_view kInspections = "inspections";
inline constexpr absl::string_view kRecommendations = "recommendations";
inline constexpr absl::string_view kReturns = "returns";

// The days of the office's time limit of that key; 0: it has set none. Needs kOfficeSettings.
absl::StatusOr<uint32_t> OfficeLimitDays(Scope& scope, absl::string_view key);

// Counts of that kind of record are left out from 1 up to, but not including, this. Needs
// kOfficeSettings.
absl::StatusOr<uint32_t> SuppressedBelow(Scope& scope, absl::string_view kind);

absl::Status FinishRecommendation(Scope& scope, register_::v1::RecommendationRow* row);
absl::Status FinishPlanPoint(Scope& scope, register_::v1::ActionPlanPointRow* row);
absl::Status FinishInspection(Scope& scope, register_::v1::InspectionRow* row);
absl::Status FinishJudgement(Scope& scope, register_::v1::JudgementRow* row);
absl::Status FinishAudit(Scope& scope, register_::v1::AuditRow* row);
absl::Status FinishReturn(Scope& scope, register_::v1::ReturnRow* row);
absl::Status FinishReturnRating(Scope& scope, register_::v1::ReturnRatingRow* row);
absl::Status FinishComplaintReview(Scope& scope, register_::v1::ComplaintReviewRow* row);
absl::Status FinishComplaintReviewCount(Scope& scope, register_::v1::ComplaintReviewCountRow* row);

absl::StatusOr<register_::v1::CoverRecommendationsResponse> CoverRecommendations(
    Engine& engine, const register_::v1::CoverRecommendationsRequest& request,
    const QueryContext& context);

// A list of rows that records of several kinds have: each kind's register answers for its own. The
// request's `from` is required.
Query OfSeveralKinds(std::vector<std::pair<std::string, Query>> by_kind);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_INSPECTION_QUERIES_H_
