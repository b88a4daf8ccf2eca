#include "services/grpc/row_proofs.h"

#include <set>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

#include "scrutiny/register/v1/explain.pb.h"
#include "scrutiny/register/v1/view.pb.h"

namespace scrutiny::services {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

void Collect(const Message& message, std::set<ledger::Sequence>* sequences) {
  if (message.GetDescriptor() == register_::v1::RowMeta::descriptor()) {
    const auto& meta = static_cast<const register_::v1::RowMeta&>(message);
    for (const uint64_t sequence : meta.entries()) sequences->emplace(sequence);
    return;
  }
  if (message.GetDescriptor() == register_::v1::ExplainedEntry::descriptor()) {
    sequences->emplace(static_cast<const register_::v1::ExplainedEntry&>(message).sequence());
    return;
  }
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      Collect(reflection.GetMessage(message, field), sequences);
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      Collect(reflection.GetRepeatedMessage(message, field, i), sequences);
    }
  }
}

}  // namespace

std::vector<ledger::Sequence> EntriesOfRows(const Message& answer) {
  std::set<ledger::Sequence> sequences;
  Collect(answer, &sequences);
  return {sequences.begin(), sequences.end()};
}

}  // namespace scrutiny::services
