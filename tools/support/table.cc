#include "tools/support/table.h"

#include <algorithm>
#include <cwchar>
#include <locale.h>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "ledger/base/status.h"

namespace scrutiny::tools {
namespace {

constexpr size_t kGap = 2;  // between columns

// The C library's table of widths, whatever locale the user has.
class Utf8Locale {
 public:
  Utf8Locale() : locale_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (locale_ != nullptr) previous_ = uselocale(locale_);
  }
  ~Utf8Locale() {
    if (locale_ == nullptr) return;
    uselocale(previous_);
    freelocale(locale_);
  }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  locale_t locale_;
  locale_t previous_ = nullptr;
};

// The bytes of the first character of a non-empty text, and its width; a byte that is no UTF-8 is a
// character of width 1.
std::pair<size_t, size_t> FirstCharacter(absl::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return {1, lead < 0x20 ? 0 : 1};
  const size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
  if (bytes == 1 || text.size() < bytes) return {1, 1};
  wchar_t code = static_cast<wchar_t>(lead & (0xFF >> (bytes + 1)));
  for (size_t i = 1; i < bytes; ++i) code = (code << 6) | (text[i] & 0x3F);
  const int width = wcwidth(code);
  return {bytes, width < 0 ? 1 : static_cast<size_t>(width)};
}

size_t WidthInLocale(absl::string_view text) {
  size_t width = 0;
  while (!text.empty()) {
    const auto [bytes, columns] = FirstCharacter(text);
    width += columns;
    text.remove_prefix(bytes);
  }
  return width;
}

// As much of the text as fits in the width, at least one character.
absl::string_view Fitting(absl::string_view text, size_t width) {
  size_t used = 0;
  size_t end = 0;
  while (end < text.size()) {
    const auto [bytes, columns] = FirstCharacter(text.substr(end));
    if (used + columns > width && end > 0) break;
    used += columns;
    end += bytes;
  }
  return text.substr(0, end);
}

void WrapLine(absl::string_view line, size_t width, std::vector<std::string>* lines) {
  std::string current;
  size_t used = 0;
  for (absl::string_view word : absl::StrSplit(line, ' ')) {
    size_t word_width = WidthInLocale(word);
    if (!current.empty() && used + 1 + word_width <= width) {
      absl::StrAppend(&current, " ", word);
      used += 1 + word_width;
      continue;
    }
    if (!current.empty()) lines->push_back(std::move(current));
    while (word_width > width) {
      const absl::string_view part = Fitting(word, width);
      lines->push_back(std::string(part));
      word.remove_prefix(part.size());
      word_width = WidthInLocale(word);
    }
    current = std::string(word);
    used = word_width;
  }
  lines->push_back(std::move(current));
}

void AppendPadded(absl::string_view cell, size_t width, std::string* line) {
  absl::StrAppend(line, cell, std::string(width - std::min(width, WidthInLocale(cell)), ' '));
}

std::string TrimmedRight(std::string line) {
  line.resize(absl::StripTrailingAsciiWhitespace(line).size());
  return line + "\n";
}

}  // namespace

size_t DisplayWidth(absl::string_view text) {
  const Utf8Locale locale;
  return WidthInLocale(text);
}

std::vector<std::string> Wrapped(absl::string_view text, size_t width) {
  const Utf8Locale locale;
  std::vector<std::string> lines;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    WrapLine(line, std::max<size_t>(width, 1), &lines);
  }
  return lines;
}

Table::Table(std::vector<std::string> headings) : headings_(std::move(headings)) {}

void Table::Add(std::vector<std::string> cells) {
  SCRUTINY_CHECK(cells.size() == headings_.size()) << "a row of a table fits its headings";
  rows_.push_back(std::move(cells));
}

// Every column gets what it needs while that fits; otherwise those that need more than their even
// share of what is left are cut to it.
std::vector<size_t> Table::Widths(const std::vector<size_t>& shown, size_t width) const {
  std::vector<size_t> needed;
  for (const size_t column : shown) {
    size_t widest = WidthInLocale(headings_[column]);
    for (const auto& row : rows_) {
      for (const absl::string_view line : absl::StrSplit(row[column], '\n')) {
        widest = std::max(widest, WidthInLocale(line));
      }
    }
    needed.push_back(widest);
  }
  const size_t gaps = kGap * (shown.size() - 1);
  size_t left = width > gaps ? width - gaps : 0;
  std::vector<size_t> order(shown.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return needed[a] < needed[b]; });
  std::vector<size_t> widths(shown.size());
  for (size_t i = 0; i < order.size(); ++i) {
    const size_t share = std::max(left / (order.size() - i), kColumnWidthMin);
    widths[order[i]] = std::min(needed[order[i]], share);
    left -= std::min(left, widths[order[i]]);
  }
  return widths;
}

std::string Table::Render(size_t width) const {
  const Utf8Locale locale;
  std::vector<size_t> shown;
  for (size_t column = 0; column < headings_.size(); ++column) {
    const bool used = std::any_of(rows_.begin(), rows_.end(),
                                  [&](const auto& row) { return !row[column].empty(); });
    if (used) shown.push_back(column);
  }
  if (shown.empty()) return "";
  const std::vector<size_t> widths = Widths(shown, width);

  const auto render = [&](const std::vector<std::string>& cells, bool* wrapped) {
    std::vector<std::vector<std::string>> columns;
    size_t height = 0;
    for (size_t i = 0; i < shown.size(); ++i) {
      columns.emplace_back();
      for (const absl::string_view line : absl::StrSplit(cells[shown[i]], '\n')) {
        WrapLine(line, widths[i], &columns.back());
      }
      height = std::max(height, columns.back().size());
    }
    *wrapped |= height > 1;
    std::string text;
    for (size_t at = 0; at < height; ++at) {
      std::string line;
      for (size_t i = 0; i < columns.size(); ++i) {
        if (i > 0) line += std::string(kGap, ' ');
        AppendPadded(at < columns[i].size() ? columns[i][at] : "", widths[i], &line);
      }
      text += TrimmedRight(std::move(line));
    }
    return text;
  };

  bool ignored = false;
  std::string text = render(headings_, &ignored);
  std::string rule;
  for (size_t i = 0; i < widths.size(); ++i) {
    if (i > 0) rule += std::string(kGap, ' ');
    for (size_t n = 0; n < widths[i]; ++n) rule += "\u2500";
  }
  text += rule + "\n";
  bool wrapped = false;
  std::vector<std::string> rows;
  for (const auto& row : rows_) rows.push_back(render(row, &wrapped));
  for (size_t i = 0; i < rows.size(); ++i) {
    // Rows of several lines run into each other without a line between them.
    if (i > 0 && wrapped) text += "\n";
    text += rows[i];
  }
  return text;
}

}  // namespace scrutiny::tools
