// What the grants of 2019 come to by round, scheme, year and priority: Round 3 of the large grants
// with £207,958.20 of £200,000, £6,000 of small grants, £65,000 for three-year grants.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/grant_totals.pb.h"
#include "tests/projections/support/open_registers.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using testing::MemoryLedger;
using testing::OpenRegisters;

constexpr char kLarge[] = "grant-schemes/large";
constexpr char kSmall[] = "grant-schemes/small";
constexpr char kRound3[] = "grant-rounds/large/3";

std::string On(const std::string& day, const std::string& record, const std::string& fact) {
  return absl::StrCat("record: '", record, "' occurred { on: '", day, "' } ", fact);
}

TotalGrantsResponse Total(OpenRegisters& registers, const std::string& request) {
  registers.Level();
  const auto response = registers->Answer<TotalGrantsResponse>(
      testing::Ask<TotalGrantsRequest>(request), OpenRegisters::Today());
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return *response;
}

std::string Award(const std::string& day, const std::string& name, const std::string& pence,
                  const std::string& more) {
  return On(day, absl::StrCat("grants/", name),
            absl::StrCat("grant_awarded { title: 'A project' recipient: '", name,
                         "' amount { pence: ", pence, " } ", more, " }"));
}

std::vector<std::string> Schemes() {
  return {On("2016-04-01", kLarge,
             "grant_scheme_defined { title: 'Large grants' yearly_allocation { pence: 20000000 } "
             "rounds_a_year: 1 }"),
          On("2016-04-01", kSmall,
             "grant_scheme_defined { title: 'Small grants' yearly_allocation { pence: 7500000 } "
             "rounds_a_year: 3 }"),
          On("2018-10-01", kRound3,
             absl::StrCat("grant_round_opened { title: 'Round 3' scheme: '", kLarge,
                          "' round_number: 3 }")),
          On("2019-05-20", kRound3,
             "grant_round_tallied { applications: 32 requested { pence: 60000000 } }")};
}
std::vector<std::string> Awards() {
  const std::string large = absl::StrCat("scheme: '", kLarge, "' round: '", kRound3, "'");
  const std::string small = absl::StrCat("scheme: '", kSmall, "'");
  return {Award("2019-03-18", "march", "15796120", large),
          Award("2019-05-20", "headhigh", "2500000", large),
          Award("2019-05-20", "sporting", "2499700", large),
          Award("2019-05-20", "round-pen", "250000", small),
          Award("2019-05-20", "two", "250000", small),
          Award("2019-05-20", "three", "100000", small)};
}

TEST(GrantTotalsTest, RoundThreeIsOverByWhatNobodySays) {
  MemoryLedger ledger;
  ledger.Append(Schemes());
  ledger.Append(Awards());
  OpenRegisters registers(ledger);
  const auto rounds = Total(registers, "by: GRANT_TOTAL_BY_ROUND");
  ASSERT_EQ(rounds.rows_size(), 2);
  const GrantTotalRow& round = rounds.rows(0);
  EXPECT_EQ(round.record(), kRound3);
  EXPECT_EQ(round.title(), "Round 3");
  EXPECT_EQ(round.awards(), 3U);
  EXPECT_EQ(round.awarded().pence(), 20795820);
  EXPECT_EQ(round.allocated().pence(), 20000000);
  EXPECT_EQ(round.left().pence(), -795820);
  EXPECT_TRUE(round.over());
  EXPECT_EQ(round.applications(), 32U);
  EXPECT_EQ(round.requested().pence(), 60000000);
  EXPECT_EQ(rounds.rows(1).record(), kSmall);
  EXPECT_EQ(rounds.rows(1).awarded().pence(), 600000);
  EXPECT_EQ(rounds.awards(), 6U);
  EXPECT_EQ(rounds.awarded().pence(), 21395820);
  EXPECT_EQ(Total(registers, "over: true").awards(), 3U);
}

TEST(GrantTotalsTest, YearAndSchemeAreHeldAgainstTheirAllocations) {
  MemoryLedger ledger;
  ledger.Append(Schemes());
  ledger.Append(Awards());
  OpenRegisters registers(ledger);
  const auto years = Total(registers, "by: GRANT_TOTAL_BY_YEAR year: '2019'");
  ASSERT_EQ(years.rows_size(), 2);
  EXPECT_EQ(years.rows(0).year().printed(), "2019");
  EXPECT_EQ(years.rows(0).allocated().pence(), 20000000);
  EXPECT_EQ(years.rows(1).allocated().pence(), 7500000);
  EXPECT_EQ(years.rows(1).left().pence(), 6900000);
  // £200,000 and £75,000 are £275,000 a year.
  EXPECT_EQ(years.rows(0).allocated().pence() + years.rows(1).allocated().pence(), 27500000);
  const auto schemes = Total(registers, "by: GRANT_TOTAL_BY_SCHEME");
  ASSERT_EQ(schemes.rows_size(), 2);
  EXPECT_EQ(schemes.rows(0).awarded().pence(), 20795820);
  EXPECT_TRUE(schemes.rows(0).over());
}

