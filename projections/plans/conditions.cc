#include "projections/plans/conditions.h"

#include "projections/engine/record_fold.h"
#include "scrutiny/register/v1/agreements.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the row
using event::v1::Proposed;
using google::protobuf::Message;

void Index(const Proposed& proposed, IndexSink sink) {
  const event::v1::ConditionSet& set = proposed.condition_set();
  if (!set.set_at().empty()) sink("meeting", set.set_at());
  if (!set.attached_to().empty()) sink("attached", set.attached_to());
}

}  // namespace

const Register& ConditionsRegister() {
  static const Register& conditions = *new Register(RecordRegister<ConditionRow>(
      "conditions", 1, "conditions",
      {{.fact_type = Proposed::kConditionSet,
        .state = CONDITION_STATE_OPEN,
        .day = "set_on",
        .step = "set",
        .then =
            [](const Fact&, Message* row) {
              auto* condition = static_cast<ConditionRow*>(row);
              condition->set_of_assurance(!condition->assurance().empty());
            }},
       {.fact_type = Proposed::kConditionReviewed,
        .day = "reviewed_on",
        .step = "reviewed",
        .clears = {"review_due"}},
       {.fact_type = Proposed::kConditionRestated, .step = "restated"},
       {.fact_type = Proposed::kConditionMet,
        .state = CONDITION_STATE_MET,
        .day = "met_on",
        .step = "met"},
       {.fact_type = Proposed::kConditionBroken,
        .state = CONDITION_STATE_BROKEN,
        .day = "broken_on",
        .step = "broken"},
       {.fact_type = Proposed::kConditionLapsed,
        .state = CONDITION_STATE_LAPSED,
        .day = "lapsed_on",
        .step = "lapsed"}},
      Index));
  return conditions;
}

}  // namespace scrutiny::projections
