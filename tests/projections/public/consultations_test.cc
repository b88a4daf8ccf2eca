// Consultations as the reports print them: the plan consultation of 2024 (3,340 responses, 8 July
// to 1 September), the survey Listening to You.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/consultations.pb.h"
#include "tests/projections/support/open_registers.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using testing::MemoryLedger;
using testing::OpenRegisters;

constexpr char kPlan[] = "consultations/plan-2024";

std::string On(const std::string& day, const std::string& fact, const std::string& record = kPlan) {
  return absl::StrCat("record: '", record, "' occurred { on: '", day, "' } ", fact);
}

template <typename Response, typename Request>
Response Answer(OpenRegisters& registers, const std::string& request = "",
                const std::string& judged_on = "2024-11-07") {
  registers.Level();
  const auto response = registers->Answer<Response>(testing::Ask<Request>(request),
                                                    {*ledger::Day::Parse(judged_on), nullptr});
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return *response;
}
ListConsultationsResponse List(OpenRegisters& registers, const std::string& request = "",
                               const std::string& judged_on = "2024-11-07") {
  return Answer<ListConsultationsResponse, ListConsultationsRequest>(registers, request, judged_on);
}

std::string Opened() {
  return On("2024-07-08",
            "consultation_opened { title: 'Police & Crime Plan' closes { date: '2024-09-01' } "
            "informs: 'plans/next' findings_due { date: '2024-10' } }");
}
std::string Found(const std::string& day, const std::string& keys) {
  std::string findings;
  for (const char key : keys) {
    findings += absl::StrCat("findings { key: '", std::string(1, key), "' text: 'Something' } ");
  }
  return On(day,
            absl::StrCat("consultation_findings_published { summary: 'Concerns' ", findings, " }"));
}

TEST(ConsultationsTest, RunsFromOpeningToUse) {
  MemoryLedger ledger;
  ledger.Append({Opened()});
  OpenRegisters registers(ledger);
  EXPECT_EQ(List(registers).rows(0).state(), CONSULTATION_STATE_OPEN);
  EXPECT_FALSE(List(registers, "", "2024-09-01").rows(0).overdue());
  EXPECT_TRUE(List(registers, "", "2024-09-02").rows(0).overdue());
  ledger.Append({On("2024-09-01", "consultation_closed {}"),
                 On("2024-10-24",
                    "consultation_responses_tallied { responses { value: 3340 printed: "
                    "'3,340' } representativeness: 'A good spread' }")});
  const ConsultationRow closed = List(registers).rows(0);
  EXPECT_EQ(closed.state(), CONSULTATION_STATE_CLOSED);
  EXPECT_EQ(closed.closed_on(), "2024-09-01");
  EXPECT_EQ(closed.responses().value(), 3340U);
  EXPECT_TRUE(closed.overdue());  // its findings were due in October
  ledger.Append({Found("2024-11-01", "12"),
                 On("2024-11-02", "consultation_used { used_in: 'plans/next' text: 'Shaped it' }"),
                 On("2024-11-05", "consultation_used { used_in: 'budgets/2025-26' }")});
  const ConsultationRow used = List(registers).rows(0);
  EXPECT_EQ(used.state(), CONSULTATION_STATE_USED);
  EXPECT_EQ(used.used_on(), "2024-11-02");
  EXPECT_EQ(used.used_in_size(), 2);
  EXPECT_EQ(used.findings_recorded(), 2U);
  EXPECT_FALSE(used.overdue());
}

TEST(ConsultationsTest, IsFoundByWhatItInformsAndByWhereItWasUsed) {
  MemoryLedger ledger;
  ledger.Append({Opened()});
  OpenRegisters registers(ledger);
  const auto informs = List(registers, "used_in: 'plans/next'");
  ASSERT_EQ(informs.rows_size(), 1);
  EXPECT_EQ(informs.rows(0).used_in_size(), 0);
  EXPECT_EQ(List(registers, "used_in: 'plans/other'").rows_size(), 0);
  ledger.Append({On("2024-11-02", "consultation_used { used_in: 'plans/next' }")});
  const auto used = List(registers, "used_in: 'plans/next'");
  ASSERT_EQ(used.rows_size(), 1);
  EXPECT_EQ(used.rows(0).used_in_size(), 1);
}

TEST(ConsultationsTest, FindingsTakeThePlaceOfThoseBefore) {
  MemoryLedger ledger;
  ledger.Append({Opened(), Found("2024-10-01", "123")});
  OpenRegisters registers(ledger);
  const auto findings = [&] {
    return Answer<ListConsultationFindingsResponse, ListConsultationFindingsRequest>(registers);
  };
  EXPECT_EQ(findings().rows_size(), 3);
  ledger.Append({Found("2024-10-20", "31")});
  ASSERT_EQ(findings().rows_size(), 2);
  EXPECT_EQ(findings().rows(0).key(), "3");
  EXPECT_EQ(findings().rows(1).order(), 2U);
  // A late fact between the two changes nothing of what came after.
  ledger.Append({Found("2024-10-10", "789")});
  EXPECT_EQ(findings().rows_size(), 2);
  EXPECT_EQ(List(registers).rows(0).findings_recorded(), 2U);
}

TEST(ConsultationsTest, CalledOffIsNotOverdue) {
  MemoryLedger ledger;
  ledger.Append({Opened(), On("2024-08-01",
                              "consultation_closed { called_off: true reason: 'An "
                              "election' }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(List(registers).rows(0).state(), CONSULTATION_STATE_CALLED_OFF);
  EXPECT_FALSE(List(registers).rows(0).overdue());
  // Corrected: it closed on its day.
  ledger.Append({absl::StrCat(On("2024-09-01", "consultation_closed {}"), " corrects: 1")});
  EXPECT_EQ(List(registers).rows(0).state(), CONSULTATION_STATE_CLOSED);
}

TEST(ConsultationsTest, UndatedOpeningOnlyFillsIn) {
  MemoryLedger ledger;
  ledger.Append({On("2024-10-24", "consultation_extended { closes { date: '2025-03' } }"),
                 absl::StrCat("record: '", kPlan,
                              "' consultation_opened { title: 'Listening to You' opens: '2024-09' "
                              "closes { date: '2024-12' } }")});
  OpenRegisters registers(ledger);
  const ConsultationRow row = List(registers).rows(0);
  EXPECT_EQ(row.title(), "Listening to You");
  EXPECT_EQ(row.opened_on(), "2024-09");
  EXPECT_EQ(row.closes_date(), "2025-03");
  EXPECT_TRUE(row.meta().date_not_known());
}

}  // namespace
}  // namespace scrutiny::projections
