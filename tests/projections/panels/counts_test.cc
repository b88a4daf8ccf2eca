// Reports of volunteer schemes, counts of volunteers, and the counts they hold as rows.

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/register.pb.h"
#include "tests/projections/support/open_registers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using testing::MemoryLedger;
using testing::OpenRegisters;

constexpr char kReport[] = "scheme-reports/icv/2019";
constexpr char kCount[] = "volunteer-counts/icv/2019";

std::string On(const std::string& day, const std::string& record, const std::string& fact) {
  const std::string occurred = day.empty() ? "" : absl::StrCat(" occurred { on: '", day, "' } ");
  return absl::StrCat("record: '", record, "' ", occurred, fact);
}

std::string Scheme() {
  return On("2018-01-01", "schemes/icv", "scheme_established { name: 'Custody visiting' }");
}

std::string Session(const std::string& day, const std::string& outcome) {
  return On(day, absl::StrCat("sessions/icv/", day),
            absl::StrCat("session_held { scheme: 'schemes/icv' kind: SESSION_KIND_VISIT "
                         "outcome: SESSION_OUTCOME_",
                         outcome, " }"));
}

template <typename Response, typename Request>
Response Answer(OpenRegisters& registers, const std::string& request) {
  registers.Level();
  const auto response =
      registers->Answer<Response>(testing::Ask<Request>(request), OpenRegisters::Today());
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return *response;
}

ListCountsResponse Counts(OpenRegisters& registers, const std::string& record,
                          const std::string& more = "") {
  return Answer<ListCountsResponse, ListCountsRequest>(
      registers, absl::StrCat("record: '", record, "' ", more));
}
SchemeReportRow Report(OpenRegisters& registers) {
  return Answer<ListSchemeReportsResponse, ListSchemeReportsRequest>(registers, "").rows(0);
}

const char kMade[] =
    "scheme_report_made { scheme: 'schemes/icv' title: 'ICV Update' period_from: '2019-01-01' "
    "period_to: '2019-03-31' sessions_made: 14 reviewed { value: 35 unit: 'detainees' } "
    "in_post { value: 3 } tables { key: 'by-sex' title: 'By sex' dimension: 'sex' "
    "unit: 'detainees' total: 35 complete: true "
    "counts { label: 'male' value: 33 } counts { label: 'female' value: 2 } } "
    "tables { title: 'By age' total: 35 counts { label: 'under 18' suppressed: true } "
    "counts { label: 'older' suppressed: true } } }";

TEST(SchemeReportsTest, WhatAReportSaysStandsBesideWhatIsRecorded) {
  MemoryLedger ledger;
  ledger.Append({Scheme(), Session("2019-01-05", "HELD"),
                 Session("2019-02-05", "NOTHING_TO_REPORT"), Session("2019-03-05", "NOT_POSSIBLE"),
                 Session("2019-04-05", "HELD"),
                 On("2019-01-05", "findings/1",
                    "finding_recorded { scheme: 'schemes/icv' title: 'Late meals' "
                    "grade: FINDING_GRADE_CONCERN }"),
                 On("2019-04-10", kReport, kMade)});
  OpenRegisters registers(ledger);
  const SchemeReportRow row = Report(registers);
  EXPECT_EQ(row.scheme_name(), "Custody visiting");
  EXPECT_EQ(row.sessions_made(), 14);
  EXPECT_EQ(row.sessions_recorded(), 2);
  EXPECT_EQ(row.findings_recorded(), 1);
  EXPECT_EQ(row.reviewed().value(), 35);
  EXPECT_TRUE(row.in_post().suppressed());
  EXPECT_FALSE(row.in_post().has_value());
}

