#include "projections/board/minute_actions.h"

#include <map>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"

#include "projections/board/actions.h"
#include "projections/board/wording.h"
#include "projections/engine/row_meta.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using register_::v1::ActionRow;

// The fact itself, whatever its type.
const Message& FactOf(const Proposed& proposed) {
  const auto* const field = proposed.GetDescriptor()->FindFieldByNumber(proposed.fact_case());
  return proposed.GetReflection()->GetMessage(proposed, field);
}

// A text of the fact; empty if facts of the type have none of that name.
std::string TextOf(const Message& fact, const std::string& name) {
  const FieldDescriptor* const field = fact.GetDescriptor()->FindFieldByName(name);
  return field == nullptr ? std::string() : fact.GetReflection()->GetString(fact, field);
}

class MinuteActionsFold final : public Fold {
 public:
  explicit MinuteActionsFold(absl::string_view record) {
    now_.set_action(record.data(), record.size());
    now_.set_state(register_::v1::ACTION_STATE_OPEN);
  }

  absl::Status Apply(const Fact& fact) override {
    const bool had_words = !now_.title().empty();
    const char* const what = Change(fact.proposed());
    if (what == nullptr) return NotForRegister(kMinuteActions, fact);
    if (!had_words && !now_.title().empty()) GiveWords();
    const Message& said = FactOf(fact.proposed());
    const std::string meeting = TextOf(said, "meeting");
    if (meeting.empty()) return absl::OkStatus();
    Kept& kept = kept_[meeting];
    ActionRow left = now_;
    left.set_meeting(meeting);
    // A fact that names no item belongs to that of another one of the same meeting.
    const std::string item = TextOf(said, "item");
    left.set_item(item.empty() ? kept.row.item() : item);
    *left.mutable_steps() = kept.row.steps();
    auto* const steps = left.mutable_steps();
    if (steps->size() == kActionStepsMax) steps->DeleteSubrange(0, 1);
    register_::v1::ActionStep* const step = steps->Add();
    step->set_what(what);
    step->set_date(fact.DayText());
    step->set_meeting(meeting);
    step->set_sequence(fact.sequence.value());
    kept.row = std::move(left);
    kept.meta.Add(fact);
    kept.changed = true;
    return absl::OkStatus();
  }

  void Rows(bool only_changed, RowSink& sink) override {
    for (auto& [meeting, kept] : kept_) {
      if (!kept.changed && only_changed) continue;
      kept.meta.WriteTo(kept.row.mutable_meta());
      sink.Row(absl::StrCat(kAtMeetingPrefix, meeting), kept.row);
      kept.changed = false;
    }
  }

 private:
  struct Kept {
    ActionRow row;
    MetaBuilder meta;
    bool changed = false;
  };

  // Raised by a fact that is not dated, it had no words before.
  void GiveWords() {
    for (auto& [meeting, kept] : kept_) {
      if (!kept.row.title().empty()) continue;
      kept.row.set_title(now_.title());
      kept.changed = true;
    }
  }

  // Brings the action to where the fact leaves it; what the fact did, null if it is no such fact.
  const char* Change(const Proposed& proposed) {
    switch (proposed.fact_case()) {
      case Proposed::kActionRaised:
        Raised(proposed.action_raised());
        return "raised";
      case Proposed::kActionAssigned:
        *now_.mutable_owners() = proposed.action_assigned().owners();
        return "assigned";
      case Proposed::kActionRestated:
        now_.set_title(proposed.action_restated().title());
        return "restated";
      case Proposed::kActionUpdated:
        return "updated";
      case Proposed::kActionReassigned:
        *now_.mutable_owners() = proposed.action_reassigned().owners();
        return "reassigned";
      case Proposed::kActionDueSet:
        SetDue(proposed.action_due_set().due());
        return "due";
      default:
        return ChangeState(proposed);
    }
  }

  const char* ChangeState(const Proposed& proposed) {
    switch (proposed.fact_case()) {
      case Proposed::kActionCompleted:
        now_.set_state(register_::v1::ACTION_STATE_COMPLETED);
        return "completed";
      case Proposed::kActionClosed:
        now_.set_state(register_::v1::ACTION_STATE_CLOSED);
        return "closed";
      case Proposed::kActionReopened:
        now_.set_state(register_::v1::ACTION_STATE_OPEN);
        return "reopened";
      case Proposed::kActionWithdrawn:
        now_.set_state(register_::v1::ACTION_STATE_WITHDRAWN);
        return "withdrawn";
      default:
        return nullptr;
    }
  }

  // Not dated, it comes last, and fills in what nothing else has said.
  void Raised(const event::v1::ActionRaised& raised) {
    if (now_.title().empty()) now_.set_title(raised.title());
    if (now_.owners().empty()) *now_.mutable_owners() = raised.owners();
    if (raised.has_due() && now_.due_date().empty() && now_.due_meeting().empty() &&
        now_.due_printed().empty()) {
      SetDue(raised.due());
    }
    if (raised.has_number()) now_.set_number(NumberInWords(raised.number()));
  }

  void SetDue(const event::v1::Due& due) {
    now_.set_due_date(due.date());
    now_.set_due_meeting(due.meeting());
    now_.set_due_printed(due.printed());
  }

  ActionRow now_;
  std::map<std::string, Kept> kept_;
};

void Index(const Proposed& proposed, IndexSink sink) {
  if (proposed.fact_case() == Proposed::FACT_NOT_SET) return;
  const std::string meeting = TextOf(FactOf(proposed), "meeting");
  if (!meeting.empty()) sink("meeting", meeting);
}

}  // namespace

const Register& MinuteActionsRegister() {
  static const Register& actions =
      *new Register{kMinuteActions,
                    1,
                    "actions",
                    {Proposed::kActionRaised, Proposed::kActionAssigned, Proposed::kActionRestated,
                     Proposed::kActionUpdated, Proposed::kActionReassigned, Proposed::kActionDueSet,
                     Proposed::kActionCompleted, Proposed::kActionClosed, Proposed::kActionReopened,
                     Proposed::kActionWithdrawn},
                    [](absl::string_view record) -> std::unique_ptr<Fold> {
                      return std::make_unique<MinuteActionsFold>(record);
                    },
                    Index,
                    AlwaysA<ActionRow>};
  return actions;
}

}  // namespace scrutiny::projections
