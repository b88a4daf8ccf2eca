// Partnerships and portfolios: who takes part in what, as what, from when to when.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/partnerships.pb.h"
#include "tests/projections/support/open_registers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using ::testing::ElementsAre;
using testing::MemoryLedger;
using testing::OpenRegisters;

constexpr char kBoard[] = "partnerships/cjb";

std::string On(const std::string& day, const std::string& record, const std::string& fact) {
  const std::string occurred = day.empty() ? "" : absl::StrCat(" occurred { on: '", day, "' } ");
  return absl::StrCat("record: '", record, "' ", occurred, fact);
}

template <typename Response, typename Request>
Response Answer(OpenRegisters& registers, const std::string& request) {
  registers.Level();
  const auto response =
      registers->Answer<Response>(testing::Ask<Request>(request), OpenRegisters::Today());
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return *response;
}

std::vector<PartnershipRow> Parts(OpenRegisters& registers, const std::string& request = "") {
  const auto answer = Answer<ListPartnershipsResponse, ListPartnershipsRequest>(registers, request);
  return {answer.rows().begin(), answer.rows().end()};
}

const char kJoined[] =
    "partnership_joined { title: 'Criminal Justice Board' kind: PARTNERSHIP_KIND_LOCAL "
    "parts { key: 'pcc' role: PARTNERSHIP_ROLE_MEMBER post: 'PCC' } "
    "parts { key: 'ce' role: PARTNERSHIP_ROLE_ATTENDEE post: 'Chief Executive' } }";

TEST(PartnershipsTest, APartTakenAgainEndsTheOneOfItsKey) {
  MemoryLedger ledger;
  ledger.Append({On("2018-01-01", kBoard, kJoined),
                 On("2019-01-01", kBoard,
                    "partnership_role_taken { part { key: 'pcc' role: PARTNERSHIP_ROLE_CHAIR "
                    "post: 'PCC' } reason: 'Elected' }"),
                 On("2019-03-01", kBoard, "partnership_role_left { key: 'ce' }")});
  OpenRegisters registers(ledger);
  const std::vector<PartnershipRow> current = Parts(registers, "current: true");
  ASSERT_EQ(current.size(), 1);
  EXPECT_EQ(current[0].role(), event::v1::PARTNERSHIP_ROLE_CHAIR);
  EXPECT_EQ(current[0].from_date(), "2019-01-01");
  const std::vector<PartnershipRow> all = Parts(registers);
  ASSERT_EQ(all.size(), 3);
  EXPECT_EQ(all[0].until_date(), "2019-01-01");
  EXPECT_EQ(all[0].reason(), "Elected");
  EXPECT_EQ(all[1].until_date(), "2019-03-01");
  EXPECT_EQ(Parts(registers, "role: PARTNERSHIP_ROLE_CHAIR").size(), 1);
}

TEST(PartnershipsTest, ABodyWithoutAPartHasOneRowUntilAPartIsSaid) {
  MemoryLedger ledger;
  ledger.Append({On("2018-01-01", kBoard, "partnership_joined { title: 'Board' }")});
  OpenRegisters registers(ledger);
  ASSERT_EQ(Parts(registers).size(), 1);
  EXPECT_TRUE(Parts(registers)[0].current());
  EXPECT_EQ(Parts(registers)[0].role(), event::v1::PARTNERSHIP_ROLE_UNSPECIFIED);
  ledger.Append({On("2019-01-01", kBoard,
                    "partnership_role_taken { part { role: PARTNERSHIP_ROLE_MEMBER } }")});
  ASSERT_EQ(Parts(registers).size(), 1);
  EXPECT_EQ(Parts(registers)[0].from_date(), "2019-01-01");
}

TEST(PartnershipsTest, LeavingTheBodyEndsEveryPart) {
  MemoryLedger ledger;
  ledger.Append({On("2018-01-01", kBoard, kJoined),
                 On("2019-03-01", kBoard, "partnership_left { reason: 'Dissolved' }")});
  OpenRegisters registers(ledger);
  for (const PartnershipRow& row : Parts(registers)) {
    EXPECT_EQ(row.until_date(), "2019-03-01");
    EXPECT_EQ(row.reason(), "Dissolved");
    EXPECT_FALSE(row.current());
  }
}