TEST(SchemeReportsTest, OneThatIsPublishedStaysSoWhenItIsConsidered) {
  MemoryLedger ledger;
  ledger.Append(
      {On("2019-04-10", kReport, kMade),
       On("2019-05-20", kReport, "scheme_report_considered { meeting: 'meetings/m' item: '8' }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Report(registers).state(), SCHEME_REPORT_STATE_CONSIDERED);
  EXPECT_EQ(Report(registers).considered_at(), "meetings/m");
  ledger.Append({On("2019-05-21", kReport, "scheme_report_published { published_url: 'u' }"),
                 On("2019-05-28", kReport, "scheme_report_considered { meeting: 'meetings/n' }")});
  const SchemeReportRow row = Report(registers);
  EXPECT_EQ(row.state(), SCHEME_REPORT_STATE_PUBLISHED);
  EXPECT_EQ(row.considered_on(), "2019-05-28");
  EXPECT_EQ(row.considered_item(), "");
  EXPECT_EQ((Answer<ListSchemeReportsResponse, ListSchemeReportsRequest>(
                 registers, "scheme: 'schemes/icv' from: '2019-03-01' until: '2019-06-01'"))
                .rows_size(),
            1);
}

TEST(SchemeReportsTest, APeriodNotKnownToTheDayHasNothingCountedInIt) {
  MemoryLedger ledger;
  ledger.Append({Scheme(), Session("2019-01-05", "HELD"),
                 On("2019-04-10", kReport,
                    "scheme_report_made { scheme: 'schemes/icv' title: 'Annual' "
                    "period_from: '2018' period_to: '2019' }")});
  OpenRegisters registers(ledger);
  EXPECT_FALSE(Report(registers).has_sessions_recorded());
}

TEST(CountsTest, TheTotalComesFirstAndGivesNoSmallCountAway) {
  MemoryLedger ledger;
  ledger.Append({On("2019-04-10", kReport, kMade)});
  OpenRegisters registers(ledger);
  const ListCountsResponse answer = Counts(registers, kReport);
  ASSERT_EQ(answer.rows_size(), 8);
  EXPECT_EQ(answer.rows(0).dimension(), "reviewed");
  EXPECT_EQ(answer.rows(0).value(), 35);
  EXPECT_TRUE(answer.rows(1).suppressed());  // in_post
  // 35 less 33 would be the count that is left out.
  EXPECT_EQ(answer.rows(2).order(), 0);
  EXPECT_TRUE(answer.rows(2).suppressed());
  EXPECT_FALSE(answer.rows(2).has_value());
  EXPECT_EQ(answer.rows(3).value(), 33);
  EXPECT_EQ(answer.rows(3).unit(), "detainees");
  EXPECT_EQ(answer.rows(3).period_to(), "2019-03-31");
  EXPECT_TRUE(answer.rows(4).suppressed());
  // Of two that are left out none can be told.
  EXPECT_EQ(answer.rows(5).value(), 35);
  EXPECT_NE(answer.basis().note(), "");
  EXPECT_EQ(Counts(registers, kReport, "table: 'by-sex' label: 'MALE'").rows_size(), 2);
  EXPECT_EQ(Counts(registers, kReport, "dimension: 'sex'").rows_size(), 3);
}

TEST(CountsTest, TheThresholdOfASchemeGoesBeforeOthers) {
  MemoryLedger ledger;
  ledger.Append({Scheme(),
                 On("2019-01-01", "offices/d",
                    "suppression_threshold_set { key: 'all' suppressed_below: 40 }"),
                 On("2019-04-10", kCount,
                    "volunteers_counted { scheme: 'schemes/icv' in_post { value: 3 } "
                    "vacancies { value: 30 } as_at: '2019-03-31' }")});
  OpenRegisters registers(ledger);
  const auto row = [&] {
    return Answer<ListVolunteerCountsResponse, ListVolunteerCountsRequest>(registers, "").rows(0);
  };
  EXPECT_TRUE(row().vacancies().suppressed());
  ledger.Append({On("2019-01-01", "offices/d",
                    "suppression_threshold_set { key: 'v' suppressed_below: 4 kind: 'schemes' }")});
  EXPECT_EQ(row().vacancies().value(), 30);
  EXPECT_TRUE(row().in_post().suppressed());
  ledger.Append({On("2019-01-01", "offices/d",
                    "suppression_threshold_set { key: 'icv' suppressed_below: 1 "
                    "scheme: 'schemes/icv' }")});
  EXPECT_EQ(row().in_post().value(), 3);
  EXPECT_EQ(row().counted_on(), "2019-03-31");
  EXPECT_EQ(row().scheme_name(), "Custody visiting");
  EXPECT_EQ(Counts(registers, kCount).rows(0).value(), 3);
}

TEST(CountsTest, CountsOfARecordThatHasNoneAreRefused) {
  MemoryLedger ledger;
  ledger.Append({Scheme()});
  OpenRegisters registers(ledger);
  registers.Level();
  for (const char* request : {"", "record: 'schemes/icv'"}) {
    EXPECT_EQ(registers
                  ->Answer<ListCountsResponse>(testing::Ask<ListCountsRequest>(request),
                                               OpenRegisters::Today())
                  .status()
                  .code(),
              absl::StatusCode::kInvalidArgument);
  }
}

TEST(CountsTest, CountsOfComplaintReviewsAreRowsToo) {
  MemoryLedger ledger;
  ledger.Append({On("2024-10-24", "complaint-review-counts/2024",
                    "complaint_reviews_counted { period_from: '2024-05-09' "
                    "period_to: '2024-10-24' received { value: 38 } }")});
  OpenRegisters registers(ledger);
  const ListCountsResponse answer = Counts(registers, "complaint-review-counts/2024");
  ASSERT_EQ(answer.rows_size(), 1);
  EXPECT_EQ(answer.rows(0).dimension(), "received");
  EXPECT_EQ(answer.rows(0).value(), 38);
}

TEST(CountsTest, APlanOnAReportOfASchemeHasItsPoints) {
  MemoryLedger ledger;
  ledger.Append({On("2019-04-10", kReport, kMade),
                 On("2019-05-01", kReport,
                    "action_plan_adopted { points { key: '1' text: 'Warm meals' } }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ((Answer<ListActionPlanPointsResponse, ListActionPlanPointsRequest>(
                 registers, absl::StrCat("from: '", kReport, "'")))
                .rows_size(),
            1);
}

}  // namespace
}  // namespace scrutiny::projections
