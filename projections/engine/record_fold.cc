#include "projections/engine/record_fold.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "scrutiny/event/v1/options.pb.h"
#include "scrutiny/register/v1/options.pb.h"
#include "scrutiny/register/v1/view.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using register_::v1::RecordStep;

const FieldDescriptor* FieldOf(const Descriptor& message, absl::string_view name) {
  return message.FindFieldByName(std::string(name));
}

const FieldDescriptor* NeedField(const Descriptor& message, absl::string_view name) {
  const FieldDescriptor* const field = FieldOf(message, name);
  SCRUTINY_CHECK(field != nullptr) << message.full_name() << " has no field " << name;
  return field;
}

bool SameType(const FieldDescriptor& a, const FieldDescriptor& b) {
  return a.type() == b.type() && a.is_repeated() == b.is_repeated() &&
         a.message_type() == b.message_type() && a.enum_type() == b.enum_type();
}

bool IsSet(const Message& message, const FieldDescriptor* field) {
  const Reflection& reflection = *message.GetReflection();
  return field->is_repeated() ? reflection.FieldSize(message, field) > 0
                              : reflection.HasField(message, field);
}

void CopyOne(const Message& from, const FieldDescriptor* source, Message* to,
             const FieldDescriptor* target) {
  const Reflection& in = *from.GetReflection();
  const Reflection& out = *to->GetReflection();
  switch (source->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return out.SetString(to, target, in.GetString(from, source));
    case FieldDescriptor::CPPTYPE_ENUM:
      return out.SetEnumValue(to, target, in.GetEnumValue(from, source));
    case FieldDescriptor::CPPTYPE_BOOL:
      return out.SetBool(to, target, in.GetBool(from, source));
    case FieldDescriptor::CPPTYPE_INT32:
      return out.SetInt32(to, target, in.GetInt32(from, source));
    case FieldDescriptor::CPPTYPE_UINT32:
      return out.SetUInt32(to, target, in.GetUInt32(from, source));
    case FieldDescriptor::CPPTYPE_INT64:
      return out.SetInt64(to, target, in.GetInt64(from, source));
    case FieldDescriptor::CPPTYPE_UINT64:
      return out.SetUInt64(to, target, in.GetUInt64(from, source));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return out.MutableMessage(to, target)->CopyFrom(in.GetMessage(from, source));
    default:
      SCRUTINY_CHECK(false) << source->full_name() << ": facts have no fields of this type";
  }
}

void CopyList(const Message& from, const FieldDescriptor* source, Message* to,
              const FieldDescriptor* target) {
  const Reflection& in = *from.GetReflection();
  const Reflection& out = *to->GetReflection();
  out.ClearField(to, target);
  for (int i = 0; i < in.FieldSize(from, source); ++i) {
    switch (source->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        out.AddString(to, target, in.GetRepeatedString(from, source, i));
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        out.AddMessage(to, target)->CopyFrom(in.GetRepeatedMessage(from, source, i));
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        out.AddEnumValue(to, target, in.GetRepeatedEnumValue(from, source, i));
        break;
      case FieldDescriptor::CPPTYPE_UINT32:
        out.AddUInt32(to, target, in.GetRepeatedUInt32(from, source, i));
        break;
      case FieldDescriptor::CPPTYPE_UINT64:
        out.AddUInt64(to, target, in.GetRepeatedUInt64(from, source, i));
        break;
      default:
        SCRUTINY_CHECK(false) << source->full_name() << ": facts have no lists of this type";
    }
  }
}

}  // namespace