TEST(PartnershipsTest, ABriefingAndAPaperShowThatAPartIsStillHeld) {
  MemoryLedger ledger;
  ledger.Append({On("2018-01-01", kBoard, kJoined),
                 On("2018-06-01", kBoard, "partnership_role_left { key: 'ce' }"),
                 On("2019-02-01", kBoard, "partnership_briefing_received { text: 'A new plan' }"),
                 On("2019-04-01", kBoard, "partnership_confirmed { text: 'Named in a paper' }")});
  OpenRegisters registers(ledger);
  const PartnershipRow row = Parts(registers, "current: true")[0];
  EXPECT_EQ(row.confirmed_on(), "2019-04-01");
  EXPECT_EQ(row.briefings(), 1);
  EXPECT_EQ(row.briefed_on(), "2019-02-01");
  EXPECT_EQ(Parts(registers, "post: 'executive'")[0].confirmed_on(), "");
}

TEST(PartnershipsTest, JoiningWithoutADateFoldsBeforeWhatIsDated) {
  MemoryLedger ledger;
  ledger.Append({On("", kBoard, kJoined),
                 On("2018-06-01", kBoard,
                    "partnership_role_taken { part { key: 'pcc' role: PARTNERSHIP_ROLE_CHAIR } }"),
                 On("2018-07-01", kBoard, "partnership_renamed { title: 'Justice Board' }"),
                 On("2019-03-01", kBoard, "partnership_left { reason: 'Dissolved' }")});
  OpenRegisters registers(ledger);
  const std::vector<PartnershipRow> rows = Parts(registers);
  ASSERT_EQ(rows.size(), 3);
  EXPECT_EQ(rows[0].role(), event::v1::PARTNERSHIP_ROLE_CHAIR);
  EXPECT_EQ(rows[0].title(), "Justice Board");
  EXPECT_THAT(rows[0].former_titles(), ElementsAre("Criminal Justice Board"));
  EXPECT_EQ(rows[1].key(), "pcc");
  EXPECT_EQ(rows[1].until_date(), "2018-06-01");
  EXPECT_EQ(rows[2].key(), "ce");
  EXPECT_EQ(rows[2].until_date(), "2019-03-01");
}

TEST(PortfoliosTest, APortfolioIsOneTenure) {
  MemoryLedger ledger;
  ledger.Append(
      {On("2016-06-01", "portfolios/alcohol",
          "portfolio_taken { title: 'Alcohol and Substance Misuse' "
          "organisation: 'APCC' role: PORTFOLIO_ROLE_LEAD post: 'PCC' }"),
       On("2018-01-01", "portfolios/alcohol",
          "portfolio_changed { jointly_with: 'PCC for Surrey' reason: 'Shared' }"),
       On("2019-05-20", "portfolios/alcohol", "portfolio_reported { text: 'A summit' }")});
  OpenRegisters registers(ledger);
  auto answer = Answer<ListPortfoliosResponse, ListPortfoliosRequest>(registers, "");
  EXPECT_EQ(answer.rows(0).state(), PORTFOLIO_STATE_HELD);
  EXPECT_EQ(answer.rows(0).reported_on(), "2019-05-20");
  EXPECT_THAT(answer.rows(0).jointly_with(), ElementsAre("PCC for Surrey"));
  ledger.Append({On("2019-05-30", "portfolios/alcohol",
                    "portfolio_handed_over { handed_to: 'PCC for Dorset' }")});
  answer = Answer<ListPortfoliosResponse, ListPortfoliosRequest>(
      registers, "state: PORTFOLIO_STATE_HANDED_OVER organisation: 'apcc'");
  ASSERT_EQ(answer.rows_size(), 1);
  EXPECT_EQ(answer.rows(0).handed_over_on(), "2019-05-30");
  EXPECT_EQ(answer.rows(0).steps_size(), 4);
}

}  // namespace
}  // namespace scrutiny::projections
