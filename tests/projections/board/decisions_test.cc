// Decisions proposed, withheld, with options and a review; those a meeting has still to hear of;
// the forward plan held against an agenda.

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/decision_reports.pb.h"
#include "scrutiny/register/v1/plan_agenda.pb.h"
#include "tests/projections/board/document_support.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Meeting;
using testing::MemoryLedger;
using testing::On;
using testing::OpenRegisters;

ListDecisionsResponse Decisions(OpenRegisters& registers, const std::string& request = "") {
  return testing::AnswerTo<ListDecisionsResponse, ListDecisionsRequest>(registers, request);
}
DecisionRow Decision(OpenRegisters& registers, const std::string& request = "") {
  const ListDecisionsResponse answer = Decisions(registers, request);
  return answer.rows_size() > 0 ? answer.rows(0) : DecisionRow();
}
ListDecisionsToReportResponse ToReport(OpenRegisters& registers, const std::string& request) {
  return testing::AnswerTo<ListDecisionsToReportResponse, ListDecisionsToReportRequest>(registers,
                                                                                        request);
}
std::vector<std::string> Named(const ListDecisionsToReportResponse& answer) {
  std::vector<std::string> names;
  for (const DecisionToReportRow& row : answer.rows()) {
    names.push_back(absl::StrCat(row.decision().substr(10), " ", row.case_()));
  }
  return names;
}

std::string OnDecision(const std::string& day, const std::string& fact) {
  return On(day, "decisions/d", fact);
}

