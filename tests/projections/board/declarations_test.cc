// Declarations of interest with what was done about them, and announcements.

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/attendance.pb.h"
#include "tests/projections/board/document_support.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): sorts of the rows
using testing::Meeting;
using testing::MemoryLedger;
using testing::On;
using testing::OpenRegisters;

constexpr char kMar[] = "meetings/mar";

ListDeclarationsResponse Declarations(OpenRegisters& registers, const std::string& request = "") {
  return testing::AnswerTo<ListDeclarationsResponse, ListDeclarationsRequest>(registers, request);
}
ListAnnouncementsResponse Announcements(OpenRegisters& registers, const std::string& request = "") {
  return testing::AnswerTo<ListAnnouncementsResponse, ListAnnouncementsRequest>(registers, request);
}

TEST(DeclarationsTest, ThatThereWereNoneIsARow) {
  MemoryLedger ledger;
  ledger.Append({Meeting("mar", "2019-03-18"), Meeting("may", "2019-05-20"),
                 On("2019-03-18", kMar, "nil_declarations_recorded { item: '2' }"),
                 On("2019-05-20", "meetings/may",
                    "interest_declared { person: 'persons/a' post: 'Member' item: '12g' "
                    "declared_at: '2' nature: 'A trustee of one applicant' }")});
  OpenRegisters registers(ledger);
  const ListDeclarationsResponse all = Declarations(registers);
  ASSERT_EQ(all.rows_size(), 2);
  EXPECT_FALSE(all.rows(0).declared());
  EXPECT_EQ(all.rows(0).declared_at(), "2");
  EXPECT_EQ(all.rows(0).meeting_date(), "2019-03-18");
  const ListDeclarationsResponse declared = Declarations(registers, "declared: true");
  ASSERT_EQ(declared.rows_size(), 1);
  EXPECT_EQ(declared.rows(0).shown_as(), "Member");
  EXPECT_EQ(declared.rows(0).item(), "12g");
  EXPECT_EQ(Declarations(registers, "person: 'persons/a'").rows_size(), 1);
  EXPECT_EQ(Declarations(registers, "from: '2019-04-01' forum: 'forums/spab'").rows_size(), 1);
}

TEST(DeclarationsTest, WhatWasDoneIsTheLatestSaid) {
  MemoryLedger ledger;
  ledger.Append(
      {Meeting("mar", "2019-03-18"),
       On("2019-03-18", kMar,
          "interest_declared { person: 'persons/a' key: 'a' "
          "handling: INTEREST_HANDLING_TOOK_PART effect: 'stayed' }"),
       On("2019-03-18", kMar, "interest_declared { person: 'persons/b' nature: 'A neighbour' }"),
       On("2019-03-18", kMar,
          "interest_managed { key: 'a' handling: INTEREST_HANDLING_LEFT_ROOM "
          "effect: 'left for item 9' left: '14:30' returned: '14:45' }")});
  OpenRegisters registers(ledger);
  const ListDeclarationsResponse all = Declarations(registers);
  ASSERT_EQ(all.rows_size(), 2);
  EXPECT_EQ(all.rows(0).person(), "persons/a");
  EXPECT_EQ(all.rows(0).handling(), event::v1::INTEREST_HANDLING_LEFT_ROOM);
  EXPECT_EQ(all.rows(0).effect(), "left for item 9");
  EXPECT_EQ(all.rows(0).returned(), "14:45");
  EXPECT_EQ(all.rows(0).meta().entry_count(), 2u);
  EXPECT_EQ(all.rows(1).handling(), event::v1::INTEREST_HANDLING_UNSPECIFIED);
}

TEST(DeclarationsTest, AnUndatedDeclarationDoesNotUndoWhatWasDone) {
  MemoryLedger ledger;
  ledger.Append({On("", kMar,
                    "interest_declared { person: 'persons/a' key: 'a' nature: 'Shares' "
                    "handling: INTEREST_HANDLING_TOOK_PART }"),
                 On("2019-03-18", kMar,
                    "interest_managed { key: 'a' handling: INTEREST_HANDLING_LEFT_ROOM }")});
  OpenRegisters registers(ledger);
  const ListDeclarationsResponse all = Declarations(registers);
  ASSERT_EQ(all.rows_size(), 1);
  EXPECT_EQ(all.rows(0).handling(), event::v1::INTEREST_HANDLING_LEFT_ROOM);
  EXPECT_EQ(all.rows(0).nature(), "Shares");
}

TEST(AnnouncementsTest, NewsEventsNextMeetingAndNothing) {
  MemoryLedger ledger;
  ledger.Append(
      {Meeting("mar", "2019-03-18"),
       On("2019-03-18", kMar, "announcement_made { key: 'a' person: 'persons/a' text: 'A site' }"),
       On("2019-03-18", kMar,
          "announcement_made { key: 'b' text: 'A launch' event_date: '2019-04-24' place: 'Buxton' "
          "}"),
       On("2019-03-18", kMar, "announcement_made { key: 'c' text: 'Visits to come' event: true }"),
       On("2019-03-18", kMar, "announcement_made { key: 'd' none: true item: '4' }"),
       On("2019-03-18", kMar,
          "next_meeting_noted { date: '2019-05-20' meeting: 'meetings/may' start: '14:00' }")});
  OpenRegisters registers(ledger);
  const auto count = [&](const std::string& request) {
    return Announcements(registers, request).rows_size();
  };
  EXPECT_EQ(count(""), 5);
  EXPECT_EQ(count("sort: ANNOUNCEMENT_SORT_NEWS person: 'persons/a'"), 1);
  EXPECT_EQ(count("sort: ANNOUNCEMENT_SORT_EVENT"), 2);
  EXPECT_EQ(count("sort: ANNOUNCEMENT_SORT_NOTHING"), 1);
  EXPECT_EQ(count("event_from: '2019-05-01'"), 1);
  const ListAnnouncementsResponse next =
      Announcements(registers, "sort: ANNOUNCEMENT_SORT_NEXT_MEETING");
  ASSERT_EQ(next.rows_size(), 1);
  EXPECT_EQ(next.rows(0).event_date(), "2019-05-20");
  EXPECT_EQ(next.rows(0).next_meeting(), "meetings/may");
  EXPECT_EQ(next.rows(0).start(), "14:00");
  EXPECT_EQ(next.rows(0).meeting_date(), "2019-03-18");
}

TEST(AnnouncementsTest, TheSameKeyAgainSaysItAnew) {
  MemoryLedger ledger;
  ledger.Append(
      {On("2019-03-18", kMar, "announcement_made { key: 'a' text: 'Old' place: 'Buxton' }"),
       On("2019-03-19", kMar, "announcement_made { key: 'a' text: 'New' }")});
  OpenRegisters registers(ledger);
  const ListAnnouncementsResponse all = Announcements(registers);
  ASSERT_EQ(all.rows_size(), 1);
  EXPECT_EQ(all.rows(0).text(), "New");
  EXPECT_EQ(all.rows(0).place(), "");
}

}  // namespace
}  // namespace scrutiny::projections
