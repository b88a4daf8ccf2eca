// How a meeting was called and went, its agenda as it was changed, and agenda items over meetings.

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/register.pb.h"
#include "tests/projections/board/document_support.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Meeting;
using testing::MemoryLedger;
using testing::On;
using testing::OpenRegisters;

constexpr char kMar[] = "meetings/mar";

GetMeetingResponse Get(OpenRegisters& registers) {
  return testing::AnswerTo<GetMeetingResponse, GetMeetingRequest>(registers,
                                                                  "meeting: 'meetings/mar'");
}
ListAgendaItemsResponse Items(OpenRegisters& registers, const std::string& request = "") {
  return testing::AnswerTo<ListAgendaItemsResponse, ListAgendaItemsRequest>(registers, request);
}
std::string InMar(const std::string& fact) { return On("2019-03-18", kMar, fact); }

TEST(MeetingsTest, NoticeAndAgendaWithTheirDays) {
  MemoryLedger ledger;
  ledger.Append(
      {On("2019-01-02", kMar,
          "meeting_scheduled { forum: 'forums/spab' date: '2019-03-18' watch_url: 'https://old' "
          "questions_url: 'https://ask' }"),
       On("2019-03-11", kMar,
          "meeting_notice_published { url: 'https://n' watch_url: 'https://w' }"),
       On("2019-03-12", kMar, "meeting_notice_published { text: 'on the board' }"),
       On("2019-03-12", kMar, "agenda_published { url: 'https://a' }"),
       On("2019-03-15", kMar, "agenda_published { paper: 'papers/agenda-2' }")});
  OpenRegisters registers(ledger);
  const GetMeetingResponse answer = Get(registers);
  const MeetingRow& row = answer.meeting();
  EXPECT_EQ(row.notice_on(), "2019-03-11") << "the first";
  EXPECT_EQ(row.watch_url(), "https://w");
  EXPECT_EQ(row.questions_url(), "https://ask");
  EXPECT_EQ(row.agenda_published_on(), "2019-03-15") << "the last";
  EXPECT_EQ(row.agenda_url(), "papers/agenda-2");
}

TEST(MeetingsTest, BrokenOffUntilItGoesOn) {
  MemoryLedger ledger;
  ledger.Append({Meeting("mar", "2019-03-18"), InMar("meeting_opened { chair: 'persons/pcc' }"),
                 InMar("meeting_adjourned { at: '15:10' until: '15:25' reason: 'fire alarm' }")});
  OpenRegisters registers(ledger);
  GetMeetingResponse answer = Get(registers);
  EXPECT_TRUE(answer.meeting().adjourned());
  EXPECT_EQ(answer.meeting().chair(), "persons/pcc");
  EXPECT_THAT(answer.notes(), Contains("The meeting broke off at 15:10 until 15:25 (fire alarm)"));
  ledger.Append({InMar("meeting_resumed { at: '15:25' }"),
                 InMar("meeting_inquorate { quorum: 3 present: 2 }"),
                 InMar("public_presence_counted { members_of_public: 0 press: 1 }"),
                 InMar("absence_recorded { person: 'persons/x' post: 'Member' }")});
  answer = Get(registers);
  EXPECT_FALSE(answer.meeting().adjourned());
  EXPECT_TRUE(answer.meeting().inquorate());
  EXPECT_TRUE(answer.meeting().has_members_of_public()) << "counted, and there were none";
  EXPECT_EQ(answer.meeting().press(), 1u);
  EXPECT_THAT(answer.notes(),
              Contains(HasSubstr("Too few were there to decide: 2, the quorum is 3")));
  EXPECT_THAT(answer.notes(), Contains("Member: Absent without apology"));
}

