// How a meeting runs. That it began, ended and was called off are separate sides: papers tell the
// end of a meeting more often than its beginning, and in any order.
#include "ledger/rules/family.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

using event::v1::Proposed;

constexpr FactType kRescheduled{Proposed::kMeetingRescheduledFieldNumber};
constexpr FactType kCancelled{Proposed::kMeetingCancelledFieldNumber};
constexpr FactType kOpened{Proposed::kMeetingOpenedFieldNumber};
constexpr FactType kClosed{Proposed::kMeetingClosedFieldNumber};
constexpr FactType kResolved{Proposed::kResolutionPassedFieldNumber};

constexpr absl::string_view kAlreadyOpened = "meeting-already-opened";
constexpr absl::string_view kAlreadyClosed = "meeting-already-closed";
constexpr absl::string_view kIsCancelled = "meeting-cancelled";

}  // namespace

RuleFamily MeetingRules() {
  RuleFamily family;
  family.rules = {
      {std::string(kAlreadyOpened), "opening, moving or cancelling a meeting that was opened"},
      {std::string(kAlreadyClosed), "closing, moving or cancelling a meeting that was closed"},
      {std::string(kIsCancelled),
       "opening, closing or cancelling a meeting that was cancelled, or resolving there"},
  };
  family.lifecycles = {
      Lifecycle{{kOpened},
                {
                    {kOpened, kOpened, kAlreadyOpened, "Meeting already opened {when}."},
                    {kCancelled, kOpened, kAlreadyOpened, "Meeting was opened {when}."},
                    {kRescheduled, kOpened, kAlreadyOpened, "Meeting was opened {when}."},
                }},
      Lifecycle{{kClosed},
                {
                    {kClosed, kClosed, kAlreadyClosed, "Meeting already closed {when}."},
                    {kCancelled, kClosed, kAlreadyClosed, "Meeting was held and closed {when}."},
                    {kRescheduled, kClosed, kAlreadyClosed, "Meeting was held and closed {when}."},
                }},
      // Moving a meeting that was cancelled brings it back.
      Lifecycle{{kCancelled, kRescheduled},
                {
                    {kOpened, kCancelled, kIsCancelled, "Meeting cancelled {when}."},
                    {kClosed, kCancelled, kIsCancelled, "Meeting cancelled {when}."},
                    {kResolved, kCancelled, kIsCancelled, "Meeting cancelled {when}."},
                    {kCancelled, kCancelled, kIsCancelled, "Meeting already cancelled {when}."},
                }},
  };
  return family;
}

}  // namespace scrutiny::ledger
