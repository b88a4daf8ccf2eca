// ledger/format/check_meaning.h
// The part of checking that options cannot say: what several fields of a message must be together.
// Used by check alone, which walks the fields.
//
// Threads:  pure functions.
// Errors:   kMalformed with the path and value.
// Tests:    tests/ledger/format/check_test.cc
#ifndef SCRUTINY_LEDGER_FORMAT_CHECK_MEANING_H_
#define SCRUTINY_LEDGER_FORMAT_CHECK_MEANING_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace google::protobuf {
class Message;
}  // namespace google::protobuf
namespace scrutiny::event::v1 {
class Proposed;
}  // namespace scrutiny::event::v1

namespace scrutiny::ledger {

struct FactTypeInfo;
struct MessagePlan;

// Where a value stands in the Proposed: a chain on the stack, written out only for an error.
struct FieldPath {
  const FieldPath* parent = nullptr;
  absl::string_view name;
  int index = -1;  // in a list

  // `action_raised.owners[1].person`
  std::string ToString() const;
};

// What is gathered while the fields are walked.
struct CheckContext {
  absl::string_view record;
  absl::Span<const absl::string_view> to_be_sealed;  // see CheckOptions
  bool cites_priority = false;
};

// Judges one message whose fields have each passed. `path` is null for the envelope.
absl::Status CheckMeaning(const google::protobuf::Message& message, const MessagePlan& plan,
                          const FieldPath* path, CheckContext& context);

// Judges the fact as a whole, after everything in it has passed.
absl::Status CheckWhole(const event::v1::Proposed& proposed, const FactTypeInfo& info,
                        const CheckContext& context);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_FORMAT_CHECK_MEANING_H_