TEST(MeetingsTest, WhoCameInTheChairTookItUnlessItIsSaidOtherwise) {
  MemoryLedger ledger;
  const uint64_t first = ledger.Append(
      {InMar("attendance_recorded { person: 'persons/a' capacity: CAPACITY_CHAIR }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Get(registers).meeting().chair(), "persons/a");
  ledger.Append({InMar("meeting_opened { chair: 'persons/b' }")});
  EXPECT_EQ(Get(registers).meeting().chair(), "persons/b");
  ledger.Append({absl::StrCat("record: 'meetings/mar' corrects: ", first,
                              " withdrawn { reason: 'not there' }")});
  EXPECT_EQ(Get(registers).meeting().attended(), 0u);
}

TEST(MeetingsTest, SomebodyWhoIsSaidToHaveComeLateCame) {
  MemoryLedger ledger;
  ledger.Append({InMar("attendance_recorded { person: 'persons/a' }"),
                 InMar("late_arrival_recorded { person: 'persons/a' late_reason: 'a train' }"),
                 InMar("late_arrival_recorded { person: 'persons/b' }")});
  OpenRegisters registers(ledger);
  const GetMeetingResponse answer = Get(registers);
  EXPECT_EQ(answer.meeting().attended(), 2u);
  ASSERT_EQ(answer.attendance_size(), 2);
  EXPECT_TRUE(answer.attendance(0).late());
  EXPECT_EQ(answer.attendance(0).reason(), "a train");
}

TEST(AgendaItemsTest, ReclassifiedAddedLateAndNumbered) {
  MemoryLedger ledger;
  ledger.Append(
      {Meeting("mar", "2019-03-18"),
       On("2019-03-11", kMar,
          "agenda_item_placed { item: '9a' title: 'Buxton' order: 1 class: ITEM_CLASS_TO_NOTE "
          "owner { organisation: 'OPCC' } plan_items: 'plan-items/buxton' "
          "minute_number { kind: 'meetings' year: 2019 number: 7 } }"),
       On("2019-03-12", kMar,
          "agenda_item_classified { item: '9a' class: ITEM_CLASS_DECISION "
          "class_printed: 'DECISION' }"),
       On("2019-03-13", kMar, "agenda_item_classified { item: '9a' class: ITEM_CLASS_ASSURANCE }"),
       On("2019-03-15", kMar, "agenda_item_placed { item: '9b' title: 'Urgent' order: 2 }"),
       On("2019-03-15", kMar,
          "late_item_added { item: '9b' reason: 'a deadline' agreed_by { kind: "
          "DECIDER_KIND_OFFICE_HOLDER post: 'PCC' } }"),
       On("2019-04-01", kMar,
          "minute_numbered { item: '9a' number { kind: 'meetings' year: 2019 number: 41 "
          "printed: '41/19' } }")});
  OpenRegisters registers(ledger);
  const ListAgendaItemsResponse all = Items(registers);
  ASSERT_EQ(all.rows_size(), 2);
  const AgendaItemRow& buxton = all.rows(0);
  EXPECT_EQ(buxton.class_(), event::v1::ITEM_CLASS_ASSURANCE);
  EXPECT_EQ(buxton.class_before(), event::v1::ITEM_CLASS_TO_NOTE) << "the first one";
  EXPECT_EQ(buxton.minute_number(), "41/19");
  EXPECT_EQ(buxton.owner().organisation(), "OPCC");
  EXPECT_THAT(buxton.plan_items(), ElementsAre("plan-items/buxton"));
  EXPECT_EQ(buxton.meeting_date(), "2019-03-18");
  const ListAgendaItemsResponse late = Items(registers, "late: true");
  ASSERT_EQ(late.rows_size(), 1);
  EXPECT_EQ(late.rows(0).late_reason(), "a deadline");
  EXPECT_EQ(late.rows(0).added_on(), "2019-03-15");
  EXPECT_EQ(late.rows(0).late_agreed_by().post(), "PCC");
  EXPECT_EQ(Items(registers, "class: ITEM_CLASS_DECISION").rows_size(), 0);
}

TEST(AgendaItemsTest, AnItemPlacedUndatedHadItsClassBefore) {
  MemoryLedger ledger;
  ledger.Append(
      {Meeting("mar", "2019-03-18"),
       On("", kMar, "agenda_item_placed { item: '9a' title: 'T' class: ITEM_CLASS_FINANCE }"),
       On("2019-03-13", kMar, "agenda_item_classified { item: '9a' class: ITEM_CLASS_DECISION }")});
  OpenRegisters registers(ledger);
  const ListAgendaItemsResponse all = Items(registers);
  ASSERT_EQ(all.rows_size(), 1);
  EXPECT_EQ(all.rows(0).class_(), event::v1::ITEM_CLASS_DECISION);
  EXPECT_EQ(all.rows(0).class_before(), event::v1::ITEM_CLASS_FINANCE);
}

TEST(AgendaItemsTest, OverMeetingsWithTheirOutcomes) {
  MemoryLedger ledger;
  ledger.Append(
      {Meeting("mar", "2019-03-18"), Meeting("may", "2019-05-20"),
       Meeting("pcp", "2019-04-01", "forums/pcp"),
       InMar("agenda_item_placed { item: '9a' title: 'Buxton estate' order: 2 section: 'DECISIONS' "
             "}"),
       InMar("agenda_item_placed { item: '8a' title: 'Cyber' order: 1 }"),
       InMar("empty_section_recorded { item: '11' section: 'FINANCE' order: 3 printed: 'NONE' }"),
       InMar("agenda_item_deferred { item: '8a' to_meeting: 'meetings/may' reason: 'no time' }"),
       InMar("resolution_passed { key: '9a' item: '9a' limbs { key: '1' verb: "
             "RESOLUTION_VERB_APPROVE subject: 'the closure' } }"),
       On("2019-05-20", "meetings/may",
          "agenda_item_placed { item: '8a' title: 'Cyber' order: 1 }"),
       On("2019-05-20", "meetings/may",
          "agenda_item_taken { item: '8a' presented_by { post: 'ACC' } summary: 'Heard' }"),
       On("2019-04-01", "meetings/pcp", "agenda_item_placed { item: '1' title: 'Cyber too' }"),
       On("2019-03-18", "papers/p",
          "paper_submitted { title: 'P' meeting: 'meetings/mar' "
          "item: '9a' recommendations { key: '1' text: 'To close' } }")});
  OpenRegisters registers(ledger);
  const ListAgendaItemsResponse all = Items(registers);
  ASSERT_EQ(all.rows_size(), 5);
  EXPECT_EQ(all.rows(0).item(), "8a");
  EXPECT_EQ(all.rows(0).deferred_to(), "meetings/may");
  EXPECT_EQ(all.rows(0).reason(), "no time");
  EXPECT_EQ(all.rows(1).outcome(), ITEM_OUTCOME_RESOLVED);
  EXPECT_EQ(all.rows(1).outcome_text(), "approve: the closure");
  EXPECT_THAT(all.rows(1).papers(), ElementsAre("papers/p"));
  EXPECT_THAT(all.rows(1).recommendations(), ElementsAre("To close"));
  EXPECT_EQ(all.rows(2).outcome(), ITEM_OUTCOME_EMPTY);
  EXPECT_EQ(all.rows(3).meeting(), "meetings/pcp") << "by the meeting's date";
  EXPECT_EQ(all.rows(4).presented_by(0).post(), "ACC");
  const auto count = [&](const std::string& request) {
    return Items(registers, request).rows_size();
  };
  EXPECT_EQ(count("forum: 'forums/spab'"), 4);
  EXPECT_EQ(count("meeting: 'meetings/may'"), 1);
  EXPECT_EQ(count("title: 'cyber'"), 3);
  EXPECT_EQ(count("section: 'finance'"), 1);
  EXPECT_EQ(count("outcome: ITEM_OUTCOME_RESOLVED"), 1) << "joined before it is asked";
  EXPECT_EQ(count("from: '2019-04-01' until: '2019-04-30'"), 1);
  const ListAgendaItemsResponse first = Items(registers, "page { size: 3 }");
  EXPECT_EQ(first.rows_size(), 3);
  const ListAgendaItemsResponse rest =
      Items(registers, absl::StrCat("page { size: 3 token: '", first.next_page_token(), "' }"));
  ASSERT_EQ(rest.rows_size(), 2);
  EXPECT_EQ(rest.rows(0).item(), "1");
}

}  // namespace
}  // namespace scrutiny::projections
