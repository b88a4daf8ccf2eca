#include "services/grpc/wire.h"

#include <cstdint>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/message.h"
#include "google/protobuf/wire_format_lite.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "grpcpp/support/slice.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/base/text.h"

namespace scrutiny::services {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;
using ledger::Error;
using ledger::Reason;

constexpr int kDepthMax = 100;

absl::Status Unreadable(const std::string& path) {
  return Error(Reason::kMalformed,
               absl::StrCat(
                   "The request cannot be read",
                   path.empty() ? "" : absl::StrCat(": its bytes end or break off in `", path, "`"),
                   "."))
      .Field(path)
      .Next("Send the message as the .proto files describe it.");
}

// Where the text stops being UTF-8.
size_t FirstInvalid(absl::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    const uint8_t lead = static_cast<uint8_t>(text[at]);
    const size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (!ledger::IsValidUtf8(text.substr(at, length))) break;
    at += length;
  }
  return at;
}

// Walks one message by its wire format, looking for what a parser would refuse.
absl::Status Walk(CodedInputStream& in, const Descriptor& type, const std::string& path,
                  int depth) {
  if (depth > kDepthMax) return Unreadable(path);
  std::map<int, int> seen;
  while (in.BytesUntilLimit() != 0) {
    const uint32_t tag = in.ReadTag();
    if (tag == 0) return Unreadable(path);
    const int number = WireFormatLite::GetTagFieldNumber(tag);
    const FieldDescriptor* field = type.FindFieldByNumber(number);
    const int index = seen[number]++;
    if (field == nullptr ||
        WireFormatLite::GetTagWireType(tag) != WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
      if (!WireFormatLite::SkipField(&in, tag)) return Unreadable(path);
      continue;
    }
    std::string inner = absl::StrCat(path, path.empty() ? "" : ".", field->name());
    if (field->is_repeated()) absl::StrAppend(&inner, "[", index, "]");
    uint32_t length = 0;
    if (!in.ReadVarint32(&length) || static_cast<int>(length) < 0 ||
        (in.BytesUntilLimit() >= 0 && static_cast<int>(length) > in.BytesUntilLimit())) {
      return Unreadable(inner);
    }
    if (field->type() == FieldDescriptor::TYPE_MESSAGE) {
      const CodedInputStream::Limit limit = in.PushLimit(static_cast<int>(length));
      SCRUTINY_RETURN_IF_ERROR(Walk(in, *field->message_type(), inner, depth + 1));
      in.PopLimit(limit);
      continue;
    }
    std::string text;
    if (!in.ReadString(&text, static_cast<int>(length))) return Unreadable(inner);
    if (field->type() == FieldDescriptor::TYPE_STRING && !ledger::IsValidUtf8(text)) {
      // Without the text, which may be personal: a status goes into logs.
      return Error(Reason::kMalformed,
                   absl::StrCat("The text of `", inner, "` is not valid UTF-8 from its byte ",
                                FirstInvalid(text), " on, counted from 0."))
          .Field(inner)
          .Next("Save the text as UTF-8 and send it again.");
    }
  }
  return absl::OkStatus();
}

// Whether the request's own enums have values that this version knows; proto3 keeps any number.
absl::Status CheckWords(const google::protobuf::Message& request) {
  const google::protobuf::Reflection& reflection = *request.GetReflection();
  const Descriptor& type = *request.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    if (field->type() != FieldDescriptor::TYPE_ENUM || field->is_repeated()) continue;
    const int value = reflection.GetEnumValue(request, field);
    if (field->enum_type()->FindValueByNumber(value) != nullptr) continue;
    return Error(Reason::kMalformed,
                 absl::StrCat("This server knows no `", field->name(), "` of ", value, "."))
        .Field(field->name())
        .Value(absl::StrCat(value))
        .Next("Use a value of the .proto files that this server was built with.");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ExplainUnreadable(absl::string_view bytes, const google::protobuf::Message& kind) {
  CodedInputStream in(reinterpret_cast<const uint8_t*>(bytes.data()),
                      static_cast<int>(bytes.size()));
  const CodedInputStream::Limit limit = in.PushLimit(static_cast<int>(bytes.size()));
  SCRUTINY_RETURN_IF_ERROR(Walk(in, *kind.GetDescriptor(), "", 0));
  in.PopLimit(limit);
  return Unreadable("");
}

absl::Status ParseRequest(const grpc::ByteBuffer& bytes, google::protobuf::Message* request) {
  {
    // The reader takes no ownership and changes nothing; its signature says otherwise.
    grpc::ProtoBufferReader reader(const_cast<grpc::ByteBuffer*>(&bytes));
    if (reader.status().ok() && request->ParseFromZeroCopyStream(&reader)) {
      return CheckWords(*request);
    }
  }
  grpc::Slice slice;
  if (!bytes.DumpToSingleSlice(&slice).ok()) return Unreadable("");
  return ExplainUnreadable(
      absl::string_view(reinterpret_cast<const char*>(slice.begin()), slice.size()), *request);
}

bool FlagIn(const grpc::ByteBuffer& bytes, int field_number) {
  grpc::ProtoBufferReader reader(const_cast<grpc::ByteBuffer*>(&bytes));
  if (!reader.status().ok()) return false;
  CodedInputStream in(&reader);
  const uint32_t wanted = WireFormatLite::MakeTag(field_number, WireFormatLite::WIRETYPE_VARINT);
  bool flag = false;
  while (const uint32_t tag = in.ReadTag()) {
    uint64_t value = 0;
    if (tag != wanted) {
      if (!WireFormatLite::SkipField(&in, tag)) break;
    } else if (in.ReadVarint64(&value)) {
      flag = value != 0;
    } else {
      break;
    }
  }
  return flag;
}

grpc::ByteBuffer ToBuffer(std::string bytes) {
  auto* const kept = new std::string(std::move(bytes));
  const grpc::Slice slice(
      kept->data(), kept->size(), [](void* string) { delete static_cast<std::string*>(string); },
      kept);
  return grpc::ByteBuffer(&slice, 1);
}

grpc::ByteBuffer ToBuffer(const google::protobuf::MessageLite& message) {
  return ToBuffer(message.SerializeAsString());
}

}  // namespace scrutiny::services
