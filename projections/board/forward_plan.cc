#include "projections/board/forward_plan.h"

#include <memory>
#include <string>

#include "projections/board/wording.h"
#include "projections/engine/row_fold.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;
using Names = google::protobuf::RepeatedPtrField<std::string>;

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
      case Proposed::kForwardPlanItemMoved:
        Moved(proposed.forward_plan_item_moved());
        break;
      case Proposed::kForwardPlanItemDropped:
        row_.set_state(register_::v1::PLAN_ITEM_STATE_DROPPED);
        row_.set_reason(proposed.forward_plan_item_dropped().reason());
        break;
      case Proposed::kForwardPlanItemTaken:
        row_.set_state(register_::v1::PLAN_ITEM_STATE_TAKEN);
        row_.set_taken_at(proposed.forward_plan_item_taken().meeting());
        row_.set_taken_item(proposed.forward_plan_item_taken().item());
        break;
      default:
        return NotForRegister("forward-plan", fact);
    }
    row_.set_certain(row_.meetings_size() == 1);
    return absl::OkStatus();
  }

 private:
  void Scheduled(const event::v1::ForwardPlanItemScheduled& scheduled) {
    row_.set_forum(scheduled.forum());
    row_.set_title(scheduled.title());
    if (scheduled.has_owner()) *row_.mutable_owner() = scheduled.owner();
    row_.set_order(scheduled.order());
    row_.set_uncertain(scheduled.uncertain());
    if (!moved_) *row_.mutable_meetings() = scheduled.meetings();
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

  bool moved_ = false;
};

}  // namespace

const Register& ForwardPlanRegister() {
  static const Register& plan =
      *new Register{"forward-plan",
                    1,
                    "plan-items",
                    {Proposed::kForwardPlanItemScheduled, Proposed::kForwardPlanItemMoved,
                     Proposed::kForwardPlanItemDropped, Proposed::kForwardPlanItemTaken},
                    [](absl::string_view record) -> std::unique_ptr<Fold> {
                      return std::make_unique<PlanItemFold>(record);
                    },
                    nullptr};
  return plan;
}

}  // namespace scrutiny::projections
