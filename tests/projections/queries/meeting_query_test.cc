// Meetings, resolutions, assurance and the panels' findings, as they are asked for.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/projections/support/open_registers.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using ledger::Reason;
using namespace register_::v1;  // NOLINT(google-build-using-namespace): requests of many kinds
using testing::Ask;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::FailsWith;
using ::testing::HasSubstr;
using testing::MemoryLedger;
using testing::OpenRegisters;

std::string Fact(const std::string& record, const std::string& on, const std::string& fact) {
  return absl::StrCat("record: '", record, "' ",
                      on.empty() ? "" : absl::StrCat("occurred { on: '", on, "' } "), fact);
}

class MeetingQueryTest : public ::testing::Test {
 protected:
  MeetingQueryTest() {
    const std::string mar = "meetings/mar";
    const std::string day = "2019-03-18";
    ledger_.Append(
        {Fact("forums/spab", "2016", "forum_established { name: 'Governance Board' }"),
         Fact("forums/spab", "2019-05-01", "forum_renamed { name: 'Assurance Board' }"),
         Fact("persons/pcc", "2016",
              "person_registered { name: 'H Dhindsa' post: 'Police and Crime Commissioner' }"),
         Fact(mar, "2019-01-28",
              "meeting_scheduled { forum: 'forums/spab' date: '2019-03-18' start: '13:00' }"),
         Fact("meetings/may", "", "meeting_scheduled { forum: 'forums/spab' date: '2019-05-13' }"),
         Fact("meetings/may", "2019-03-18", "meeting_rescheduled { date: '2019-05-20' }"),
         Fact("meetings/undated", "", "meeting_scheduled { forum: 'forums/spab' }"),
         Fact(mar, day, "meeting_opened { start: '14:00' place: 'Ripley' }"),
         Fact(mar, day, "attendance_recorded { person: 'persons/pcc' capacity: CAPACITY_CHAIR }"),
         Fact(mar, day,
              "attendance_recorded { person: 'persons/x' post: 'staff member' late: true "
              "late_reason: 'chaired another' }"),
         Fact(mar, day, "apology_received { person: 'persons/cc' post: 'Chief Constable' }"),
         Fact(mar, day, "nil_declarations_recorded { }"),
         Fact(mar, day,
              "announcement_made { key: 'a' person: 'persons/pcc' text: 'A new website' }"),
         Fact(mar, day,
              "agenda_item_placed { item: '9a' number_printed: '9A' order: 2 title: "
              "'Buxton' class: ITEM_CLASS_DECISION }"),
         Fact(mar, day,
              "agenda_item_placed { item: '8a' number_printed: '8A' order: 1 title: "
              "'SP2' }"),
         Fact(mar, day,
              "empty_section_recorded { item: '11a' section: 'FINANCE' order: 3 printed: "
              "'NONE' }"),
         Fact(mar, day, "agenda_item_taken { item: '8a' summary: 'Presented' }"),
         Fact(
             mar, day,
             "resolution_passed { key: '9a' item: '9a' decider { kind: "
             "DECIDER_KIND_OFFICE_HOLDER } limbs { key: '1' verb: RESOLUTION_VERB_APPROVE subject: "
             "'the closure' } limbs { key: '2' verb: RESOLUTION_VERB_NOTE verb_printed: 'noted' "
             "subject: 'the saving' } priorities { number: 2 } } plan_version { plan: "
             "'plans/2016-21' version: '2018' }"),
         Fact(mar, day,
              "assurance_sought { assurance { key: '8a' item: '8a' area: 'cyber' direct: true } }"),
         Fact(mar, day,
              "assurance_gained_with_conditions { assurance { key: '8a' item: '8a' area: 'cyber' "
              "direct: true priorities { number: 2 } } conditions: 'a report in July' }"),
         Fact("papers/p9a", "2019-03-18",
              "paper_submitted { title: 'Buxton' meeting: 'meetings/mar' item: '9a' "
              "recommendations { key: '1' text: 'To approve' } }"),
         Fact("actions/a", "2019-03-18",
              "action_raised { title: 'x' meeting: 'meetings/mar' item: '9a' }"),
         Fact("decisions/d", "2019-03-18",
              "decision_taken { title: 'x' meeting: 'meetings/mar' item: '9a' }"),
         Fact(mar, day, "meeting_closed { finish: '15:45' }"),
         Fact("meetings/may", "2019-05-20", "minutes_noted { minutes_of: 'meetings/mar' }")});
  }

