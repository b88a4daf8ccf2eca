// Minutes: how far they are, who accepted them, what was corrected.

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/minutes.pb.h"
#include "tests/projections/support/open_registers.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using testing::MemoryLedger;
using testing::OpenRegisters;

constexpr char kMarch[] = "meetings/spab/2019-03-18";
constexpr char kMay[] = "meetings/spab/2019-05-20";

std::string Of(const std::string& record, const std::string& day, const std::string& fact) {
  const std::string occurred =
      day.empty() ? std::string() : absl::StrCat("occurred { on: '", day, "' } ");
  return absl::StrCat("record: '", record, "' ", occurred, fact);
}

std::string March(const std::string& day, const std::string& fact) { return Of(kMarch, day, fact); }

// A board of 18 March 2019.
void OpenBoard(MemoryLedger& ledger) {
  ledger.Append(
      {Of("forums/spab", "2019-01-01",
          "forum_established { name: 'Strategic Priorities Assurance Board' "
          "aliases: 'SPAB' }"),
       March("2019-03-18", "meeting_scheduled { forum: 'forums/spab' date: '2019-03-18' }")});
}

// The board of 20 May 2019.
void OpenMay(MemoryLedger& ledger) {
  ledger.Append(
      {Of(kMay, "2019-05-20", "meeting_scheduled { forum: 'forums/spab' date: '2019-05-20' }")});
}

ListMinutesResponse Minutes(OpenRegisters& registers, const std::string& request) {
  registers.Level();
  const auto response = registers->Answer<ListMinutesResponse>(
      testing::Ask<ListMinutesRequest>(request), OpenRegisters::Today());
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return *response;
}

ListMinuteCorrectionsResponse Corrections(OpenRegisters& registers, const std::string& request) {
  registers.Level();
  const auto response = registers->Answer<ListMinuteCorrectionsResponse>(
      testing::Ask<ListMinuteCorrectionsRequest>(request), OpenRegisters::Today());
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return *response;
}

TEST(MinutesTest, AMeetingHeldHasMinutesEvenIfNothingIsSaidOfThem) {
  MemoryLedger ledger;
  OpenBoard(ledger);
  ledger.Append({Of("meetings/spab/2019-07-08", "2019-03-18",
                    "meeting_scheduled { forum: 'forums/spab' date: '2019-07-08' }")});
  OpenRegisters registers(ledger);
  const ListMinutesResponse answer = Minutes(registers, "");
  ASSERT_EQ(answer.rows_size(), 1) << "July has not been held on 1 June";
  EXPECT_EQ(answer.rows(0).meeting(), kMarch);
  EXPECT_EQ(answer.rows(0).state(), MINUTES_STATE_NOT_DRAFTED);
  EXPECT_EQ(answer.rows(0).forum_name(), "Strategic Priorities Assurance Board");
  EXPECT_FALSE(answer.rows(0).overdue());
}

TEST(MinutesTest, TheStateOnlyGoesOn) {
  MemoryLedger ledger;
  OpenBoard(ledger);
  ledger.Append({March("2019-04-10", "minutes_circulated { comments_due { date: '2019-04-20' } }"),
                 March("2019-04-01", "minutes_drafted { draft: '1' paper: 'papers/a' }"),
                 March("", "minutes_drafted { draft: '2' paper: 'papers/b' }")});
  OpenRegisters registers(ledger);
  const MinutesRow row = Minutes(registers, "").rows(0);
  EXPECT_EQ(row.state(), MINUTES_STATE_CIRCULATED);
  EXPECT_EQ(row.circulated_on(), "2019-04-10");
  EXPECT_EQ(row.draft(), "2");
  EXPECT_EQ(row.paper(), "papers/b");
  EXPECT_EQ(row.comments_due().date(), "2019-04-20");
  EXPECT_TRUE(row.meta().date_not_known());
  ASSERT_EQ(row.steps_size(), 3);
  EXPECT_EQ(row.steps(0).what(), "drafted");
  EXPECT_EQ(row.steps(1).what(), "circulated");
}

TEST(MinutesTest, TheyAreOverdueOnceALaterMeetingDidNotAcceptThem) {
  MemoryLedger ledger;
  OpenBoard(ledger);
  OpenMay(ledger);
  OpenRegisters registers(ledger);
  const ListMinutesResponse late = Minutes(registers, "overdue: true");
  ASSERT_EQ(late.rows_size(), 1);
  EXPECT_EQ(late.rows(0).meeting(), kMarch);
  EXPECT_EQ(Minutes(registers, "overdue: true view { judged_on: '2019-05-19' }").rows_size(), 0);
  ledger.Append({Of(kMay, "2019-05-20",
                    absl::StrCat("minutes_noted { minutes_of: '", kMarch, "' item: '5a' }"))});
  EXPECT_EQ(Minutes(registers, "overdue: true").rows_size(), 0);
}

