// What stands beside a session or visit: how it was hindered, issues raised at it, and counts.

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

constexpr char kVisit[] = "sessions/icv/1";

std::string On(const std::string& day, const std::string& fact) {
  const std::string occurred = day.empty() ? "" : absl::StrCat(" occurred { on: '", day, "' } ");
  return absl::StrCat("record: '", kVisit, "' ", occurred, fact);
}

const char kHeld[] =
    "session_held { scheme: 'schemes/icv' kind: SESSION_KIND_VISIT "
    "outcome: SESSION_OUTCOME_HELD site: 'Suite 2' }";

template <typename Response, typename Request>
Response Answer(OpenRegisters& registers, const std::string& request = "") {
  registers.Level();
  const auto response =
      registers->Answer<Response>(testing::Ask<Request>(request), OpenRegisters::Today());
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return *response;
}

ListHinderedVisitsResponse Hindered(OpenRegisters& registers, const std::string& request = "") {
  return Answer<ListHinderedVisitsResponse, ListHinderedVisitsRequest>(registers, request);
}
ListVisitIssuesResponse Issues(OpenRegisters& registers, const std::string& request = "") {
  return Answer<ListVisitIssuesResponse, ListVisitIssuesRequest>(registers, request);
}

TEST(HinderedVisitsTest, EachTimeHasARowWithTheVisitsSiteAndDay) {
  MemoryLedger ledger;
  ledger.Append({On("2019-05-03",
                    "visit_hindered { hindrance: VISIT_HINDRANCE_DELAYED "
                    "minutes: 25 reason: 'Shift change' justified: false }"),
                 On("2019-05-03", "visit_hindered { hindrance: VISIT_HINDRANCE_CUT_SHORT }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Hindered(registers).rows(0).visited_on(), "2019-05-03");
  EXPECT_EQ(Hindered(registers).rows(0).site(), "");
  ledger.Append({On("2019-05-02", kHeld)});
  const ListHinderedVisitsResponse answer = Hindered(registers, "scheme: 'schemes/icv'");
  ASSERT_EQ(answer.rows_size(), 2);
  EXPECT_EQ(answer.rows(0).visited_on(), "2019-05-02");
  EXPECT_EQ(answer.rows(0).site(), "Suite 2");
  EXPECT_EQ(answer.rows(0).minutes(), 25);
  EXPECT_TRUE(answer.rows(0).has_justified());
  EXPECT_FALSE(answer.rows(0).justified());
  EXPECT_FALSE(answer.rows(1).has_minutes());
  EXPECT_EQ(Hindered(registers, "hindrance: VISIT_HINDRANCE_CUT_SHORT site: 'suite'").rows_size(),
            1);
  // The visit itself is still one row.
  EXPECT_EQ((Answer<ListSessionsResponse, ListSessionsRequest>(registers)).rows_size(), 1);
}

TEST(VisitIssuesTest, OneIsOpenAndOverdueUntilItIsSettled) {
  MemoryLedger ledger;
  ledger.Append({On("2019-05-02", kHeld),
                 On("2019-05-02",
                    "visit_issue_raised { key: '1' title: 'No blankets' "
                    "category: 'conditions' due { date: '2019-05-10' } }"),
                 On("2019-05-02",
                    "visit_issue_raised { key: '2' title: 'Cold meal' "
                    "settled_at_once: true }")});
  OpenRegisters registers(ledger);
  ListVisitIssuesResponse answer = Issues(registers, "overdue: true");
  ASSERT_EQ(answer.rows_size(), 1);
  EXPECT_EQ(answer.rows(0).title(), "No blankets");
  EXPECT_EQ(answer.rows(0).site(), "Suite 2");
  ledger.Append({On("2019-05-12",
                    "visit_issue_settled { key: '1' text: 'Bought' "
                    "finding: 'findings/9' }")});
  EXPECT_EQ(Issues(registers, "open: true").rows_size(), 0);
  answer = Issues(registers, "category: 'cond'");
  EXPECT_EQ(answer.rows(0).settled_by(), "Bought");
  EXPECT_EQ(answer.rows(0).settled_on(), "2019-05-12");
  EXPECT_EQ(answer.rows(0).finding(), "findings/9");
  ledger.Append({On("2019-05-20", "visit_issue_raised { key: '1' title: 'No blankets again' }")});
  answer = Issues(registers, "open: true");
  ASSERT_EQ(answer.rows_size(), 1);
  EXPECT_EQ(answer.rows(0).settled_on(), "");
}

TEST(VisitIssuesTest, ThatItWasRaisedMayBecomeKnownLastAndWithoutADate) {
  MemoryLedger ledger;
  ledger.Append({On("2019-05-12", "visit_issue_settled { key: '1' text: 'Bought' }"),
                 On("", "visit_issue_raised { key: '1' title: 'No blankets' }")});
  OpenRegisters registers(ledger);
  const ListVisitIssuesResponse answer = Issues(registers);
  ASSERT_EQ(answer.rows_size(), 1);
  EXPECT_EQ(answer.rows(0).title(), "No blankets");
  EXPECT_FALSE(answer.rows(0).open());
}

TEST(SessionCountsTest, CountedAgainTheLaterCountsTakeThePlaceOfAllBefore) {
  MemoryLedger ledger;
  ledger.Append({On("2019-05-02", kHeld),
                 On("2019-05-02",
                    "session_counted { reviewed { value: 12 } tables { title: 'Grade' "
                    "counts { label: 'good' value: 12 } "
                    "counts { label: 'concern' value: 0 } } }")});
  OpenRegisters registers(ledger);
  const auto counts = [&] {
    return Answer<ListCountsResponse, ListCountsRequest>(registers,
                                                         absl::StrCat("record: '", kVisit, "'"));
  };
  EXPECT_EQ(counts().rows_size(), 3);
  ledger.Append({On("2019-05-03",
                    "session_counted { reviewed { value: 11 } "
                    "not_reviewed { value: 0 } }")});
  const ListCountsResponse answer = counts();
  ASSERT_EQ(answer.rows_size(), 2);
  EXPECT_EQ(answer.rows(0).value(), 11);
  EXPECT_EQ(answer.rows(1).dimension(), "not_reviewed");
  EXPECT_EQ(answer.rows(1).value(), 0);
}

}  // namespace
}  // namespace scrutiny::projections