  GetMeetingResponse Get(const std::string& request) {
    const auto response = registers_->Answer<GetMeetingResponse>(Ask<GetMeetingRequest>(request),
                                                                 OpenRegisters::Today());
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? *response : GetMeetingResponse();
  }

  MemoryLedger ledger_;
  OpenRegisters registers_{ledger_};
};

TEST_F(MeetingQueryTest, MeetingsByDateUndatedLast) {
  const auto all =
      registers_->Answer<ListMeetingsResponse>(ListMeetingsRequest(), OpenRegisters::Today());
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all->rows_size(), 3);
  const MeetingRow& mar = all->rows(0);
  EXPECT_EQ(mar.meeting(), "meetings/mar");
  EXPECT_EQ(mar.forum_name(), "Governance Board") << "its name on that day";
  EXPECT_EQ(mar.start(), "14:00") << "as it was opened";
  EXPECT_EQ(mar.finish(), "15:45");
  EXPECT_EQ(mar.state(), MEETING_STATE_CLOSED);
  EXPECT_EQ(mar.items(), 2u) << "an empty section is no item";
  EXPECT_EQ(mar.resolutions(), 1u);
  EXPECT_EQ(mar.attended(), 2u);
  EXPECT_EQ(mar.apologies(), 1u);
  EXPECT_EQ(mar.minutes(), "noted at meetings/may");
  EXPECT_EQ(all->rows(1).date(), "2019-05-20") << "rescheduled, though it was scheduled undated";
  EXPECT_EQ(all->rows(1).forum_name(), "Assurance Board");
  EXPECT_EQ(all->rows(2).meeting(), "meetings/undated");
  const auto year = registers_->Answer<ListMeetingsResponse>(
      Ask<ListMeetingsRequest>("year: 2019 forum: 'governance board'"), OpenRegisters::Today());
  EXPECT_EQ(year->rows_size(), 2);
  // Seen from the day of the meeting: its minutes are not yet noted.
  const auto then = registers_->Answer<ListMeetingsResponse>(
      Ask<ListMeetingsRequest>("view { true_on: '2019-03-18' }"), OpenRegisters::Today());
  ASSERT_GE(then->rows_size(), 1);
  EXPECT_EQ(then->rows(0).minutes(), "");
  EXPECT_EQ(then->rows(0).resolutions(), 1u);
}

TEST_F(MeetingQueryTest, MeetingWithItsAgendaAndOutcomes) {
  const GetMeetingResponse mar = Get("meeting: 'meetings/mar'");
  ASSERT_EQ(mar.items_size(), 3);
  EXPECT_EQ(mar.items(0).item(), "8a");
  EXPECT_EQ(mar.items(0).outcome(), ITEM_OUTCOME_TAKEN);
  EXPECT_EQ(mar.items(0).outcome_text(), "Presented");
  EXPECT_EQ(mar.items(0).assurance(), ASSURANCE_OUTCOME_GAINED_WITH_CONDITIONS);
  const AgendaItemRow& buxton = mar.items(1);
  EXPECT_EQ(buxton.outcome(), ITEM_OUTCOME_RESOLVED);
  EXPECT_EQ(buxton.outcome_text(), "approve: the closure; noted: the saving");
  EXPECT_THAT(buxton.papers(), ElementsAre("papers/p9a"));
  EXPECT_THAT(buxton.recommendations(), ElementsAre("To approve"));
  EXPECT_THAT(buxton.actions(), ElementsAre("actions/a"));
  EXPECT_THAT(buxton.decisions(), ElementsAre("decisions/d"));
  EXPECT_EQ(mar.items(2).outcome(), ITEM_OUTCOME_EMPTY);
  ASSERT_EQ(mar.attendance_size(), 3);
  EXPECT_EQ(mar.attendance(0).shown_as(), "H Dhindsa");
  EXPECT_EQ(mar.attendance(0).capacity(), "chair");
  EXPECT_EQ(mar.attendance(1).shown_as(), "staff member");
  EXPECT_TRUE(mar.attendance(1).late());
  EXPECT_TRUE(mar.attendance(2).apology());
  EXPECT_THAT(mar.notes(), Contains("No interests were declared"));
  EXPECT_THAT(mar.notes(), Contains("H Dhindsa: Announcement: A new website"));
}

