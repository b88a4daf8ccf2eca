#include "ledger/format/alias.h"

#include <cstddef>
#include <cstdint>

#include "absl/strings/ascii.h"

#include "ledger/base/limits.h"

namespace scrutiny::ledger {
namespace {

// What a character becomes.
enum class Fold : uint8_t { kKeep, kSpace, kDrop, kApostrophe, kQuote, kHyphen, kLatinUpper };

// A character's code point and length; a byte that begins no character counts as itself, so that
// any bytes at all can be looked up.
struct Decoded {
  char32_t code = 0;
  size_t length = 1;
};

Decoded Decode(absl::string_view text) {
  const auto at = [text](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = at(0);
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1;
  if (length == 1 || text.size() < length) return {lead, 1};
  char32_t code = lead & (0x7F >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xC0) != 0x80) return {lead, 1};
    code = code << 6 | (at(i) & 0x3F);
  }
  return {code, length};
}

Fold FoldOf(char32_t code) {
  if (code >= 0xC0 && code <= 0xDE && code != 0xD7) return Fold::kLatinUpper;
  if (code == 0xA0 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 ||
      code == 0x202F || code == 0x205F || code == 0x3000) {
    return Fold::kSpace;
  }
  if (code == 0xAD || (code >= 0x200B && code <= 0x200F) || code == 0x2060 || code == 0xFEFF) {
    return Fold::kDrop;
  }
  if ((code >= 0x2018 && code <= 0x201B) || code == 0x2032) return Fold::kApostrophe;
  if ((code >= 0x201C && code <= 0x201F) || code == 0x2033) return Fold::kQuote;
  if ((code >= 0x2010 && code <= 0x2015) || code == 0x2212) return Fold::kHyphen;
  return Fold::kKeep;
}

// Gathers the result: a space is written only once something follows it.
class Folded {
 public:
  void Space() { space_ = !out_.empty(); }

  // False when it does not fit any more.
  bool Add(absl::string_view character) {
    const size_t needed = character.size() + (space_ ? 1 : 0);
    if (out_.size() + needed > kAliasBytesMax) return false;
    if (space_) out_.push_back(' ');
    space_ = false;
    out_.append(character.data(), character.size());
    return true;
  }

  std::string Take() { return std::move(out_); }

 private:
  std::string out_;
  bool space_ = false;
};

// Adds one character of more than one byte.
bool AddWide(Folded& out, char32_t code, absl::string_view character) {
  switch (FoldOf(code)) {
    case Fold::kSpace:
      out.Space();
      return true;
    case Fold::kDrop:
      return true;
    case Fold::kApostrophe:
      return out.Add("'");
    case Fold::kQuote:
      return out.Add("\"");
    case Fold::kHyphen:
      return out.Add("-");
    case Fold::kLatinUpper: {
      const char lower[2] = {character[0], static_cast<char>(character[1] + 0x20)};
      return out.Add(absl::string_view(lower, 2));
    }
    case Fold::kKeep:
      break;
  }
  return out.Add(character);
}

}  // namespace

std::string NormaliseAlias(absl::string_view text) {
  Folded out;
  while (!text.empty()) {
    const Decoded decoded = Decode(text);
    const absl::string_view character = text.substr(0, decoded.length);
    text.remove_prefix(decoded.length);
    if (decoded.length > 1) {
      if (!AddWide(out, decoded.code, character)) break;
    } else if (const char c = character[0]; static_cast<uint8_t>(c) <= ' ' || c == 0x7F) {
      out.Space();
    } else {
      const char lower = absl::ascii_tolower(c);
      if (!out.Add(absl::string_view(&lower, 1))) break;
    }
  }
  return out.Take();
}

}  // namespace scrutiny::ledger
