// tools/support/proto_json.h
// Messages to and from proto3 JSON, with errors that name the field.
//
// Guarantees:  field names are those of the .proto files; what ToJson wrote, FromJson reads.
// Threads:     pure functions.
// Errors:      kMalformed with the path of the field and the value; unknown fields are refused.
// Tests:       tests/tools/support/proto_json_test.cc
#ifndef SCRUTINY_TOOLS_SUPPORT_PROTO_JSON_H_
#define SCRUTINY_TOOLS_SUPPORT_PROTO_JSON_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace google::protobuf {
class Message;
}  // namespace google::protobuf

namespace scrutiny::tools {

// Reads the one JSON object that the text is.
absl::Status FromJson(absl::string_view json, google::protobuf::Message* message);

// On one line; `indented`: on several, for reading.
std::string ToJson(const google::protobuf::Message& message, bool indented = false);

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SUPPORT_PROTO_JSON_H_
