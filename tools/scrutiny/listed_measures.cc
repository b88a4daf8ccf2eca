// Measures, scorecards, casework, safety.
#include "scrutiny/register/v1/casework.pb.h"
#include "scrutiny/register/v1/measures.pb.h"
#include "scrutiny/register/v1/safety_reviews.pb.h"
#include "scrutiny/register/v1/scorecards.pb.h"
#include "tools/scrutiny/list_command.h"

namespace scrutiny::tools {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): every message of the
                                // service

std::vector<ListedRegister> ListedMeasure() {
  return {
      Listed<ListMeasuresRequest, ListMeasuresResponse>(
          "measures", "Measures of performance, each with its latest value", "ListMeasures"),
      Listed<ListMeasureValuesRequest, ListMeasureValuesResponse>(
          "measure-values", "Values of measures, period by period, and how they moved",
          "ListMeasureValues",
          "A value is compared with the period before that covers the same length of time. The "
          "change in per cent and the change in percentage points stand apart; neither is given "
          "across a break of comparability."),
      Listed<ListMeasureNotesRequest, ListMeasureNotesResponse>(
          "measure-notes", "Breaks of comparability, and comments held against the values",
          "ListMeasureNotes"),
      Listed<ListScorecardsRequest, ListScorecardsResponse>(
          "scorecards", "Scorecards as they were published", "ListScorecards"),
      Listed<ListCaseworkRequest, ListCaseworkResponse>(
          "casework", "Statistics of casework, period by period", "ListCasework"),
      Listed<ListCaseworkFiguresRequest, ListCaseworkFiguresResponse>(
          "casework-figures", "Casework by nature, method and reason, with its direction of travel",
          "ListCaseworkFigures",
          "Needs --casework. Small counts are left out, by the threshold the office has set."),
      Listed<ListSafetyReviewsRequest, ListSafetyReviewsResponse>(
          "safety", "Reviews of health and safety", "ListSafetyReviews"),
      Listed<ListSafetyFiguresRequest, ListSafetyFiguresResponse>(
          "safety-figures", "Injuries by type, cause and division, and what was restated",
          "ListSafetyFigures",
          "Needs --safety-review. Small counts are left out, by the threshold the office has set."),
      Listed<ListSafetySubjectsRequest, ListSafetySubjectsResponse>(
          "safety-subjects", "Policies, risk assessments and workplaces looked at, or to be",
          "ListSafetySubjects"),
  };
}

}  // namespace scrutiny::tools
