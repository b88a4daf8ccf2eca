// Inspections, audits, recommendations and returns as papers 12D, 12E and 12F of 20 May 2019 print
// them, and what becomes of them when facts come late or are taken back.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/audits.pb.h"
#include "scrutiny/register/v1/inspections.pb.h"
#include "scrutiny/register/v1/recommendations.pb.h"
#include "scrutiny/register/v1/returns.pb.h"
#include "tests/projections/support/open_registers.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using testing::MemoryLedger;
using testing::OpenRegisters;

// A fact of a day.
std::string On(const std::string& day, const std::string& record, const std::string& fact) {
  return absl::StrCat("record: '", record, "' occurred { on: '", day, "' } ", fact);
}

template <typename Response, typename Request>
Response Answer(OpenRegisters& registers, const std::string& request,
                const std::string& judged_on = "2019-06-01") {
  registers.Level();
  const auto response = registers->Answer<Response>(testing::Ask<Request>(request),
                                                    {*ledger::Day::Parse(judged_on), nullptr});
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return *response;
}

RecommendationRow Recommendation(OpenRegisters& registers) {
  return Answer<ListRecommendationsResponse, ListRecommendationsRequest>(registers,
                                                                         "from: 'inspections/cdi'")
      .rows(0);
}

constexpr char kOne[] = "recommendations/cdi/1";

std::string Made() {
  return On("2019-02-01", kOne,
            "recommendation_received { from: 'inspections/cdi' order: 1 wording: 'Train' }");
}

TEST(RecommendationsTest, SaidCompleteIsNotVerified) {
  MemoryLedger ledger;
  ledger.Append(
      {Made(),
       On("2019-03-01", kOne,
          "recommendation_answered { stance: "
          "RESPONSE_STANCE_ACCEPTED due { date: '2019-07-18' } }"),
       On("2019-04-01", kOne, "recommendation_reported_complete { text: 'All trained' }")});
  OpenRegisters registers(ledger);
  RecommendationRow row = Recommendation(registers);
  EXPECT_EQ(row.state(), RECOMMENDATION_STATE_REPORTED_COMPLETE);
  EXPECT_TRUE(row.unverified());
  EXPECT_FALSE(row.open());
  EXPECT_EQ(row.progress(), "All trained");
  ledger.Append({On("2019-05-01", kOne, "recommendation_not_verified { reason: 'No records' }")});
  registers.Level();
  row = Recommendation(registers);
  EXPECT_EQ(row.state(), RECOMMENDATION_STATE_IN_PROGRESS);
  EXPECT_TRUE(row.open());
  EXPECT_EQ(row.reported_complete_on(), "");
}

TEST(RecommendationsTest, ProgressDatedAfterClosingDoesNotOpenItAgain) {
  MemoryLedger ledger;
  ledger.Append({Made(), On("2019-03-01", kOne, "recommendation_verified { text: 'Seen' }"),
                 On("2019-03-10", kOne, "recommendation_closed { reason: 'Done' }"),
                 On("2019-04-01", kOne, "recommendation_progressed { text: 'More' }")});
  OpenRegisters registers(ledger);
  RecommendationRow row = Recommendation(registers);
  EXPECT_EQ(row.state(), RECOMMENDATION_STATE_CLOSED);
  EXPECT_EQ(row.verified_on(), "2019-03-01");
  ledger.Append({On("2019-05-01", kOne,
                    "recommendation_reopened { reason: 'Not so' due { date: '2019-05-20' } }")});
  row = Recommendation(registers);
  EXPECT_EQ(row.state(), RECOMMENDATION_STATE_REOPENED);
  EXPECT_EQ(row.verified_on(), "");
  EXPECT_TRUE(row.overdue());
}

