#include "ledger/format/check.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/unknown_field_set.h"

#include "ledger/base/date.h"
#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/names.h"
#include "ledger/base/status.h"
#include "ledger/base/text.h"
#include "ledger/format/check_meaning.h"
#include "ledger/format/fact_types.h"
#include "ledger/format/field_plan.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

using event::v1::Proposed;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::UnknownFieldSet;

// Numbers of Proposed below this are its envelope; from it on they are types of facts.
constexpr int kFirstFactNumber = 64;

Error At(Reason reason, const FieldPath& path, absl::string_view sentence,
         absl::string_view value) {
  const std::string where = path.ToString();
  return Error(reason, absl::StrCat(where, sentence)).Field(where).Value(value);
}

absl::Status Missing(const FieldPath& path) {
  return At(Reason::kMalformed, path, " is missing.", "").Next("Fill it in.");
}

// --- Text.

// Whether every byte is printable ASCII, which nearly all text is: eight at a time. A byte below
// 0x20 borrows into its top bit, 0x7F carries into it, one above has it set.
bool IsPlain(absl::string_view text) {
  constexpr uint64_t kTops = 0x8080808080808080;
  constexpr uint64_t kSpaces = 0x2020202020202020;
  constexpr uint64_t kOnes = 0x0101010101010101;
  uint64_t word = kSpaces;
  while (text.size() >= sizeof(word)) {
    std::memcpy(&word, text.data(), sizeof(word));
    if (((word | (word - kSpaces) | (word + kOnes)) & kTops) != 0) return false;
    text.remove_prefix(sizeof(word));
  }
  word = kSpaces;
  std::memcpy(&word, text.data(), text.size());
  return ((word | (word - kSpaces) | (word + kOnes)) & kTops) == 0;
}

// Finds what may not stand in text: control characters other than newline and tab, and bytes that
// are not UTF-8.
absl::Status CheckCharacters(absl::string_view text, const FieldPath& path) {
  if (IsPlain(text)) return absl::OkStatus();
  bool ascii = true;
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (byte >= 0x20 && byte < 0x7F) continue;
    if (byte >= 0x80) {
      ascii = false;
      continue;
    }
    if (c == '\n' || c == '\t') continue;
    return At(Reason::kMalformed, path,
              absl::StrFormat(" holds a control character (0x%02x); only new lines and tabs may "
                              "stand in a text.",
                              byte),
              text)
        .Next("Take it out.");
  }
  if (ascii) return absl::OkStatus();
  if (!IsValidUtf8(text)) {
    return At(Reason::kMalformed, path, " is not valid UTF-8 text.", text)
        .Next("Save the text as UTF-8 and send it again.");
  }
  // U+0080 to U+009F: controls that some terminals obey.
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    const auto next = static_cast<uint8_t>(text[i + 1]);
    if (static_cast<uint8_t>(text[i]) != 0xC2 || next >= 0xA0) continue;
    return At(Reason::kMalformed, path,
              absl::StrFormat(" holds a control character (U+%04X); only new lines and tabs may "
                              "stand in a text.",
                              next),
              text)
        .Next("Take it out.");
  }
  return absl::OkStatus();
}

absl::Status CheckRecord(absl::string_view name, const FieldPlan& plan, const FieldPath& path) {
  if (!ValidateRecordName(name).ok()) return ValidateRecordName(name, path.ToString());
  if (plan.cited_kind.empty() || RecordKind(name) == plan.cited_kind) return absl::OkStatus();
  return At(Reason::kMalformed, path,
            absl::StrCat(" names \"", name, "\", but only a record of kind ", plan.cited_kind,
                         " can stand there."),
            name)
      .Next(absl::StrCat("Name a record that starts with ", plan.cited_kind, "/."));
}

absl::Status CheckTimeOfDay(absl::string_view text, const FieldPath& path) {
  const auto digit = [text](size_t i) { return absl::ascii_isdigit(text[i]) ? text[i] - '0' : 99; };
  if (text.size() == 5 && text[2] == ':' && digit(0) * 10 + digit(1) < 24 &&
      digit(3) * 10 + digit(4) < 60) {
    return absl::OkStatus();
  }
  return At(Reason::kMalformed, path,
            absl::StrCat(": \"", Printable(text, 80), "\" is not a time of day."), text)
      .Next("Give the time on a 24-hour clock, as in 14:00.");
}