TEST(DecisionsTest, AProposedOneIsNotInTheLogUntilItIsTaken) {
  MemoryLedger ledger;
  ledger.Append({OnDecision("2019-02-01",
                            "decision_proposed { title: 'To close the suite' summary: 'Close it' "
                            "amounts { pence: 100 } }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Decisions(registers).rows_size(), 0);
  DecisionRow row = Decision(registers, "with_proposed: true");
  EXPECT_EQ(row.state(), DECISION_STATE_PROPOSED);
  EXPECT_EQ(row.proposed_on(), "2019-02-01");
  EXPECT_EQ(row.date(), "");
  EXPECT_EQ(row.publication(), DECISION_PUBLICATION_UNSPECIFIED);
  ledger.Append({OnDecision("2019-03-01", "decision_proposal_dropped { reason: 'too dear' }")});
  EXPECT_EQ(Decision(registers, "with_proposed: true").state(), DECISION_STATE_DROPPED);
  ledger.Append({OnDecision(
      "2019-03-18", "decision_taken { title: 'Closure of the suite' reasons: 'Cheaper' }")});
  row = Decision(registers);
  EXPECT_EQ(row.state(), DECISION_STATE_TAKEN);
  EXPECT_EQ(row.title(), "Closure of the suite");
  EXPECT_THAT(row.former_titles(), ElementsAre("To close the suite"));
  EXPECT_EQ(row.reasons(), "Cheaper");
  EXPECT_EQ(row.amounts_size(), 0) << "what was proposed is not what was decided";
}

TEST(DecisionsTest, TitlesImplementationAndReview) {
  MemoryLedger ledger;
  ledger.Append(
      {OnDecision("", "decision_taken { title: 'Domestic Advistor Service' }"),
       OnDecision("2019-03-20", "decision_retitled { title: 'Domestic Adviser Service' }"),
       OnDecision("2019-06-01", "decision_implemented { text: 'Done' }"),
       OnDecision("2019-09-01", "decision_reviewed { text: 'It saved what it should' }")});
  OpenRegisters registers(ledger);
  const DecisionRow row = Decision(registers);
  EXPECT_EQ(row.title(), "Domestic Adviser Service");
  EXPECT_THAT(row.former_titles(), ElementsAre("Domestic Advistor Service"));
  EXPECT_EQ(row.state(), DECISION_STATE_IMPLEMENTED);
  EXPECT_EQ(row.implemented_on(), "2019-06-01");
  EXPECT_EQ(row.reviewed_on(), "2019-09-01");
  EXPECT_EQ(row.review(), "It saved what it should");
}

// Item 9A of 18 March 2019: three options, the third decided on.
TEST(DecisionsTest, OptionsAreRowsOfTheirOwn) {
  MemoryLedger ledger;
  ledger.Append({OnDecision(
      "2019-03-18", "decision_taken { title: 'Buxton' options: 'Keep' options: 'Close' }")});
  OpenRegisters registers(ledger);
  const auto options = [&](const std::string& request) {
    return testing::AnswerTo<ListDecisionOptionsResponse, ListDecisionOptionsRequest>(registers,
                                                                                      request);
  };
  ASSERT_EQ(options("").rows_size(), 2) << "in words alone, as they were once recorded";
  EXPECT_EQ(options("").rows(1).key(), "2");
  EXPECT_EQ(options("").rows(1).text(), "Close");
  EXPECT_EQ(Decision(registers).preferred(), "");
  ledger.Append({OnDecision(
      "2019-03-18",
      "decision_options_appraised { paper: 'papers/9a' considered { key: '1' label: 'Option 1' "
      "text: 'No change' } considered { key: '2' label: 'Option 2' text: 'Part time' "
      "reasons_against: 'Not viable' } considered { key: '3' label: 'Option 3' text: 'Close' "
      "reasons_for: 'Saves 195k a year' preferred: true } }")});
  ASSERT_EQ(options("").rows_size(), 3);
  EXPECT_EQ(Decision(registers).options(), 3);
  EXPECT_EQ(Decision(registers).preferred(), "Option 3");
  const auto preferred = options("decision: 'decisions/d' preferred: true");
  ASSERT_EQ(preferred.rows_size(), 1);
  EXPECT_EQ(preferred.rows(0).decided_on(), "2019-03-18");
  EXPECT_EQ(preferred.rows(0).paper(), "papers/9a");
  ledger.Append({OnDecision("2019-03-19",
                            "decision_options_appraised { considered { key: '1' text: 'One' } }")});
  EXPECT_EQ(options("").rows_size(), 1);
}

TEST(DecisionsTest, PublicationIsJudgedOnTheDay) {
  MemoryLedger ledger;
  ledger.Append({OnDecision("2019-05-01",
                            "decision_taken { title: 'D' publish_by { date: '2019-05-10' } "
                            "significance { outcome: SIGNIFICANCE_SIGNIFICANT } }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Decision(registers).publication(), DECISION_PUBLICATION_OVERDUE);
  EXPECT_EQ(Decision(registers, "view { judged_on: '2019-05-10' }").publication(),
            DECISION_PUBLICATION_NOT_PUBLISHED);
  EXPECT_EQ(Decisions(registers, "significance: SIGNIFICANCE_NOT_SIGNIFICANT").rows_size(), 0);
  EXPECT_EQ(Decisions(registers, "significance: SIGNIFICANCE_SIGNIFICANT").rows_size(), 1);
  ledger.Append({OnDecision("2019-05-11",
                            "decision_publication_withheld { reason: 'a tender' exemption: 's.43' "
                            "until { date: '2019-06-30' } }")});
  DecisionRow row = Decision(registers, "publication: DECISION_PUBLICATION_WITHHELD");
  EXPECT_EQ(row.withheld_because(), "a tender");
  EXPECT_EQ(row.exemption(), "s.43");
  EXPECT_EQ(Decision(registers, "view { judged_on: '2019-07-01' }").publication(),
            DECISION_PUBLICATION_OVERDUE);
  ledger.Append({OnDecision("2019-07-02", "decision_published { url: 'https://example.org' }")});
  row = Decision(registers);
  EXPECT_EQ(row.publication(), DECISION_PUBLICATION_PUBLISHED);
  EXPECT_EQ(row.withheld_because(), "");
  ledger.Append({OnDecision("2019-07-03",
                            "decision_publication_withheld { reason: 'a name' in_part: true }")});
  EXPECT_EQ(Decision(registers).publication(), DECISION_PUBLICATION_PARTLY_WITHHELD);
}

TEST(DecisionsTest, TheOfficeSaysByWhenDecisionsArePublished) {
  MemoryLedger ledger;
  ledger.Append({On("2019-01-01", "offices/o",
                    "time_limit_set { key: 'decision-publication' title: 'Publication' days: 10 }"),
                 OnDecision("2019-05-22", "decision_taken { title: 'D' }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Decision(registers).publication(), DECISION_PUBLICATION_NOT_PUBLISHED);
  EXPECT_EQ(Decision(registers, "view { judged_on: '2019-06-02' }").publication(),
            DECISION_PUBLICATION_OVERDUE);
}

class ToReportTest : public ::testing::Test {
 protected:
  ToReportTest() {
    ledger_.Append({Meeting("jan", "2019-01-28"), Meeting("mar", "2019-03-18"),
                    Meeting("may", "2019-05-20"), Meeting("jul", "2019-07-08"),
                    Meeting("jarac", "2019-04-01", "forums/jarac"),
                    On("", "meetings/apr",
                       "meeting_scheduled { forum: 'forums/spab' date: "
                       "'2019-04-15' }"),
                    On("2019-04-01", "meetings/apr", "meeting_cancelled { reason: 'r' }")});
  }
  void Take(const std::string& name, const std::string& occurred, const std::string& more = "") {
    ledger_.Append({absl::StrCat("record: 'decisions/", name, "' ", occurred,
                                 " decision_taken { title: '", name, "' ", more, " }")});
  }

  MemoryLedger ledger_;
  OpenRegisters registers_{ledger_};
};

TEST_F(ToReportTest, ByWhenTheyWereTaken) {
  Take("before", "occurred { on: '2019-02-01' }");
  Take("between", "occurred { on: '2019-04-30' }");
  Take("by-may", "occurred { latest: '2019-05-20' inferred: true }");
  Take("undated", "");
  Take("later", "occurred { on: '2019-05-21' }");
  Take("at-board", "occurred { on: '2019-03-18' }", "meeting: 'meetings/mar'");
  Take("at-jarac", "occurred { on: '2019-04-01' }", "meeting: 'meetings/jarac'");
  ledger_.Append({On("2019-04-30", "decisions/hoped", "decision_proposed { title: 'Hoped' }")});
  const auto answer = ToReport(registers_, "meeting: 'meetings/may'");
  EXPECT_THAT(Named(answer), ElementsAre(absl::StrCat("before ", REPORTING_CASE_MISSED),
                                         absl::StrCat("at-jarac ", REPORTING_CASE_DUE),
                                         absl::StrCat("between ", REPORTING_CASE_DUE),
                                         absl::StrCat("by-may ", REPORTING_CASE_UNDATED),
                                         absl::StrCat("undated ", REPORTING_CASE_UNDATED)));
  EXPECT_THAT(answer.rows(0).missed(), ElementsAre("meetings/mar"));
  EXPECT_EQ(answer.rows(1).taken_at(), "meetings/jarac");
  EXPECT_THAT(answer.rows(2).missed(), IsEmpty()) << "the meeting in April was called off";
  EXPECT_EQ(answer.meeting_before(), "meetings/mar");
  EXPECT_EQ(answer.meeting_before_date(), "2019-03-18");
  EXPECT_EQ(answer.meeting_date(), "2019-05-20");
}

TEST_F(ToReportTest, WhatWasReportedIsLeftOutOrAskedFor) {
  Take("a", "occurred { on: '2019-02-01' }");
  Take("b", "occurred { on: '2019-04-30' }");
  ledger_.Append({On("2019-03-18", "decisions/a",
                     "decision_reported { forum: 'forums/spab' meeting: 'meetings/mar' }"),
                  On("2019-05-20", "decisions/b",
                     "decision_reported { forum: 'forums/spab' meeting: 'meetings/may' item: "
                     "'13a' }")});
  EXPECT_THAT(Named(ToReport(registers_, "meeting: 'meetings/may'")), IsEmpty());
  const auto reported = ToReport(
      registers_, "forum: 'forums/spab' meeting: 'meetings/may' case: REPORTING_CASE_REPORTED");
  ASSERT_EQ(reported.rows_size(), 1);
  EXPECT_EQ(reported.rows(0).reported_item(), "13a");
  EXPECT_THAT(Named(ToReport(registers_, "meeting: 'meetings/mar'")), IsEmpty());
}

TEST_F(ToReportTest, TheForumsNextMeetingOrTheTimeAfterItsLatest) {
  Take("b", "occurred { on: '2019-05-30' }");
  auto answer = ToReport(registers_, "forum: 'forums/spab'");
  EXPECT_EQ(answer.meeting(), "meetings/jul");
  EXPECT_EQ(answer.meeting_before(), "meetings/may");
  EXPECT_THAT(Named(answer), ElementsAre(absl::StrCat("b ", REPORTING_CASE_DUE)));
  answer = ToReport(registers_, "forum: 'forums/spab' view { judged_on: '2019-08-01' }");
  EXPECT_EQ(answer.meeting(), "");
  EXPECT_EQ(answer.meeting_before(), "meetings/jul");
  EXPECT_THAT(Named(answer), ElementsAre(absl::StrCat("b ", REPORTING_CASE_MISSED)));
  EXPECT_FALSE(registers_
                   ->Answer<ListDecisionsToReportResponse>(
                       testing::Ask<ListDecisionsToReportRequest>(
                           "forum: 'forums/jarac' meeting: 'meetings/may'"),
                       OpenRegisters::Today())
                   .ok());
}

class PlanAgendaTest : public ::testing::Test {
 protected:
  PlanAgendaTest() {
    ledger_.Append(
        {Meeting("may", "2019-05-20"), Meeting("jul", "2019-07-08"),
         Planned("health", "meetings: 'meetings/may' order: 3"),
         Planned("casework", "meetings: 'meetings/may' order: 1"),
         Planned("nice", "meetings: 'meetings/may' order: 5"),
         Planned("later", "meetings: 'meetings/jul'"),
         Planned("either", "meetings: 'meetings/may' meetings: 'meetings/jul'"),
         Planned("gone", "meetings: 'meetings/may'"),
         Planned("slipped", "meetings: 'meetings/may'"),
         On("2019-05-01", "plan-items/gone", "forward_plan_item_dropped { reason: 'not wanted' }"),
         On("2019-05-01", "plan-items/slipped",
            "forward_plan_item_moved { meetings: 'meetings/jul' reason: 'not ready' }"),
         Item("12a", "title: 'Casework' order: 12 plan_items: 'plan-items/casework'"),
         Item("12d", "title: 'H&S' order: 15"), Item("12h", "title: 'Grants' order: 18"),
         Item("2", "title: 'Apologies' class: ITEM_CLASS_PROCEDURE order: 2"),
         Item("13a", "title: 'Decisions' class: ITEM_CLASS_DECISIONS_TAKEN"),
         On("2019-05-20", "meetings/may",
            "agenda_part_unreadable { item: 'items-1-4' part: 'items 1-4' }")});
    ledger_.Append({On("2019-05-20", "plan-items/health",
                       "forward_plan_item_taken { meeting: 'meetings/may' item: '12d' }"),
                    On("2019-05-20", "plan-items/later",
                       "forward_plan_item_placed { meeting: 'meetings/may' item: '12d' }")});
  }
  static std::string Planned(const std::string& name, const std::string& more) {
    return On("2019-03-18", absl::StrCat("plan-items/", name),
              absl::StrCat("forward_plan_item_scheduled { forum: 'forums/spab' title: '", name,
                           "' ", more, " }"));
  }
  static std::string Item(const std::string& item, const std::string& more) {
    return On("2019-05-20", "meetings/may",
              absl::StrCat("agenda_item_placed { item: '", item, "' ", more, " }"));
  }
  ComparePlanWithAgendaResponse Compare(const std::string& request = "") {
    return testing::AnswerTo<ComparePlanWithAgendaResponse, ComparePlanWithAgendaRequest>(
        registers_, absl::StrCat("meeting: 'meetings/may' ", request));
  }
  static std::vector<std::string> Named(const ComparePlanWithAgendaResponse& answer) {
    std::vector<std::string> names;
    for (const PlanAgendaRow& row : answer.rows()) {
      names.push_back(absl::StrCat(row.match(), " ", row.planned(), "/", row.item()));
    }
    return names;
  }

  MemoryLedger ledger_;
  OpenRegisters registers_{ledger_};
};

TEST_F(PlanAgendaTest, EachPlannedAndEachListedItemHasItsPlace) {
  const auto answer = Compare();
  EXPECT_THAT(Named(answer),
              ElementsAre("1 casework/12a", "1 health/12d", "2 nice/", "3 /13a", "3 /12h",
                          "4 later/12d", "5 slipped/", "6 gone/", "7 either/"));
  EXPECT_EQ(answer.both(), 2);
  EXPECT_EQ(answer.missing(), 1);
  EXPECT_EQ(answer.unplanned(), 2);
  EXPECT_TRUE(answer.agenda_incomplete());
  EXPECT_FALSE(answer.no_agenda());
  EXPECT_TRUE(answer.rows(1).taken());
  EXPECT_FALSE(answer.rows(0).taken());
  EXPECT_EQ(answer.rows(1).joined_by_size(), 1);
  EXPECT_EQ(answer.rows(6).reason(), "not ready");
  EXPECT_EQ(answer.rows(8).planned_for(0), "meetings/jul");
}

TEST_F(PlanAgendaTest, StandingItemsAreLeftOutUnlessAskedFor) {
  EXPECT_THAT(Named(Compare("match: PLAN_AGENDA_MATCH_UNPLANNED with_standing: true")),
              ElementsAre("3 /13a", "3 /2", "3 /12h"));
  ledger_.Append({On("2019-01-01", "offices/o",
                     "standing_item_set { key: 'decisions' title: 'Decisions' class: "
                     "ITEM_CLASS_DECISIONS_TAKEN }")});
  EXPECT_THAT(Named(Compare("match: PLAN_AGENDA_MATCH_UNPLANNED")), ElementsAre("3 /12h"));
}

TEST_F(PlanAgendaTest, ThePlanOfBeforeTheMeetingIsHeldAgainstWhatThenCame) {
  const auto answer = Compare("view { true_on: '2019-04-30' } match: PLAN_AGENDA_MATCH_BOTH");
  EXPECT_THAT(Named(answer), ElementsAre("1 casework/12a", "1 health/12d"));
  EXPECT_EQ(answer.missing(), 3) << "what was dropped and moved later too";
}

TEST_F(PlanAgendaTest, AnAgendaOfWhichNothingIsRecorded) {
  const auto answer =
      testing::AnswerTo<ComparePlanWithAgendaResponse, ComparePlanWithAgendaRequest>(
          registers_, "meeting: 'meetings/jul'");
  EXPECT_TRUE(answer.no_agenda());
  EXPECT_EQ(answer.missing(), 2);
}

TEST_F(PlanAgendaTest, ARestatedItemIsTheSameItem) {
  ledger_.Append({On("2019-05-20", "plan-items/nice",
                     "forward_plan_item_restated { title: 'NICE fund' owner { organisation: "
                     "'OPCC' } }")});
  const auto answer = testing::AnswerTo<ListForwardPlanResponse, ListForwardPlanRequest>(
      registers_, "meeting: 'meetings/may' open_only: true");
  bool found = false;
  for (const PlanItemRow& row : answer.rows()) {
    if (row.plan_item() != "plan-items/nice") continue;
    found = true;
    EXPECT_EQ(row.title(), "NICE fund");
    EXPECT_EQ(row.owner().organisation(), "OPCC");
  }
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace scrutiny::projections
