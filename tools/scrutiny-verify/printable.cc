#include "tools/scrutiny-verify/printable.h"

#include <cstddef>
#include <cstdint>

#include "absl/strings/str_cat.h"

#include "ledger/base/text.h"

namespace scrutiny::tools::verify {
namespace {

// The code point of the character in front and its length; a length of 0 where there is none.
struct Front {
  uint32_t code = 0;
  size_t length = 0;
};

Front Decode(absl::string_view text) {
  const auto lead = static_cast<uint8_t>(text.front());
  const size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (text.size() < length || !ledger::IsValidUtf8(text.substr(0, length))) return {};
  if (length == 1) return {.code = lead, .length = 1};
  uint32_t code = lead & (0x7Fu >> length);
  for (size_t i = 1; i < length; ++i) {
    code = (code << 6) | (static_cast<uint8_t>(text[i]) & 0x3Fu);
  }
  return {.code = code, .length = length};
}

// Controls, marks that turn the direction of text, separators of lines, and what has no width.
bool IsObeyed(uint32_t code) {
  const auto within = [code](uint32_t first, uint32_t last) {
    return code >= first && code <= last;
  };
  return code < 0x20 || within(0x7F, 0x9F) || code == 0xAD || code == 0x61C ||
         within(0x200B, 0x200F) || within(0x2028, 0x202E) || within(0x2060, 0x206F) ||
         code == 0xFEFF || within(0xFFF9, 0xFFFB);
}

}  // namespace

std::string ForTerminal(absl::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Front front = Decode(text);
    if (front.length == 0 || (front.length == 1 && IsObeyed(front.code))) {
      absl::StrAppend(&out, "\\x", absl::Hex(static_cast<uint8_t>(text.front()), absl::kZeroPad2));
      text.remove_prefix(1);
      continue;
    }
    if (IsObeyed(front.code)) {
      absl::StrAppend(&out, "\\u", absl::Hex(front.code, absl::kZeroPad4));
    } else {
      absl::StrAppend(&out, text.substr(0, front.length));
    }
    text.remove_prefix(front.length);
  }
  return out;
}

}  // namespace scrutiny::tools::verify
