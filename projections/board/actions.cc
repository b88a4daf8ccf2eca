#include "projections/board/actions.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "projections/board/wording.h"
#include "projections/engine/row_fold.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;

// Facts come by date, undated ones last: the one that raises an action may come after others, and
// then fills in only what they have not said.
class ActionFold final : public RowFold<register_::v1::ActionRow> {
 public:
  explicit ActionFold(absl::string_view record) {
    row_.set_action(record.data(), record.size());
    row_.set_state(register_::v1::ACTION_STATE_OPEN);
  }

 protected:
  absl::Status Take(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    switch (proposed.fact_case()) {
      case Proposed::kActionRaised:
        Raised(fact, proposed.action_raised());
        break;
      case Proposed::kActionAssigned:
        SetOwners(proposed.action_assigned().owners());
        AddStep(fact, "assigned", OwnersInWords(row_.owners()),
                proposed.action_assigned().meeting());
        break;
      case Proposed::kActionRestated:
        row_.set_title(proposed.action_restated().title());
        restated_ = true;
        AddStep(fact, "restated", proposed.action_restated().title(),
                proposed.action_restated().meeting());
        break;
      case Proposed::kActionUpdated:
        row_.set_progress(proposed.action_updated().text());
        AddStep(fact, "updated", proposed.action_updated().text(),
                proposed.action_updated().meeting());
        break;
      case Proposed::kActionReassigned:
        SetOwners(proposed.action_reassigned().owners());
        AddStep(fact, "reassigned",
                WithReason(OwnersInWords(row_.owners()), proposed.action_reassigned().reason()),
                proposed.action_reassigned().meeting());
        break;
      case Proposed::kActionDueSet:
        DueSet(fact, proposed.action_due_set());
        break;
      default:
        return TakeOutcome(fact);
    }
    return absl::OkStatus();
  }

 private:
  using Owners = google::protobuf::RepeatedPtrField<event::v1::Owner>;

  // What ends an action or takes its end back.
  absl::Status TakeOutcome(const Fact& fact) {
    const Proposed& proposed = fact.proposed();
    switch (proposed.fact_case()) {
      case Proposed::kActionCompleted:
        Completed(fact, proposed.action_completed());
        break;
      case Proposed::kActionClosed:
        row_.set_state(register_::v1::ACTION_STATE_CLOSED);
        row_.set_closed_on(fact.DayText());
        AddStep(fact, "closed", proposed.action_closed().reason(),
                proposed.action_closed().meeting());
        break;
      case Proposed::kActionReopened:
        row_.set_state(register_::v1::ACTION_STATE_OPEN);
        row_.clear_completed_on();
        row_.clear_closed_on();
        AddStep(fact, "reopened", proposed.action_reopened().reason(),
                proposed.action_reopened().meeting());
        break;
      case Proposed::kActionWithdrawn:
        row_.set_state(register_::v1::ACTION_STATE_WITHDRAWN);
        AddStep(fact, "withdrawn", proposed.action_withdrawn().reason(),
                proposed.action_withdrawn().meeting());
        break;
      default:
        return NotForRegister("actions", fact);
    }
    return absl::OkStatus();
  }

  void Raised(const Fact& fact, const event::v1::ActionRaised& raised) {
    if (!restated_) row_.set_title(raised.title());
    row_.set_meeting(raised.meeting());
    row_.set_item(raised.item());
    row_.set_raised_on(fact.DayText());
    if (!owners_set_) *row_.mutable_owners() = raised.owners();
    if (!due_set_ && raised.has_due()) SetDue(raised.due());
    if (raised.has_number()) row_.set_number(NumberInWords(raised.number()));
    AddStep(fact, "raised", raised.detail().empty() ? raised.title() : raised.detail(),
            raised.meeting());
  }

  void Completed(const Fact& fact, const event::v1::ActionCompleted& completed) {
    row_.set_state(register_::v1::ACTION_STATE_COMPLETED);
    row_.set_completed_on(fact.DayText());
    row_.mutable_evidence()->MergeFrom(completed.evidence());
    if (!completed.text().empty()) row_.set_progress(completed.text());
    AddStep(fact, "completed", completed.text(), completed.meeting());
  }

  void DueSet(const Fact& fact, const event::v1::ActionDueSet& set) {
    due_set_ = true;
    row_.clear_due_date();
    row_.clear_due_meeting();
    row_.clear_due_printed();
    if (set.has_due()) SetDue(set.due());
    AddStep(fact, "due",
            WithReason(set.has_due() ? DueInWords(set.due()) : "no due date", set.reason()),
            set.meeting());
  }

  void SetDue(const event::v1::Due& due) {
    row_.set_due_date(due.date());
    row_.set_due_meeting(due.meeting());
    row_.set_due_printed(due.printed());
  }

  void SetOwners(const Owners& owners) {
    owners_set_ = true;
    *row_.mutable_owners() = owners;
  }

  void AddStep(const Fact& fact, absl::string_view what, absl::string_view text,
               const std::string& meeting) {
    auto* steps = row_.mutable_steps();
    if (steps->size() == kActionStepsMax) {
      // The oldest goes, but for the completion that says in what state a closed action is.
      const int oldest = steps->Get(0).what() == "completed" ? 1 : 0;
      steps->DeleteSubrange(oldest, 1);
    }
    register_::v1::ActionStep* step = steps->Add();
    step->set_what(what.data(), what.size());
    step->set_date(fact.DayText());
    step->set_text(text.data(), text.size());
    step->set_meeting(meeting);
    step->set_sequence(fact.sequence.value());
  }

  bool restated_ = false;
  bool owners_set_ = false;
  bool due_set_ = false;
};

void Index(const Proposed& proposed, IndexSink sink) {
  if (proposed.has_action_raised() && !proposed.action_raised().meeting().empty()) {
    sink("meeting", proposed.action_raised().meeting());
  }
}

}  // namespace

const Register& ActionsRegister() {
  static const Register& actions =
      *new Register{"actions",
                    1,
                    "actions",
                    {Proposed::kActionRaised, Proposed::kActionAssigned, Proposed::kActionRestated,
                     Proposed::kActionUpdated, Proposed::kActionReassigned, Proposed::kActionDueSet,
                     Proposed::kActionCompleted, Proposed::kActionClosed, Proposed::kActionReopened,
                     Proposed::kActionWithdrawn},
                    [](absl::string_view record) -> std::unique_ptr<Fold> {
                      return std::make_unique<ActionFold>(record);
                    },
                    Index,
                    AlwaysA<register_::v1::ActionRow>};
  return actions;
}

}  // namespace scrutiny::projections
