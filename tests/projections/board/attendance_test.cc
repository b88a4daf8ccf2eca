// Attendance over meetings, listed and counted; declarations of interest and announcements.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/attendance.pb.h"
#include "tests/projections/board/document_support.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Meeting;
using testing::MemoryLedger;
using testing::On;
using testing::OpenRegisters;

constexpr char kMar[] = "meetings/mar";
constexpr char kMay[] = "meetings/may";

ListAttendanceResponse Attendance(OpenRegisters& registers, const std::string& request = "") {
  return testing::AnswerTo<ListAttendanceResponse, ListAttendanceRequest>(registers, request);
}
CountAttendanceResponse Count(OpenRegisters& registers, const std::string& request) {
  return testing::AnswerTo<CountAttendanceResponse, CountAttendanceRequest>(registers, request);
}
std::string Here(const std::string& day, const std::string& meeting, const std::string& person,
                 const std::string& more = "") {
  return On(day, meeting,
            absl::StrCat("attendance_recorded { person: 'persons/", person, "' ", more, " }"));
}
std::string Away(const std::string& day, const std::string& meeting, const std::string& person,
                 const std::string& more = "") {
  return On(day, meeting,
            absl::StrCat("apology_received { person: 'persons/", person, "' ", more, " }"));
}

// The persons and states of a list, in order.
std::vector<std::string> People(const ListAttendanceResponse& answer) {
  std::vector<std::string> people;
  for (const MeetingAttendanceRow& row : answer.rows()) {
    people.push_back(absl::StrCat(row.person(), " ", AttendanceState_Name(row.state()).substr(17)));
  }
  return people;
}

TEST(AttendanceTest, ThoseThereComeFirstInPrintedOrder) {
  MemoryLedger ledger;
  ledger.Append(
      {Meeting("mar", "2019-03-18"), Meeting("may", "2019-05-20"),
       On("2016", "persons/pcc", "person_registered { name: 'H Dhindsa' post: 'PCC' }"),
       Away("2019-03-18", kMar, "cc", "post: 'Chief Constable' reason: 'on leave'"),
       Here("2019-03-18", kMar, "a", "order: 2 post: 'ACC' organisation: 'Constabulary'"),
       Here("2019-03-18", kMar, "pcc", "order: 1 capacity: CAPACITY_CHAIR"),
       On("2019-03-18", kMar, "absence_recorded { person: 'persons/b' reason: 'not known' }"),
       Here("2019-05-20", kMay, "a", "")});
  OpenRegisters registers(ledger);
  const ListAttendanceResponse all = Attendance(registers);
  EXPECT_THAT(People(all),
              ElementsAre("persons/pcc PRESENT", "persons/a PRESENT", "persons/cc APOLOGY",
                          "persons/b ABSENT", "persons/a PRESENT"));
  EXPECT_EQ(all.rows(0).shown_as(), "H Dhindsa") << "a holder of public office";
  EXPECT_EQ(all.rows(0).forum(), "forums/spab");
  EXPECT_EQ(all.rows(1).shown_as(), "ACC") << "anybody else by post";
  EXPECT_EQ(all.rows(2).reason(), "on leave");
  EXPECT_EQ(all.rows(4).meeting_date(), "2019-05-20");
  EXPECT_EQ(Attendance(registers, "person: 'persons/a'").rows_size(), 2);
  EXPECT_EQ(Attendance(registers, "person: 'persons/a' until: '2019-04-01'").rows_size(), 1);
  EXPECT_EQ(Attendance(registers, "state: ATTENDANCE_STATE_ABSENT").rows_size(), 1);
  EXPECT_EQ(Attendance(registers, "capacity: CAPACITY_CHAIR").rows_size(), 1);
  EXPECT_EQ(Attendance(registers, "meeting: 'meetings/may'").rows_size(), 1);
  EXPECT_EQ(Attendance(registers, "forum: 'forums/other'").rows_size(), 0);
}

