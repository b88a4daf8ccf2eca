#include "ledger/note/lines.h"

#include <algorithm>
#include <cstddef>
#include <limits>

#include "ledger/base/text.h"
#include "ledger/note/base64.h"

namespace scrutiny::ledger {

absl::optional<absl::string_view> TakeLine(absl::string_view* rest) {
  const size_t end = rest->find('\n');
  if (end == absl::string_view::npos) return absl::nullopt;
  const absl::string_view line = rest->substr(0, end);
  rest->remove_prefix(end + 1);
  return line;
}

absl::optional<uint64_t> ParseDecimal(absl::string_view text) {
  constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();
  if (text.empty() || (text[0] == '0' && text.size() > 1)) return absl::nullopt;
  uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return absl::nullopt;
    const auto digit = static_cast<uint64_t>(c - '0');
    if (value > (kMax - digit) / 10) return absl::nullopt;
    value = value * 10 + digit;
  }
  return value;
}

absl::optional<Hash> ParseHash(absl::string_view text) {
  constexpr size_t kHashTextBytes = 44;
  if (text.size() != kHashTextBytes) return absl::nullopt;
  const absl::optional<std::string> bytes = DecodeBase64(text);
  Hash hash;
  if (!bytes || bytes->size() != hash.size()) return absl::nullopt;
  std::copy(bytes->begin(), bytes->end(), hash.begin());
  return hash;
}

std::string FormatHash(const Hash& hash) { return EncodeBase64(AsBytes(hash)); }

bool IsNoteText(absl::string_view text) {
  const auto is_control = [](char c) { return static_cast<uint8_t>(c) < 0x20 && c != '\n'; };
  return std::none_of(text.begin(), text.end(), is_control) && IsValidUtf8(text);
}

}  // namespace scrutiny::ledger
