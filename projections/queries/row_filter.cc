#include "projections/queries/row_filter.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "ledger/base/date.h"
#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "scrutiny/event/v1/common.pb.h"

namespace scrutiny::projections {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using register_::v1::Match;

// A scalar as text that is equal where the values are.
std::string TextOf(const Message& message, const FieldDescriptor* field, int index) {
  const Reflection& reflection = *message.GetReflection();
  const bool list = index >= 0;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return list ? reflection.GetRepeatedString(message, field, index)
                  : reflection.GetString(message, field);
    case FieldDescriptor::CPPTYPE_ENUM:
      return absl::StrCat(list ? reflection.GetRepeatedEnumValue(message, field, index)
                               : reflection.GetEnumValue(message, field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(message, field) ? "1" : "0";
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrCat(list ? reflection.GetRepeatedUInt32(message, field, index)
                               : reflection.GetUInt32(message, field));
    case FieldDescriptor::CPPTYPE_UINT64:
      return absl::StrCat(list ? reflection.GetRepeatedUInt64(message, field, index)
                               : reflection.GetUInt64(message, field));
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      const Message& part = list ? reflection.GetRepeatedMessage(message, field, index)
                                 : reflection.GetMessage(message, field);
      if (part.GetDescriptor() == event::v1::PriorityRef::descriptor()) {
        return absl::StrCat(static_cast<const event::v1::PriorityRef&>(part).number());
      }
      if (part.GetDescriptor() == event::v1::PlanVersion::descriptor()) {
        const auto& version = static_cast<const event::v1::PlanVersion&>(part);
        return absl::StrCat(version.plan(), "@", version.version());
      }
      // Of others every text in it is looked through: an owner's post, organisation, ….
      std::vector<const FieldDescriptor*> fields;
      part.GetReflection()->ListFields(part, &fields);
      std::string text;
      for (const FieldDescriptor* inner : fields) {
        if (!inner->is_repeated()) absl::StrAppend(&text, TextOf(part, inner, -1), "\n");
      }
      return text;
    }
    default:
      return std::string();
  }
}

bool Matches(Match match, const std::string& asked, const std::string& text) {
  switch (match) {
    case register_::v1::MATCH_CONTAINS:
      return absl::StrContains(absl::AsciiStrToLower(text), absl::AsciiStrToLower(asked));
    // Dates of reduced precision: 2019-03 is on or after 2019-03-18 as far as it can be.
    case register_::v1::MATCH_FROM:
      return !text.empty() && text >= asked.substr(0, text.size());
    case register_::v1::MATCH_UNTIL:
      return !text.empty() && text.substr(0, asked.size()) <= asked;
    case register_::v1::MATCH_WITHIN:
      return text == asked || absl::StartsWith(text, absl::StrCat(asked, "/"));
    case register_::v1::MATCH_HOLDS:
      return !text.empty() && text != "0";
    default:
      return text == asked;
  }
}

}  // namespace

RowFilter::RowFilter(const Descriptor& request, const Descriptor& row) {
  for (int i = 0; i < request.field_count(); ++i) {
    const FieldDescriptor* const asked = request.field(i);
    if (!asked->options().HasExtension(register_::v1::filter)) continue;
    const register_::v1::Filter& filter = asked->options().GetExtension(register_::v1::filter);
    const std::string& name = filter.field().empty() ? asked->name() : filter.field();
    const FieldDescriptor* const field = row.FindFieldByName(name);
    SCRUTINY_CHECK(field != nullptr) << row.full_name() << " has no field " << name;
    parts_.push_back({asked, field, filter.match(), filter.index()});
  }
}

absl::Status RowFilter::Check(const Message& request) const {
  for (const Part& part : parts_) {
    if (part.match != register_::v1::MATCH_FROM && part.match != register_::v1::MATCH_UNTIL) {
      continue;
    }
    const std::string text = TextOf(request, part.asked, -1);
    if (text.empty() || ledger::Day::Parse(text).ok()) continue;
    return ledger::Error(ledger::Reason::kMalformed,
                         absl::StrCat("“", text, "” is not a day; write it as 2019-03-18."))
        .Field(part.asked->name())
        .Value(text);
  }
  return absl::OkStatus();
}

bool RowFilter::Keeps(const Message& request, const Message& row) const {
  for (const Part& part : parts_) {
    if (!request.GetReflection()->HasField(request, part.asked)) continue;
    const std::string asked = TextOf(request, part.asked, -1);
    bool found = false;
    if (part.field->is_repeated()) {
      const int count = row.GetReflection()->FieldSize(row, part.field);
      for (int i = 0; i < count && !found; ++i) {
        found = Matches(part.match, asked, TextOf(row, part.field, i));
      }
    } else {
      found = Matches(part.match, asked, TextOf(row, part.field, -1));
    }
    if (!found) return false;
  }
  return true;
}

absl::optional<std::pair<std::string, std::string>> RowFilter::IndexFor(
    const Message& request) const {
  for (const Part& part : parts_) {
    if (part.index.empty() || !request.GetReflection()->HasField(request, part.asked)) continue;
    return std::make_pair(part.index, TextOf(request, part.asked, -1));
  }
  return absl::nullopt;
}

}  // namespace scrutiny::projections
