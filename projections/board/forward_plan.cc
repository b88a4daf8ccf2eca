#include "projections/board/forward_plan.h"

#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "projections/board/wording.h"
#include "projections/engine/keyed_rows.h"
#include "projections/engine/row_fold.h"
#include "scrutiny/register/v1/plan_agenda.pb.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;
using Names = google::protobuf::RepeatedPtrField<std::string>;
using register_::v1::PlanAgendaRow;

class PlanItemFold final : public RowFold<register_::v1::PlanItemRow> {
 public:
  explicit PlanItemFold(absl::string_view record) {
    row_.set_plan_item(record.data(), record.size());
    row_.set_state(register_::v1::PLAN_ITEM_STATE_PLANNED);
  }

 protected:
  absl::Status Take(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    switch (proposed.fact_case()) {
      case Proposed::kForwardPlanItemScheduled:
        Scheduled(proposed.forward_plan_item_scheduled());
        break;
      case Proposed::kForwardPlanItemRestated:
        Restated(proposed.forward_plan_item_restated());
        break;
      case Proposed::kForwardPlanItemMoved:
        Moved(proposed.forward_plan_item_moved());
        break;
      case Proposed::kForwardPlanItemDropped:
        row_.set_state(register_::v1::PLAN_ITEM_STATE_DROPPED);
        row_.set_reason(proposed.forward_plan_item_dropped().reason());
        break;
      case Proposed::kForwardPlanItemPlaced:
        row_.set_placed_at(proposed.forward_plan_item_placed().meeting());
        row_.set_placed_item(proposed.forward_plan_item_placed().item());
        Join(fact, proposed.forward_plan_item_placed(), /*taken=*/false);
        break;
      case Proposed::kForwardPlanItemTaken:
        row_.set_state(register_::v1::PLAN_ITEM_STATE_TAKEN);
        row_.set_taken_at(proposed.forward_plan_item_taken().meeting());
        row_.set_taken_item(proposed.forward_plan_item_taken().item());
        Join(fact, proposed.forward_plan_item_taken(), /*taken=*/true);
        break;
      default:
        return NotForRegister("forward-plan", fact);
    }
    row_.set_certain(row_.meetings_size() == 1);
    return absl::OkStatus();
  }

  void MoreRows(RowSink& sink) override { joins_.Give(/*only_changed=*/false, sink); }

 private:
  void Scheduled(const event::v1::ForwardPlanItemScheduled& scheduled) {
    row_.set_forum(scheduled.forum());
    if (!restated_title_) row_.set_title(scheduled.title());
    if (scheduled.has_owner() && !restated_owner_) *row_.mutable_owner() = scheduled.owner();
    row_.set_order(scheduled.order());
    row_.set_recurrence(scheduled.recurrence());
    row_.set_uncertain(scheduled.uncertain());
    row_.set_class_(scheduled.class_());
    row_.set_slipped_from(scheduled.slipped_from());
    *row_.mutable_priorities() = scheduled.priorities();
    row_.set_forecast(scheduled.forecast());
    if (!moved_) *row_.mutable_meetings() = scheduled.meetings();
  }

  void Restated(const event::v1::ForwardPlanItemRestated& restated) {
    if (!restated.title().empty()) {
      restated_title_ = true;
      row_.set_title(restated.title());
    }
    if (restated.has_owner()) {
      restated_owner_ = true;
      *row_.mutable_owner() = restated.owner();
    }
  }

  void Moved(const event::v1::ForwardPlanItemMoved& moved) {
    moved_ = true;
    row_.set_state(register_::v1::PLAN_ITEM_STATE_MOVED);
    row_.set_reason(moved.reason());
    Names from = row_.meetings();  // The latest first.
    from.MergeFrom(row_.moved_from());
    *row_.mutable_moved_from() = from;
    *row_.mutable_meetings() = moved.meetings();
  }

  template <typename Joining>
  void Join(const Fact& fact, const Joining& joining, bool taken) {
    PlanAgendaRow& row = joins_.Make(
        absl::StrCat(kPlanJoinPrefix, absl::Dec(fact.sequence.value(), absl::kZeroPad20)));
    row.set_plan_item(row_.plan_item());
    row.add_planned_for(joining.meeting());
    row.set_item(joining.item());
    row.set_taken(taken);
    row.add_joined_by(fact.sequence.value());
  }

  MadeRows<PlanAgendaRow> joins_;
  bool moved_ = false;
  bool restated_title_ = false;
  bool restated_owner_ = false;
};

void Index(const Proposed& proposed, IndexSink sink) {
  const auto mention = [&](const std::string& meeting) {
    if (!meeting.empty()) sink("meeting", meeting);
  };
  for (const std::string& at : proposed.forward_plan_item_scheduled().meetings()) mention(at);
  for (const std::string& at : proposed.forward_plan_item_moved().meetings()) mention(at);
  mention(proposed.forward_plan_item_placed().meeting());
  mention(proposed.forward_plan_item_taken().meeting());
}

const google::protobuf::Message& RowOf(absl::string_view key) {
  if (absl::StartsWith(key, kPlanJoinPrefix)) return PlanAgendaRow::default_instance();
  return register_::v1::PlanItemRow::default_instance();
}

}  // namespace

const Register& ForwardPlanRegister() {
  static const Register& plan =
      *new Register{"forward-plan",
                    2,
                    "plan-items",
                    {Proposed::kForwardPlanItemScheduled, Proposed::kForwardPlanItemMoved,
                     Proposed::kForwardPlanItemDropped, Proposed::kForwardPlanItemTaken,
                     Proposed::kForwardPlanItemPlaced, Proposed::kForwardPlanItemRestated},
                    [](absl::string_view record) -> std::unique_ptr<Fold> {
                      return std::make_unique<PlanItemFold>(record);
                    },
                    Index,
                    RowOf};
  return plan;
}

}  // namespace scrutiny::projections
