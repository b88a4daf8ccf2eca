// ledger/format/field_plan.h
// What the proto options demand of every field, read once from the descriptors into tables, so that
// looking at a fact costs no lookup of options. Used by check and derive.
//
// Guarantees:  a plan lists every field that anything can be demanded of; lone numbers and
//              booleans are left out unless they are private.
// Threads:     thread-safe; built once, never freed.
// Tests:       tests/ledger/format/check_test.cc, derive_test.cc
#ifndef SCRUTINY_LEDGER_FORMAT_FIELD_PLAN_H_
#define SCRUTINY_LEDGER_FORMAT_FIELD_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ledger/base/ids.h"

namespace google::protobuf {
class Descriptor;
class FieldDescriptor;
}  // namespace google::protobuf

namespace scrutiny::ledger {

// Where (check) says nothing: proto/scrutiny/event/v1/options.proto.
inline constexpr size_t kTextBytesDefault = 4000;
inline constexpr size_t kListItemsDefault = 200;

// What a field holds.
enum class ValueKind : uint8_t { kNumber, kString, kBytes, kEnum, kMessage };

// What a string must be.
enum class Shape : uint8_t { kText, kKey, kRecord, kDate, kTimeOfDay, kTimeZone };

// Who may read a field: options.proto, Privacy.
enum class FieldPrivacy : uint8_t { kPublic, kPersonal, kRestricted };

struct MessagePlan;

struct FieldPlan {
  const google::protobuf::FieldDescriptor* field = nullptr;
  ValueKind value = ValueKind::kNumber;
  Shape shape = Shape::kText;
  FieldPrivacy privacy = FieldPrivacy::kPublic;
  bool repeated = false;
  bool required = false;
  bool cites = false;                    // names a record, or holds something that does
  std::string cited_kind;                // for kRecord; empty: any kind
  size_t bytes_max = 0;                  // for kString and kBytes
  size_t items_max = 0;                  // for a list
  size_t bytes_exact = 0;                // for kBytes; 0: any length
  const MessagePlan* message = nullptr;  // for kMessage
};

struct MessagePlan {
  const google::protobuf::Descriptor* descriptor = nullptr;
  size_t index = 0;    // dense from 0 over all plans
  bool cites = false;  // some field names a record, here or below
  std::vector<FieldPlan> fields;
};

// The plan of Proposed without its fact.
const MessagePlan& EnvelopePlan();

// The plan of a type's message; the type must be one of AllFactTypes.
const MessagePlan& FactPlan(FactType type);

// Every plan, each at its index.
const std::vector<const MessagePlan*>& AllPlans();

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_FORMAT_FIELD_PLAN_H_
