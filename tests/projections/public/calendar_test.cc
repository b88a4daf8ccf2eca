// The calendar joins what falls due in every register, each day as its own register has it.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "projections/queries/deadlines.h"
#include "scrutiny/register/v1/register.pb.h"
#include "tests/projections/support/open_registers.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of clocks
using testing::MemoryLedger;
using testing::OpenRegisters;

constexpr char kBoard[] = "meetings/spab/2019-07-08";

std::string On(const std::string& day, const std::string& record, const std::string& fact) {
  return absl::StrCat("record: '", record, "' occurred { on: '", day, "' } ", fact);
}

ListCalendarResponse Calendar(OpenRegisters& registers, const std::string& request = "",
                              const std::string& judged_on = "2019-06-01") {
  registers.Level();
  const auto response = registers->Answer<ListCalendarResponse>(
      testing::Ask<ListCalendarRequest>(request), {*ledger::Day::Parse(judged_on), nullptr});
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return *response;
}

std::vector<std::string> Records(const ListCalendarResponse& response) {
  std::vector<std::string> records;
  for (const CalendarRow& row : response.rows()) records.push_back(row.record());
  return records;
}

std::vector<std::string> Facts() {
  return {
      On("2019-05-20", kBoard, "meeting_scheduled { forum: 'forums/spab' date: '2019-07-08' }"),
      On("2019-03-18", "actions/crime-data",
         "action_raised { title: 'Crime data recording' owners { organisation: 'Constabulary' } "
         "due { meeting: 'meetings/spab/2019-07-08' } }"),
      On("2019-03-18", "actions/overdue",
         "action_raised { title: 'Profile' due { date: '2019-03' printed: 'end March' } }"),
      On("2019-03-18", "actions/some-day",
         "action_raised { title: 'Some day' due { printed: 'as soon as possible' } }"),
      On("2019-03-18", "actions/no-day", "action_raised { title: 'No day' }"),
      On("2019-04-01", "returns/fms",
         "return_fell_due { title: 'Force Management Statement' due_to: 'HMICFRS' due { date: "
         "'2019-05-31' } }"),
      On("2019-05-30", "returns/fms", "return_submitted { submitted_to: 'HMICFRS' }"),
      On("2019-02-05", "inspections/crime-data",
         "inspection_report_published { summary: 'Inadequate' }"),
      On("2019-05-20", "programmes/d383",
         "engagement_programme_set { title: '#D383' target_number: 383 due { date: '2019-10' } }"),
  };
}

TEST(CalendarTest, ListsWhatRunsAndWhatRanOutByDay) {
  MemoryLedger ledger;
  ledger.Append(Facts());
  OpenRegisters registers(ledger);
  const ListCalendarResponse calendar = Calendar(registers);
  EXPECT_EQ(Records(calendar), (std::vector<std::string>{
                                   "actions/overdue", "inspections/crime-data", kBoard,
                                   "actions/crime-data", "programmes/d383", "actions/some-day"}));
  EXPECT_EQ(calendar.overdue(), 2U);
  const CalendarRow& overdue = calendar.rows(0);
  EXPECT_EQ(overdue.date(), "2019-03-31");
  EXPECT_EQ(overdue.state(), CLOCK_STATE_OVERDUE);
  EXPECT_EQ(overdue.days_left(), -62);
  EXPECT_EQ(overdue.printed(), "end March");
  const CalendarRow& by_meeting = calendar.rows(3);
  EXPECT_EQ(by_meeting.date(), "2019-07-08");
  EXPECT_EQ(by_meeting.meeting(), kBoard);
  EXPECT_EQ(by_meeting.forum(), "forums/spab");
  EXPECT_EQ(by_meeting.state(), CLOCK_STATE_RUNNING);
  EXPECT_EQ(calendar.rows(4).date(), "2019-10-31");
  EXPECT_FALSE(calendar.rows(5).has_days_left());
}

