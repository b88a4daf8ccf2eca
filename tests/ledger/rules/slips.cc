#include "tests/ledger/rules/slips.h"

#include <iterator>

#include "absl/strings/str_cat.h"

namespace scrutiny::testing {
namespace {

// Facts on the action, decision, … x, dated 18 March 2019 unless `on` says otherwise.
std::string On(const std::string& record, const std::string& fact,
               const std::string& on = "2019-03-18") {
  return absl::StrCat("record: \"", record, "\" occurred { on: \"", on, "\" } ", fact);
}
std::string OnAction(const std::string& fact, const std::string& on = "2019-03-18") {
  return On("actions/x", fact, on);
}
std::string OnMeeting(const std::string& fact, const std::string& on = "2019-03-18") {
  return On("meetings/m", fact, on);
}
std::string OnDecision(const std::string& fact, const std::string& on = "2019-03-18") {
  return On("decisions/d", fact, on);
}
std::string OnPlanItem(const std::string& fact, const std::string& on = "2019-03-18") {
  return On("plan-items/p", fact, on);
}
std::string OnFinding(const std::string& fact, const std::string& on = "2019-03-18") {
  return On("findings/f", fact, on);
}

const std::string kRaised = OnAction(R"(action_raised { title: "Crime data" })", "2019-01-28");
const std::string kCompleted = OnAction("action_completed {}");
const std::string kClosed = OnAction("action_closed {}");
const std::string kActionWithdrawn = OnAction(R"(action_withdrawn { reason: "r" })");
const std::string kReopened = OnAction(R"(action_reopened { reason: "r" })");
const std::string kScheduled = OnMeeting(R"(meeting_scheduled { forum: "forums/spab" })");
const std::string kItem = OnMeeting(R"(agenda_item_placed { item: "9a" title: "Buxton" })");
const std::string kTaken = OnDecision(R"(decision_taken { title: "Buxton" })");
const std::string kPlanned =
    OnPlanItem(R"(forward_plan_item_scheduled { forum: "forums/spab" title: "Annual Report" })");
const std::string kPlanTaken = OnPlanItem(R"(forward_plan_item_taken { meeting: "meetings/m" })");
const std::string kPlanDropped = OnPlanItem(R"(forward_plan_item_dropped { reason: "r" })");
const std::string kPlanMoved =
    OnPlanItem(R"(forward_plan_item_moved { meetings: "meetings/n" reason: "r" })");
const std::string kFound = OnFinding(
    R"(finding_recorded { scheme: "schemes/s" title: "t" grade: FINDING_GRADE_CONCERN })");
const std::string kResolution = OnMeeting(R"(resolution_passed {
    key: "9a" item: "9a" decider { kind: DECIDER_KIND_OFFICE_HOLDER post: "PCC" }
    limbs { key: "1" verb: RESOLUTION_VERB_NOTE subject: "s" } })");

std::string Assurance(const std::string& fact) {
  return OnMeeting(
      absl::StrCat(fact, R"( { assurance { key: "9a" item: "9a" area: "Custody" } reason: "r" })"));
}

std::vector<Slip> RecordSlips() {
  const std::string rescinded = OnDecision(R"(decision_rescinded { reason: "r" })");
  return {
      {"UnheldAction",
       "not-held",
       {},
       kCompleted,
       "No action is held under actions/x. Record it raised first, or check the name.",
       "record"},
      {"UnheldDecision",
       "not-held",
       {},
       rescinded,
       "No decision is held under decisions/d.",
       "record"},
      {"UnheldPlanItem", "not-held", {}, kPlanTaken, "No planned item is held", "record"},
      {"UnheldFinding",
       "not-held",
       {},
       OnFinding("finding_resolved {}"),
       "No finding is held",
       "record"},
      {"UnheldPlan",
       "not-held",
       {},
       On("plans/p", R"(plan_version_adopted { version: "1" })"),
       "No plan is held under plans/p. Record it issued first",
       "record"},
      {"RaisedTwice",
       "already-recorded",
       {kRaised},
       kRaised,
       "Action already raised on 28 January 2019 (entry 0) under actions/x.",
       "record"},
      {"ScheduledTwice",
       "already-recorded",
       {kScheduled},
       kScheduled,
       "Meeting already scheduled on 18 March 2019 (entry 0)",
       "record"},
      {"PlannedTwice",
       "already-recorded",
       {kPlanned},
       kPlanned,
       "Forward plan item already scheduled",
       "record"},
      {"WithdrawnTwice",
       "already-withdrawn",
       {kRaised, R"(record: "actions/x" corrects: 0 withdrawn { reason: "r" })"},
       R"(record: "actions/x" corrects: 0 withdrawn { reason: "r" })",
       "Entry 0 was already withdrawn (entry 1).",
       "corrects"},
      {"CorrectingTheWithdrawn",
       "already-withdrawn",
       {kRaised, R"(record: "actions/x" corrects: 0 withdrawn { reason: "r" })"},
       absl::StrCat("corrects: 0 ", kRaised),
       "Entry 0 was already withdrawn (entry 1).",
       "corrects"},
      {"Tomorrow",
       "in-the-future",
       {kRaised},
       OnAction("action_completed {}", "2026-01-03"),
       "The fact is dated 2026-01-03, which is still to come.",
       "occurred.on"},
      {"NextYear",
       "in-the-future",
       {kRaised},
       R"(record: "actions/x" occurred { earliest: "2027" } action_completed {})",
       "The fact is dated 2027, which is still to come.",
       "occurred.earliest"},
  };
}

std::vector<Slip> MeetingSlips() {
  const std::string opened = OnMeeting("meeting_opened {}");
  const std::string closed = OnMeeting("meeting_closed {}");
  const std::string cancelled = OnMeeting("meeting_cancelled {}");
  const std::string moved = OnMeeting(R"(meeting_rescheduled { date: "2019-04-01" })");
  return {
      {"OpenedTwice",
       "meeting-already-opened",
       {opened},
       opened,
       "Meeting already opened on 18 March 2019 (entry 0).",
       "meeting_opened"},
      {"CancelledThoughOpened",
       "meeting-already-opened",
       {opened},
       cancelled,
       "Meeting was opened",
       "meeting_cancelled"},
      {"MovedThoughOpened",
       "meeting-already-opened",
       {opened},
       moved,
       "Meeting was opened",
       "meeting_rescheduled"},
      {"ClosedTwice",
       "meeting-already-closed",
       {closed},
       closed,
       "Meeting already closed",
       "meeting_closed"},
      {"CancelledThoughClosed",
       "meeting-already-closed",
       {closed},
       cancelled,
       "Meeting was held and closed",
       "meeting_cancelled"},
      {"MovedThoughClosed",
       "meeting-already-closed",
       {closed},
       moved,
       "Meeting was held and closed",
       "meeting_rescheduled"},
      {"OpenedThoughCancelled",
       "meeting-cancelled",
       {cancelled},
       opened,
       "Meeting cancelled",
       "meeting_opened"},
      {"ClosedThoughCancelled",
       "meeting-cancelled",
       {cancelled},
       closed,
       "Meeting cancelled",
       "meeting_closed"},
      {"CancelledTwice",
       "meeting-cancelled",
       {cancelled},
       cancelled,
       "Meeting already cancelled",
       "meeting_cancelled"},
      {"ResolvedThoughCancelled",
       "meeting-cancelled",
       {kItem, cancelled},
       kResolution,
       "Meeting cancelled on 18 March 2019 (entry 1).",
       "resolution_passed"},
  };
}

std::vector<Slip> AgendaSlips() {
  const std::string not_on_agenda =
      "Item 9a is not on the agenda of meetings/m. Place it there first, or check its key.";
  const std::string other_item = OnMeeting(R"(agenda_item_placed { item: "9b" title: "t" })");
  const auto citing = [](const std::string& record, const std::string& fact) {
    return On(record, absl::StrCat(fact, R"(meeting: "meetings/m" item: "9a" })"));
  };
  return {
      {"ResolutionOnNoItem",
       "item-not-on-agenda",
       {kScheduled},
       kResolution,
       not_on_agenda,
       "resolution_passed.item"},
      {"AssuranceSoughtOnNoItem",
       "item-not-on-agenda",
       {other_item},
       OnMeeting(R"(assurance_sought { assurance { key: "9a" item: "9a" area: "c" } })"),
       not_on_agenda,
       "assurance_sought.assurance.item"},
      {"AssuranceGainedOnNoItem",
       "item-not-on-agenda",
       {},
       OnMeeting(R"(assurance_gained { assurance { key: "9a" item: "9a" area: "c" } })"),
       not_on_agenda,
       "assurance_gained.assurance.item"},
      {"AssuranceOnConditionsOnNoItem",
       "item-not-on-agenda",
       {},
       OnMeeting(R"(assurance_gained_with_conditions {
           assurance { key: "9a" item: "9a" area: "c" } conditions: "c" })"),
       not_on_agenda,
       "assurance_gained_with_conditions.assurance.item"},
      {"AssuranceNotGainedOnNoItem",
       "item-not-on-agenda",
       {},
       Assurance("assurance_not_gained"),
       not_on_agenda,
       "assurance_not_gained.assurance.item"},
      {"AssuranceDeferredOnNoItem",
       "item-not-on-agenda",
       {},
       Assurance("assurance_deferred"),
       not_on_agenda,
       "assurance_deferred.assurance.item"},
      {"NoItemTaken",
       "item-not-on-agenda",
       {},
       OnMeeting(R"(agenda_item_taken { item: "9a" })"),
       not_on_agenda,
       "agenda_item_taken.item"},
      {"NoItemDeferred",
       "item-not-on-agenda",
       {},
       OnMeeting(R"(agenda_item_deferred { item: "9a" })"),
       not_on_agenda,
       "agenda_item_deferred.item"},
      {"NoItemWithdrawn",
       "item-not-on-agenda",
       {},
       OnMeeting(R"(agenda_item_withdrawn { item: "9a" })"),
       not_on_agenda,
       "agenda_item_withdrawn.item"},
      {"PlacementWithdrawn",
       "item-not-on-agenda",
       {kItem, R"(record: "meetings/m" corrects: 0 withdrawn { reason: "r" })"},
       kResolution,
       not_on_agenda,
       "resolution_passed.item"},
      {"MinutesOnNoItem",
       "item-not-on-agenda",
       {other_item},
       OnMeeting(R"(minutes_noted { minutes_of: "meetings/l" item: "9a" })"),
       not_on_agenda,
       "minutes_noted.item"},
      {"MinutesApprovedOnNoItem",
       "item-not-on-agenda",
       {other_item},
       OnMeeting(R"(minutes_approved { minutes_of: "meetings/l" item: "9a" })"),
       not_on_agenda,
       "minutes_approved.item"},
      {"NoDeclarationsOnNoItem",
       "item-not-on-agenda",
       {other_item},
       OnMeeting(R"(nil_declarations_recorded { item: "9a" })"),
       not_on_agenda,
       "nil_declarations_recorded.item"},
      {"ReviewOnNoItem",
       "item-not-on-agenda",
       {other_item},
       OnMeeting(R"(action_review_presented { item: "9a" })"),
       not_on_agenda,
       "action_review_presented.item"},
      {"ActionFromNoItem",
       "item-not-on-agenda",
       {other_item},
       citing("actions/y", R"(action_raised { title: "t" )"),
       not_on_agenda,
       "action_raised.item"},
      {"DecisionFromNoItem",
       "item-not-on-agenda",
       {other_item},
       citing("decisions/y", R"(decision_taken { title: "t" )"),
       not_on_agenda,
       "decision_taken.item"},
      {"PaperToNoItem",
       "item-not-on-agenda",
       {other_item},
       citing("papers/y", R"(paper_submitted { title: "t" )"),
       not_on_agenda,
       "paper_submitted.item"},
      {"PlacedTwice",
       "item-already-on-agenda",
       {kItem},
       kItem,
       "Item 9a is on the agenda already (entry 0).",
       "agenda_item_placed.item"},
      {"EmptyThoughPlaced",
       "item-already-on-agenda",
       {kItem},
       OnMeeting(R"(empty_section_recorded { item: "9a" section: "NONE" })"),
       "Item 9a is on the agenda already",
       "empty_section_recorded.item"},
  };
}