// The shape is looked at first: a time zone is a file name, and no client chooses which file a
// server opens.
absl::Status CheckTimeZone(absl::string_view text, const FieldPath& path) {
  const bool shaped =
      absl::ascii_isalpha(text[0]) && text != "localtime" && !absl::StartsWith(text, "Fixed/") &&
      std::all_of(text.begin(), text.end(), [](char c) {
        return absl::ascii_isalnum(c) || c == '/' || c == '_' || c == '-' || c == '+';
      });
  absl::TimeZone zone;
  if (shaped && absl::LoadTimeZone(text, &zone)) return absl::OkStatus();
  return At(Reason::kMalformed, path,
            absl::StrCat(": \"", Printable(text, 80), "\" is not a time zone."), text)
      .Next("Give it by its IANA name, as in Europe/London.");
}

absl::Status CheckDate(absl::string_view text, const FieldPath& path) {
  const absl::StatusOr<PartialDate> date = PartialDate::Parse(text);
  if (date.ok()) return absl::OkStatus();
  return At(Reason::kMalformed, path, absl::StrCat(": ", date.status().message()), text)
      .Next("Give the date as 2019-03-18, 2019-03 or 2019.");
}

absl::Status CheckString(const std::string& text, const FieldPlan& plan, const FieldPath& path) {
  if (ABSL_PREDICT_FALSE(text.size() > plan.bytes_max)) {
    return At(Reason::kOverLimit, path,
              absl::StrCat(" has ", text.size(), " bytes; at most ", plan.bytes_max,
                           " are allowed."),
              text)
        .Next("Shorten it; the full text belongs in a paper that the fact cites.");
  }
  switch (plan.shape) {
    case Shape::kText:
      return CheckCharacters(text, path);
    case Shape::kKey:
      return ValidateKey(text).ok() ? absl::OkStatus() : ValidateKey(text, path.ToString());
    case Shape::kRecord:
      return CheckRecord(text, plan, path);
    case Shape::kDate:
      return CheckDate(text, path);
    case Shape::kTimeOfDay:
      return CheckTimeOfDay(text, path);
    case Shape::kTimeZone:
      return CheckTimeZone(text, path);
  }
  return absl::OkStatus();
}

bool IsBlank(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return absl::ascii_isspace(c); });
}

// --- Other values.

absl::Status CheckBytes(const std::string& bytes, const FieldPlan& plan, const FieldPath& path) {
  if (plan.bytes_exact != 0 && bytes.size() != plan.bytes_exact) {
    return At(
        Reason::kMalformed, path,
        absl::StrCat(" has ", bytes.size(), " bytes; it must have exactly ", plan.bytes_exact, "."),
        absl::StrCat(bytes.size(), " bytes"));
  }
  if (bytes.size() > plan.bytes_max) {
    return At(
        Reason::kOverLimit, path,
        absl::StrCat(" has ", bytes.size(), " bytes; at most ", plan.bytes_max, " are allowed."),
        absl::StrCat(bytes.size(), " bytes"));
  }
  return absl::OkStatus();
}

absl::Status CheckEnum(int value, const FieldPlan& plan, const FieldPath& path) {
  if (plan.field->enum_type()->FindValueByNumber(value) != nullptr) return absl::OkStatus();
  return At(Reason::kMalformed, path,
            absl::StrCat(" has the value ", value, ", which this server does not know as a ",
                         plan.field->enum_type()->name(), "."),
            absl::StrCat(value))
      .Next("Use a value of the published proto files, or a newer server.");
}

absl::Status UnknownField(const UnknownFieldSet& unknown, absl::string_view message,
                          const FieldPath* path) {
  const int number = unknown.field(0).number();
  Error error(Reason::kMalformed,
              absl::StrCat("Field ", number, " of ", message,
                           path == nullptr ? "" : absl::StrCat(" (", path->ToString(), ")"),
                           " is not known to this server."));
  error.Value(absl::StrCat(number))
      .Next("The program that sent it may be newer than this server: use a newer server.");
  if (path != nullptr) error.Field(path->ToString());
  return error;
}

