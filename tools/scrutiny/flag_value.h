// tools/scrutiny/flag_value.h
// One value of a flag into the field it fills, by the field's own description.
//
// Threads:  thread-compatible.
// Errors:   kMalformed with the value and what would be right.
// Tests:    tests/tools/scrutiny/verb_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINY_FLAG_VALUE_H_
#define SCRUTINY_TOOLS_SCRUTINY_FLAG_VALUE_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace google::protobuf {
class FieldDescriptor;
class Message;
}  // namespace google::protobuf

namespace scrutiny::tools {

using ResolveRecord =
    std::function<absl::StatusOr<std::string>(absl::string_view text, absl::string_view kind)>;

// Sets the field at the path from the values; a list takes all of them, anything else the last.
// Dates and times as clerks write them become ISO, keys become keys, records are resolved; owners,
// deciders, amounts, numbers, limbs and the like are read from a line of text (see ValueHint).
absl::Status SetFromText(google::protobuf::Message* message, absl::string_view path,
                         const std::vector<std::string>& values, const ResolveRecord& resolve);

// What --help calls the value: `DATE`, `MEETING`, `"VERB: SUBJECT"`.
std::string ValueHint(const google::protobuf::FieldDescriptor* field);

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SCRUTINY_FLAG_VALUE_H_
