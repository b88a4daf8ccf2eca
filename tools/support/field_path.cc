#include "tools/support/field_path.h"

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/status.h"
#include "tools/support/proto_json.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using ledger::Error;
using ledger::Reason;

// One step of a path: `owners[0]`.
struct Step {
  std::string name;
  int index = -1;
};

absl::StatusOr<std::vector<Step>> Steps(absl::string_view path) {
  std::vector<Step> steps;
  for (absl::string_view part : absl::StrSplit(path, '.')) {
    Step step;
    const size_t open = part.find('[');
    step.name = std::string(part.substr(0, open));
    if (open != absl::string_view::npos) {
      absl::string_view index = part.substr(open + 1);
      if (index.empty() || index.back() != ']' ||
          !absl::SimpleAtoi(index.substr(0, index.size() - 1), &step.index) || step.index < 0 ||
          step.index >= static_cast<int>(ledger::kAppendFactsMax)) {
        return Error(Reason::kMalformed, absl::StrCat("\"", path,
                                                      "\" is not a field; a list's "
                                                      "elements are written owners[0]"))
            .Field(path);
      }
    }
    steps.push_back(std::move(step));
  }
  return steps;
}

absl::StatusOr<const FieldDescriptor*> FieldOf(const Descriptor* message, absl::string_view name,
                                               absl::string_view path) {
  const FieldDescriptor* field = message->FindFieldByName(std::string(name));
  if (field != nullptr) return field;
  std::vector<std::string> names;
  for (int i = 0; i < message->field_count(); ++i) names.push_back(message->field(i)->name());
  return Error(Reason::kMalformed,
               absl::StrCat("there is no field \"", name, "\"; there are ", JoinWithAnd(names)))
      .Field(path)
      .Value(name);
}

absl::Status NoValue(const FieldDescriptor* field, absl::string_view text, absl::string_view want) {
  return Error(Reason::kMalformed, absl::StrCat("\"", text, "\" is not ", want))
      .Field(field->name())
      .Value(text);
}

template <typename T, typename Set, typename SetAt, typename Add>
void Put(const FieldPlace& place, const T& value, Set set, SetAt set_at, Add add) {
  const google::protobuf::Reflection* r = place.message->GetReflection();
  if (!place.field->is_repeated()) {
    (r->*set)(place.message, place.field, value);
  } else if (place.index >= 0 && place.index < r->FieldSize(*place.message, place.field)) {
    (r->*set_at)(place.message, place.field, place.index, value);
  } else {
    (r->*add)(place.message, place.field, value);
  }
}

using R = google::protobuf::Reflection;