TEST_F(MeetingQueryTest, MeetingInPagesAndViews) {
  const GetMeetingResponse first = Get("meeting: 'Assurance Board 2019-03-18' page { size: 2 }");
  EXPECT_EQ(first.items_size(), 2);
  EXPECT_EQ(first.attendance_size(), 3);
  const GetMeetingResponse second =
      Get(absl::StrCat("meeting: 'Assurance Board 2019-03-18' page { size: 2 token: '",
                       first.next_page_token(), "' }"));
  ASSERT_EQ(second.items_size(), 1);
  EXPECT_EQ(second.items(0).item(), "11a");
  EXPECT_EQ(second.attendance_size(), 0) << "with the first page only";
  EXPECT_EQ(second.next_page_token(), "");
  const GetMeetingResponse before = Get("meeting: 'meetings/mar' view { true_on: '2019-01-28' }");
  EXPECT_EQ(before.items_size(), 0);
  EXPECT_EQ(before.meeting().state(), MEETING_STATE_SCHEDULED);
  EXPECT_THAT(registers_->Answer<GetMeetingResponse>(
                  Ask<GetMeetingRequest>("meeting: 'meetings/none'"), OpenRegisters::Today()),
              FailsWith(Reason::kNotFound));
}

TEST_F(MeetingQueryTest, ResolutionsAndAssuranceByPriority) {
  const auto resolutions = [&](const std::string& request) {
    return registers_->Answer<ListResolutionsResponse>(Ask<ListResolutionsRequest>(request),
                                                       OpenRegisters::Today());
  };
  ASSERT_EQ(resolutions("")->rows_size(), 1);
  EXPECT_EQ(resolutions("")->rows(0).item_title(), "Buxton");
  EXPECT_EQ(resolutions("")->rows(0).item_printed(), "9A");
  EXPECT_EQ(resolutions("priority: 2 plan_version: 'plans/2016-21@2018'")->rows_size(), 1);
  EXPECT_EQ(resolutions("priority: 2 plan_version: 'plans/2016-21@2016'")->rows_size(), 0);
  EXPECT_EQ(resolutions("priority: 3")->rows_size(), 0);
  EXPECT_EQ(resolutions("meeting: 'meetings/mar' item: '9a'")->rows_size(), 1);
  EXPECT_EQ(resolutions("meeting: 'meetings/mar' item: '8a'")->rows_size(), 0);
  EXPECT_THAT(resolutions("item: '9a'"), FailsWith(Reason::kMalformed));
  EXPECT_THAT(resolutions("plan_version: 'plans/2016-21'"), FailsWith(Reason::kMalformed));
  const auto assurance = registers_->Answer<ListAssuranceResponse>(
      Ask<ListAssuranceRequest>("priority: 2 forum: 'forums/spab'"), OpenRegisters::Today());
  ASSERT_EQ(assurance->rows_size(), 1);
  EXPECT_TRUE(assurance->rows(0).sought());
  EXPECT_THAT(assurance->rows(0).conditions(), ElementsAre("a report in July"));
  const auto gained = registers_->Answer<ListAssuranceResponse>(
      Ask<ListAssuranceRequest>("outcome: ASSURANCE_OUTCOME_GAINED"), OpenRegisters::Today());
  EXPECT_EQ(gained->rows_size(), 0);
}

