// projections/queries/figures_query.h
// What is computed when casework statistics and reviews of health and safety are asked for: small
// counts left out by the threshold in force, and what is to be looked at again. Listed in
// measures_group.cc.
//
// Threads:  pure; a scope is confined to its query.
// Tests:    tests/projections/performance
#ifndef SCRUTINY_PROJECTIONS_QUERIES_FIGURES_QUERY_H_
#define SCRUTINY_PROJECTIONS_QUERIES_FIGURES_QUERY_H_

#include "absl/status/status.h"

#include "projections/queries/scope.h"
#include "scrutiny/register/v1/casework.pb.h"
#include "scrutiny/register/v1/safety_reviews.pb.h"

namespace scrutiny::projections {

// All but the last need kOfficeSettings.
absl::Status FinishCasework(Scope& scope, register_::v1::CaseworkRow* row);
absl::Status FinishCaseworkFigure(Scope& scope, register_::v1::CaseworkFigureRow* row);
absl::Status FinishSafetyReview(Scope& scope, register_::v1::SafetyReviewRow* row);
absl::Status FinishSafetyFigure(Scope& scope, register_::v1::SafetyFigureRow* row);
absl::Status FinishSafetySubject(Scope& scope, register_::v1::SafetySubjectRow* row);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_FIGURES_QUERY_H_
