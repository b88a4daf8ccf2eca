#include "ledger/format/entry_codec.h"

#include <cstddef>
#include <cstdint>
#include <utility>

#include "ledger/base/error.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

// Tags of a length-delimited field: number << 3 | 2.
constexpr char kProposedTag = event::v1::Entry::kProposedFieldNumber << 3 | 2;
constexpr char kAssignedTag = event::v1::Entry::kAssignedFieldNumber << 3 | 2;

void AppendVarint(size_t value, std::string* out) {
  while (value >= 0x80) {
    out->push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out->push_back(static_cast<char>(value));
}

}  // namespace

void AppendEntry(std::string* out, absl::string_view proposed_bytes,
                 const event::v1::Assigned& assigned, absl::string_view seals) {
  out->push_back(kProposedTag);
  AppendVarint(proposed_bytes.size(), out);
  out->append(proposed_bytes.data(), proposed_bytes.size());

  out->push_back(kAssignedTag);
  const size_t assigned_bytes = assigned.ByteSizeLong();
  AppendVarint(assigned_bytes, out);
  const size_t at = out->size();
  out->resize(at + assigned_bytes);
  assigned.SerializeWithCachedSizesToArray(reinterpret_cast<uint8_t*>(out->data() + at));
  out->append(seals.data(), seals.size());
}

absl::string_view ProposedBytes(absl::string_view entry) {
  if (entry.empty() || entry[0] != kProposedTag) return {};
  uint64_t length = 0;
  size_t at = 1;
  for (int shift = 0; at < entry.size() && shift < 64; shift += 7) {
    const uint8_t byte = static_cast<uint8_t>(entry[at++]);
    length |= uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) {
      return length <= entry.size() - at ? entry.substr(at, length) : absl::string_view();
    }
  }
  return {};
}

absl::StatusOr<event::v1::Entry> ParseEntry(absl::string_view bytes) {
  event::v1::Entry entry;
  if (!entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Error(Reason::kCorrupt, "The stored bytes are no entry.")
        .Next("Restore the ledger from a copy and verify it.");
  }
  return entry;
}

}  // namespace scrutiny::ledger