TEST(PanelQueryTest, FindingsWithResponseAndState) {
  MemoryLedger ledger;
  OpenRegisters registers(ledger);
  const auto find = [](const std::string& key, const std::string& due) {
    return Fact("findings/" + key, "2019-03-18",
                absl::StrCat("finding_recorded { scheme: 'schemes/icv' title: '", key,
                             "' grade: FINDING_GRADE_CONCERN ", due, " }"));
  };
  ledger.Append(
      {Fact("schemes/icv", "2016",
            "scheme_established { name: 'Independent custody visiting' "
            "aliases: 'ICV' response_days: 28 }"),
       Fact("meetings/may", "", "meeting_scheduled { forum: 'forums/f' date: '2019-05-20' }"),
       find("no-answer-asked", ""), find("by-date", "response_due { date: '2019-04-18' }"),
       find("by-meeting", "response_due { meeting: 'meetings/may' }"),
       find("by-limit", "response_due { }"), find("answered", "response_due { }"),
       find("escalated", "response_due { }"),
       Fact("findings/answered", "2019-04-01",
            "force_response_recorded { text: 'yes' stance: "
            "RESPONSE_STANCE_ACCEPTED }"),
       Fact("findings/escalated", "2019-05-01", "finding_escalated { reason: 'silence' }"),
       Fact("sessions/s", "2019-03-18",
            "session_held { scheme: 'schemes/icv' kind: SESSION_KIND_VISIT outcome: "
            "SESSION_OUTCOME_NOTHING_TO_REPORT site: 'Ripley' }"),
       Fact("sessions/s", "2019-03-17", "sample_drawn { population: 100 size: 10 }")});
  const auto findings = [&](const std::string& request) {
    return *registers->Answer<ListFindingsResponse>(Ask<ListFindingsRequest>(request),
                                                    OpenRegisters::Today());
  };
  const auto all = findings("scheme: 'icv' view { judged_on: '2019-04-19' }");
  ASSERT_EQ(all.rows_size(), 6);
  std::vector<std::string> said;
  for (const FindingRow& row : all.rows()) {
    said.push_back(absl::StrCat(row.title(), " ", row.response_due(),
                                row.response_overdue() ? " overdue" : ""));
    EXPECT_EQ(row.scheme_name(), "Independent custody visiting");
  }
  EXPECT_THAT(said, ElementsAre("answered 2019-04-15", "by-date 2019-04-18 overdue",
                                "by-limit 2019-04-15 overdue", "by-meeting 2019-05-20",
                                "escalated 2019-04-15", "no-answer-asked "));
  EXPECT_EQ(findings("state: FINDING_STATE_AWAITING_RESPONSE").rows_size(), 3);
  EXPECT_EQ(findings("state: FINDING_STATE_NO_RESPONSE_NEEDED").rows_size(), 1);
  EXPECT_EQ(findings("state: FINDING_STATE_ANSWERED").rows(0).responses(0).text(), "yes");
  EXPECT_EQ(findings("state: FINDING_STATE_ESCALATED").rows(0).outcome(), "silence");
  ledger.Append({Fact("findings/answered", "2019-05-02",
                      "panel_view_recorded { view: PANEL_VIEW_SATISFIED }"),
                 Fact("findings/answered", "2019-05-03", "finding_resolved { text: 'settled' }")});
  const auto resolved = findings("state: FINDING_STATE_RESOLVED");
  ASSERT_EQ(resolved.rows_size(), 1);
  EXPECT_EQ(resolved.rows(0).panel_view(), event::v1::PANEL_VIEW_SATISFIED);
  const auto sessions = registers->Answer<ListSessionsResponse>(
      Ask<ListSessionsRequest>("scheme: 'schemes/icv'"), OpenRegisters::Today());
  ASSERT_EQ(sessions->rows_size(), 1);
  EXPECT_EQ(sessions->rows(0).sample_size(), 10u);
  const auto schemes =
      registers->Answer<ListSchemesResponse>(ListSchemesRequest(), OpenRegisters::Today());
  ASSERT_EQ(schemes->rows_size(), 1);
  EXPECT_FALSE(schemes->rows(0).ended());
  EXPECT_THAT(registers->Answer<ListFindingsResponse>(Ask<ListFindingsRequest>("scheme: 'none'"),
                                                      OpenRegisters::Today()),
              FailsWith(Reason::kNotFound));
}

}  // namespace
}  // namespace scrutiny::projections
