#include "ledger/format/field_plan.h"

#include <memory>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"

#include "ledger/base/status.h"
#include "ledger/format/fact_types.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "scrutiny/event/v1/options.pb.h"

namespace scrutiny::ledger {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr absl::string_view kAnyKind = "*";

ValueKind KindOf(const FieldDescriptor& field) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_STRING:
      return ValueKind::kString;
    case FieldDescriptor::TYPE_BYTES:
      return ValueKind::kBytes;
    case FieldDescriptor::TYPE_ENUM:
      return ValueKind::kEnum;
    case FieldDescriptor::TYPE_MESSAGE:
      return ValueKind::kMessage;
    default:
      return ValueKind::kNumber;
  }
}

Shape ShapeOf(const event::v1::FieldCheck& check) {
  if (check.key()) return Shape::kKey;
  if (!check.cites().empty()) return Shape::kRecord;
  if (check.date()) return Shape::kDate;
  if (check.time_of_day()) return Shape::kTimeOfDay;
  if (check.time_zone()) return Shape::kTimeZone;
  return Shape::kText;
}

FieldPrivacy PrivacyOf(const event::v1::FieldCheck& check) {
  switch (check.privacy()) {
    case event::v1::PRIVACY_UNSPECIFIED:
      return FieldPrivacy::kPublic;
    case event::v1::PRIVACY_PERSONAL:
      return FieldPrivacy::kPersonal;
    default:
      // A kind of privacy that this version does not know is not for everybody either.
      return FieldPrivacy::kRestricted;
  }
}

// Builds the plans of Proposed and everything below it. No message of event/v1 holds itself.
class Planner {
 public:
  const MessagePlan* PlanOf(const Descriptor& message) {
    const auto found = by_descriptor_.find(&message);
    if (found != by_descriptor_.end()) return found->second;
    auto* plan = new MessagePlan();
    plan->descriptor = &message;
    plan->index = plans_.size();
    plans_.push_back(plan);
    by_descriptor_.emplace(&message, plan);
    const bool is_envelope = &message == event::v1::Proposed::descriptor();
    for (int i = 0; i < message.field_count(); ++i) {
      const FieldDescriptor& field = *message.field(i);
      // The fact has a plan of its own; one field of the envelope for each type would be walked for
      // nothing.
      if (is_envelope && field.real_containing_oneof() != nullptr) continue;
      FieldPlan planned = PlanField(field);
      plan->cites = plan->cites || planned.cites;
      const bool is_public = planned.privacy == FieldPrivacy::kPublic;
      if (planned.value == ValueKind::kNumber && !planned.repeated && is_public) continue;
      plan->fields.push_back(std::move(planned));
    }
    return plan;
  }

  std::vector<const MessagePlan*> plans() const { return plans_; }

 private:
  FieldPlan PlanField(const FieldDescriptor& field) {
    const event::v1::FieldCheck& check = field.options().GetExtension(event::v1::check);
    FieldPlan planned;
    planned.field = &field;
    planned.value = KindOf(field);
    planned.shape = ShapeOf(check);
    planned.privacy = PrivacyOf(check);
    planned.repeated = field.is_repeated();
    planned.required = check.required();
    planned.bytes_max = check.max_bytes() != 0 ? check.max_bytes() : kTextBytesDefault;
    planned.items_max = check.max_items() != 0 ? check.max_items() : kListItemsDefault;
    planned.bytes_exact = check.exact_bytes();
    if (planned.shape == Shape::kRecord) {
      planned.cites = true;
      if (check.cites() != kAnyKind) planned.cited_kind = check.cites();
    }
    if (planned.value == ValueKind::kMessage) {
      planned.message = PlanOf(*field.message_type());
      planned.cites = planned.message->cites;
    }
    return planned;
  }

  std::vector<const MessagePlan*> plans_;
  absl::flat_hash_map<const Descriptor*, const MessagePlan*> by_descriptor_;
};

struct Plans {
  const MessagePlan* envelope;
  std::vector<const MessagePlan*> by_type;
  std::vector<const MessagePlan*> all;

  Plans() {
    Planner planner;
    envelope = planner.PlanOf(*event::v1::Proposed::descriptor());
    by_type.assign(AllFactTypes().back().type.value() + 1, nullptr);
    for (const FactTypeInfo& info : AllFactTypes()) {
      by_type[info.type.value()] = planner.PlanOf(*info.descriptor->message_type());
    }
    all = planner.plans();
  }
};

const Plans& ThePlans() {
  static const Plans& plans = *new Plans();
  return plans;
}

}  // namespace

const MessagePlan& EnvelopePlan() { return *ThePlans().envelope; }

const MessagePlan& FactPlan(FactType type) {
  const std::vector<const MessagePlan*>& by_type = ThePlans().by_type;
  SCRUTINY_CHECK(type.value() < by_type.size() && by_type[type.value()] != nullptr)
      << "no fact type " << type;
  return *by_type[type.value()];
}

const std::vector<const MessagePlan*>& AllPlans() { return ThePlans().all; }

}  // namespace scrutiny::ledger