TEST(MinutesTest, MinutesSettledWithoutAMeetingAreNeverOverdue) {
  MemoryLedger ledger;
  OpenBoard(ledger);
  OpenMay(ledger);
  ledger.Append({Of("offices/o", "2019-01-01",
                    "minutes_format_set { acceptance: MINUTES_ACCEPTANCE_WITHOUT_MEETING }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Minutes(registers, "overdue: true").rows_size(), 0);
}

TEST(MinutesTest, AnotherMeetingAcceptsThem) {
  MemoryLedger ledger;
  OpenBoard(ledger);
  OpenMay(ledger);
  ledger.Append({March("2019-04-01", "minutes_drafted { }"),
                 Of(kMay, "2019-05-20",
                    absl::StrCat("minutes_approved { minutes_of: '", kMarch,
                                 "' item: '5a' corrections: 'A name' }"))});
  OpenRegisters registers(ledger);
  const MinutesRow row = Minutes(registers, "state: MINUTES_STATE_APPROVED").rows(0);
  EXPECT_EQ(row.accepted_at(), kMay);
  EXPECT_EQ(row.accepted_on(), "2019-05-20");
  EXPECT_EQ(row.accepted_item(), "5a");
  EXPECT_EQ(row.corrections_summary(), "A name");
  EXPECT_EQ(row.steps(1).what(), "approved");
  EXPECT_EQ(row.meta().entry_count(), 2u) << "the draft and the approval";
  // A late fact does not take an approval back.
  ledger.Append({March("2019-05-25", "minutes_circulated { }")});
  EXPECT_EQ(Minutes(registers, "forum: 'SPAB'").rows(0).state(), MINUTES_STATE_APPROVED);
}

TEST(MinutesTest, AnAcceptanceThatWasWithdrawnIsNone) {
  MemoryLedger ledger;
  OpenBoard(ledger);
  OpenMay(ledger);
  const uint64_t noted = ledger.Append(
      {Of(kMay, "2019-05-20", absl::StrCat("minutes_noted { minutes_of: '", kMarch, "' }"))});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Minutes(registers, "state: MINUTES_STATE_NOTED").rows_size(), 1);
  ledger.Append({Of(kMay, "", absl::StrCat("corrects: ", noted, " withdrawn { reason: 'no' }"))});
  const ListMinutesResponse answer = Minutes(registers, "");
  EXPECT_EQ(answer.rows(0).state(), MINUTES_STATE_NOT_DRAFTED);
  EXPECT_EQ(answer.rows(0).accepted_at(), "");
}

TEST(MinutesTest, MinutesOfAMeetingThatIsNotHeldHereAreListed) {
  MemoryLedger ledger;
  OpenBoard(ledger);
  ledger.Append({March("2019-03-18", "minutes_noted { minutes_of: 'meetings/jarac/unknown' }")});
  OpenRegisters registers(ledger);
  const ListMinutesResponse answer = Minutes(registers, "state: MINUTES_STATE_NOTED");
  ASSERT_EQ(answer.rows_size(), 1);
  EXPECT_EQ(answer.rows(0).meeting(), "meetings/jarac/unknown");
  EXPECT_EQ(answer.rows(0).accepted_at(), kMarch);
}

TEST(MinutesTest, TheFirstPublicationAndTheLastPlaceStand) {
  MemoryLedger ledger;
  OpenBoard(ledger);
  ledger.Append({March("2019-04-01", "minutes_published { url: 'https://a' draft: true }"),
                 March("2019-06-01", "minutes_published { url: 'https://b' }")});
  OpenRegisters registers(ledger);
  const MinutesRow row = Minutes(registers, "").rows(0);
  EXPECT_EQ(row.published_on(), "2019-04-01");
  EXPECT_EQ(row.url(), "https://b");
  EXPECT_FALSE(row.published_as_draft());
}

TEST(MinutesTest, CorrectionsAreCountedBeforeAndAfterAcceptance) {
  MemoryLedger ledger;
  OpenBoard(ledger);
  OpenMay(ledger);
  ledger.Append(
      {March("2019-05-20", absl::StrCat("minute_corrected { key: '1' item: '11a' was: 'a' now: 'b' "
                                        "before_acceptance: true meeting: '",
                                        kMay, "' }")),
       Of(kMay, "2019-05-20", absl::StrCat("minutes_approved { minutes_of: '", kMarch, "' }")),
       March("2019-07-08", "minute_corrected { key: '2' was: 'c' reason: 'Said twice' }")});
  OpenRegisters registers(ledger);
  const MinutesRow row = Minutes(registers, "state: MINUTES_STATE_APPROVED").rows(0);
  EXPECT_EQ(row.corrections(), 2u);
  EXPECT_EQ(row.corrections_after(), 1u);
  const auto answer = Corrections(registers, "forum: 'forums/spab'");
  ASSERT_EQ(answer.rows_size(), 2);
  EXPECT_EQ(answer.rows(0).now(), "b");
  EXPECT_EQ(answer.rows(0).made_at(), kMay);
  EXPECT_TRUE(answer.rows(0).before_acceptance());
  EXPECT_EQ(answer.rows(1).corrected_on(), "2019-07-08");
  EXPECT_EQ(answer.rows(1).now(), "") << "struck out";
  EXPECT_EQ(Corrections(registers, absl::StrCat("meeting: '", kMay, "'")).rows_size(), 0);
}

TEST(MinutesTest, AsRecordedBeforeNothingWasAccepted) {
  MemoryLedger ledger;
  OpenBoard(ledger);
  OpenMay(ledger);
  const uint64_t noted = ledger.Append(
      {Of(kMay, "2019-05-20", absl::StrCat("minutes_noted { minutes_of: '", kMarch, "' }"))});
  OpenRegisters registers(ledger);
  const std::string then = absl::StrCat("view { sequence: ", noted - 1, " }");
  EXPECT_EQ(Minutes(registers, then).rows(0).state(), MINUTES_STATE_NOT_DRAFTED);
  EXPECT_EQ(Minutes(registers, "view { true_on: '2019-04-01' }").rows(0).state(),
            MINUTES_STATE_NOT_DRAFTED);
}

}  // namespace
}  // namespace scrutiny::projections