// --- What is private.

// Whether the path is one of those to be sealed or stands below one.
bool WillBeSealed(absl::string_view path, absl::Span<const absl::string_view> to_be_sealed) {
  return std::any_of(to_be_sealed.begin(), to_be_sealed.end(), [path](absl::string_view sealed) {
    return sealed.empty() || path == sealed ||
           (absl::StartsWith(path, sealed) && path[sealed.size()] == '.');
  });
}

// `amounts[2].note` as `amounts.note`: items of a list are sealed together.
std::string WithoutIndices(absl::string_view path) {
  std::string out;
  bool within = false;
  for (const char c : path) {
    within = c == '[' || (within && c != ']');
    if (!within && c != ']') out.push_back(c);
  }
  return out;
}

// Judges a field that is set and is not for everybody.
absl::Status RefuseInTheClear(const FieldPlan& plan, const FieldPath& path,
                              const CheckContext& context) {
  if (WillBeSealed(WithoutIndices(path.ToString()), context.to_be_sealed)) return absl::OkStatus();
  // The value stays out of the error: errors travel, and are kept.
  if (plan.privacy == FieldPrivacy::kPersonal) {
    return At(Reason::kMalformed, path, " is personal data: it must be sealed.", "")
        .Next("Seal it: --sealed-for persons/… (or `seals` in the request).");
  }
  return At(Reason::kMalformed, path, " is not for the public: it must be sealed.", "")
      .Next("Seal it: --sealed-for office or persons/… (or `seals` in the request).");
}

inline absl::Status CheckPrivacy(const FieldPlan& plan, const FieldPath& path,
                                 const CheckContext& context) {
  if (ABSL_PREDICT_TRUE(plan.privacy == FieldPrivacy::kPublic)) return absl::OkStatus();
  return RefuseInTheClear(plan, path, context);
}

// So much of a value in a sentence gives it away.
constexpr size_t kTellingBytes = 16;

// The same error without the offending value, where that is going to be sealed.
absl::Status WithoutSealedValue(absl::Status status,
                                absl::Span<const absl::string_view> to_be_sealed) {
  if (status.ok() || to_be_sealed.empty()) return status;
  const ErrorInfo info = InfoOf(status);
  if (!WillBeSealed(WithoutIndices(info.field), to_be_sealed)) return status;
  const bool quoted = !info.value.empty() &&
                      absl::StrContains(status.message(), info.value.substr(0, kTellingBytes));
  return Error(status.code(), info.reason,
               quoted ? absl::StrCat(info.field, " is not as it must be.") : status.message())
      .Field(info.field)
      .Record(info.record)
      .Next(info.next);
}

// --- The walk.

absl::Status CheckMessage(const Message& message, const MessagePlan& plan, const FieldPath* path,
                          CheckContext& context);

absl::Status CheckSingle(const Message& message, const Reflection& reflection,
                         const FieldPlan& plan, const FieldPath& path, CheckContext& context) {
  switch (plan.value) {
    case ValueKind::kString: {
      std::string scratch;
      const std::string& text = reflection.GetStringReference(message, plan.field, &scratch);
      if (text.empty()) return plan.required ? Missing(path) : absl::OkStatus();
      SCRUTINY_RETURN_IF_ERROR(CheckPrivacy(plan, path, context));
      SCRUTINY_RETURN_IF_ERROR(CheckString(text, plan, path));
      return plan.required && IsBlank(text) ? Missing(path) : absl::OkStatus();
    }
    case ValueKind::kBytes: {
      std::string scratch;
      const std::string& bytes = reflection.GetStringReference(message, plan.field, &scratch);
      if (bytes.empty()) return plan.required ? Missing(path) : absl::OkStatus();
      SCRUTINY_RETURN_IF_ERROR(CheckPrivacy(plan, path, context));
      return CheckBytes(bytes, plan, path);
    }
    case ValueKind::kEnum: {
      const int value = reflection.GetEnumValue(message, plan.field);
      if (value == 0) return plan.required ? Missing(path) : absl::OkStatus();
      SCRUTINY_RETURN_IF_ERROR(CheckPrivacy(plan, path, context));
      return CheckEnum(value, plan, path);
    }
    case ValueKind::kMessage:
      if (!reflection.HasField(message, plan.field)) {
        return plan.required ? Missing(path) : absl::OkStatus();
      }
      SCRUTINY_RETURN_IF_ERROR(CheckPrivacy(plan, path, context));
      return CheckMessage(reflection.GetMessage(message, plan.field), *plan.message, &path,
                          context);
    case ValueKind::kNumber:
      // Only one that is private is in the plan.
      if (reflection.HasField(message, plan.field)) return CheckPrivacy(plan, path, context);
      break;
  }
  return absl::OkStatus();
}