TEST(AttendanceTest, WhoWasThereWasThereWhateverElseIsRecorded) {
  MemoryLedger ledger;
  ledger.Append({Meeting("mar", "2019-03-18"),
                 On("2019-03-18", kMar, "absence_recorded { person: 'persons/a' }"),
                 Away("2019-03-20", kMar, "a")});
  OpenRegisters registers(ledger);
  EXPECT_THAT(People(Attendance(registers)), ElementsAre("persons/a APOLOGY"));
  ledger.Append({Here("2019-03-18", kMar, "a"),
                 On("2019-03-21", kMar, "absence_recorded { person: 'persons/a' }")});
  EXPECT_THAT(People(Attendance(registers)), ElementsAre("persons/a PRESENT"));
}

TEST(AttendanceTest, ComingLateAndLeavingEarly) {
  MemoryLedger ledger;
  ledger.Append(
      {Meeting("mar", "2019-03-18"),
       Here("2019-03-18", kMar, "a", "late: true late_reason: 'chaired another meeting'"),
       Here("2019-03-18", kMar, "b"),
       On("2019-03-18", kMar,
          "late_arrival_recorded { person: 'persons/b' joined: '14:20' item: '9a' }"),
       On("2019-03-18", kMar,
          "early_departure_recorded { person: 'persons/b' left: '15:00' item: '10a' }"),
       // Nothing else is recorded of c, who must have been there all the same.
       On("", kMar, "early_departure_recorded { person: 'persons/c' left_reason: 'unwell' }")});
  OpenRegisters registers(ledger);
  const ListAttendanceResponse late = Attendance(registers, "late: true");
  ASSERT_EQ(late.rows_size(), 2);
  EXPECT_EQ(late.rows(0).late_reason(), "chaired another meeting");
  const MeetingAttendanceRow& b = late.rows(1);
  EXPECT_EQ(b.joined(), "14:20");
  EXPECT_TRUE(b.left_early());
  ASSERT_EQ(b.presences_size(), 1);
  EXPECT_EQ(b.presences(0).from_item(), "9a");
  EXPECT_EQ(b.presences(0).until_item(), "10a");
  const ListAttendanceResponse c = Attendance(registers, "person: 'persons/c'");
  ASSERT_EQ(c.rows_size(), 1);
  EXPECT_EQ(c.rows(0).state(), ATTENDANCE_STATE_PRESENT);
  EXPECT_TRUE(c.rows(0).meta().date_not_known());
}

TEST(AttendanceTest, ACorrectedPersonAndAWithdrawnOneAreGone) {
  MemoryLedger ledger;
  const uint64_t first =
      ledger.Append({Here("2019-03-18", kMar, "wrong"), Here("2019-03-18", kMar, "b")});
  OpenRegisters registers(ledger);
  ledger.Append({absl::StrCat("corrects: ", first, " ", Here("2019-03-18", kMar, "right")),
                 absl::StrCat("record: 'meetings/mar' corrects: ", first + 1,
                              " withdrawn { reason: 'not there' }")});
  EXPECT_THAT(People(Attendance(registers)), ElementsAre("persons/right PRESENT"));
  EXPECT_TRUE(Attendance(registers).rows(0).meta().corrected());
}

