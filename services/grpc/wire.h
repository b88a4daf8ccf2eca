// services/grpc/wire.h
// Messages to and from the bytes gRPC carries. Requests are parsed here and not by gRPC, so that
// one that cannot be read is refused as every other mistake is: with the field at fault.
//
// Threads:  pure functions.
// Errors:   kMalformed with the field's path: text that is not UTF-8, bytes that are no message.
// Tests:    tests/services/grpc/wire_test.cc
#ifndef SCRUTINY_SERVICES_GRPC_WIRE_H_
#define SCRUTINY_SERVICES_GRPC_WIRE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace google::protobuf {
class Message;
class MessageLite;
}  // namespace google::protobuf
namespace grpc {
class ByteBuffer;
}  // namespace grpc

namespace scrutiny::services {

// Parses the bytes of a request.
absl::Status ParseRequest(const grpc::ByteBuffer& bytes, google::protobuf::Message* request);

// Whether a flag of the message itself is set, whatever else stands in its bytes; without parsing
// it.
bool FlagIn(const grpc::ByteBuffer& bytes, int field_number);

// Why bytes cannot be parsed as this kind of message.
absl::Status ExplainUnreadable(absl::string_view bytes, const google::protobuf::Message& kind);

// A buffer that holds the bytes, without copying them.
grpc::ByteBuffer ToBuffer(std::string bytes);
grpc::ByteBuffer ToBuffer(const google::protobuf::MessageLite& message);

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_GRPC_WIRE_H_