std::vector<Slip> DecisionSlips() {
  const std::string superseded = OnDecision(R"(decision_superseded { by: "decisions/e" })");
  const std::string rescinded = OnDecision(R"(decision_rescinded { reason: "r" })");
  const std::string number = R"(number { kind: "decisions" year: 2019 number: 13 })";
  const std::string numbered = OnDecision(absl::StrCat("decision_numbered { ", number, " }"));
  return {
      {"SupersededTwice",
       "decision-already-superseded",
       {kTaken, superseded},
       superseded,
       "Decision already superseded on 18 March 2019 (entry 1).",
       "decision_superseded"},
      {"RescindedThoughSuperseded",
       "decision-already-superseded",
       {kTaken, superseded},
       rescinded,
       "Decision already superseded",
       "decision_rescinded"},
      {"RescindedTwice",
       "decision-already-rescinded",
       {kTaken, rescinded},
       rescinded,
       "Decision already rescinded",
       "decision_rescinded"},
      {"SupersededThoughRescinded",
       "decision-already-rescinded",
       {kTaken, rescinded},
       superseded,
       "Decision already rescinded",
       "decision_superseded"},
      {"ImplementedThoughRescinded",
       "decision-already-rescinded",
       {kTaken, rescinded},
       OnDecision("decision_implemented {}"),
       "Decision already rescinded",
       "decision_implemented"},
      {"NumberedTwice",
       "decision-already-numbered",
       {kTaken, numbered},
       OnDecision(R"(decision_numbered { assign { year: 2019 } })"),
       "Decision already numbered",
       "decision_numbered"},
      {"NumberedAsTaken",
       "decision-already-numbered",
       {OnDecision(absl::StrCat(R"(decision_taken { title: "t" )", number, "}"))},
       numbered,
       "Decision already has this number (entry 0).",
       "decision_numbered.number"},
      {"NumberTaken",
       "number-taken",
       {kTaken, numbered},
       On("decisions/e", absl::StrCat(R"(decision_taken { title: "t" )", number, "}")),
       "Number 2019/13 is taken already, by decisions/d (entry 1).",
       "decision_taken.number"},
      {"NumberTakenLater",
       "number-taken",
       {kTaken, numbered, On("decisions/e", R"(decision_taken { title: "t" })")},
       On("decisions/e", absl::StrCat("decision_numbered {", number, "}")),
       "Number 2019/13 is taken already",
       "decision_numbered.number"},
      {"NumberOfAWithdrawnEntry",
       "number-taken",
       {kTaken, numbered, R"(record: "decisions/d" corrects: 1 withdrawn { reason: "r" })"},
       On("decisions/e", absl::StrCat(R"(decision_taken { title: "t" )", number, "}")),
       "Number 2019/13 is taken already",
       "decision_taken.number"},
      {"ActionNumberTaken",
       "number-taken",
       {OnAction(R"(action_raised { title: "t" number { kind: "actions" number: 7 } })")},
       On("actions/y",
          R"(action_raised { title: "t" number { kind: "actions" number: 7 printed: "A7" } })"),
       "Number A7 is taken already, by actions/x (entry 0).",
       "action_raised.number"},
      {"MinuteNumberTaken",
       "number-taken",
       {OnMeeting(R"(agenda_item_placed { item: "41" title: "t"
            minute_number { kind: "meetings" year: 2022 number: 41 printed: "41/22" } })")},
       On("meetings/n", R"(agenda_item_placed { item: "41" title: "t"
            minute_number { kind: "meetings" year: 2022 number: 41 printed: "41/22" } })"),
       "Number 41/22 is taken already, by meetings/m (entry 0).",
       "agenda_item_placed.minute_number"},
  };
}