ReadyRule::ReadyRule(const FactRule& rule, const Descriptor& row) : rule_(rule) {
  const Descriptor& proposed = *Proposed::descriptor();
  fact_ = proposed.FindFieldByNumber(static_cast<int>(rule.fact_type));
  SCRUTINY_CHECK(fact_ != nullptr) << "there is no fact of type " << rule.fact_type;
  const Descriptor& fact = *fact_->message_type();
  founds_ = fact.options().GetExtension(event::v1::about).founds();
  for (int i = 0; i < fact.field_count(); ++i) {
    const FieldDescriptor* const target = FieldOf(row, fact.field(i)->name());
    if (target != nullptr && SameType(*fact.field(i), *target)) {
      copies_.emplace_back(fact.field(i), target);
    }
  }
  if (rule.state != 0) state_ = NeedField(row, "state");
  if (!rule.day.empty()) day_ = NeedField(row, rule.day);
  for (const absl::string_view name : rule.clears) clears_.push_back(NeedField(row, name));
  plan_version_ = FieldOf(row, "plan_version");
  if (rule.step.empty()) return;
  steps_ = NeedField(row, "steps");
  for (const char* name : {"text", "reason", "mitigation", "title", "name"}) {
    if (step_text_ == nullptr) step_text_ = FieldOf(fact, name);
  }
  for (int i = 0; i < fact.field_count() && step_meeting_ == nullptr; ++i) {
    const auto& check = fact.field(i)->options().GetExtension(event::v1::check);
    if (check.cites() == "meetings" && !fact.field(i)->is_repeated()) step_meeting_ = fact.field(i);
  }
}

void ReadyRule::Copy(const Message& from, bool only_fill, Message* row) const {
  for (const auto& [source, target] : copies_) {
    if (!IsSet(from, source) || (only_fill && IsSet(*row, target))) continue;
    if (source->is_repeated()) {
      CopyList(from, source, row, target);
    } else {
      CopyOne(from, source, row, target);
    }
  }
}

void ReadyRule::AddStep(const Fact& fact, const Message& from, Message* row) const {
  RecordStep step;
  step.set_what(rule_.step.data(), rule_.step.size());
  step.set_date(fact.DayText());
  step.set_sequence(fact.sequence.value());
  const Reflection& in = *from.GetReflection();
  if (step_text_ != nullptr) step.set_text(in.GetString(from, step_text_));
  if (step_meeting_ != nullptr) step.set_meeting(in.GetString(from, step_meeting_));
  const Reflection& out = *row->GetReflection();
  out.AddMessage(row, steps_)->CopyFrom(step);
  if (static_cast<size_t>(out.FieldSize(*row, steps_)) <= kRecordStepsMax) return;
  for (int i = 1; i < out.FieldSize(*row, steps_); ++i) out.SwapElements(row, steps_, i - 1, i);
  out.RemoveLast(row, steps_);
}

void ReadyRule::Apply(const Fact& fact, bool only_fill, Message* row) const {
  const Proposed& proposed = fact.proposed();
  const Message& from = proposed.GetReflection()->GetMessage(proposed, fact_);
  const Reflection& out = *row->GetReflection();
  for (const FieldDescriptor* field : clears_) out.ClearField(row, field);
  Copy(from, only_fill, row);
  if (plan_version_ != nullptr && proposed.has_plan_version() &&
      !(only_fill && IsSet(*row, plan_version_))) {
    out.MutableMessage(row, plan_version_)->CopyFrom(proposed.plan_version());
  }
  if (state_ != nullptr && !(only_fill && IsSet(*row, state_))) {
    out.SetEnumValue(row, state_, rule_.state);
  }
  if (day_ != nullptr && !(only_fill && IsSet(*row, day_))) {
    out.SetString(row, day_, fact.DayText());
  }
  if (steps_ != nullptr) AddStep(fact, from, row);
  if (rule_.then) rule_.then(fact, row);
}

ReadyRules MakeReady(const std::vector<FactRule>& rules, const Descriptor& row) {
  ReadyRules ready;
  for (const FactRule& rule : rules) ready.emplace(rule.fact_type, ReadyRule(rule, row));
  return ready;
}

void SetRecord(absl::string_view record, Message* row) {
  const Descriptor& descriptor = *row->GetDescriptor();
  const std::string& name = descriptor.options().GetExtension(register_::v1::rows).record();
  row->GetReflection()->SetString(row, NeedField(descriptor, name), std::string(record));
}

}  // namespace scrutiny::projections
