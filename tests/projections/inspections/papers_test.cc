// Goal: the registers say of inspections, audits, returns and complaint reviews what papers 12D,
// 12E and 12F of 20 May 2019 and the interim report of 2024 say. Method: the demonstration's files,
// as they stand, are checked as the server checks them and go into a ledger in memory.

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/audits.pb.h"
#include "scrutiny/register/v1/complaint_reviews.pb.h"
#include "scrutiny/register/v1/inspections.pb.h"
#include "scrutiny/register/v1/recommendations.pb.h"
#include "scrutiny/register/v1/returns.pb.h"
#include "tests/projections/support/open_registers.h"
#include "tests/projections/support/paper_facts.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using testing::Ask;
using testing::MemoryLedger;
using testing::OpenRegisters;

class InspectionPapersTest : public ::testing::Test {
 protected:
  void SetUp() override {
    testing::AppendPapers(testing::AllPapers(), ledger_);
    registers_.Level();
  }

  template <typename Response, typename Request>
  Response Answer(const std::string& request = std::string()) {
    const auto response =
        registers_->Answer<Response>(Ask<Request>(request), OpenRegisters::Today());
    SCRUTINY_CHECK(response.ok()) << response.status().ToString();
    return *response;
  }

  MemoryLedger ledger_;
  OpenRegisters registers_{ledger_};
};

TEST_F(InspectionPapersTest, TheCrimeDataIntegrityInspection) {
  const auto inspections =
      Answer<ListInspectionsResponse, ListInspectionsRequest>("sort: 'crime data integrity'");
  ASSERT_EQ(inspections.rows_size(), 1);
  const InspectionRow& row = inspections.rows(0);
  EXPECT_EQ(row.overall_grade(), "Inadequate");
  EXPECT_EQ(row.points_stated(), 30);
  EXPECT_TRUE(row.covers_all());
  EXPECT_FALSE(row.has_recommendations_stated());
  EXPECT_EQ(row.fieldwork_from(), "2018-12-04");
  EXPECT_EQ(row.sampled_to(), "2018-07-31");
  EXPECT_EQ(row.comments_due_date(), "");
  EXPECT_EQ(row.state(), INSPECTION_STATE_IN_DELIVERY);
  const auto judgements = Answer<ListJudgementsResponse, ListJudgementsRequest>("");
  ASSERT_EQ(judgements.rows_size(), 1);
  EXPECT_EQ(judgements.rows(0).figures(0).printed(), "65.3 percent");
  EXPECT_EQ(judgements.rows(0).figures(1).printed(), "over 30,300");
}

TEST_F(InspectionPapersTest, TheHealthAndSafetyAudit) {
  const auto audits = Answer<ListAuditsResponse, ListAuditsRequest>("");
  ASSERT_EQ(audits.rows_size(), 1);
  const AuditRow& row = audits.rows(0);
  EXPECT_EQ(row.overall_opinion(), "Satisfactory Assurance");
  EXPECT_EQ(row.recommendations_stated(), 20);
  EXPECT_EQ(row.areas_stated(), 8);
  EXPECT_EQ(row.reported_on(), "2018-06-15");
  EXPECT_EQ(row.type(), event::v1::AUDIT_TYPE_UNCLEAR);
  const auto areas =
      Answer<ListAreaProgressResponse, ListAreaProgressRequest>("from: '" + row.audit() + "'");
  EXPECT_EQ(areas.rows_size(), 8);
  const auto cover =
      Answer<CoverRecommendationsResponse, CoverRecommendationsRequest>("kind: 'audits'");
  ASSERT_EQ(cover.rows_size(), 1);
  EXPECT_EQ(cover.rows(0).not_recorded(), 20);
  EXPECT_EQ(cover.rows(0).areas_reported(), 8);
  EXPECT_FALSE(cover.rows(0).complete());
}

TEST_F(InspectionPapersTest, TheForceManagementStatement) {
  const auto returns = Answer<ListReturnsResponse, ListReturnsRequest>("");
  ASSERT_EQ(returns.rows_size(), 1);
  EXPECT_EQ(returns.rows(0).due_date(), "2019-05-31");
  EXPECT_TRUE(returns.rows(0).overdue());
  EXPECT_TRUE(returns.rows(0).public_facing());
  EXPECT_EQ(returns.rows(0).areas_rated(), 0);
}

TEST_F(InspectionPapersTest, ThirtyEightComplaintReviews) {
  const auto counts =
      Answer<ListComplaintReviewCountsResponse, ListComplaintReviewCountsRequest>("");
  ASSERT_EQ(counts.rows_size(), 1);
  EXPECT_EQ(counts.rows(0).received().value(), 38);
  EXPECT_EQ(counts.rows(0).period_from(), "2024-05-09");
  EXPECT_EQ(counts.rows(0).period_to(), "2024-10-24");
  EXPECT_TRUE(counts.rows(0).current());
}

}  // namespace
}  // namespace scrutiny::projections