absl::Status SetNumber(const FieldPlace& place, absl::string_view text) {
  const std::string plain = absl::StrReplaceAll(text, {{",", ""}});
  switch (place.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32: {
      int32_t n = 0;
      if (!absl::SimpleAtoi(plain, &n)) return NoValue(place.field, text, "a whole number");
      Put(place, n, &R::SetInt32, &R::SetRepeatedInt32, &R::AddInt32);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_INT64: {
      int64_t n = 0;
      if (!absl::SimpleAtoi(plain, &n)) return NoValue(place.field, text, "a whole number");
      Put(place, n, &R::SetInt64, &R::SetRepeatedInt64, &R::AddInt64);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_UINT32: {
      uint32_t n = 0;
      if (!absl::SimpleAtoi(plain, &n)) return NoValue(place.field, text, "a number from 0");
      Put(place, n, &R::SetUInt32, &R::SetRepeatedUInt32, &R::AddUInt32);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_UINT64: {
      uint64_t n = 0;
      if (!absl::SimpleAtoi(plain, &n)) return NoValue(place.field, text, "a number from 0");
      Put(place, n, &R::SetUInt64, &R::SetRepeatedUInt64, &R::AddUInt64);
      return absl::OkStatus();
    }
    default:
      return NoValue(place.field, text, "something this field can hold");
  }
}

// A list or message from JSON: read as part of an object that has only this field.
absl::Status SetFromJson(const FieldPlace& place, absl::string_view json) {
  const std::unique_ptr<Message> read(place.message->New());
  SCRUTINY_RETURN_IF_ERROR(
      FromJson(absl::StrCat("{\"", place.field->name(), "\":", json, "}"), read.get()));
  const google::protobuf::Reflection* r = place.message->GetReflection();
  if (place.field->is_repeated() && place.index >= 0) {
    r->MutableRepeatedMessage(place.message, place.field, place.index)
        ->CopyFrom(r->GetRepeatedMessage(*read, place.field, 0));
    return absl::OkStatus();
  }
  r->ClearField(place.message, place.field);
  place.message->MergeFrom(*read);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<const FieldDescriptor*> FindField(const Descriptor* message,
                                                 absl::string_view path) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<Step> steps, Steps(path));
  const FieldDescriptor* field = nullptr;
  for (const Step& step : steps) {
    if (field != nullptr) {
      message = field->message_type();
      if (message == nullptr) {
        return Error(Reason::kMalformed, absl::StrCat(field->name(), " has no fields of its own"))
            .Field(path);
      }
    }
    SCRUTINY_ASSIGN_OR_RETURN(field, FieldOf(message, step.name, path));
  }
  return field;
}

absl::StatusOr<FieldPlace> Locate(Message* message, absl::string_view path) {
  SCRUTINY_RETURN_IF_ERROR(FindField(message->GetDescriptor(), path).status());
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<Step> steps, Steps(path));
  for (size_t i = 0;; ++i) {
    const FieldDescriptor* field = message->GetDescriptor()->FindFieldByName(steps[i].name);
    const google::protobuf::Reflection* reflection = message->GetReflection();
    const int size = field->is_repeated() ? reflection->FieldSize(*message, field) : 0;
    if (steps[i].index >= 0 && (!field->is_repeated() || steps[i].index > size)) {
      return Error(Reason::kMalformed,
                   field->is_repeated()
                       ? absl::StrCat(field->name(), " has ", size, " elements; the next is ",
                                      field->name(), "[", size, "]")
                       : absl::StrCat(field->name(), " is no list"))
          .Field(path);
    }
    const bool last = i + 1 == steps.size();
    if (last && field->message_type() == nullptr) return FieldPlace{message, field, steps[i].index};
    if (field->is_repeated() && steps[i].index == size) reflection->AddMessage(message, field);
    if (last) return FieldPlace{message, field, steps[i].index};
    if (field->is_repeated() && steps[i].index < 0) {
      return Error(Reason::kMalformed,
                   absl::StrCat(field->name(), " is a list; say which, ", field->name(), "[0]"))
          .Field(path);
    }
    message = field->is_repeated()
                  ? reflection->MutableRepeatedMessage(message, field, steps[i].index)
                  : reflection->MutableMessage(message, field);
  }
}

absl::Status SetField(Message* message, absl::string_view path, absl::string_view text) {
  SCRUTINY_ASSIGN_OR_RETURN(const FieldPlace place, Locate(message, path));
  const google::protobuf::Reflection* reflection = place.message->GetReflection();
  text = absl::StripAsciiWhitespace(text);
  if (text.empty() && place.index < 0) {
    reflection->ClearField(place.message, place.field);
    return absl::OkStatus();
  }
  const bool whole_list = place.field->is_repeated() && place.index < 0;
  if (place.field->message_type() != nullptr || (whole_list && text[0] == '[')) {
    if (text[0] != '{' && text[0] != '[') {
      return Error(Reason::kMalformed,
                   absl::StrCat(path, " has fields of its own; write ", path, ".",
                                place.field->message_type()->field(0)->name(), "=… or JSON in {}"))
          .Field(path)
          .Value(text);
    }
    return SetFromJson(place, text);
  }
  if (!whole_list) return SetScalar(place, text);
  reflection->ClearField(place.message, place.field);
  for (const absl::string_view part : absl::StrSplit(text, ';', absl::SkipWhitespace())) {
    SCRUTINY_RETURN_IF_ERROR(SetScalar(place, absl::StripAsciiWhitespace(part)));
  }
  return absl::OkStatus();
}

absl::Status SetScalar(const FieldPlace& place, absl::string_view text) {
  switch (place.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string value(text);
      if (place.field->type() == FieldDescriptor::TYPE_BYTES) {
        value = absl::HexStringToBytes(text);
        if (absl::AsciiStrToLower(text) != absl::BytesToHexString(value)) {
          return NoValue(place.field, text, "hexadecimal, two digits a byte");
        }
      }
      // Reflection takes strings by value, the others by value or reference: no common Put.
      const google::protobuf::Reflection* r = place.message->GetReflection();
      if (!place.field->is_repeated()) {
        r->SetString(place.message, place.field, std::move(value));
      } else if (place.index >= 0 && place.index < r->FieldSize(*place.message, place.field)) {
        r->SetRepeatedString(place.message, place.field, place.index, std::move(value));
      } else {
        r->AddString(place.message, place.field, std::move(value));
      }
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_BOOL: {
      SCRUTINY_ASSIGN_OR_RETURN(const bool value, ReadBool(text));
      Put(place, value, &R::SetBool, &R::SetRepeatedBool, &R::AddBool);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_ENUM: {
      SCRUTINY_ASSIGN_OR_RETURN(const int value, ReadEnum(place.field->enum_type(), text));
      Put(place, value, &R::SetEnumValue, &R::SetRepeatedEnumValue, &R::AddEnumValue);
      return absl::OkStatus();
    }
    default:
      return SetNumber(place, text);
  }
}

absl::StatusOr<int> ReadEnum(const EnumDescriptor* type, absl::string_view text) {
  for (int i = 0; i < type->value_count(); ++i) {
    const std::string& name = type->value(i)->name();
    const std::string words = EnumInWords(type->name(), name);
    if (name == text || (!words.empty() && Folded(words) == Folded(text))) {
      return type->value(i)->number();
    }
  }
  return Error(Reason::kMalformed,
               absl::StrCat("\"", text, "\" is none of ", absl::StrJoin(EnumChoices(type), ", ")))
      .Value(text);
}

std::vector<std::string> EnumChoices(const EnumDescriptor* type) {
  std::vector<std::string> choices;
  for (int i = 0; i < type->value_count(); ++i) {
    const std::string words = EnumInWords(type->name(), type->value(i)->name());
    if (!words.empty()) choices.push_back(absl::StrReplaceAll(words, {{" ", "-"}}));
  }
  return choices;
}

absl::StatusOr<bool> ReadBool(absl::string_view text) {
  const std::string word = absl::AsciiStrToLower(text);
  if (word == "yes" || word == "true" || word == "y" || word == "1") return true;
  if (word == "no" || word == "false" || word == "n" || word == "0") return false;
  return Error(Reason::kMalformed, absl::StrCat("\"", text, "\" is neither yes nor no"))
      .Value(text);
}

}  // namespace scrutiny::tools
