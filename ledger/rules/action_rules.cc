// What may become of an action. Updates and other words are taken at any time: a paper may speak of
// an action long after it was closed.
#include "ledger/rules/family.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

using event::v1::Proposed;

constexpr FactType kAssigned{Proposed::kActionAssignedFieldNumber};
constexpr FactType kReassigned{Proposed::kActionReassignedFieldNumber};
constexpr FactType kDueSet{Proposed::kActionDueSetFieldNumber};
constexpr FactType kCompleted{Proposed::kActionCompletedFieldNumber};
constexpr FactType kClosed{Proposed::kActionClosedFieldNumber};
constexpr FactType kReopened{Proposed::kActionReopenedFieldNumber};
constexpr FactType kWithdrawn{Proposed::kActionWithdrawnFieldNumber};

constexpr absl::string_view kAlreadyCompleted = "action-already-completed";
constexpr absl::string_view kAlreadyClosed = "action-already-closed";
constexpr absl::string_view kNotOpen = "action-not-open";
constexpr absl::string_view kNotClosed = "action-not-closed";
constexpr absl::string_view kIsWithdrawn = "action-withdrawn";

constexpr absl::string_view kReopenFirst =
    "Action already completed {when}. Reopen it first if it is to go on.";
constexpr absl::string_view kReopenClosed =
    "Action already closed {when}. Reopen it first if it is to go on.";
constexpr absl::string_view kGone = "Action withdrawn {when}.";

}  // namespace

RuleFamily ActionRules() {
  RuleFamily family;
  family.rules = {
      {std::string(kAlreadyCompleted), "completing an action that is completed"},
      {std::string(kAlreadyClosed), "completing or closing an action that the board has closed"},
      {std::string(kNotOpen),
       "assigning, reassigning, withdrawing or setting the due date of an action that is completed "
       "or closed"},
      {std::string(kNotClosed), "reopening an action that is open"},
      {std::string(kIsWithdrawn),
       "completing, closing, assigning, withdrawing or setting the due date of an action that is "
       "withdrawn"},
  };
  family.lifecycles = {
      Lifecycle{{kCompleted, kClosed, kReopened, kWithdrawn},
                {
                    {kCompleted, kCompleted, kAlreadyCompleted, "Action already completed {when}."},
                    {kCompleted, kClosed, kAlreadyClosed, "Action already closed {when}."},
                    {kCompleted, kWithdrawn, kIsWithdrawn, kGone},
                    {kClosed, kClosed, kAlreadyClosed, "Action already closed {when}."},
                    {kClosed, kWithdrawn, kIsWithdrawn, kGone},
                    {kReopened, kNoState, kNotClosed,
                     "Action is open: nothing has completed, closed or withdrawn it."},
                    {kReopened, kReopened, kNotClosed, "Action already reopened {when}."},
                    {kWithdrawn, kCompleted, kNotOpen, kReopenFirst},
                    {kWithdrawn, kClosed, kNotOpen, kReopenClosed},
                    {kWithdrawn, kWithdrawn, kIsWithdrawn, "Action already withdrawn {when}."},
                    {kAssigned, kCompleted, kNotOpen, kReopenFirst},
                    {kAssigned, kClosed, kNotOpen, kReopenClosed},
                    {kAssigned, kWithdrawn, kIsWithdrawn, kGone},
                    {kReassigned, kCompleted, kNotOpen, kReopenFirst},
                    {kReassigned, kClosed, kNotOpen, kReopenClosed},
                    {kReassigned, kWithdrawn, kIsWithdrawn, kGone},
                    {kDueSet, kCompleted, kNotOpen, kReopenFirst},
                    {kDueSet, kClosed, kNotOpen, kReopenClosed},
                    {kDueSet, kWithdrawn, kIsWithdrawn, kGone},
                }}};
  return family;
}

}  // namespace scrutiny::ledger
