// Entries as stored: taken apart without being changed, by the ledger and by the checker.
#include <string>

#include "google/protobuf/message.h"

#include "ledger/base/names.h"
#include "ledger/format/entry_codec.h"
#include "ledger/verify/entry_facts.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "tests/fuzz/fuzz.h"

namespace scrutiny::ledger {
namespace {

void CheckEntry(absl::string_view bytes) {
  const absl::string_view proposed = ProposedBytes(bytes);
  SCRUTINY_CHECK(proposed.empty() ||
                 (proposed.data() >= bytes.data() && proposed.end() <= bytes.end()));
  const absl::StatusOr<event::v1::Entry> entry = ParseEntry(bytes);
  if (!entry.ok()) return fuzz::CheckRefusal(entry.status());
  // Of bytes such as we write, the parts are where we say.
  if (entry->SerializeAsString() != bytes || !entry->has_proposed()) return;
  SCRUTINY_CHECK(proposed == entry->proposed().SerializeAsString());
  if (!entry->has_assigned() || !entry->GetReflection()->GetUnknownFields(*entry).empty()) return;
  event::v1::Entry seals;
  *seals.mutable_seals() = entry->seals();
  std::string again;
  AppendEntry(&again, proposed, entry->assigned(), seals.SerializeAsString());
  SCRUTINY_CHECK(again == bytes);
}

void CheckFacts(absl::string_view bytes) {
  static auto& reader =
      *new EntryReader([](const event::v1::Entry& entry) { return entry.has_assigned(); });
  const EntryFacts facts = reader.Read(bytes);
  SCRUTINY_CHECK(facts.parsed || !facts.problem.empty());
  const std::string record = RecordOf(bytes);
  SCRUTINY_CHECK(record.empty() || ValidateRecordName(record).ok());
  SCRUTINY_CHECK(!NameOfEntry(Sequence(7), bytes).empty());
  if (!facts.parsed || !facts.problem.empty()) return;
  // One without a fault is one that parses, with what the checker read out of it.
  const absl::StatusOr<event::v1::Entry> entry = ParseEntry(bytes);
  SCRUTINY_CHECK_OK(entry.status());
  SCRUTINY_CHECK(entry->assigned().sequence() == facts.sequence.value() &&
                 entry->assigned().revision() == facts.revision.value() &&
                 entry->assigned().fact_type() == facts.type.value());
  SCRUTINY_CHECK(facts.record == KeyOfRecord(entry->proposed().record()));
  SCRUTINY_CHECK(facts.seals.size() == static_cast<size_t>(entry->seals_size()));
  SCRUTINY_CHECK(facts.selected);
}

}  // namespace
}  // namespace scrutiny::ledger

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes = scrutiny::fuzz::AsView(data, size);
  scrutiny::ledger::CheckEntry(bytes);
  scrutiny::ledger::CheckFacts(bytes);
  return 0;
}
