#include "projections/queries/row_json.h"

#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"

#include "ledger/base/status.h"

namespace scrutiny::projections {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::string Json(const Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string text;
  const auto written = google::protobuf::util::MessageToJsonString(message, &text, options);
  SCRUTINY_CHECK(written.ok()) << message.GetTypeName() << ": " << written.ToString();
  return text;
}

}  // namespace

std::string RowJson(const Message& row) { return Json(row); }

std::string FieldText(const Message& row, const FieldDescriptor& field) {
  const google::protobuf::Reflection& reflection = *row.GetReflection();
  if (!field.is_repeated()) {
    if (!reflection.HasField(row, &field)) return std::string();
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING &&
        field.type() == FieldDescriptor::TYPE_STRING) {
      return reflection.GetString(row, &field);
    }
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      return Json(reflection.GetMessage(row, &field));
    }
  } else if (reflection.FieldSize(row, &field) == 0) {
    return std::string();
  }
  // {"name":VALUE} of a row that has this field alone.
  const std::unique_ptr<Message> alone(row.New());
  alone->CopyFrom(row);
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(row, &fields);
  for (const FieldDescriptor* other : fields) {
    if (other != &field) reflection.ClearField(alone.get(), other);
  }
  const std::string text = Json(*alone);
  const size_t begin = field.name().size() + 4;  // {"":
  std::string value = text.substr(begin, text.size() - begin - 1);
  const bool quoted = !field.is_repeated() && value.size() > 1 && value.front() == '"';
  return quoted ? value.substr(1, value.size() - 2) : value;
}

const register_::v1::RowMeta* MetaOf(const Message& row) {
  for (int i = 0; i < row.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* const field = row.GetDescriptor()->field(i);
    if (field->message_type() == register_::v1::RowMeta::descriptor() && !field->is_repeated()) {
      return &static_cast<const register_::v1::RowMeta&>(
          row.GetReflection()->GetMessage(row, field));
    }
  }
  return nullptr;
}

}  // namespace scrutiny::projections
