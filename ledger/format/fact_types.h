// ledger/format/fact_types.h
// The types of facts, derived from the `fact` oneof of scrutiny.event.v1.Proposed: numbers, names,
// the kinds of record they go with.
//
// Threads:  thread-safe; a table built once from the descriptors.
// Tests:    tests/ledger/format/fact_types_test.cc
#ifndef SCRUTINY_LEDGER_FORMAT_FACT_TYPES_H_
#define SCRUTINY_LEDGER_FORMAT_FACT_TYPES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "ledger/base/ids.h"

namespace google::protobuf {
class Descriptor;
class FieldDescriptor;
class Message;
}  // namespace google::protobuf
namespace scrutiny::event::v1 {
class Proposed;
}  // namespace scrutiny::event::v1

namespace scrutiny::ledger {

// A type of fact.
struct FactTypeInfo {
  FactType type;                   // its number in the oneof
  std::string name;                // its message: `ActionRaised`
  std::string field;               // its field in Proposed: `action_raised`
  std::vector<std::string> kinds;  // kinds of record that may carry it; empty: any
  bool founds = false;             // it founds its record and comes once
  bool by_server = false;          // only the server writes it (genesis, clock, erasures, …)
  const google::protobuf::FieldDescriptor* descriptor = nullptr;  // the field in Proposed
};

// All types, by rising number.
const std::vector<FactTypeInfo>& AllFactTypes();

// The type with this number; null if this version knows none.
const FactTypeInfo* FindFactType(FactType type);

// The type of this name, `ActionRaised`, `action_raised` or `action-raised`; null if there is none.
const FactTypeInfo* FindFactType(absl::string_view name);

// The type of the fact in a Proposed; FactType(0) if it has none (or one of a later version).
FactType TypeOf(const event::v1::Proposed& proposed);

// The fact message in a Proposed; null if it has none.
const google::protobuf::Message* FactOf(const event::v1::Proposed& proposed);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_FORMAT_FACT_TYPES_H_