std::vector<Slip> ActionSlips() {
  const std::string already_completed = "Action already completed on 18 March 2019 (entry 1).";
  const std::string already_closed = "Action already closed on 18 March 2019 (entry 1).";
  const std::string due = OnAction(R"(action_due_set { due { date: "2019-05" } })");
  const std::string assigned = OnAction(R"(action_assigned { owners { post: "PCC" } })");
  const std::string reassigned = OnAction(R"(action_reassigned { owners { post: "PCC" } })");
  return {
      {"CompletedTwice",
       "action-already-completed",
       {kRaised, kCompleted},
       kCompleted,
       already_completed,
       "action_completed"},
      {"CompletedThoughClosed",
       "action-already-closed",
       {kRaised, kClosed},
       kCompleted,
       already_closed,
       "action_completed"},
      {"ClosedTwiceOver",
       "action-already-closed",
       {kRaised, kClosed},
       kClosed,
       already_closed,
       "action_closed"},
      {"CompletedThoughWithdrawn",
       "action-withdrawn",
       {kRaised, kActionWithdrawn},
       kCompleted,
       "Action withdrawn on 18 March 2019 (entry 1).",
       "action_completed"},
      {"ClosedThoughWithdrawn",
       "action-withdrawn",
       {kRaised, kActionWithdrawn},
       kClosed,
       "Action withdrawn",
       "action_closed"},
      {"ActionWithdrawnTwice",
       "action-withdrawn",
       {kRaised, kActionWithdrawn},
       kActionWithdrawn,
       "Action already withdrawn",
       "action_withdrawn"},
      {"AssignedThoughWithdrawn",
       "action-withdrawn",
       {kRaised, kActionWithdrawn},
       assigned,
       "Action withdrawn",
       "action_assigned"},
      {"ReassignedThoughWithdrawn",
       "action-withdrawn",
       {kRaised, kActionWithdrawn},
       reassigned,
       "Action withdrawn",
       "action_reassigned"},
      {"DueThoughWithdrawn",
       "action-withdrawn",
       {kRaised, kActionWithdrawn},
       due,
       "Action withdrawn",
       "action_due_set"},
      {"WithdrawnThoughCompleted",
       "action-not-open",
       {kRaised, kCompleted},
       kActionWithdrawn,
       "Action already completed on 18 March 2019 (entry 1). Reopen it first if it is to go on.",
       "action_withdrawn"},
      {"WithdrawnThoughClosed",
       "action-not-open",
       {kRaised, kClosed},
       kActionWithdrawn,
       "Action already closed",
       "action_withdrawn"},
      {"AssignedThoughCompleted",
       "action-not-open",
       {kRaised, kCompleted},
       assigned,
       already_completed,
       "action_assigned"},
      {"ReassignedThoughClosed",
       "action-not-open",
       {kRaised, kClosed},
       reassigned,
       already_closed,
       "action_reassigned"},
      {"DueThoughCompleted",
       "action-not-open",
       {kRaised, kCompleted},
       due,
       already_completed,
       "action_due_set"},
      {"ReopenedThoughOpen",
       "action-not-closed",
       {kRaised},
       kReopened,
       "Action is open: nothing has completed, closed or withdrawn it.",
       "action_reopened"},
      {"ReopenedTwice",
       "action-not-closed",
       {kRaised, kCompleted, kReopened},
       kReopened,
       "Action already reopened on 18 March 2019 (entry 2).",
       "action_reopened"},
  };
}

