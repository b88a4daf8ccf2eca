// Complaint reviews: the time to apply, and counts of them.

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/complaint_reviews.pb.h"
#include "tests/projections/support/open_registers.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using ::testing::HasSubstr;
using testing::MemoryLedger;
using testing::OpenRegisters;

constexpr char kOne[] = "complaint-reviews/1";

std::string On(const std::string& day, const std::string& record, const std::string& fact) {
  return absl::StrCat("record: '", record, "' occurred { on: '", day, "' } ", fact);
}

template <typename Response, typename Request>
Response Answer(OpenRegisters& registers, const std::string& request = std::string()) {
  registers.Level();
  const auto response = registers->Answer<Response>(testing::Ask<Request>(request),
                                                    {*ledger::Day::Parse("2024-12-01"), nullptr});
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return *response;
}

ComplaintReviewRow Review(OpenRegisters& registers) {
  return Answer<ListComplaintReviewsResponse, ListComplaintReviewsRequest>(registers).rows(0);
}

std::string Received(const std::string& day, const std::string& more = std::string()) {
  return On(day, kOne,
            absl::StrCat("complaint_review_application_received { information_given_date: "
                         "'2024-05-09' received_date: '",
                         day, "' ", more, " }"));
}

TEST(ComplaintReviewsTest, TwentyEightDaysStartWithTheDayAfter) {
  MemoryLedger ledger;
  ledger.Append({Received("2024-06-06")});
  OpenRegisters registers(ledger);
  ComplaintReviewRow row = Review(registers);
  EXPECT_EQ(row.limit_days(), 28);
  EXPECT_EQ(row.last_day_to_apply(), "2024-06-06");
  EXPECT_EQ(row.in_time(), COMPLAINT_REVIEW_TIMING_IN_TIME);
  EXPECT_TRUE(row.open());
  ledger.Append({On("2024-06-10", kOne, "complaint_review_found_out_of_time {}")});
  row = Review(registers);
  EXPECT_TRUE(row.timing_differs());
  EXPECT_EQ(row.state(), COMPLAINT_REVIEW_STATE_OUT_OF_TIME);
  EXPECT_FALSE(row.open());
}

TEST(ComplaintReviewsTest, ADayTooLateIsOutOfTimeUnlessExtended) {
  MemoryLedger ledger;
  ledger.Append({Received("2024-06-07")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Review(registers).in_time(), COMPLAINT_REVIEW_TIMING_OUT_OF_TIME);
  ledger.Append(
      {On("2024-06-10", kOne, "complaint_review_time_extended { extended_until: '2024-06-20' }")});
  EXPECT_EQ(Review(registers).in_time(), COMPLAINT_REVIEW_TIMING_IN_TIME);
}

TEST(ComplaintReviewsTest, TimeAtAWrongBodyIsLeftOut) {
  MemoryLedger ledger;
  ledger.Append({Received("2024-06-01", "received_at: REVIEW_BODY_IOPC"),
                 On("2024-06-11", kOne,
                    "complaint_review_forwarded { from { body: REVIEW_BODY_IOPC received_date: "
                    "'2024-06-01' } review_body: REVIEW_BODY_LOCAL_POLICING_BODY }")});
  OpenRegisters registers(ledger);
  EXPECT_TRUE(Review(registers).paused());
  ledger.Append({On("2024-06-11", kOne,
                    "complaint_review_received_back { review_body: "
                    "REVIEW_BODY_LOCAL_POLICING_BODY from { body: REVIEW_BODY_IOPC received_date: "
                    "'2024-06-01' forwarded_date: '2024-06-11' } }")});
  const ComplaintReviewRow row = Review(registers);
  EXPECT_EQ(row.at_wrong_body_size(), 1);
  EXPECT_EQ(row.days_left_out(), 10);
  EXPECT_EQ(row.last_day_to_apply(), "2024-06-16");
  EXPECT_EQ(row.made_date(), "2024-06-11");
  EXPECT_EQ(row.in_time(), COMPLAINT_REVIEW_TIMING_IN_TIME);
}

TEST(ComplaintReviewCountsTest, SmallCountsAreLeftOutAndSaidToBe) {
  MemoryLedger ledger;
  ledger.Append({On("2024-11-07", "complaint-review-counts/a",
                    "complaint_reviews_counted { period_from: '2024-05-09' period_to: "
                    "'2024-10-24' received { value: 38 } upheld { value: 4 } }"),
                 Received("2024-06-06")});
  OpenRegisters registers(ledger);
  auto counts =
      Answer<ListComplaintReviewCountsResponse, ListComplaintReviewCountsRequest>(registers);
  ASSERT_EQ(counts.rows_size(), 1);
  EXPECT_EQ(counts.rows(0).received().value(), 38);
  EXPECT_FALSE(counts.rows(0).upheld().has_value());
  EXPECT_TRUE(counts.rows(0).upheld().suppressed());
  EXPECT_FALSE(counts.rows(0).has_received_recorded());
  EXPECT_THAT(counts.basis().note(), HasSubstr("not including, 5"));
  ledger.Append({On("2024-01-01", "offices/o", "suppression_threshold_set { key: 'all' }"),
                 On("2024-11-08", "complaint-review-counts/b",
                    "complaint_reviews_counted { period_from: '2024-05-09' period_to: "
                    "'2024-10-24' restates: 'complaint-review-counts/a' }")});
  counts = Answer<ListComplaintReviewCountsResponse, ListComplaintReviewCountsRequest>(registers);
  ASSERT_EQ(counts.rows_size(), 2);
  EXPECT_EQ(counts.rows(0).upheld().value(), 4);
  EXPECT_EQ(counts.rows(0).received_recorded(), 1);
  EXPECT_EQ(counts.rows(0).restated_by(), "complaint-review-counts/b");
  EXPECT_FALSE(counts.rows(0).current());
  EXPECT_TRUE(counts.rows(1).current());
}

}  // namespace
}  // namespace scrutiny::projections
