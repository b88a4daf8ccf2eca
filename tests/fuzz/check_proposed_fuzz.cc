// What clients may propose: whatever passes the check keeps its promises, and all that is derived
// from it can be. An input is a Proposed as text, or else as bytes.
#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/message.h"
#include "google/protobuf/text_format.h"

#include "ledger/base/limits.h"
#include "ledger/base/names.h"
#include "ledger/base/text.h"
#include "ledger/format/check.h"
#include "ledger/format/derive.h"
#include "ledger/format/fact_types.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "tests/fuzz/fuzz.h"

namespace scrutiny::ledger {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

class Quiet : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int, google::protobuf::io::ColumnNumber, const std::string&) override {}
};

bool Read(absl::string_view bytes, event::v1::Proposed* proposed) {
  google::protobuf::TextFormat::Parser parser;
  Quiet quiet;
  parser.RecordErrorsTo(&quiet);
  parser.SetRecursionLimit(50);
  if (parser.ParseFromString(std::string(bytes), proposed)) return true;
  proposed->Clear();
  return proposed->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

// Everywhere in it: no unknown field, no text that is not UTF-8.
void CheckClean(const Message& message) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  SCRUTINY_CHECK(reflection.GetUnknownFields(message).empty());
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        CheckClean(field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                        : reflection.GetMessage(message, field));
      } else if (field->type() == FieldDescriptor::TYPE_STRING) {
        SCRUTINY_CHECK(IsValidUtf8(field->is_repeated()
                                       ? reflection.GetRepeatedString(message, field, i)
                                       : reflection.GetString(message, field)));
      }
    }
  }
}

void CheckAccepted(const event::v1::Proposed& proposed) {
  CheckClean(proposed);
  const std::string bytes = proposed.SerializeAsString();
  SCRUTINY_CHECK(bytes.size() <= kFactBytesMax);
  SCRUTINY_CHECK(ValidateRecordName(proposed.record()).ok());
  const FactTypeInfo* type = FindFactType(TypeOf(proposed));
  SCRUTINY_CHECK(type != nullptr && !type->by_server);

  const Derived derived = DeriveFrom(proposed, {});
  SCRUTINY_CHECK(derived.type == type->type);
  SCRUTINY_CHECK(derived.claims.size() <= kAliasesPerEntryMax + 1) << derived.claims.size();
  for (const std::string& record : derived.cites) {
    SCRUTINY_CHECK(ValidateRecordName(record).ok() && record != proposed.record()) << record;
  }
  for (const Claim& claim : derived.claims) SCRUTINY_CHECK(!claim.key.empty());

  // The server may say what a client may; and what was stored passes again.
  SCRUTINY_CHECK_OK(CheckProposed(proposed, Author::kServer));
  event::v1::Proposed again;
  SCRUTINY_CHECK(again.ParseFromString(bytes));
  SCRUTINY_CHECK_OK(CheckProposed(again));
}

}  // namespace
}  // namespace scrutiny::ledger

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace scrutiny::ledger;  // NOLINT: a target is one function
  scrutiny::event::v1::Proposed proposed;
  if (!Read(scrutiny::fuzz::AsView(data, size), &proposed)) return 0;
  const absl::Status client = CheckProposed(proposed);
  if (client.ok()) {
    CheckAccepted(proposed);
  } else {
    scrutiny::fuzz::CheckRefusal(client);
    SCRUTINY_CHECK(IsValidUtf8(client.message()));
  }
  if (const absl::Status server = CheckProposed(proposed, Author::kServer); server.ok()) {
    DeriveFrom(proposed, {});
  }
  return 0;
}
