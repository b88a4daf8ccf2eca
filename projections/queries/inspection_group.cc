#include "projections/inspections/audits.h"
#include "projections/inspections/inspections.h"
#include "projections/inspections/office_settings.h"
#include "projections/inspections/recommendations.h"
#include "projections/inspections/returns.h"
#include "projections/panels/complaint_reviews.h"
#include "projections/panels/scheme_reports.h"
#include "projections/queries/all_registers.h"
#include "projections/queries/groups.h"
#include "projections/queries/inspection_queries.h"
#include "projections/queries/list_query.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): every message of the
                                // service

namespace {

Query PlanPoints(const Register& reg) {
  return ListOf<ListActionPlanPointsRequest, ListActionPlanPointsResponse, ActionPlanPointRow>(
      "ListActionPlanPoints", reg, {}, FinishPlanPoint);
}

Query AreaProgress(const Register& reg) {
  return ListOf<ListAreaProgressRequest, ListAreaProgressResponse>("ListAreaProgress", reg);
}

}  // namespace

std::vector<const Register*> InspectionRegisters() {
  return {&OfficeSettingsRegister(),
          &RecommendationsRegister(),
          &InspectionsRegister(),
          &AuditsRegister(),
          &ReturnsRegister(),
          &ComplaintReviewsRegister(),
          &ComplaintReviewCountsRegister()};
}

std::vector<Query> InspectionQueries() {
  return {
      ListOf<ListRecommendationsRequest, ListRecommendationsResponse, RecommendationRow>(
          "ListRecommendations", RecommendationsRegister(), {}, FinishRecommendation),
      MakeQuery<CoverRecommendationsRequest, CoverRecommendationsResponse>("CoverRecommendations",
                                                                           CoverRecommendations),
      OfSeveralKinds({{"inspections", PlanPoints(InspectionsRegister())},
                      {"audits", PlanPoints(AuditsRegister())},
                      {"scheme-reports", PlanPoints(SchemeReportsRegister())}}),
      OfSeveralKinds({{"inspections", AreaProgress(InspectionsRegister())},
                      {"audits", AreaProgress(AuditsRegister())},
                      {"scheme-reports", AreaProgress(SchemeReportsRegister())}}),
      ListOf<ListInspectionsRequest, ListInspectionsResponse, InspectionRow>(
          "ListInspections", InspectionsRegister(), {kOfficeSettings}, FinishInspection),
      ListOf<ListJudgementsRequest, ListJudgementsResponse, JudgementRow>(
          "ListJudgements", InspectionsRegister(), {kAssurance}, FinishJudgement),
      ListOf<ListAuditsRequest, ListAuditsResponse, AuditRow>("ListAudits", AuditsRegister(), {},
                                                              FinishAudit),
      ListOf<ListAuditOpinionsRequest, ListAuditOpinionsResponse>("ListAuditOpinions",
                                                                  AuditsRegister()),
      ListOf<ListReturnsRequest, ListReturnsResponse, ReturnRow>("ListReturns", ReturnsRegister(),
                                                                 {}, FinishReturn),
      ListOf<ListReturnRatingsRequest, ListReturnRatingsResponse, ReturnRatingRow>(
          "ListReturnRatings", ReturnsRegister(), {}, FinishReturnRating),
      ListOf<ListComplaintReviewsRequest, ListComplaintReviewsResponse, ComplaintReviewRow>(
          "ListComplaintReviews", ComplaintReviewsRegister(), {kOfficeSettings},
          FinishComplaintReview),
      ListOf<ListComplaintReviewCountsRequest, ListComplaintReviewCountsResponse,
             ComplaintReviewCountRow>("ListComplaintReviewCounts", ComplaintReviewCountsRegister(),
                                      {kOfficeSettings, kComplaintReviews},
                                      FinishComplaintReviewCount),
  };
}

}  // namespace scrutiny::projections
