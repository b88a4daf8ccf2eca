// tests/ledger/rules/slip_facts.h
// Facts, as text protos, of which slips are made.
#ifndef SCRUTINY_TESTS_LEDGER_RULES_SLIP_FACTS_H_
#define SCRUTINY_TESTS_LEDGER_RULES_SLIP_FACTS_H_

#include <string>

#include "absl/strings/str_cat.h"

namespace scrutiny::testing {

// Facts on the action, decision, … x, dated 18 March 2019 unless `on` says otherwise.
inline std::string On(const std::string& record, const std::string& fact,
                      const std::string& on = "2019-03-18") {
  return absl::StrCat("record: \"", record, "\" occurred { on: \"", on, "\" } ", fact);
}
inline std::string OnAction(const std::string& fact, const std::string& on = "2019-03-18") {
  return On("actions/x", fact, on);
}
inline std::string OnMeeting(const std::string& fact, const std::string& on = "2019-03-18") {
  return On("meetings/m", fact, on);
}
inline std::string OnDecision(const std::string& fact, const std::string& on = "2019-03-18") {
  return On("decisions/d", fact, on);
}
inline std::string OnPlanItem(const std::string& fact, const std::string& on = "2019-03-18") {
  return On("plan-items/p", fact, on);
}
inline std::string OnFinding(const std::string& fact, const std::string& on = "2019-03-18") {
  return On("findings/f", fact, on);
}

inline const std::string kRaised =
    OnAction(R"(action_raised { title: "Crime data" })", "2019-01-28");
inline const std::string kCompleted = OnAction("action_completed {}");
inline const std::string kClosed = OnAction("action_closed {}");
inline const std::string kActionWithdrawn = OnAction(R"(action_withdrawn { reason: "r" })");
inline const std::string kReopened = OnAction(R"(action_reopened { reason: "r" })");
inline const std::string kScheduled = OnMeeting(R"(meeting_scheduled { forum: "forums/spab" })");
inline const std::string kItem = OnMeeting(R"(agenda_item_placed { item: "9a" title: "Buxton" })");
inline const std::string kTaken = OnDecision(R"(decision_taken { title: "Buxton" })");
inline const std::string kPlanned =
    OnPlanItem(R"(forward_plan_item_scheduled { forum: "forums/spab" title: "Annual Report" })");
inline const std::string kPlanTaken =
    OnPlanItem(R"(forward_plan_item_taken { meeting: "meetings/m" })");
inline const std::string kPlanDropped = OnPlanItem(R"(forward_plan_item_dropped { reason: "r" })");
inline const std::string kPlanMoved =
    OnPlanItem(R"(forward_plan_item_moved { meetings: "meetings/n" reason: "r" })");
inline const std::string kFound = OnFinding(
    R"(finding_recorded { scheme: "schemes/s" title: "t" grade: FINDING_GRADE_CONCERN })");
inline const std::string kResolution = OnMeeting(R"(resolution_passed {
    key: "9a" item: "9a" decider { kind: DECIDER_KIND_OFFICE_HOLDER post: "PCC" }
    limbs { key: "1" verb: RESOLUTION_VERB_NOTE subject: "s" } })");

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_LEDGER_RULES_SLIP_FACTS_H_