absl::Status CheckItem(const Message& message, const Reflection& reflection, const FieldPlan& plan,
                       const FieldPath& path, CheckContext& context) {
  std::string scratch;
  switch (plan.value) {
    case ValueKind::kString: {
      const std::string& text =
          reflection.GetRepeatedStringReference(message, plan.field, path.index, &scratch);
      if (IsBlank(text)) return Missing(path);
      return CheckString(text, plan, path);
    }
    case ValueKind::kBytes:
      return CheckBytes(
          reflection.GetRepeatedStringReference(message, plan.field, path.index, &scratch), plan,
          path);
    case ValueKind::kEnum:
      return CheckEnum(reflection.GetRepeatedEnumValue(message, plan.field, path.index), plan,
                       path);
    case ValueKind::kMessage:
      return CheckMessage(reflection.GetRepeatedMessage(message, plan.field, path.index),
                          *plan.message, &path, context);
    case ValueKind::kNumber:
      break;
  }
  return absl::OkStatus();
}

absl::Status CheckList(const Message& message, const Reflection& reflection, const FieldPlan& plan,
                       FieldPath path, CheckContext& context) {
  const int size = reflection.FieldSize(message, plan.field);
  if (size == 0) return plan.required ? Missing(path) : absl::OkStatus();
  SCRUTINY_RETURN_IF_ERROR(CheckPrivacy(plan, path, context));
  if (static_cast<size_t>(size) > plan.items_max) {
    return At(Reason::kOverLimit, path,
              absl::StrCat(" has ", size, " items; at most ", plan.items_max, " are allowed."),
              absl::StrCat(size))
        .Next("Record the rest in another fact.");
  }
  if (plan.value == ValueKind::kNumber) return absl::OkStatus();
  for (path.index = 0; path.index < size; ++path.index) {
    SCRUTINY_RETURN_IF_ERROR(CheckItem(message, reflection, plan, path, context));
  }
  return absl::OkStatus();
}

absl::Status CheckMessage(const Message& message, const MessagePlan& plan, const FieldPath* path,
                          CheckContext& context) {
  const Reflection& reflection = *message.GetReflection();
  const UnknownFieldSet& unknown = reflection.GetUnknownFields(message);
  if (ABSL_PREDICT_FALSE(!unknown.empty())) {
    return UnknownField(unknown, plan.descriptor->name(), path);
  }
  for (const FieldPlan& field : plan.fields) {
    const FieldPath here{path, field.field->name()};
    SCRUTINY_RETURN_IF_ERROR(field.repeated
                                 ? CheckList(message, reflection, field, here, context)
                                 : CheckSingle(message, reflection, field, here, context));
  }
  return CheckMeaning(message, plan, path, context);
}

// --- The fact as such.

absl::Status NoFact(const Proposed& proposed) {
  const UnknownFieldSet& unknown = proposed.GetReflection()->GetUnknownFields(proposed);
  for (int i = 0; i < unknown.field_count(); ++i) {
    const int number = unknown.field(i).number();
    if (number < kFirstFactNumber) continue;
    return Error(Reason::kMalformed,
                 absl::StrCat("Fact type ", number, " is not known to this server."))
        .Field("fact")
        .Value(absl::StrCat(number))
        .Record(proposed.record())
        .Next("The program that sent it may be newer than this server: use a newer server.");
  }
  return Error(Reason::kMalformed, "No fact is given: nothing says what happened.")
      .Field("fact")
      .Record(proposed.record())
      .Next("Give exactly one fact, such as action_raised.");
}

