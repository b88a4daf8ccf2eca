#include <cstddef>
#include <cstdint>

#include "ledger/format/big_endian.h"
#include "ledger/store/sealed_store.h"

namespace scrutiny::ledger {
namespace {

constexpr size_t kPlaceBytes = sizeof(uint64_t) + sizeof(uint32_t);

}  // namespace

std::string SealedKey(const SealPlace& place) {
  std::string key;
  AppendBigEndian(place.sequence.value(), &key);
  AppendBigEndian(place.index, &key);
  return key;
}

std::string SubjectRowKey(absl::string_view subject, const SealPlace& place) {
  std::string key(subject.data(), subject.size());
  key.push_back('\0');  // No record name holds one, so no subject's keys stand among another's.
  return key + SealedKey(place);
}

absl::optional<SealPlace> ReadSealedKey(absl::string_view key) {
  uint64_t sequence = 0;
  SealPlace place;
  if (!TakeBigEndian(&key, &sequence) || !TakeBigEndian(&key, &place.index) || !key.empty()) {
    return absl::nullopt;
  }
  place.sequence = Sequence(sequence);
  return place;
}

absl::optional<SealPlace> ReadSubjectRowKey(absl::string_view key) {
  if (key.size() <= kPlaceBytes || key[key.size() - kPlaceBytes - 1] != '\0') return absl::nullopt;
  return ReadSealedKey(key.substr(key.size() - kPlaceBytes));
}

}  // namespace scrutiny::ledger
