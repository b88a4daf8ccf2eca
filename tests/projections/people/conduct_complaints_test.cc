// Complaints about the office-holder: how far they are, what is owed of them, and counts.

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/conduct_complaints.pb.h"
#include "tests/projections/support/open_registers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using testing::MemoryLedger;
using testing::OpenRegisters;

constexpr char kOne[] = "conduct-complaints/1";

std::string On(const std::string& day, const std::string& record, const std::string& fact) {
  return absl::StrCat("record: '", record, "' occurred { on: '", day, "' } ", fact);
}

template <typename Response, typename Request>
Response Answer(OpenRegisters& registers, const std::string& request,
                const std::string& today = "2023-01-27") {
  registers.Level();
  const auto response = registers->Answer<Response>(testing::Ask<Request>(request),
                                                    {*ledger::Day::Parse(today), nullptr});
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return *response;
}

ConductComplaintRow Complaint(OpenRegisters& registers) {
  return Answer<ListConductComplaintsResponse, ListConductComplaintsRequest>(registers, "").rows(0);
}

// As minute 48/22 has it.
TEST(ConductComplaintsTest, AnOutcomeIsOwedUntilItIsReported) {
  MemoryLedger ledger;
  ledger.Append({On("2022-09-01", kOne,
                    "conduct_complaint_received { about_post: 'Police and Crime Commissioner' "
                    "forum: 'forums/pcp' }"),
                 On("2022-11-01", kOne,
                    "conduct_complaint_considered { "
                    "considered_by: CONDUCT_COMPLAINT_BODY_WORKING_GROUP "
                    "considered_by_printed: 'Complaints Working Group' report_to: "
                    "'forums/pcp-business' report_due { meeting: 'meetings/b' } }"),
                 On("2022-11-17", "meetings/b",
                    "meeting_scheduled { forum: 'forums/pcp-business' date: '2023-01-26' }")});
  OpenRegisters registers(ledger);
  ConductComplaintRow row = Complaint(registers);
  EXPECT_EQ(row.state(), CONDUCT_COMPLAINT_STATE_CONSIDERED);
  EXPECT_TRUE(row.report_owed());
  EXPECT_EQ(row.report_due_date(), "2023-01-26");
  EXPECT_TRUE(row.report_overdue());
  const auto owed = [&](const std::string& request) {
    return Answer<ListConductComplaintsResponse, ListConductComplaintsRequest>(registers, request)
        .rows_size();
  };
  EXPECT_EQ(owed("report_owed: true forum: 'forums/pcp'"), 1);
  EXPECT_EQ(owed("forum: 'forums/pcp-business'"), 0);
  ledger.Append({On("2023-01-26", kOne,
                    "conduct_complaint_outcome_reported { reported_to: 'forums/pcp-business' "
                    "in_private: true }")});
  row = Complaint(registers);
  EXPECT_EQ(row.state(), CONDUCT_COMPLAINT_STATE_REPORTED);
  EXPECT_FALSE(row.report_owed());
  EXPECT_TRUE(row.in_private());
}

TEST(ConductComplaintsTest, OneThatIsNotRecordedIsNotFollowed) {
  MemoryLedger ledger;
  ledger.Append(
      {On("2022-09-01", kOne, "conduct_complaint_received { due { date: '2022-10-01' } }")});
  OpenRegisters registers(ledger);
  EXPECT_TRUE(Complaint(registers).overdue());
  ledger.Append({On("2022-10-05", kOne,
                    "conduct_complaint_handling_decided { "
                    "handling: CONDUCT_COMPLAINT_HANDLING_PASSED_ON }")});
  EXPECT_EQ(Complaint(registers).state(), CONDUCT_COMPLAINT_STATE_NOT_TAKEN);
  EXPECT_FALSE(Complaint(registers).overdue());
}

TEST(ConductComplaintsTest, OneReferredComesBackToBeDealtWith) {
  MemoryLedger ledger;
  ledger.Append({On("2022-09-01", kOne, "conduct_complaint_received {}"),
                 On("2022-09-02", kOne,
                    "conduct_complaint_handling_decided { "
                    "handling: CONDUCT_COMPLAINT_HANDLING_SERIOUS }"),
                 On("2022-09-05", kOne,
                    "conduct_complaint_referred { referred_to: CONDUCT_COMPLAINT_BODY_IOPC }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Complaint(registers).state(), CONDUCT_COMPLAINT_STATE_REFERRED);
  ledger.Append({On("2022-10-05", kOne,
                    "conduct_complaint_returned { returned_by: CONDUCT_COMPLAINT_BODY_IOPC "
                    "handling: CONDUCT_COMPLAINT_HANDLING_INFORMAL_RESOLUTION }"),
                 On("2022-12-01", kOne,
                    "conduct_complaint_disclosed { public_summary: 'Resolved' "
                    "outcome: CONDUCT_COMPLAINT_OUTCOME_RESOLVED }")});
  const ConductComplaintRow row = Complaint(registers);
  EXPECT_EQ(row.state(), CONDUCT_COMPLAINT_STATE_RECORDED);
  EXPECT_EQ(row.handling(), event::v1::CONDUCT_COMPLAINT_HANDLING_INFORMAL_RESOLUTION);
  EXPECT_EQ(row.outcome(), event::v1::CONDUCT_COMPLAINT_OUTCOME_RESOLVED);
  EXPECT_EQ(row.steps_size(), 5);
}

TEST(ConductComplaintCountsTest, ASmallCountIsLeftOut) {
  MemoryLedger ledger;
  ledger.Append({On("2019-05-20", "conduct-complaint-counts/2018",
                    "conduct_complaints_counted { period_from: '2018-04-01' "
                    "period_to: '2019-03-31' received { value: 1 } about_staff { value: 0 } }")});
  OpenRegisters registers(ledger);
  const auto answer =
      Answer<ListConductComplaintCountsResponse, ListConductComplaintCountsRequest>(registers, "");
  ASSERT_EQ(answer.rows_size(), 1);
  EXPECT_TRUE(answer.rows(0).received().suppressed());
  EXPECT_FALSE(answer.rows(0).received().has_value());
  EXPECT_EQ(answer.rows(0).about_staff().value(), 0);
  EXPECT_NE(answer.basis().note(), "");
}

}  // namespace
}  // namespace scrutiny::projections