absl::Status CheckKind(const Proposed& proposed, const FactTypeInfo& info) {
  const absl::string_view kind = RecordKind(proposed.record());
  if (info.kinds.empty() ||
      std::find(info.kinds.begin(), info.kinds.end(), kind) != info.kinds.end()) {
    return absl::OkStatus();
  }
  const std::string kinds = absl::StrJoin(info.kinds, " or ");
  return Error(Reason::kMalformed, absl::StrCat(info.name, " is recorded on a record of kind ",
                                                kinds, ", not on \"", proposed.record(), "\"."))
      .Field("record")
      .Value(proposed.record())
      .Record(proposed.record())
      .Next(absl::StrCat("Name a record that starts with ", kinds, "/."));
}

// What stands for a fact that is sealed as a whole: an opaque name and nothing else.
absl::Status CheckSealedFact(const Proposed& proposed, Author author) {
  if (author != Author::kServer) {
    return Error(Reason::kNotAuthorised, "What stands for a sealed fact is written by the server.")
        .Field("sealed_fact")
        .Record(proposed.record())
        .Next("Give the fact itself, and in `seals` an empty path: the whole fact.");
  }
  SCRUTINY_RETURN_IF_ERROR(ValidateRecordName(proposed.record()));
  if (RecordKind(proposed.record()) != kSealedKind) {
    return Error(Reason::kMalformed,
                 absl::StrCat("A sealed fact is on a record of kind ", kSealedKind, "."))
        .Field("record")
        .Value(proposed.record())
        .Record(proposed.record());
  }
  std::vector<const google::protobuf::FieldDescriptor*> set;
  proposed.GetReflection()->ListFields(proposed, &set);
  const bool bare = set.size() == 2 &&
                    proposed.GetReflection()->GetUnknownFields(proposed).empty() &&
                    proposed.sealed_fact().ByteSizeLong() == 0;
  if (bare) return absl::OkStatus();
  return Error(Reason::kMalformed, "A sealed fact says nothing in the clear but its record.")
      .Field("sealed_fact")
      .Record(proposed.record());
}

absl::Status CheckFact(const Proposed& proposed, const FactTypeInfo& info, CheckContext& context) {
  SCRUTINY_RETURN_IF_ERROR(CheckMessage(proposed, EnvelopePlan(), nullptr, context));
  SCRUTINY_RETURN_IF_ERROR(CheckKind(proposed, info));
  const FieldPath path{nullptr, info.field};
  SCRUTINY_RETURN_IF_ERROR(
      CheckMessage(proposed.GetReflection()->GetMessage(proposed, info.descriptor),
                   FactPlan(info.type), &path, context));
  return CheckWhole(proposed, info, context);
}

}  // namespace

absl::Status CheckProposed(const Proposed& proposed, Author author) {
  CheckOptions options;
  options.author = author;
  return CheckProposed(proposed, options);
}

absl::Status CheckProposed(const Proposed& proposed, const CheckOptions& options) {
  const size_t bytes = proposed.ByteSizeLong();
  if (bytes > kFactBytesMax) {
    return Error(Reason::kOverLimit, absl::StrCat("The fact has ", bytes, " bytes; at most ",
                                                  kFactBytesMax, " are allowed."))
        .Value(absl::StrCat(bytes))
        .Record(proposed.record())
        .Next("Split it, or put the long text into a paper that the fact cites.");
  }
  const FactTypeInfo* info = FindFactType(TypeOf(proposed));
  if (info == nullptr) return NoFact(proposed);
  if (proposed.has_sealed_fact()) return CheckSealedFact(proposed, options.author);
  if (info->by_server && options.author != Author::kServer) {
    return Error(Reason::kNotAuthorised,
                 absl::StrCat(info->name, " is written by the server alone."))
        .Field(info->field)
        .Record(proposed.record());
  }
  CheckContext context{proposed.record(), options.to_be_sealed};
  return WithoutSealedValue(CheckFact(proposed, *info, context), options.to_be_sealed);
}

}  // namespace scrutiny::ledger
