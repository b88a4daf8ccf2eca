// tools/support/field_path.h
// Fields of a message by their path, `due.date` or `owners[0].post`, set from text.
//
// Guarantees:  a message that an error is returned for may have empty parts on the path, but no
//              other value.
// Threads:     thread-compatible.
// Errors:      kMalformed with the path, what fields there are, and the value at fault.
// Tests:       tests/tools/support/field_path_test.cc
#ifndef SCRUTINY_TOOLS_SUPPORT_FIELD_PATH_H_
#define SCRUTINY_TOOLS_SUPPORT_FIELD_PATH_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace google::protobuf {
class Descriptor;
class EnumDescriptor;
class FieldDescriptor;
class Message;
}  // namespace google::protobuf

namespace scrutiny::tools {

// The field at the end of a path; indexes are looked over.
absl::StatusOr<const google::protobuf::FieldDescriptor*> FindField(
    const google::protobuf::Descriptor* message, absl::string_view path);

// Where a path ends: a field of a message inside the one it began in.
struct FieldPlace {
  google::protobuf::Message* message = nullptr;
  const google::protobuf::FieldDescriptor* field = nullptr;
  int index = -1;  // which of a repeated field; -1: the field as a whole
};
// Walks the path, making what is not there yet: a message, the next element of a list.
absl::StatusOr<FieldPlace> Locate(google::protobuf::Message* message, absl::string_view path);

// Sets the field. Empty text clears it. A number, yes or no, an enum value in words (`to note`) or
// as in the proto; a message or a list as JSON; a list of texts also separated by semicolons.
absl::Status SetField(google::protobuf::Message* message, absl::string_view path,
                      absl::string_view text);

// Sets one plain value at a place whose message is there: adds one to a list if index is -1.
absl::Status SetScalar(const FieldPlace& place, absl::string_view text);

// The number of an enum value from words; the error lists what there is.
absl::StatusOr<int> ReadEnum(const google::protobuf::EnumDescriptor* type, absl::string_view text);
// Its values in words, `to-note`, as a command line takes them.
std::vector<std::string> EnumChoices(const google::protobuf::EnumDescriptor* type);

// yes, no, true, false.
absl::StatusOr<bool> ReadBool(absl::string_view text);

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SUPPORT_FIELD_PATH_H_
