// Threats and risks: what is done about them, how they move, and what is judged on a day.

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/risks.pb.h"
#include "tests/projections/support/open_registers.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using testing::MemoryLedger;
using testing::OpenRegisters;

constexpr char kRisk[] = "risks/county-lines";

// A fact of a day.
std::string On(const std::string& day, const std::string& fact) {
  return absl::StrCat("record: '", kRisk, "' occurred { on: '", day, "' } ", fact);
}

ListRisksResponse Risks(OpenRegisters& registers, const std::string& request) {
  registers.Level();
  const auto response = registers->Answer<ListRisksResponse>(
      testing::Ask<ListRisksRequest>(request), OpenRegisters::Today());
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return *response;
}

TEST(RisksTest, OneOfWhichNothingIsSaidIsUnmitigated) {
  MemoryLedger ledger;
  ledger.Append(
      {On("2019-03-01", "risk_reported { title: 'County lines' meeting: 'meetings/m' }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Risks(registers, "unmitigated: true meeting: 'meetings/m'").rows_size(), 1);
  ledger.Append({On("2019-03-02",
                    "risk_mitigation_stated { mitigation: 'Train' due { date: '2019-05-01' } }")});
  EXPECT_EQ(Risks(registers, "unmitigated: true").rows_size(), 0);
  EXPECT_EQ(Risks(registers, "overdue: true").rows_size(), 1);
}

TEST(RisksTest, ALaterMitigationTakesThePlaceOfTheDoneOne) {
  MemoryLedger ledger;
  ledger.Append({On("2019-03-01", "risk_reported { title: 'County lines' }"),
                 On("2019-03-02", "risk_mitigation_stated { mitigation: 'Train' done: true }"),
                 On("2019-03-03", "risk_mitigation_stated { mitigation: 'Patrol' }")});
  OpenRegisters registers(ledger);
  const ListRisksResponse answer = Risks(registers, "");
  EXPECT_EQ(answer.rows(0).mitigation(), "Patrol");
  EXPECT_FALSE(answer.rows(0).done());
}

TEST(RisksTest, ALateFactDoesNotOpenAClosedOne) {
  MemoryLedger ledger;
  ledger.Append({On("2019-03-01", "risk_reported { title: 'County lines' }"),
                 On("2019-04-01", "risk_closed { reason: 'Over' }")});
  OpenRegisters registers(ledger);
  ledger.Append({On("2019-03-15", "risk_reassessed { level: RISK_LEVEL_HIGH }")});
  const ListRisksResponse answer = Risks(registers, "");
  EXPECT_EQ(answer.rows(0).state(), RISK_STATE_CLOSED);
  EXPECT_EQ(answer.rows(0).level(), event::v1::RISK_LEVEL_HIGH);
  EXPECT_EQ(answer.rows(0).reassessed_on(), "2019-03-15");
}

}  // namespace
}  // namespace scrutiny::projections
