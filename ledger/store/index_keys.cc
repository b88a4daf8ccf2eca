#include "ledger/store/index_keys.h"

#include <algorithm>
#include <cstddef>

#include "ledger/format/big_endian.h"

namespace scrutiny::ledger {
namespace {

constexpr size_t kNumberBytes = sizeof(uint64_t);
constexpr char kSeparator = '\0';
// Within a claim's key: a zero of the claim, and the end of the claim. The end sorts first.
constexpr char kEscapedZero = '\xff';
constexpr char kClaimEnd = '\x01';

void Append(absl::string_view bytes, std::string* out) { out->append(bytes.data(), bytes.size()); }

void AppendSized(absl::string_view bytes, std::string* out) {
  AppendBigEndian(static_cast<uint32_t>(bytes.size()), out);
  Append(bytes, out);
}

bool TakeSized(absl::string_view* bytes, std::string* value) {
  uint32_t size = 0;
  if (!TakeBigEndian(bytes, &size) || bytes->size() < size) return false;
  value->assign(bytes->data(), size);
  bytes->remove_prefix(size);
  return true;
}

void AppendEscaped(absl::string_view claim, std::string* out) {
  for (const char byte : claim) {
    out->push_back(byte);
    if (byte == kSeparator) out->push_back(kEscapedZero);
  }
}

// Splits name 00 number.
bool ReadNamedKey(absl::string_view key, absl::string_view* name, uint64_t* number) {
  if (key.size() < kNumberBytes + 1) return false;
  const size_t name_bytes = key.size() - kNumberBytes - 1;
  if (key[name_bytes] != kSeparator) return false;
  *name = key.substr(0, name_bytes);
  *number = LoadBigEndian<uint64_t>(key.data() + name_bytes + 1);
  return true;
}

}  // namespace

void AppendRecordKey(absl::string_view record, Revision revision, std::string* out) {
  Append(record, out);
  out->push_back(kSeparator);
  AppendBigEndian(revision.value(), out);
}

std::string RecordPrefix(absl::string_view record) {
  std::string prefix(record);
  prefix.push_back(kSeparator);
  return prefix;
}

bool ReadRecordKey(absl::string_view key, absl::string_view* record, Revision* revision) {
  uint64_t number = 0;
  if (!ReadNamedKey(key, record, &number)) return false;
  *revision = Revision(number);
  return true;
}

void AppendHistoryValue(const IndexedEntry& entry, std::string* out) {
  AppendBigEndian(entry.sequence.value(), out);
  AppendBigEndian(entry.derived.type.value(), out);
  AppendBigEndian(static_cast<uint32_t>(entry.derived.day.value()), out);
  if (entry.derived.corrects.has_value()) AppendBigEndian(entry.derived.corrects->value(), out);
}

absl::optional<HistoryItem> ReadHistoryValue(absl::string_view value) {
  uint64_t sequence = 0;
  uint32_t type = 0;
  uint32_t day = 0;
  if (!TakeBigEndian(&value, &sequence) || !TakeBigEndian(&value, &type) ||
      !TakeBigEndian(&value, &day)) {
    return absl::nullopt;
  }
  HistoryItem item{Sequence(sequence), FactType(type), Day(static_cast<int32_t>(day)), {}};
  if (value.empty()) return item;
  uint64_t corrects = 0;
  if (!TakeBigEndian(&value, &corrects) || !value.empty()) return absl::nullopt;
  item.corrects = Sequence(corrects);
  return item;
}

void AppendClaimKey(absl::string_view claim, Sequence sequence, std::string* out) {
  AppendEscaped(claim, out);
  out->push_back(kSeparator);
  out->push_back(kClaimEnd);
  AppendBigEndian(sequence.value(), out);
}

std::string ClaimPrefix(absl::string_view claim) {
  std::string prefix = EscapedClaim(claim);
  prefix.push_back(kSeparator);
  prefix.push_back(kClaimEnd);
  return prefix;
}

std::string EscapedClaim(absl::string_view claim_prefix) {
  std::string escaped;
  escaped.reserve(claim_prefix.size() + kNumberBytes + 2);
  AppendEscaped(claim_prefix, &escaped);
  return escaped;
}

bool ReadClaimKey(absl::string_view key, std::string* claim, Sequence* sequence) {
  claim->clear();
  for (size_t at = 0; at + 1 < key.size(); ++at) {
    if (key[at] != kSeparator) {
      claim->push_back(key[at]);
    } else if (key[at + 1] == kEscapedZero) {
      claim->push_back(kSeparator);
      ++at;
    } else {
      if (key[at + 1] != kClaimEnd || key.size() != at + 2 + kNumberBytes) return false;
      *sequence = Sequence(LoadBigEndian<uint64_t>(key.data() + at + 2));
      return true;
    }
  }
  return false;
}

void AppendClaimValue(absl::string_view record, const Claim& claim, std::string* out) {
  AppendSized(record, out);
  AppendSized(claim.item, out);
  AppendSized(claim.printed, out);
}

bool ReadClaimValue(absl::string_view value, ClaimHit* hit) {
  return TakeSized(&value, &hit->record) && TakeSized(&value, &hit->item) &&
         TakeSized(&value, &hit->printed) && value.empty();
}

void AppendCitationKey(absl::string_view record, Sequence sequence, std::string* out) {
  Append(record, out);
  out->push_back(kSeparator);
  AppendBigEndian(sequence.value(), out);
}

bool ReadCitationKey(absl::string_view key, Sequence* sequence) {
  absl::string_view record;
  uint64_t number = 0;
  if (!ReadNamedKey(key, &record, &number)) return false;
  *sequence = Sequence(number);
  return true;
}

void AppendTypeKey(FactType type, Ordinal ordinal, std::string* out) {
  AppendBigEndian(type.value(), out);
  AppendBigEndian(ordinal.value(), out);
}

std::string TypePrefix(FactType type) {
  std::string prefix;
  AppendBigEndian(type.value(), &prefix);
  return prefix;
}

bool ReadTypeKey(absl::string_view key, Ordinal* ordinal) {
  if (key.size() != sizeof(uint32_t) + kNumberBytes) return false;
  *ordinal = Ordinal(LoadBigEndian<uint64_t>(key.data() + sizeof(uint32_t)));
  return true;
}

void AppendRequestKey(absl::string_view principal, absl::string_view request_id, std::string* out) {
  Append(principal, out);
  out->push_back(kSeparator);
  Append(request_id, out);
}

void AppendRequestValue(const RequestRecord& request, std::string* out) {
  AppendBigEndian(request.first.value(), out);
  AppendBigEndian(request.count, out);
  Append(AsBytes(request.digest), out);
}

absl::optional<RequestRecord> ReadRequestValue(absl::string_view value) {
  uint64_t first = 0;
  RequestRecord request;
  if (!TakeBigEndian(&value, &first) || !TakeBigEndian(&value, &request.count) ||
      value.size() != request.digest.size()) {
    return absl::nullopt;
  }
  request.first = Sequence(first);
  std::copy(value.begin(), value.end(), request.digest.begin());
  return request;
}

std::string TileKey(TileId id) {
  std::string key(1, static_cast<char>(id.level));
  AppendBigEndian(id.index, &key);
  return key;
}

std::string AfterPrefix(absl::string_view prefix) {
  std::string after(prefix);
  while (!after.empty() && after.back() == '\xff') after.pop_back();
  if (!after.empty()) after.back() = static_cast<char>(static_cast<uint8_t>(after.back()) + 1);
  return after;
}

}  // namespace scrutiny::ledger