std::vector<Slip> PlanItemAndFindingSlips() {
  return {
      {"PlanItemTakenTwice",
       "plan-item-already-taken",
       {kPlanned, kPlanTaken},
       kPlanTaken,
       "Planned item already taken on 18 March 2019 (entry 1).",
       "forward_plan_item_taken"},
      {"PlanItemMovedThoughTaken",
       "plan-item-already-taken",
       {kPlanned, kPlanTaken},
       kPlanMoved,
       "Planned item already taken",
       "forward_plan_item_moved"},
      {"PlanItemDroppedThoughTaken",
       "plan-item-already-taken",
       {kPlanned, kPlanTaken},
       kPlanDropped,
       "Planned item already taken",
       "forward_plan_item_dropped"},
      {"PlanItemTakenThoughDropped",
       "plan-item-dropped",
       {kPlanned, kPlanDropped},
       kPlanTaken,
       "Planned item dropped",
       "forward_plan_item_taken"},
      {"PlanItemMovedThoughDropped",
       "plan-item-dropped",
       {kPlanned, kPlanDropped},
       kPlanMoved,
       "Planned item dropped",
       "forward_plan_item_moved"},
      {"PlanItemDroppedTwice",
       "plan-item-dropped",
       {kPlanned, kPlanDropped},
       kPlanDropped,
       "Planned item already dropped",
       "forward_plan_item_dropped"},
      {"FindingResolvedTwice",
       "finding-already-resolved",
       {kFound, OnFinding("finding_resolved {}")},
       OnFinding("finding_resolved {}"),
       "Finding already resolved on 18 March 2019 (entry 1).",
       "finding_resolved"},
      {"FindingEscalatedThoughResolved",
       "finding-already-resolved",
       {kFound, OnFinding("finding_resolved {}")},
       OnFinding(R"(finding_escalated { reason: "r" })"),
       "Finding already resolved",
       "finding_escalated"},
  };
}

}  // namespace

std::vector<Slip> Slips() {
  std::vector<Slip> all;
  for (std::vector<Slip> (*slips)() : {RecordSlips, MeetingSlips, AgendaSlips, DecisionSlips,
                                       ActionSlips, PlanItemAndFindingSlips}) {
    std::vector<Slip> some = slips();
    std::move(some.begin(), some.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace scrutiny::testing
