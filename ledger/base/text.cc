#include "ledger/base/text.h"

#include <cstdint>

namespace scrutiny::ledger {
namespace {

constexpr absl::string_view kEllipsis = "...";
constexpr char kHexDigits[] = "0123456789abcdef";

bool IsContinuation(uint8_t byte) { return (byte & 0xC0) == 0x80; }

// The length of the well-formed character that the text begins with, 0 where there is none. The
// bounds on the second byte are those of the Unicode Standard, table 3-7.
size_t CharacterLength(absl::string_view text) {
  const auto at = [text](size_t i) { return static_cast<uint8_t>(text[i]); };
  if (text.empty()) return 0;
  const uint8_t lead = at(0);
  if (lead < 0x80) return 1;
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  const uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (at(1) < low || at(1) > high) return 0;
  for (size_t i = 2; i < length; ++i) {
    if (!IsContinuation(at(i))) return 0;
  }
  return length;
}

bool IsControl(char c) { return (static_cast<uint8_t>(c) < 0x20 && c != '\n') || c == 0x7F; }

}  // namespace

bool IsValidUtf8(absl::string_view text) {
  while (!text.empty()) {
    const size_t length = CharacterLength(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string Printable(absl::string_view text, size_t bytes_max) {
  std::string out;
  size_t fits = 0;  // The longest prefix of `out` that leaves room for the ellipsis.
  while (!text.empty()) {
    const size_t length = CharacterLength(text);
    if (length == 0 || (length == 1 && IsControl(text[0]))) {
      const auto byte = static_cast<uint8_t>(text[0]);
      out += "\\x";
      out += kHexDigits[byte >> 4];
      out += kHexDigits[byte & 0xF];
      text.remove_prefix(1);
    } else {
      out.append(text.data(), length);
      text.remove_prefix(length);
    }
    if (out.size() > bytes_max) {
      out.resize(fits);
      if (bytes_max >= kEllipsis.size()) out.append(kEllipsis.data(), kEllipsis.size());
      return out;
    }
    if (out.size() + kEllipsis.size() <= bytes_max) fits = out.size();
  }
  return out;
}

}  // namespace scrutiny::ledger
