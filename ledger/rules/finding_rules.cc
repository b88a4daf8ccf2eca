// What may become of a panel's finding. Answers and views are taken at any time.
#include "ledger/rules/family.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

using event::v1::Proposed;

constexpr FactType kResolved{Proposed::kFindingResolvedFieldNumber};
constexpr FactType kEscalated{Proposed::kFindingEscalatedFieldNumber};

constexpr absl::string_view kAlreadyResolved = "finding-already-resolved";

}  // namespace

RuleFamily FindingRules() {
  RuleFamily family;
  family.rules = {
      {std::string(kAlreadyResolved), "resolving or escalating a finding that is resolved"}};
  family.lifecycles = {
      Lifecycle{{kResolved},
                {
                    {kResolved, kResolved, kAlreadyResolved, "Finding already resolved {when}."},
                    {kEscalated, kResolved, kAlreadyResolved, "Finding already resolved {when}."},
                }}};
  return family;
}

}  // namespace scrutiny::ledger
