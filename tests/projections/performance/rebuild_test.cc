// Goal: the registers of this folder hang on the facts and not on when they were folded.
//
// Method: facts that come late, undated, corrected and withdrawn are followed one append at a time,
// and folded anew from the whole ledger; rows and digests are the same.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/casework.pb.h"
#include "scrutiny/register/v1/measures.pb.h"
#include "scrutiny/register/v1/safety_reviews.pb.h"
#include "scrutiny/register/v1/scorecards.pb.h"
#include "tests/projections/support/open_registers.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): requests and rows
using testing::MemoryLedger;
using testing::OpenRegisters;

std::vector<std::string> Facts() {
  const std::string late = "occurred { on: '2019-01-01' } ";
  const std::string now = "occurred { on: '2019-05-20' } ";
  const std::string measure = "record: 'measures/a' ";
  const std::string casework = "record: 'casework/a' ";
  const std::string safety = "record: 'safety-reviews/a' ";
  const std::string period = "period { from: '2018-04-01' to: '2019-03-31' } ";
  const auto value = [&](const std::string& key, int units) {
    return absl::StrCat(measure, now, "measure_value_submitted { period_key: '", key,
                        "' value { units: ", units, " } }");
  };
  return {
      value("b", 110),
      value("a", 100),
      absl::StrCat(measure, late,
                   "measure_value_restated { period_key: 'b' value { units: 90 } "
                   "reason: 'r' }"),
      absl::StrCat(measure, now,
                   "comparability_break_declared { key: 'k' from_period: 'b' reason: "
                   "'r' }"),
      absl::StrCat(measure, "measure_defined { title: 'A' number_printed: '1' }"),
      absl::StrCat(measure, "corrects: 1 ", now,
                   "measure_value_submitted { period_key: 'a' value "
                   "{ units: 200 } }"),
      absl::StrCat(measure, "corrects: 3 withdrawn { reason: 'It compares' }"),
      absl::StrCat(casework, now,
                   "casework_statistics_restated { reason: 'r' tables { key: 't' "
                   "dimension: 'nature' counts { label: 'New' value: 30 } counts { "
                   "label: 'Old' value: 20 } } }"),
      absl::StrCat(casework, "casework_statistics_published { title: 'C' ", period,
                   "total { value: 50 } tables { key: 't' dimension: 'nature' counts { label: "
                   "'Old' value: 25 } counts { label: 'Gone' value: 25 } } }"),
      absl::StrCat(casework, late,
                   "casework_statistics_restated { reason: 'r' total { value: 49 } "
                   "tables { dimension: 'method' period_from: '2017-04-01' "
                   "period_to: '2018-03-31' total: 60 } }"),
      absl::StrCat(safety, now, "safety_review_reported { title: 'S' ", period,
                   "injuries { value: 385 } }"),
      absl::StrCat(safety, late,
                   "safety_figures_restated { reason: 'r' figures { period { from: "
                   "'2017-04-01' to: '2018-03-31' } before: 262 now: 333 } }"),
      absl::StrCat(safety, now,
                   "safety_subject_review_due { key: 's' subject: "
                   "SAFETY_SUBJECT_POLICY subject_title: 'P' next_review { date: "
                   "'2019-05-01' } }"),
      absl::StrCat(safety, late,
                   "safety_subject_reviewed { key: 's' subject: "
                   "SAFETY_SUBJECT_POLICY subject_title: 'P' }"),
      "record: 'scorecards/a' occurred { on: '2019-05-20' } scorecard_published { title: 'C' }",
  };
}

template <typename Response, typename Request>
std::string Told(OpenRegisters& registers, const std::string& request) {
  const auto response =
      registers->Answer<Response>(testing::Ask<Request>(request), OpenRegisters::Today());
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return response->DebugString();
}

std::vector<std::string> All(OpenRegisters& registers) {
  return {
      Told<ListMeasuresResponse, ListMeasuresRequest>(registers, ""),
      Told<ListMeasureValuesResponse, ListMeasureValuesRequest>(registers, ""),
      Told<ListMeasureNotesResponse, ListMeasureNotesRequest>(registers, ""),
      Told<ListScorecardsResponse, ListScorecardsRequest>(registers, ""),
      Told<ListCaseworkResponse, ListCaseworkRequest>(registers, ""),
      Told<ListCaseworkFiguresResponse, ListCaseworkFiguresRequest>(registers,
                                                                    "casework: 'casework/a'"),
      Told<ListSafetyReviewsResponse, ListSafetyReviewsRequest>(registers, ""),
      Told<ListSafetyFiguresResponse, ListSafetyFiguresRequest>(
          registers, "safety_review: 'safety-reviews/a'"),
      Told<ListSafetySubjectsResponse, ListSafetySubjectsRequest>(registers, ""),
  };
}

TEST(PerformanceRebuildTest, FollowingAndFoldingAnewComeToTheSame) {
  MemoryLedger ledger;
  std::vector<std::string> facts = Facts();
  ledger.Append({facts[0]});
  OpenRegisters followed(ledger);
  for (size_t i = 1; i < facts.size(); ++i) {
    ledger.Append({facts[i]});
    followed.Level();
    All(followed);
  }
  OpenRegisters anew(ledger);
  const std::vector<std::string> one = All(followed);
  const std::vector<std::string> other = All(anew);
  // With the digests of the registers, which are over every change of a row.
  for (size_t i = 0; i < one.size(); ++i) EXPECT_EQ(one[i], other[i]);
}

TEST(PerformanceRebuildTest, WhatIsTrueOnADayIsFoldedFromItsFactsAlone) {
  MemoryLedger ledger;
  ledger.Append(Facts());
  OpenRegisters registers(ledger);
  const std::string at = "view { true_on: '2019-03-01' } ";
  const auto figures = registers->Answer<ListSafetyFiguresResponse>(
      testing::Ask<ListSafetyFiguresRequest>(absl::StrCat(at, "safety_review: 'safety-reviews/a'")),
      OpenRegisters::Today());
  SCRUTINY_CHECK(figures.ok());
  ASSERT_EQ(figures->rows_size(), 1);
  ASSERT_EQ(figures->rows(0).figures_size(), 1);
  EXPECT_EQ(figures->rows(0).figures(0).restated_from(), 262U);
  const auto casework = registers->Answer<ListCaseworkResponse>(
      testing::Ask<ListCaseworkRequest>(at), OpenRegisters::Today());
  SCRUTINY_CHECK(casework.ok());
  EXPECT_EQ(casework->rows(0).state(), CASEWORK_STATE_RESTATED);
  EXPECT_EQ(casework->rows(0).title(), "");
}

}  // namespace
}  // namespace scrutiny::projections
