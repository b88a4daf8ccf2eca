#include "ledger/rules/rules.h"

#include <algorithm>
#include <cstddef>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/format/fact_types.h"
#include "ledger/rules/family.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

using event::v1::Proposed;

// The families, and which lifecycles each type of fact is judged by.
struct Book {
  std::vector<RuleFamily> families;
  std::vector<RuleInfo> rules;
  absl::flat_hash_set<std::string> ids;
  std::vector<std::vector<const Lifecycle*>> lifecycles;  // by type

  Book()
      : families{RecordRules(),      MeetingRules(), AgendaRules(), DecisionRules(), ActionRules(),
                 ForwardPlanRules(), FindingRules(), CountRules(),  NumberRules()},
        lifecycles(AllFactTypes().back().type.value() + 1) {
    for (const RuleFamily& family : families) {
      rules.insert(rules.end(), family.rules.begin(), family.rules.end());
      for (const Lifecycle& lifecycle : family.lifecycles) {
        for (const Blocker& blocker : lifecycle.blockers) {
          std::vector<const Lifecycle*>& of_type = lifecycles[blocker.fact.value()];
          if (std::find(of_type.begin(), of_type.end(), &lifecycle) == of_type.end()) {
            of_type.push_back(&lifecycle);
          }
        }
      }
    }
    for (const RuleInfo& rule : rules) {
      SCRUTINY_CHECK(ids.insert(rule.id).second) << "rule " << rule.id << " stands twice";
    }
  }
};

const Book& TheBook() {
  static const Book& book = *new Book();
  return book;
}

absl::Status CheckDespite(const Proposed& proposed) {
  for (int i = 0; i < proposed.recorded_despite_size(); ++i) {
    const std::string& rule = proposed.recorded_despite(i).rule();
    if (TheBook().ids.contains(rule)) continue;
    return Error(Reason::kMalformed, absl::StrCat("There is no rule \"", rule, "\"."))
        .Field(absl::StrCat("recorded_despite[", i, "].rule"))
        .Value(rule)
        .Record(proposed.record())
        .Next("Name the rule as the refusal names it.");
  }
  return absl::OkStatus();
}

}  // namespace

RuleNeeds NeedsOf(const Proposed& proposed) {
  RuleNeeds needs;
  const FactTypeInfo* type = FindFactType(TypeOf(proposed));
  if (type == nullptr) return needs;
  needs.history = !TheBook().lifecycles[type->type.value()].empty();
  for (const RuleFamily& family : TheBook().families) {
    if (family.needs != nullptr) family.needs(proposed, *type, needs);
  }
  // A number may be asked for twice, once as another's and once as its own.
  std::sort(needs.claims.begin(), needs.claims.end());
  needs.claims.erase(std::unique(needs.claims.begin(), needs.claims.end()), needs.claims.end());
  return needs;
}

absl::Status Judge(const Proposed& proposed, const Derived& derived, Day recorded_on,
                   const RuleView& view) {
  const FactTypeInfo* type = FindFactType(derived.type);
  if (type == nullptr) {
    return Error(Reason::kInternal, "A fact without a known type came before the rules.")
        .Record(proposed.record());
  }
  const Case the_case{proposed, *type, derived, recorded_on, view};
  SCRUTINY_RETURN_IF_ERROR(CheckDespite(proposed));
  SCRUTINY_RETURN_IF_ERROR(CheckReferences(the_case));
  for (const RuleFamily& family : TheBook().families) {
    if (family.judge != nullptr) SCRUTINY_RETURN_IF_ERROR(family.judge(the_case));
  }
  const std::vector<const Lifecycle*>& lifecycles = TheBook().lifecycles[type->type.value()];
  if (lifecycles.empty()) return absl::OkStatus();
  const Timeline timeline(view.History(), derived.corrects);
  for (const Lifecycle* lifecycle : lifecycles) {
    SCRUTINY_RETURN_IF_ERROR(JudgeLifecycle(*lifecycle, the_case, timeline));
  }
  return absl::OkStatus();
}

const std::vector<RuleInfo>& AllRules() { return TheBook().rules; }

}  // namespace scrutiny::ledger
