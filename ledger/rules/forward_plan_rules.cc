// What may become of a line of the forward plan.
#include "ledger/rules/family.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

using event::v1::Proposed;

constexpr FactType kMoved{Proposed::kForwardPlanItemMovedFieldNumber};
constexpr FactType kDropped{Proposed::kForwardPlanItemDroppedFieldNumber};
constexpr FactType kTaken{Proposed::kForwardPlanItemTakenFieldNumber};

constexpr absl::string_view kAlreadyTaken = "plan-item-already-taken";
constexpr absl::string_view kIsDropped = "plan-item-dropped";

}  // namespace

RuleFamily ForwardPlanRules() {
  RuleFamily family;
  family.rules = {
      {std::string(kAlreadyTaken), "taking, moving or dropping a planned item that was taken"},
      {std::string(kIsDropped), "taking, moving or dropping a planned item that was dropped"},
  };
  family.lifecycles = {
      Lifecycle{{kTaken, kDropped},
                {
                    {kTaken, kTaken, kAlreadyTaken, "Planned item already taken {when}."},
                    {kMoved, kTaken, kAlreadyTaken, "Planned item already taken {when}."},
                    {kDropped, kTaken, kAlreadyTaken, "Planned item already taken {when}."},
                    {kTaken, kDropped, kIsDropped, "Planned item dropped {when}."},
                    {kMoved, kDropped, kIsDropped, "Planned item dropped {when}."},
                    {kDropped, kDropped, kIsDropped, "Planned item already dropped {when}."},
                }}};
  return family;
}

}  // namespace scrutiny::ledger