TEST(AttendanceCountTest, CountsWhatIsSaidAndWhereNothingIs) {
  MemoryLedger ledger;
  ledger.Append(
      {Meeting("jan", "2019-01-28"), Meeting("mar", "2019-03-18"), Meeting("may", "2019-05-20"),
       Meeting("jul", "2019-07-08"), Meeting("other", "2019-03-18", "forums/other"),
       On("2019-07-08", "meetings/jul", "meeting_opened { }"),
       Here("2019-01-28", "meetings/jan", "a", "post: 'ACC'"),
       Here("2019-01-28", "meetings/jan", "b", "late: true"), Here("2019-03-18", kMar, "b"),
       Here("2019-03-18", kMar, "d", "substitute_for: 'persons/c'"), Away("2019-03-18", kMar, "c"),
       Here("2019-05-20", kMay, "a", "post: 'DCC' left_reason: 'called away'"),
       Away("2019-05-20", kMay, "b", "substitute: 'persons/e'"), Here("2019-05-20", kMay, "e"),
       Here("2019-03-18", "meetings/other", "a")});
  OpenRegisters registers(ledger);
  const CountAttendanceResponse all = Count(registers, "forum: 'forums/spab'");
  EXPECT_EQ(all.meetings(), 3u);
  EXPECT_EQ(all.meetings_without(), 1u) << "it was opened, and nobody is recorded";
  EXPECT_THAT(all.basis().note(), HasSubstr("Meetings with attendance recorded: 3"));
  ASSERT_EQ(all.rows_size(), 5);
  const AttendanceCountRow& a = all.rows(0);
  EXPECT_EQ(a.person(), "persons/a");
  EXPECT_EQ(a.present(), 2u) << "not the other forum's";
  EXPECT_EQ(a.left_early(), 1u);
  EXPECT_EQ(a.not_mentioned(), 1u) << "in March";
  EXPECT_EQ(a.post(), "DCC");
  EXPECT_EQ(a.first_on(), "2019-01-28");
  EXPECT_EQ(a.last_on(), "2019-05-20");
  EXPECT_EQ(a.meta().entry_count(), 2u);
  const AttendanceCountRow& b = all.rows(1);
  EXPECT_EQ(b.present(), 2u);
  EXPECT_EQ(b.late(), 1u);
  EXPECT_EQ(b.apologies(), 1u);
  EXPECT_EQ(b.substituted(), 1u);
  EXPECT_EQ(all.rows(2).substituted(), 1u) << "as the one who stood in says";
  EXPECT_EQ(all.rows(3).stood_in(), 1u);
  EXPECT_EQ(all.rows(4).stood_in(), 1u) << "as the apology says";
  const CountAttendanceResponse spring =
      Count(registers, "forum: 'forums/spab' from: '2019-03-01' until: '2019-05-01'");
  EXPECT_EQ(spring.meetings(), 1u);
  EXPECT_EQ(spring.meetings_without(), 0u);
  EXPECT_EQ(spring.rows_size(), 3);
}

TEST(AttendanceCountTest, NeedsAForumAndDays) {
  MemoryLedger ledger;
  ledger.Append({Meeting("jan", "2019-01-28")});
  OpenRegisters registers(ledger);
  const auto ask = [&](const std::string& request) {
    return registers
        ->Answer<CountAttendanceResponse>(testing::Ask<CountAttendanceRequest>(request),
                                          OpenRegisters::Today())
        .status();
  };
  EXPECT_THAT(ask(""), testing::FailsWith(ledger::Reason::kMalformed));
  EXPECT_THAT(ask("forum: 'forums/none'"), testing::FailsWith(ledger::Reason::kNotFound));
  EXPECT_THAT(ask("forum: 'forums/spab' from: 'March'"),
              testing::FailsWith(ledger::Reason::kMalformed));
}

TEST(AttendanceCountTest, PagesFitTogether) {
  MemoryLedger ledger;
  ledger.Append({Meeting("mar", "2019-03-18"), Here("2019-03-18", kMar, "a"),
                 Here("2019-03-18", kMar, "b"), Here("2019-03-18", kMar, "c")});
  OpenRegisters registers(ledger);
  const CountAttendanceResponse first = Count(registers, "forum: 'forums/spab' page { size: 2 }");
  ASSERT_EQ(first.rows_size(), 2);
  const CountAttendanceResponse second = Count(
      registers,
      absl::StrCat("forum: 'forums/spab' page { size: 2 token: '", first.next_page_token(), "' }"));
  ASSERT_EQ(second.rows_size(), 1);
  EXPECT_EQ(second.rows(0).person(), "persons/c");
  EXPECT_EQ(second.meetings(), 1u);
}

}  // namespace
}  // namespace scrutiny::projections
