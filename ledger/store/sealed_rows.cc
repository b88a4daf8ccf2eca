#include <cstddef>
#include <utility>

#include "ledger/format/big_endian.h"
#include "ledger/store/sealed_store.h"

namespace scrutiny::ledger {
namespace {

constexpr char kRowVersion = 1;

void AppendText(absl::string_view text, std::string* out) {
  AppendBigEndian(static_cast<uint32_t>(text.size()), out);
  out->append(text.data(), text.size());
}

bool TakeText(absl::string_view* bytes, std::string* text) {
  uint32_t length = 0;
  if (!TakeBigEndian(bytes, &length) || length > bytes->size()) return false;
  text->assign(bytes->data(), length);
  bytes->remove_prefix(length);
  return true;
}

absl::optional<SealPlace> ReadPlace(absl::string_view bytes) {
  uint64_t sequence = 0;
  SealPlace place;
  if (!TakeBigEndian(&bytes, &sequence) || !TakeBigEndian(&bytes, &place.index) || !bytes.empty()) {
    return absl::nullopt;
  }
  place.sequence = Sequence(sequence);
  return place;
}

constexpr size_t kPlaceBytes = sizeof(uint64_t) + sizeof(uint32_t);

}  // namespace

std::string SealedKey(const SealPlace& place) {
  std::string key;
  AppendBigEndian(place.sequence.value(), &key);
  AppendBigEndian(place.index, &key);
  return key;
}

std::string SealedValue(const SealedRow& row) {
  std::string value(1, kRowVersion);
  AppendText(row.subject, &value);
  AppendText(row.key_id, &value);
  AppendText(row.wrapped_key, &value);
  AppendText(row.sealed, &value);
  return value;
}

absl::optional<SealedRow> ReadSealedRow(absl::string_view key, absl::string_view value) {
  const absl::optional<SealPlace> place = ReadPlace(key);
  if (!place || value.empty() || value[0] != kRowVersion) return absl::nullopt;
  value.remove_prefix(1);
  SealedRow row;
  row.place = *place;
  if (!TakeText(&value, &row.subject) || !TakeText(&value, &row.key_id) ||
      !TakeText(&value, &row.wrapped_key) || !TakeText(&value, &row.sealed) || !value.empty()) {
    return absl::nullopt;
  }
  return row;
}

std::string SubjectKey(absl::string_view subject, const SealPlace& place) {
  std::string key(subject.data(), subject.size());
  key.push_back('\0');  // No record name holds one, so no subject's keys stand among another's.
  return key + SealedKey(place);
}

absl::optional<SealPlace> ReadSubjectKey(absl::string_view key) {
  if (key.size() <= kPlaceBytes || key[key.size() - kPlaceBytes - 1] != '\0') return absl::nullopt;
  return ReadPlace(key.substr(key.size() - kPlaceBytes));
}

}  // namespace scrutiny::ledger
