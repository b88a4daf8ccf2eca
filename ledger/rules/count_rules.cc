// Small counts about people. A count below the threshold can point at a person, and what stands in
// an entry is public for ever: it is recorded as suppressed, or despite the rule where the office
// has another threshold or nobody is counted.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"

#include "ledger/rules/family.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

using event::v1::Count;
using event::v1::Proposed;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr absl::string_view kSmallCount = "small-count";
// Counts from 1 up to, but not including, this.
constexpr uint64_t kSuppressedBelow = 5;

bool IsSmall(const Count& count) { return count.value() > 0 && count.value() < kSuppressedBelow; }

// The path of a small count in the clear, within the fact; empty: none.
std::string SmallCountIn(const Message& message) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    // What is in a sealed field is not public.
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE ||
        field->name() == "restricted_counts") {
      continue;
    }
    const int size = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < size; ++i) {
      const Message& part = field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                                 : reflection.GetMessage(message, field);
      const std::string here =
          field->is_repeated() ? absl::StrCat(field->name(), "[", i, "]") : field->name();
      if (part.GetDescriptor() == Count::descriptor()) {
        if (IsSmall(static_cast<const Count&>(part))) return here;
      } else if (part.GetDescriptor() == event::v1::CountTable::descriptor()) {
        const std::string below = SmallCountIn(part);
        if (!below.empty()) return absl::StrCat(here, ".", below);
      }
    }
  }
  return std::string();
}

const Message* CountsOf(const Proposed& proposed) {
  switch (proposed.fact_case()) {
    case Proposed::kVolunteersCounted:
      return &proposed.volunteers_counted();
    case Proposed::kSessionCounted:
      return &proposed.session_counted();
    case Proposed::kSchemeReportMade:
      return &proposed.scheme_report_made();
    case Proposed::kComplaintReviewsCounted:
      return &proposed.complaint_reviews_counted();
    default:
      return nullptr;
  }
}

absl::Status Judge(const Case& the_case) {
  const Message* const fact = CountsOf(the_case.proposed);
  if (fact == nullptr) return absl::OkStatus();
  const std::string small = SmallCountIn(*fact);
  if (small.empty()) return absl::OkStatus();
  return Refuse(the_case, kSmallCount,
                "A count of 1 to 4 in the clear can point at a person: record it as suppressed.",
                absl::StrCat(the_case.type.field, ".", small));
}

}  // namespace

RuleFamily CountRules() {
  RuleFamily family;
  family.rules = {{std::string(kSmallCount), "a count of 1 to 4 recorded in the clear"}};
  family.judge = Judge;
  return family;
}

}  // namespace scrutiny::ledger
