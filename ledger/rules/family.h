// ledger/rules/family.h
// What a family of rules is made of: the table of its rules, lifecycles as tables, and functions
// for what no table can say. Used inside this room alone.
//
// Threads:  immutable tables, pure functions.
// Tests:    tests/ledger/rules/
#ifndef SCRUTINY_LEDGER_RULES_FAMILY_H_
#define SCRUTINY_LEDGER_RULES_FAMILY_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "ledger/base/date.h"
#include "ledger/base/ids.h"
#include "ledger/format/derive.h"
#include "ledger/format/fact_types.h"
#include "ledger/rules/rules.h"
#include "ledger/rules/timeline.h"

namespace scrutiny::ledger {

// A fact before the rules. Everything in it is borrowed.
struct Case {
  const event::v1::Proposed& proposed;
  const FactTypeInfo& type;
  const Derived& derived;
  Day recorded_on;
  const RuleView& view;

  // Its place on the timeline: a correction takes that of its original among facts of one day.
  Moment moment() const;
};

// Refuses with the rule, unless the fact is recorded despite it. `field`: path of what is at fault.
absl::Status Refuse(const Case& the_case, absl::string_view rule, absl::string_view sentence,
                    absl::string_view field);

// "on 18 March 2019 (entry 212)".
std::string When(const Moment& moment);

// A fact that is refused while another one is the last word on the record.
struct Blocker {
  FactType fact;   // what is to be recorded
  FactType state;  // the last of the lifecycle's states; kNoState: there is none
  absl::string_view rule;
  absl::string_view sentence;  // with {when}, the day and entry of the state
};
inline constexpr FactType kNoState{0};

// A side of a record that is in one state at a time: the last fact of these types.
struct Lifecycle {
  std::vector<FactType> states;
  std::vector<Blocker> blockers;
};

// Judges the fact by one lifecycle.
absl::Status JudgeLifecycle(const Lifecycle& lifecycle, const Case& the_case,
                            const Timeline& timeline);

// Rules that belong together.
struct RuleFamily {
  std::vector<RuleInfo> rules;
  std::vector<Lifecycle> lifecycles;
  // What the functions below must see; null: nothing.
  void (*needs)(const event::v1::Proposed& proposed, const FactTypeInfo& type,
                RuleNeeds& needs) = nullptr;
  // What no table can say; null: nothing.
  absl::Status (*judge)(const Case& the_case) = nullptr;
};

RuleFamily RecordRules();       // record_rules.cc: any record
RuleFamily ActionRules();       // action_rules.cc
RuleFamily MeetingRules();      // meeting_rules.cc
RuleFamily AgendaRules();       // agenda_rules.cc
RuleFamily DecisionRules();     // decision_rules.cc
RuleFamily NumberRules();       // number_rules.cc
RuleFamily ForwardPlanRules();  // forward_plan_rules.cc
RuleFamily FindingRules();      // finding_rules.cc
RuleFamily CountRules();        // count_rules.cc

// What no reason passes: a correction, withdrawal or put-before that names no fitting entry.
absl::Status CheckReferences(const Case& the_case);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_RULES_FAMILY_H_
