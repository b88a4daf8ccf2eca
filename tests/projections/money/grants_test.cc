// Grants as papers 12G, 12H and 12I of 20 May 2019 and the minutes of 18 March 2019 print them, and
// what is computed of them.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/grant_rounds.pb.h"
#include "scrutiny/register/v1/grants.pb.h"
#include "tests/projections/support/open_registers.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using testing::MemoryLedger;
using testing::OpenRegisters;

constexpr char kLarge[] = "grant-schemes/large";
constexpr char kRound[] = "grant-rounds/large/3";

// A fact of a day.
std::string On(const std::string& day, const std::string& record, const std::string& fact) {
  return absl::StrCat("record: '", record, "' occurred { on: '", day, "' } ", fact);
}

template <typename Response, typename Request>
Response Answer(OpenRegisters& registers, const std::string& request = "",
                const std::string& judged_on = "2019-06-01") {
  registers.Level();
  const auto response = registers->Answer<Response>(testing::Ask<Request>(request),
                                                    {*ledger::Day::Parse(judged_on), nullptr});
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return *response;
}

std::string Scheme() {
  return On("2016-04-01", kLarge,
            "grant_scheme_defined { title: 'Large grants' award_min { pence: 250100 } award_max { "
            "pence: 2500000 } yearly_allocation { pence: 20000000 } rounds_a_year: 1 "
            "publication_trigger: GRANT_PUBLICATION_TRIGGER_AGREEMENT }");
}
std::string Round() {
  return On("2018-10-01", kRound,
            absl::StrCat("grant_round_opened { title: 'Round 3' scheme: '", kLarge,
                         "' round_number: 3 window_to: '2018-11-30' }"));
}
std::string Award(const std::string& day, const std::string& grant, int64_t pence,
                  const std::string& more = "") {
  return On(
      day, grant,
      absl::StrCat("grant_awarded { title: 'A project' recipient: 'Somebody' scheme: '", kLarge,
                   "' round: '", kRound, "' amount { pence: ", pence, " } ", more, " }"));
}

GrantRoundRow TheRound(OpenRegisters& registers) {
  return Answer<ListGrantRoundsResponse, ListGrantRoundsRequest>(registers).rows(0);
}
GrantRow TheGrant(OpenRegisters& registers, const std::string& judged_on = "2019-06-01") {
  return Answer<ListGrantsResponse, ListGrantsRequest>(registers, "", judged_on).rows(0);
}

// £157,961.20 in March and £25,000 and £24,997 in May, of £200,000 a year.
TEST(GrantsTest, RoundThreeAwardsMoreThanTheSchemeHas) {
  MemoryLedger ledger;
  ledger.Append({Scheme(), Round(),
                 On("2019-03-18", kRound, "funds_earmarked { key: 'two-more' number: 2 }"),
                 Award("2019-03-18", "grants/march", 15796120)});
  OpenRegisters registers(ledger);
  EXPECT_FALSE(TheRound(registers).over());
  EXPECT_EQ(TheRound(registers).left().pence(), 4203880);
  ledger.Append({Award("2019-05-20", "grants/headhigh", 2500000, "from_earmark: 'two-more'"),
                 Award("2019-05-20", "grants/sporting", 2499700, "from_earmark: 'two-more'")});
  const GrantRoundRow row = TheRound(registers);
  EXPECT_EQ(row.state(), GRANT_ROUND_STATE_AWARDED);
  EXPECT_EQ(row.awards(), 3U);
  EXPECT_EQ(row.awarded().pence(), 20795820);
  EXPECT_EQ(row.allocated().pence(), 20000000);
  EXPECT_EQ(row.left().pence(), -795820);
  EXPECT_TRUE(row.over());
  const auto earmarks =
      Answer<ListGrantEarmarksResponse, ListGrantEarmarksRequest>(registers).rows(0);
  EXPECT_EQ(earmarks.state(), EARMARK_STATE_DRAWN);
  EXPECT_EQ(earmarks.drawn().pence(), 4999700);
}

TEST(GrantsTest, AwardOutsideTheBoundsOfItsDayIsSaidToBe) {
  MemoryLedger ledger;
  ledger.Append(
      {Scheme(), Award("2019-05-20", "grants/a", 2500001),
       On("2019-05-30", kLarge, "grant_scheme_changed { award_max { pence: 9900000 } }")});
  OpenRegisters registers(ledger);
  EXPECT_TRUE(TheGrant(registers).out_of_bounds());
}

TEST(GrantsTest, YearlyGrantComesToItsYears) {
  MemoryLedger ledger;
  ledger.Append({Award("2019-05-20", "grants/a", 3000000,
                       "term: GRANT_TERM_YEARLY years: 2 total { pence: 5000000 }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(TheGrant(registers).computed_total().pence(), 6000000);
  EXPECT_TRUE(TheGrant(registers).total_disagrees());
  ledger.Append({On("2019-05-21", "grants/a", "grant_varied { years: 3 reason: 'Another year' }")});
  const GrantRow row = TheGrant(registers);
  EXPECT_EQ(row.computed_total().pence(), 9000000);
  EXPECT_FALSE(row.has_total());
  EXPECT_FALSE(row.total_disagrees());
}

TEST(GrantsTest, PublicationIsDueOnceTheAgreementIsSigned) {
  MemoryLedger ledger;
  ledger.Append({Scheme(), Award("2019-05-20", "grants/a", 2500000)});
  OpenRegisters registers(ledger);
  EXPECT_FALSE(TheGrant(registers).publication_overdue());
  ledger.Append({On("2019-05-25", "grants/a", "grant_agreement_signed {}")});
  EXPECT_TRUE(TheGrant(registers).publication_overdue());
  ledger.Append({On("2019-05-26", "grants/a", "grant_published { url: 'https://example.org' }")});
  EXPECT_FALSE(TheGrant(registers).publication_overdue());
}

TEST(GrantsTest, ReportsAreOverdueUntilMade) {
  MemoryLedger ledger;
  ledger.Append(
      {Award("2018-05-20", "grants/a", 2500000, "monitoring_due { date: '2018-11-20' }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(TheGrant(registers).reports_overdue(), 1U);
  EXPECT_EQ(TheGrant(registers, "2018-11-20").reports_overdue(), 0U);
  ledger.Append({On("2018-12-01", "grants/a",
                    "grant_monitoring_reported { key: 'first' text: 'Done' spent { pence: 5 } }")});
  const GrantRow row = TheGrant(registers);
  EXPECT_EQ(row.reports(), 1U);
  EXPECT_EQ(row.reports_overdue(), 0U);
  EXPECT_FALSE(row.has_spent());
  const auto report =
      Answer<ListGrantMonitoringResponse, ListGrantMonitoringRequest>(registers).rows(0);
  EXPECT_TRUE(report.late());
  EXPECT_EQ(report.recipient(), "Somebody");
}

TEST(GrantsTest, DeclinedAwardsDoNotCount) {
  MemoryLedger ledger;
  ledger.Append({Scheme(), Round(), Award("2019-03-18", "grants/a", 2500000),
                 On("2019-04-01", "grants/a", "grant_declined {}")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(TheRound(registers).awards(), 0U);
  EXPECT_EQ(TheRound(registers).left().pence(), 20000000);
  const auto scheme = Answer<ListGrantSchemesResponse, ListGrantSchemesRequest>(registers).rows(0);
  EXPECT_EQ(scheme.awards(), 0U);
  EXPECT_EQ(scheme.rounds(), 1U);
}

}  // namespace
}  // namespace scrutiny::projections