TEST(RecommendationsTest, ALateAnswerTakesNoProgressBack) {
  MemoryLedger ledger;
  ledger.Append({Made(), On("2019-03-01", kOne, "recommendation_progressed { text: 'Begun' }")});
  OpenRegisters registers(ledger);
  ledger.Append({On("2019-04-01", kOne,
                    "recommendation_answered { stance: RESPONSE_STANCE_ACCEPTED text: 'Yes' }")});
  const RecommendationRow row = Recommendation(registers);
  EXPECT_EQ(row.state(), RECOMMENDATION_STATE_IN_PROGRESS);
  EXPECT_EQ(row.answer(), "Yes");
}

TEST(CoverTest, NamesWhatIsMissing) {
  MemoryLedger ledger;
  ledger.Append(
      {On("2018-05-14", "audits/hs", "audit_commissioned { title: 'Health and safety' }"),
       On("2018-06-15", "audits/hs",
          "audit_report_issued { stage: AUDIT_REPORT_STAGE_FINAL "
          "recommendations_stated: 20 areas_stated: 8 }"),
       On("2018-06-15", "recommendations/hs/1",
          "recommendation_received { from: 'audits/hs' wording: 'Policy' owners { post: 'Head' } "
          "due { date: '2018-09-30' } }"),
       On("2018-06-15", "recommendations/hs/2",
          "recommendation_received { from: 'audits/hs' wording: 'Training' }"),
       On("2018-07-01", "audits/hs",
          "action_plan_adopted { points_stated: 3 points { key: '1' recommendations: "
          "'recommendations/hs/1' } covers: 'recommendations/x' }")});
  OpenRegisters registers(ledger);
  const auto cover =
      Answer<CoverRecommendationsResponse, CoverRecommendationsRequest>(registers, "");
  ASSERT_EQ(cover.rows_size(), 1);
  const RecommendationCoverRow& row = cover.rows(0);
  EXPECT_EQ(row.from(), "audits/hs");
  EXPECT_EQ(row.title(), "Health and safety");
  EXPECT_EQ(row.stated(), 20);
  EXPECT_EQ(row.recorded(), 2);
  EXPECT_EQ(row.not_recorded(), 18);
  EXPECT_EQ(row.covered(), 1);
  EXPECT_EQ(row.points_stated(), 3);
  EXPECT_EQ(row.points_recorded(), 1);
  EXPECT_EQ(row.open(), 2);
  EXPECT_EQ(row.overdue(), 1);
  EXPECT_THAT(row.not_covered(), ::testing::ElementsAre("recommendations/hs/2"));
  EXPECT_THAT(row.without_owner(), ::testing::ElementsAre("recommendations/hs/2"));
  EXPECT_EQ(row.without_status_size(), 2);
  EXPECT_FALSE(row.complete());
  EXPECT_EQ(cover.total().stated(), 20);
  EXPECT_EQ(cover.total().recorded(), 2);
}

std::vector<std::string> CrimeDataIntegrity() {
  return {On("2018-12-04", "inspections/cdi",
             "inspection_announced { title: 'Crime data integrity' inspectorate: 'HMICFRS' }"),
          On("2019-01-10", "inspections/cdi",
             "inspection_report_published { report_title: 'Crime Data Integrity' }"),
          On("2019-01-10", "inspections/cdi",
             "judgement_recorded { key: 'overall' overall: true grade: 'Inadequate' figures { "
             "label: 'recording rate' value { units: 653 scale: 1 printed: '65.3 percent' } } "
             "area_priorities { number: 1 } } plan_version { plan: 'plans/p' version: 'v1' }"),
          On("2019-03-18", "inspections/cdi",
             "action_plan_adopted { points_stated: 30 covers_all: true points { key: '1' text: "
             "'A' } points { key: '2' text: 'B' } }")};
}

InspectionRow Inspection(OpenRegisters& registers, const std::string& judged_on) {
  return Answer<ListInspectionsResponse, ListInspectionsRequest>(registers, "", judged_on).rows(0);
}

