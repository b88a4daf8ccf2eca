#include "tools/scrutiny/amend.h"

#include <array>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/format/fact_types.h"
#include "tools/support/describe.h"
#include "tools/support/field_path.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

namespace pb = google::protobuf;
using event::v1::Entry;
using event::v1::Proposed;

constexpr std::array<absl::string_view, 5> kEnvelope = {"occurred", "effective_from", "put_before",
                                                        "sources", "plan_version"};

void Compare(const pb::Message& before, const pb::Message& after, const std::string& lead,
             std::vector<std::string>* lines) {
  const pb::Descriptor* type = before.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const pb::FieldDescriptor* field = type->field(i);
    const bool nested = field->message_type() != nullptr && !field->is_repeated();
    if (nested && before.GetReflection()->HasField(before, field) &&
        after.GetReflection()->HasField(after, field)) {
      Compare(before.GetReflection()->GetMessage(before, field),
              after.GetReflection()->GetMessage(after, field),
              absl::StrCat(lead, field->name(), "."), lines);
      continue;
    }
    const std::string old_text = FieldText(before, field);
    const std::string new_text = FieldText(after, field);
    if (old_text == new_text) continue;
    const auto quoted = [](const std::string& text) {
      return text.empty() ? std::string("nothing") : absl::StrCat("\"", text, "\"");
    };
    lines->push_back(
        absl::StrCat(lead, field->name(), ": ", quoted(old_text), " becomes ", quoted(new_text)));
  }
}

}  // namespace

const Entry* Standing(const std::vector<Entry>& history, uint64_t original) {
  std::set<uint64_t> withdrawn;
  for (const Entry& entry : history) {
    if (entry.proposed().has_withdrawn()) withdrawn.insert(entry.proposed().corrects());
  }
  if (withdrawn.count(original) > 0) return nullptr;
  const Entry* standing = nullptr;
  for (const Entry& entry : history) {
    const uint64_t sequence = entry.assigned().sequence();
    const bool corrects = entry.proposed().has_corrects() &&
                          entry.proposed().corrects() == original &&
                          !entry.proposed().has_withdrawn();
    if (sequence == original || (corrects && withdrawn.count(sequence) == 0)) standing = &entry;
  }
  return standing;
}

absl::Status SetAssignment(absl::string_view assignment, Proposed* proposed) {
  const size_t equals = assignment.find('=');
  if (equals == absl::string_view::npos || equals == 0) {
    return ledger::Error(ledger::Reason::kMalformed,
                         absl::StrCat("\"", assignment, "\" is not field=value"))
        .Value(assignment);
  }
  const std::string path(absl::StripAsciiWhitespace(assignment.substr(0, equals)));
  const absl::string_view value = assignment.substr(equals + 1);
  const std::string first = path.substr(0, path.find_first_of(".["));
  for (const absl::string_view envelope : kEnvelope) {
    if (first == envelope) return SetField(proposed, path, value);
  }
  const ledger::FactTypeInfo* type = ledger::FindFactType(ledger::TypeOf(*proposed));
  if (type == nullptr) return absl::InvalidArgumentError("the entry's type is not known here");
  auto* fact = proposed->GetReflection()->MutableMessage(proposed, type->descriptor);
  return SetField(fact, path, value);
}

bool NoteReason(absl::string_view reason, Proposed* proposed) {
  if (proposed->sources().empty()) return false;
  std::string& note = *proposed->mutable_sources(0)->mutable_note();
  absl::StrAppend(&note, note.empty() ? "" : " ", "Correction: ", reason);
  return true;
}

std::vector<std::string> Differences(const Proposed& before, const Proposed& after) {
  std::vector<std::string> lines;
  const pb::FieldDescriptor* corrects = Proposed::descriptor()->FindFieldByName("corrects");
  Proposed old_one = before;
  Proposed new_one = after;
  old_one.GetReflection()->ClearField(&old_one, corrects);
  new_one.GetReflection()->ClearField(&new_one, corrects);
  Compare(old_one, new_one, "", &lines);
  return lines;
}

}  // namespace scrutiny::tools