// 56 days beginning with the day of the report.
TEST(CalendarTest, CommentsOnAnInspectionRunForFiftySixDays) {
  MemoryLedger ledger;
  ledger.Append(Facts());
  OpenRegisters registers(ledger);
  const auto calendar = Calendar(registers, "kind: CLOCK_KIND_INSPECTION_COMMENTS");
  ASSERT_EQ(calendar.rows_size(), 1);
  EXPECT_EQ(calendar.rows(0).date(), "2019-04-01");
  EXPECT_EQ(calendar.rows(0).limit_days(), 56U);
  EXPECT_EQ(calendar.rows(0).counted_from(), "2019-02-05");
  EXPECT_TRUE(calendar.rows(0).overdue());
  ledger.Append(
      {On("2019-04-02", "inspections/crime-data", "inspection_comments_published { text: 'We' }")});
  const auto done = Calendar(registers, "kind: CLOCK_KIND_INSPECTION_COMMENTS all: true");
  EXPECT_EQ(done.rows(0).state(), CLOCK_STATE_DONE_LATE);
}

TEST(CalendarTest, IsNarrowedDown) {
  MemoryLedger ledger;
  ledger.Append(Facts());
  OpenRegisters registers(ledger);
  EXPECT_EQ(Records(Calendar(registers, "from: '2019-06-01' to: '2019-07-31'")),
            (std::vector<std::string>{kBoard, "actions/crime-data"}));
  EXPECT_EQ(Calendar(registers, "register: 'actions'").rows_size(), 3);
  EXPECT_EQ(Calendar(registers, "record: 'actions'").rows_size(), 3);
  EXPECT_EQ(Calendar(registers, "owner: 'constab'").rows_size(), 1);
  EXPECT_EQ(Calendar(registers, "state: CLOCK_STATE_OVERDUE").rows_size(), 2);
  const auto done = Calendar(registers, "register: 'returns' all: true");
  ASSERT_EQ(done.rows_size(), 1);
  EXPECT_EQ(done.rows(0).state(), CLOCK_STATE_DONE);
  EXPECT_EQ(done.rows(0).done_on(), "2019-05-30");
  const auto wrong = registers->Answer<ListCalendarResponse>(
      testing::Ask<ListCalendarRequest>("from: 'June'"), OpenRegisters::Today());
  EXPECT_TRUE(absl::IsInvalidArgument(wrong.status()));
}

TEST(CalendarTest, SeesWhatWasTrueOnADay) {
  MemoryLedger ledger;
  ledger.Append(Facts());
  OpenRegisters registers(ledger);
  const auto calendar =
      Calendar(registers, "view { true_on: '2019-04-15' } register: 'returns'", "2020-01-01");
  ASSERT_EQ(calendar.rows_size(), 1);
  EXPECT_EQ(calendar.rows(0).state(), CLOCK_STATE_RUNNING);
}

TEST(CalendarTest, ComesInPages) {
  MemoryLedger ledger;
  ledger.Append(Facts());
  OpenRegisters registers(ledger);
  std::vector<std::string> records;
  std::string token;
  do {
    const auto page = Calendar(registers, absl::StrCat("page { size: 2 token: '", token, "' }"));
    EXPECT_EQ(page.overdue(), 2U);
    for (const std::string& record : Records(page)) records.push_back(record);
    token = page.next_page_token();
  } while (!token.empty());
  EXPECT_EQ(records, Records(Calendar(registers)));
}

TEST(CalendarTest, IsEmptyBeforeAnythingIsRecorded) {
  MemoryLedger ledger;
  OpenRegisters registers(ledger);
  EXPECT_EQ(Calendar(registers).rows_size(), 0);
}

TEST(CalendarTest, EverySourceNamesAQueryThereIs) {
  for (const auto& part : {BoardClocks(), PlanClocks(), InspectionClocks(), PublicClocks()}) {
    for (const ClockSource& source : part) {
      EXPECT_NE(FindQuery(source.method), nullptr) << source.method;
    }
  }
}

}  // namespace
}  // namespace scrutiny::projections