// Two-year grants of £30,000 a year, from 2019 on; the financial year is the scheme's.
TEST(GrantTotalsTest, YearlyGrantFallsIntoEachOfItsYears) {
  MemoryLedger ledger;
  ledger.Append({On("2019-04-01", "grant-schemes/extended",
                    "grant_scheme_defined { title: 'Extended' year_starts: '04-01' }"),
                 Award("2019-05-20", "a", "3000000",
                       "scheme: 'grant-schemes/extended' term: GRANT_TERM_YEARLY years: 2")});
  OpenRegisters registers(ledger);
  const auto years = Total(registers, "by: GRANT_TOTAL_BY_YEAR");
  ASSERT_EQ(years.rows_size(), 2);
  EXPECT_EQ(years.rows(0).year().printed(), "2019/20");
  EXPECT_EQ(years.rows(1).year_start_date(), "2020-04-01");
  EXPECT_EQ(years.rows(1).awarded().pence(), 3000000);
  EXPECT_FALSE(years.rows(1).has_allocated());
  EXPECT_EQ(years.awards(), 1U);
  EXPECT_EQ(years.awarded().pence(), 6000000);
}

// £65,000 in all; a grant counts whole under each priority it serves.
TEST(GrantTotalsTest, PrioritiesDoNotAddUp) {
  MemoryLedger ledger;
  const std::string version = "plan_version { plan: 'plans/2016' version: '2018' } ";
  ledger.Append(
      {On("2018-04-01", "plans/2016",
          "plan_version_adopted { version: '2018' priorities { number: 1 title: 'Vulnerable' } }"),
       version + Award("2018-05-20", "een", "2500000",
                       "priorities { number: 1 } priorities { number: 2 }"),
       version + Award("2018-05-20", "padley", "2500000", "priorities { number: 1 }"),
       Award("2018-05-20", "rhubarb", "1500000", "")});
  OpenRegisters registers(ledger);
  const auto totals = Total(registers, "by: GRANT_TOTAL_BY_PRIORITY");
  ASSERT_EQ(totals.rows_size(), 3);
  EXPECT_EQ(totals.rows(0).priority(), 0U);
  EXPECT_EQ(totals.rows(0).awarded().pence(), 1500000);
  EXPECT_EQ(totals.rows(1).title(), "Vulnerable");
  EXPECT_EQ(totals.rows(1).awarded().pence(), 5000000);
  EXPECT_EQ(totals.rows(2).awarded().pence(), 2500000);
  EXPECT_EQ(totals.awarded().pence(), 6500000);
  const auto second = Total(registers, "by: GRANT_TOTAL_BY_PRIORITY priority: 2");
  ASSERT_EQ(second.rows_size(), 1);
  EXPECT_EQ(second.awards(), 1U);
}

TEST(GrantTotalsTest, DeclinedRefusedAndUnknownAmountsAreToldApart) {
  MemoryLedger ledger;
  ledger.Append(Schemes());
  ledger.Append(
      {On("2019-05-20", "grants/unknown",
          absl::StrCat("grant_awarded { title: 'T' recipient: 'R' scheme: '", kSmall, "' }")),
       On("2019-05-20", "grants/refused",
          absl::StrCat("grant_application_received { title: 'T' recipient: 'R' scheme: '", kSmall,
                       "' requested { pence: 5 } }")),
       On("2019-05-21", "grants/refused", "grant_refused { reason: 'Late' }"),
       Award("2019-05-20", "declined", "250000", absl::StrCat("scheme: '", kSmall, "'")),
       On("2019-05-22", "grants/declined", "grant_declined {}")});
  OpenRegisters registers(ledger);
  const auto totals = Total(registers, absl::StrCat("scheme: '", kSmall, "'"));
  ASSERT_EQ(totals.rows_size(), 1);
  EXPECT_EQ(totals.rows(0).awards(), 1U);
  EXPECT_EQ(totals.rows(0).amounts_missing(), 1U);
  EXPECT_EQ(totals.rows(0).awarded().pence(), 0);
  EXPECT_EQ(totals.rows(0).applications(), 3U);
  EXPECT_EQ(totals.rows(0).refused(), 1U);
  EXPECT_EQ(totals.basis().note(), "What 1 of the grants come to is not known.");
}

}  // namespace
}  // namespace scrutiny::projections