TEST(InspectionsTest, FiftySixDaysBeginWithTheDayOfPublication) {
  MemoryLedger ledger;
  ledger.Append(CrimeDataIntegrity());
  OpenRegisters registers(ledger);
  InspectionRow row = Inspection(registers, "2019-03-06");
  EXPECT_EQ(row.comments_due_date(), "2019-03-06");
  EXPECT_TRUE(row.comments_owed());
  EXPECT_FALSE(row.comments_overdue());
  EXPECT_EQ(row.comments_days_left(), 0);
  EXPECT_EQ(row.overall_grade(), "Inadequate");
  EXPECT_EQ(row.judgements(), 1);
  EXPECT_EQ(row.points_stated(), 30);
  EXPECT_EQ(row.state(), INSPECTION_STATE_IN_DELIVERY);
  EXPECT_TRUE(Inspection(registers, "2019-03-07").comments_overdue());
  ledger.Append({On("2019-03-08", "inspections/cdi", "inspection_comments_published {}")});
  row = Inspection(registers, "2019-03-09");
  EXPECT_FALSE(row.comments_owed());
  EXPECT_TRUE(row.comments_late());
  EXPECT_FALSE(row.has_comments_days_left());
}

TEST(InspectionsTest, TheOfficesOwnLimitGoesBeforeTheLaws) {
  MemoryLedger ledger;
  ledger.Append(CrimeDataIntegrity());
  ledger.Append({On("2018-01-01", "offices/o",
                    "time_limit_set { key: 'inspection-comments' title: 'Comments' days: 10 }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Inspection(registers, "2019-03-06").comments_due_date(), "2019-01-19");
}

TEST(InspectionsTest, ANotExactDayOfPublicationStartsNoClock) {
  MemoryLedger ledger;
  ledger.Append(
      {"record: 'inspections/x' occurred { latest: '2019-05-20' inferred: true } "
       "inspection_report_published {}"});
  OpenRegisters registers(ledger);
  const InspectionRow row = Inspection(registers, "2020-01-01");
  EXPECT_EQ(row.comments_due_date(), "");
  EXPECT_TRUE(row.comments_owed());
  EXPECT_FALSE(row.comments_overdue());
}

TEST(InspectionsTest, APlanAdoptedAgainTakesItsPointsBack) {
  MemoryLedger ledger;
  ledger.Append(CrimeDataIntegrity());
  OpenRegisters registers(ledger);
  const auto points = [&] {
    return Answer<ListActionPlanPointsResponse, ListActionPlanPointsRequest>(
        registers, "from: 'inspections/cdi'");
  };
  EXPECT_EQ(points().rows_size(), 2);
  ledger.Append({On("2019-04-01", "inspections/cdi",
                    "action_plan_adopted { points { key: '1' text: 'C' } }")});
  const auto after = points();
  ASSERT_EQ(after.rows_size(), 1);
  EXPECT_EQ(after.rows(0).text(), "C");
  EXPECT_FALSE(Inspection(registers, "2019-06-01").has_points_stated());
}

TEST(JudgementsTest, AssuranceOnTheSamePriorityIsFound) {
  MemoryLedger ledger;
  ledger.Append(CrimeDataIntegrity());
  ledger.Append(
      {On("2019-05-20", "meetings/m", "meeting_scheduled { forum: 'forums/f' date: '2019-05-20' }"),
       On("2019-05-20", "meetings/m",
          "assurance_gained { assurance { key: 'cdi' area: 'Crime data' priorities { "
          "number: 1 } } } plan_version { plan: 'plans/p' version: 'v1' }")});
  OpenRegisters registers(ledger);
  const auto judgements = Answer<ListJudgementsResponse, ListJudgementsRequest>(
      registers, "inspection: 'inspections/cdi'");
  ASSERT_EQ(judgements.rows_size(), 1);
  EXPECT_EQ(judgements.rows(0).figures(0).value().printed(), "65.3 percent");
  ASSERT_EQ(judgements.rows(0).assurance_size(), 1);
  EXPECT_TRUE(judgements.rows(0).assurance(0).gained());
  EXPECT_FALSE(judgements.rows(0).assurance(0).linked());
  EXPECT_TRUE(judgements.rows(0).assured_since());
}

TEST(AuditsTest, AnOverallOpinionAndProgressByArea) {
  MemoryLedger ledger;
  ledger.Append(
      {On("2018-05-08", "audits/hs",
          "audit_commissioned { title: 'Health and safety' type: AUDIT_TYPE_UNCLEAR }"),
       On("2018-06-15", "audits/hs", "audit_report_issued { recommendations_stated: 20 }"),
       On("2018-06-15", "audits/hs",
          "audit_opinion_given { key: 'overall' overall: true opinion: "
          "'Satisfactory Assurance' }"),
       On("2018-09-30", "audits/hs",
          "recommendations_progress_reported { areas { area: 'Workplace Inspections' text: 'x' } "
          "areas { area: 'External Contractors' } }")});
  OpenRegisters registers(ledger);
  const auto audits = Answer<ListAuditsResponse, ListAuditsRequest>(registers, "opinion: 'satis'");
  ASSERT_EQ(audits.rows_size(), 1);
  EXPECT_EQ(audits.rows(0).state(), AUDIT_STATE_REPORTED);
  EXPECT_EQ(audits.rows(0).reported_on(), "2018-06-15");
  EXPECT_EQ(audits.rows(0).progressed_on(), "2018-09-30");
  const auto areas =
      Answer<ListAreaProgressResponse, ListAreaProgressRequest>(registers, "from: 'audits/hs'");
  ASSERT_EQ(areas.rows_size(), 2);
  EXPECT_EQ(areas.rows(0).area(), "Workplace Inspections");
  const auto opinions = Answer<ListAuditOpinionsResponse, ListAuditOpinionsRequest>(registers, "");
  ASSERT_EQ(opinions.rows_size(), 1);
  EXPECT_EQ(opinions.rows(0).audit_title(), "Health and safety");
}

TEST(ReturnsTest, RatingsAreTheLatestOfTheirKeyBesideThoseBefore) {
  MemoryLedger ledger;
  ledger.Append(
      {On("2018-05-01", "returns/fms1", "return_fell_due { title: 'FMS 1' due_to: 'HMICFRS' }"),
       On("2018-05-02", "returns/fms1",
          "return_area_rated { key: 'roads' area: 'Roads' rag: RETURN_RAG_GREEN }"),
       On("2019-05-01", "returns/fms2",
          "return_fell_due { title: 'FMS 2' due_to: 'HMICFRS' due { date: '2019-05' } follows: "
          "'returns/fms1' public_facing: true }"),
       On("2019-05-02", "returns/fms2",
          "return_area_rated { key: 'roads' area: 'Roads' rag: RETURN_RAG_AMBER }"),
       On("2019-05-03", "returns/fms2",
          "return_area_rated { key: 'roads' area: 'Roads' rag: RETURN_RAG_RED case_study: true "
          "}")});
  OpenRegisters registers(ledger);
  const auto due = [&](const std::string& day) {
    return Answer<ListReturnsResponse, ListReturnsRequest>(registers, "from: '2019-01-01'", day)
        .rows(0);
  };
  EXPECT_FALSE(due("2019-05-31").overdue());
  EXPECT_TRUE(due("2019-06-01").overdue());
  EXPECT_EQ(due("2019-05-31").red(), 1);
  EXPECT_EQ(due("2019-05-31").amber(), 0);
  EXPECT_EQ(due("2019-05-31").case_studies(), 1);
  const auto ratings = Answer<ListReturnRatingsResponse, ListReturnRatingsRequest>(
      registers, "return_record: 'returns/fms2'");
  ASSERT_EQ(ratings.rows_size(), 1);
  EXPECT_EQ(ratings.rows(0).rag_before(), event::v1::RETURN_RAG_GREEN);
  ledger.Append({On("2019-06-03", "returns/fms2", "return_submitted {}")});
  EXPECT_TRUE(due("2019-06-04").submitted_late());
  EXPECT_TRUE(due("2019-06-04").unpublished());
}

}  // namespace
}  // namespace scrutiny::projections
