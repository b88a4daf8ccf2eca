// Publications: when they are due, whether they stand, and what happened to them.

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/publications.pb.h"
#include "tests/projections/support/open_registers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using testing::MemoryLedger;
using testing::OpenRegisters;

constexpr char kOne[] = "publications/decision-13";

std::string On(const std::string& day, const std::string& fact, const std::string& record = kOne) {
  const std::string occurred = day.empty() ? "" : absl::StrCat(" occurred { on: '", day, "' } ");
  return absl::StrCat("record: '", record, "' ", occurred, fact);
}

ListPublicationsResponse Publications(OpenRegisters& registers, const std::string& request = "") {
  registers.Level();
  const auto response = registers->Answer<ListPublicationsResponse>(
      testing::Ask<ListPublicationsRequest>(request), OpenRegisters::Today());
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return *response;
}
PublicationRow One(OpenRegisters& registers) { return Publications(registers).rows(0); }

const char kFellDue[] =
    "publication_fell_due { title: 'Decision 13' sort: 'decision' duty: 'Policy' "
    "trigger: 'decisions/13' limit { days: 10 } }";

TEST(PublicationsTest, OneIsOverdueAfterItsTimeLimitUntilPublished) {
  MemoryLedger ledger;
  ledger.Append({On("2019-05-21", kFellDue)});
  OpenRegisters registers(ledger);
  EXPECT_EQ(One(registers).due_date(), "2019-05-31");
  EXPECT_TRUE(One(registers).overdue());
  EXPECT_EQ(Publications(registers, "overdue: true trigger: 'decisions/13'").rows_size(), 1);
  ledger.Append({On("2019-06-03", "artefact_published { title: 'Decision 2019/13' url: 'u' }")});
  const PublicationRow row = One(registers);
  EXPECT_EQ(row.state(), PUBLICATION_STATE_PUBLISHED);
  EXPECT_FALSE(row.overdue());
  EXPECT_TRUE(row.late());
  EXPECT_EQ(row.title(), "Decision 2019/13");
  EXPECT_EQ(row.trigger(), "decisions/13");
}

TEST(PublicationsTest, TheOfficesLimitCountsFromWhatSetItOff) {
  MemoryLedger ledger;
  ledger.Append(
      {On("2019-01-01", "time_limit_set { key: 'publish' title: 'Publish' days: 5 }", "offices/d"),
       On("2019-05-20",
          "publication_fell_due { title: 'A' triggered_on: '2019-05-25' "
          "limit { key: 'publish' first_day: FIRST_DAY_SAME } }"),
       On("2019-05-20",
          "publication_fell_due { title: 'B' due { printed: 'as soon as possible' } }",
          "publications/b"),
       On("2019-05-20", "publication_fell_due { title: 'C' limit { key: 'none' } }",
          "publications/c")});
  OpenRegisters registers(ledger);
  const ListPublicationsResponse answer = Publications(registers);
  EXPECT_EQ(answer.rows(0).due_date(), "2019-05-29");
  EXPECT_TRUE(answer.rows(0).overdue());
  EXPECT_EQ(answer.rows(1).due_date(), "");
  EXPECT_FALSE(answer.rows(1).overdue());
  EXPECT_EQ(answer.rows(2).due_date(), "");
}

TEST(PublicationsTest, ARestoredLinkIsAsItWasBeforeItBroke) {
  MemoryLedger ledger;
  ledger.Append({On("2019-04-01",
                    "artefact_published { title: 'Survey' url: 'u' "
                    "media_type: 'application/pdf' }"),
                 On("2019-04-10", "artefact_replaced { reason: 'A page was missing' }"),
                 On("2019-05-01", "link_found_broken { found: '404' }")});
  OpenRegisters registers(ledger);
  PublicationRow row = One(registers);
  EXPECT_EQ(row.state(), PUBLICATION_STATE_LINK_BROKEN);
  EXPECT_EQ(row.broken_on(), "2019-05-01");
  EXPECT_EQ(row.media_type(), "");
  ledger.Append({On("2019-05-02", "link_restored { url: 'v' }")});
  row = One(registers);
  EXPECT_EQ(row.state(), PUBLICATION_STATE_REPLACED);
  EXPECT_EQ(row.broken_on(), "");
  EXPECT_EQ(row.found(), "");
  EXPECT_EQ(row.url(), "v");
  ledger.Append({On("2019-05-03", "artefact_taken_down { reason: 'Superseded' }")});
  EXPECT_EQ(One(registers).state(), PUBLICATION_STATE_TAKEN_DOWN);
}

TEST(PublicationsTest, ADutyRecordedLaterDoesNotMakeItDueAgain) {
  MemoryLedger ledger;
  ledger.Append(
      {On("2019-04-01", "artefact_published { title: 'Survey' }"), On("2019-05-20", kFellDue)});
  OpenRegisters registers(ledger);
  EXPECT_EQ(One(registers).state(), PUBLICATION_STATE_PUBLISHED);
  EXPECT_FALSE(One(registers).late());
}

TEST(PublicationsTest, OneThatIsPublishedOnADayNotKnownIsPublished) {
  MemoryLedger ledger;
  ledger.Append({On("2019-05-01", kFellDue), On("", "artefact_published { title: 'Decision' }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(One(registers).state(), PUBLICATION_STATE_PUBLISHED);
  EXPECT_EQ(One(registers).published_on(), "");
  EXPECT_TRUE(One(registers).meta().date_not_known());
}

TEST(PublicationsTest, WhatIsNotToBePublishedIsNotOverdue) {
  MemoryLedger ledger;
  ledger.Append({On("2019-05-01", kFellDue),
                 On("2019-05-02", "publication_due_changed { due { date: '2019-05-05' } }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(One(registers).due_date(), "2019-05-05");
  EXPECT_TRUE(One(registers).overdue());
  ledger.Append({On("2019-05-10",
                    "publication_no_longer_due { reason: 'Exempt' "
                    "exemption: 'Commercial' }")});
  EXPECT_EQ(One(registers).state(), PUBLICATION_STATE_NOT_DUE);
  EXPECT_FALSE(One(registers).overdue());
}

TEST(PublicationsTest, WithoutAStoreOfPapersNothingIsSaidOfBytes) {
  MemoryLedger ledger;
  ledger.Append({On("2019-05-01", "artefact_published { title: 'Survey' url: 'u' }")});
  OpenRegisters registers(ledger);
  EXPECT_FALSE(One(registers).held());
  EXPECT_FALSE(One(registers).link_only());
}

}  // namespace
}  // namespace scrutiny::projections
