// Keys and values of the index, and keys of sealed rows: what is read is what was written.
#include <string>

#include "ledger/store/index_keys.h"
#include "ledger/store/sealed_store.h"
#include "tests/fuzz/fuzz.h"

namespace scrutiny::ledger {
namespace {

void CheckKeys(absl::string_view bytes) {
  std::string again;
  absl::string_view record;
  Revision revision;
  if (ReadRecordKey(bytes, &record, &revision)) {
    AppendRecordKey(record, revision, &again);
    SCRUTINY_CHECK(again == bytes);
  }
  std::string claim;
  Sequence sequence;
  if (again.clear(); ReadClaimKey(bytes, &claim, &sequence)) {
    AppendClaimKey(claim, sequence, &again);
    SCRUTINY_CHECK(again == bytes);
  }
  ReadCitationKey(bytes, &sequence);
  Ordinal ordinal;
  ReadTypeKey(bytes, &ordinal);
  if (const absl::optional<SealPlace> place = ReadSealedKey(bytes); place.has_value()) {
    SCRUTINY_CHECK(SealedKey(*place) == bytes);
  }
  ReadSubjectRowKey(bytes);
}

void CheckValues(absl::string_view bytes) {
  std::string again;
  if (const auto item = ReadHistoryValue(bytes); item.has_value()) {
    IndexedEntry entry;
    entry.sequence = item->sequence;
    entry.derived.type = item->type;
    entry.derived.day = item->day;
    entry.derived.corrects = item->corrects;
    AppendHistoryValue(entry, &again);
    SCRUTINY_CHECK(again == bytes);
  }
  ClaimHit hit;
  if (again.clear(); ReadClaimValue(bytes, &hit)) {
    AppendClaimValue(hit.record, Claim{"", hit.item, hit.printed}, &again);
    SCRUTINY_CHECK(again == bytes);
  }
  if (const auto request = ReadRequestValue(bytes); request.has_value()) {
    again.clear();
    AppendRequestValue(*request, &again);
    SCRUTINY_CHECK(again == bytes);
  }
}

// Keys sort as what they are made of, and nothing but what starts so comes before AfterPrefix.
void CheckOrder(fuzz::Input input) {
  const std::string first(input.Part());
  const std::string second(input.Part());
  SCRUTINY_CHECK((EscapedClaim(first) < EscapedClaim(second)) == (first < second));
  std::string key;
  AppendClaimKey(first, Sequence(input.Number()), &key);
  SCRUTINY_CHECK(key.substr(0, ClaimPrefix(first).size()) == ClaimPrefix(first));
  const std::string after = AfterPrefix(first);
  if (!after.empty()) {
    SCRUTINY_CHECK(first + second < after);
  } else {
    SCRUTINY_CHECK(first.find_first_not_of('\xff') == std::string::npos);
  }
}

}  // namespace
}  // namespace scrutiny::ledger

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes = scrutiny::fuzz::AsView(data, size);
  scrutiny::ledger::CheckKeys(bytes);
  scrutiny::ledger::CheckValues(bytes);
  scrutiny::ledger::CheckOrder(scrutiny::fuzz::Input(data, size));
  return 0;
}
