#include "tools/support/seals.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

#include "ledger/format/check.h"
#include "ledger/format/fact_types.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "scrutiny/ledger/v1/ledger.pb.h"
#include "tools/support/describe.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

namespace pb = google::protobuf;
using event::v1::Proposed;
using ledger::v1::NewFact;
using ledger::v1::SealRequest;

// Adds the paths of marked fields that are set; what stands inside a list has no path to seal it by
// and is not looked into.
void FindMarked(const pb::Message& message, const std::string& path,
                std::vector<std::string>* marked) {
  std::vector<const pb::FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const pb::FieldDescriptor* field : fields) {
    const std::string here = absl::StrCat(path, ".", field->name());
    if (PrivacyOf(field) != event::v1::PRIVACY_UNSPECIFIED) {
      marked->push_back(here);
    } else if (field->message_type() != nullptr && !field->is_repeated()) {
      FindMarked(message.GetReflection()->GetMessage(message, field), here, marked);
    }
  }
}

// Clears the field at the path, if there is such a field and it is set.
void ClearAt(absl::string_view path, pb::Message* message) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(path, absl::MaxSplits('.', 1));
  const pb::FieldDescriptor* field =
      message->GetDescriptor()->FindFieldByName(std::string(parts.first));
  if (field == nullptr) return;
  const pb::Reflection* reflection = message->GetReflection();
  if (parts.second.empty()) {
    reflection->ClearField(message, field);
  } else if (field->message_type() != nullptr && !field->is_repeated() &&
             reflection->HasField(*message, field)) {
    ClearAt(parts.second, reflection->MutableMessage(message, field));
  }
}

bool IsSealedWhole(const NewFact& fact) {
  for (const SealRequest& seal : fact.seals()) {
    if (seal.field_path().empty()) return true;
  }
  return false;
}

}  // namespace

event::v1::Privacy PrivacyOf(const pb::FieldDescriptor* field) {
  return field->options().GetExtension(event::v1::check).privacy();
}

std::vector<std::string> MarkedFields(const Proposed& proposed) {
  std::vector<std::string> marked;
  const ledger::FactTypeInfo* type = ledger::FindFactType(ledger::TypeOf(proposed));
  const pb::Message* fact = ledger::FactOf(proposed);
  if (type != nullptr && fact != nullptr) FindMarked(*fact, type->field, &marked);
  return marked;
}

Proposed PublicPart(const NewFact& fact) {
  Proposed open;
  if (IsSealedWhole(fact)) {
    open.mutable_sealed_fact();
    return open;
  }
  open = fact.proposed();
  for (const SealRequest& seal : fact.seals()) ClearAt(seal.field_path(), &open);
  return open;
}

absl::Status CheckNewFact(const NewFact& fact) {
  std::vector<absl::string_view> sealed;
  for (const SealRequest& seal : fact.seals()) sealed.push_back(seal.field_path());
  return ledger::CheckProposed(
      fact.proposed(), {.author = ledger::Author::kClient, .to_be_sealed = absl::MakeSpan(sealed)});
}

std::string PartInWords(absl::string_view field_path) {
  if (field_path.empty()) return "the whole fact";
  const std::vector<std::string> steps = absl::StrSplit(field_path, '.');
  std::string text;
  // The fact itself is said already.
  for (size_t i = steps.size() > 1 ? 1 : 0; i < steps.size(); ++i) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", FieldInWords(steps[i]));
  }
  return text;
}

std::string Describe(const event::v1::Entry& entry) {
  std::string text = Describe(entry.proposed());
  std::vector<std::string> parts;
  for (const event::v1::Seal& seal : entry.seals()) {
    if (seal.field_path().empty()) return text;
    parts.push_back(PartInWords(seal.field_path()));
  }
  if (!parts.empty()) absl::StrAppend(&text, " [sealed: ", JoinWithAnd(parts), "]");
  return text;
}

std::string Describe(const NewFact& fact) {
  // By subject, in the order in which they come.
  std::vector<std::pair<std::string, std::vector<std::string>>> subjects;
  for (const SealRequest& seal : fact.seals()) {
    auto subject = std::find_if(subjects.begin(), subjects.end(), [&](const auto& known) {
      return known.first == seal.sealed_for();
    });
    if (subject == subjects.end()) {
      subject = subjects.insert(subject, {seal.sealed_for(), {}});
    }
    subject->second.push_back(PartInWords(seal.field_path()));
  }
  std::string text = Describe(PublicPart(fact));
  for (const auto& [subject, parts] : subjects) {
    absl::StrAppend(&text, " [sealed for ", subject == kSealedForOffice ? "the office" : subject,
                    ": ", JoinWithAnd(parts), "]");
  }
  return text;
}

}  // namespace scrutiny::tools
