// Inspections, audits, recommendations, volunteer schemes, complaint reviews, returns.
#include "scrutiny/register/v1/audits.pb.h"
#include "scrutiny/register/v1/complaint_reviews.pb.h"
#include "scrutiny/register/v1/inspections.pb.h"
#include "scrutiny/register/v1/recommendations.pb.h"
#include "scrutiny/register/v1/returns.pb.h"
#include "tools/scrutiny/list_command.h"

namespace scrutiny::tools {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): every message of the
                                // service

std::vector<ListedRegister> ListedInspections() {
  return {
      Listed<ListRecommendationsRequest, ListRecommendationsResponse>(
          "recommendations", "Recommendations of inspections, audits and others",
          "ListRecommendations"),
      Listed<CoverRecommendationsRequest, CoverRecommendationsResponse>(
          "recommendation-cover", "How well the recommendations of each record are followed",
          "CoverRecommendations"),
      Listed<ListActionPlanPointsRequest, ListActionPlanPointsResponse>(
          "plan-points", "Points of the action plan on a record's recommendations",
          "ListActionPlanPoints"),
      Listed<ListAreaProgressRequest, ListAreaProgressResponse>(
          "area-progress", "Progress on recommendations, where it is reported by area",
          "ListAreaProgress"),
      Listed<ListInspectionsRequest, ListInspectionsResponse>(
          "inspections", "Inspections, with the clock for the office's comments",
          "ListInspections"),
      Listed<ListJudgementsRequest, ListJudgementsResponse>(
          "judgements", "Judgements of inspections, with assurance in the same area since",
          "ListJudgements"),
      Listed<ListAuditsRequest, ListAuditsResponse>("audits", "Audits, internal and external",
                                                    "ListAudits"),
      Listed<ListAuditOpinionsRequest, ListAuditOpinionsResponse>(
          "audit-opinions", "Opinions that auditors gave", "ListAuditOpinions"),
      Listed<ListReturnsRequest, ListReturnsResponse>(
          "returns", "Returns and force statements, when due and how far", "ListReturns"),
      Listed<ListReturnRatingsRequest, ListReturnRatingsResponse>(
          "return-ratings", "Ratings of areas of business in returns", "ListReturnRatings"),
      Listed<ListComplaintReviewsRequest, ListComplaintReviewsResponse>(
          "complaint-reviews", "Reviews of police complaints, with the time to apply",
          "ListComplaintReviews"),
      Listed<ListComplaintReviewCountsRequest, ListComplaintReviewCountsResponse>(
          "complaint-review-counts", "Counts of reviews of police complaints",
          "ListComplaintReviewCounts"),
  };
}

}  // namespace scrutiny::tools
