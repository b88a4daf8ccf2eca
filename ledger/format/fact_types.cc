#include "ledger/format/fact_types.h"

#include <algorithm>
#include <cstddef>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

#include "ledger/base/status.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "scrutiny/event/v1/options.pb.h"

namespace scrutiny::ledger {
namespace {

using event::v1::Proposed;

// What only the server knows: no client may claim it.
bool IsByServer(int number) {
  return number == Proposed::kLedgerStartedFieldNumber ||
         number == Proposed::kIncarnationStartedFieldNumber ||
         number == Proposed::kClockConfirmedFieldNumber ||
         number == Proposed::kLogKeyRotatedFieldNumber ||
         number == Proposed::kSealsErasedFieldNumber;
}

FactTypeInfo InfoOfField(const google::protobuf::FieldDescriptor& field) {
  FactTypeInfo info;
  info.type = FactType(static_cast<uint32_t>(field.number()));
  info.name = field.message_type()->name();
  info.field = field.name();
  const event::v1::FactAbout& about =
      field.message_type()->options().GetExtension(event::v1::about);
  info.kinds.assign(about.kinds().begin(), about.kinds().end());
  info.founds = about.founds();
  info.by_server = IsByServer(field.number());
  info.descriptor = &field;
  return info;
}

// The types with the ways to find them.
struct Table {
  std::vector<FactTypeInfo> types;
  std::vector<const FactTypeInfo*> by_number;  // null where no type has the number
  absl::flat_hash_map<std::string, const FactTypeInfo*> by_name;

  Table() {
    const google::protobuf::OneofDescriptor* fact = Proposed::descriptor()->FindOneofByName("fact");
    SCRUTINY_CHECK(fact != nullptr) << "Proposed has no oneof `fact`";
    for (int i = 0; i < fact->field_count(); ++i) types.push_back(InfoOfField(*fact->field(i)));
    std::sort(types.begin(), types.end(),
              [](const FactTypeInfo& a, const FactTypeInfo& b) { return a.type < b.type; });
    by_number.assign(types.back().type.value() + 1, nullptr);
    for (const FactTypeInfo& info : types) {
      by_number[info.type.value()] = &info;
      by_name.emplace(info.name, &info);
      by_name.emplace(info.field, &info);
      by_name.emplace(absl::StrReplaceAll(info.field, {{"_", "-"}}), &info);
    }
  }
};

const Table& TheTable() {
  static const Table& table = *new Table();
  return table;
}

}  // namespace

const std::vector<FactTypeInfo>& AllFactTypes() { return TheTable().types; }

const FactTypeInfo* FindFactType(FactType type) {
  const std::vector<const FactTypeInfo*>& by_number = TheTable().by_number;
  return type.value() < by_number.size() ? by_number[type.value()] : nullptr;
}

const FactTypeInfo* FindFactType(absl::string_view name) {
  const auto found = TheTable().by_name.find(name);
  return found == TheTable().by_name.end() ? nullptr : found->second;
}

FactType TypeOf(const Proposed& proposed) {
  return FactType(static_cast<uint32_t>(proposed.fact_case()));
}

const google::protobuf::Message* FactOf(const Proposed& proposed) {
  const FactTypeInfo* info = FindFactType(TypeOf(proposed));
  if (info == nullptr) return nullptr;
  return &proposed.GetReflection()->GetMessage(proposed, info->descriptor);
}

}  // namespace scrutiny::ledger
