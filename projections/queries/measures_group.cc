#include "projections/inspections/office_settings.h"
#include "projections/performance/casework.h"
#include "projections/performance/measures.h"
#include "projections/performance/safety_reviews.h"
#include "projections/queries/figures_query.h"
#include "projections/queries/groups.h"
#include "projections/queries/list_query.h"
#include "scrutiny/register/v1/measures.pb.h"
#include "scrutiny/register/v1/scorecards.pb.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): messages of the queries

namespace {

// A list of figures is of one record: those of several do not stand side by side.
template <typename Request>
Query OfOneRecord(Query query, const std::string& (Request::*record)() const, const char* field,
                  const char* example) {
  const auto ask = query.ask;
  query.ask = [ask, record, field, example](
                  Engine& engine, const google::protobuf::Message& request,
                  const QueryContext& context, google::protobuf::Message* response) {
    if ((static_cast<const Request&>(request).*record)().empty()) {
      return absl::Status(ledger::Error(ledger::Reason::kMalformed, "No record is named.")
                              .Field(field)
                              .Next(example));
    }
    return ask(engine, request, context, response);
  };
  return query;
}

}  // namespace

std::vector<const Register*> MeasureRegisters() {
  return {&MeasuresRegister(), &ScorecardsRegister(), &CaseworkRegister(),
          &SafetyReviewsRegister()};
}

std::vector<Query> MeasureQueries() {
  return {
      ListOf<ListMeasuresRequest, ListMeasuresResponse>("ListMeasures", MeasuresRegister()),
      ListOf<ListMeasureValuesRequest, ListMeasureValuesResponse>("ListMeasureValues",
                                                                  MeasuresRegister()),
      ListOf<ListMeasureNotesRequest, ListMeasureNotesResponse>("ListMeasureNotes",
                                                                MeasuresRegister()),
      ListOf<ListScorecardsRequest, ListScorecardsResponse>("ListScorecards", ScorecardsRegister()),
      ListOf<ListCaseworkRequest, ListCaseworkResponse, CaseworkRow>(
          "ListCasework", CaseworkRegister(), {kOfficeSettings}, FinishCasework),
      OfOneRecord<ListCaseworkFiguresRequest>(
          ListOf<ListCaseworkFiguresRequest, ListCaseworkFiguresResponse, CaseworkFigureRow>(
              "ListCaseworkFigures", CaseworkRegister(), {kOfficeSettings}, FinishCaseworkFigure),
          &ListCaseworkFiguresRequest::casework, "casework",
          "Name the statistics, such as casework/2018-19."),
      ListOf<ListSafetyReviewsRequest, ListSafetyReviewsResponse, SafetyReviewRow>(
          "ListSafetyReviews", SafetyReviewsRegister(), {kOfficeSettings}, FinishSafetyReview),
      OfOneRecord<ListSafetyFiguresRequest>(
          ListOf<ListSafetyFiguresRequest, ListSafetyFiguresResponse, SafetyFigureRow>(
              "ListSafetyFigures", SafetyReviewsRegister(), {kOfficeSettings}, FinishSafetyFigure),
          &ListSafetyFiguresRequest::safety_review, "safety_review",
          "Name the review, such as safety-reviews/2018."),
      ListOf<ListSafetySubjectsRequest, ListSafetySubjectsResponse, SafetySubjectRow>(
          "ListSafetySubjects", SafetyReviewsRegister(), {}, FinishSafetySubject),
  };
}

}  // namespace scrutiny::projections
