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

constexpr size_t kGap = 2;             // between columns
constexpr size_t kWordWidthMax = 24;   // a longer word may be broken
constexpr size_t kRowsMeasured = 300;  // for the widths; the rest follows them
constexpr size_t kShortColumn = 12;    // dates, numbers and the like are not broken
constexpr char kIndent[] = "    ";     // before what stands below a row

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

// As much of a word as fits in the width, at least one character; up to the last / or - in it where
// there is one, since that is where names of records are best broken.
absl::string_view Fitting(absl::string_view text, size_t width) {
  size_t used = 0;
  size_t end = 0;
  size_t at_mark = 0;
  while (end < text.size()) {
    const auto [bytes, columns] = FirstCharacter(text.substr(end));
    if (used + columns > width && end > 0) break;
    used += columns;
    end += bytes;
    if (text[end - 1] == '/' || text[end - 1] == '-') at_mark = end;
  }
  return text.substr(0, at_mark > 0 && end < text.size() ? at_mark : end);
}

// The widest piece of the text that should stay on one line.
size_t WidestPiece(absl::string_view text) {
  size_t widest = 0;
  for (const absl::string_view word : absl::StrSplit(text, absl::ByAnyChar(" \n/-"))) {
    widest = std::max(widest, WidthInLocale(word) + 1);
  }
  return widest > 0 ? widest - 1 : 0;
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

// The widths of a cell's own lines.
using Cell = std::vector<size_t>;

// How many lines a cell takes at a width; breaking between words wastes about an eighth.
size_t LinesAt(const Cell& cell, size_t width) {
  size_t lines = 0;
  for (const size_t line : cell) {
    lines += line <= width ? 1 : (line + line / 8 + width - 1) / width;
  }
  return lines;
}

// Which column to widen, and by how much, to save most lines of the table for what it takes;
// {0, 0} if nothing is gained. `cells` are by column, then by row.
std::pair<size_t, size_t> BestWidening(const std::vector<std::vector<Cell>>& cells,
                                       const std::vector<size_t>& needed,
                                       const std::vector<size_t>& widths, size_t left) {
  const size_t rows = cells[0].size();
  std::pair<size_t, size_t> best = {0, 0};
  double best_gain = 0;
  for (size_t i = 0; i < cells.size(); ++i) {
    // How high each row is for the other columns, and for this one now.
    std::vector<size_t> others(rows, 1);
    std::vector<size_t> own(rows);
    for (size_t row = 0; row < rows; ++row) {
      for (size_t j = 0; j < cells.size(); ++j) {
        if (j != i) others[row] = std::max(others[row], LinesAt(cells[j][row], widths[j]));
      }
      own[row] = LinesAt(cells[i][row], widths[i]);
    }
    for (size_t more = 1; more <= left && widths[i] + more <= needed[i]; ++more) {
      double saved = 0;
      for (size_t row = 0; row < rows; ++row) {
        const size_t then = LinesAt(cells[i][row], widths[i] + more);
        if (then >= own[row]) continue;
        // A line of the table counts; one that another column keeps counts a little.
        saved += static_cast<double>(std::max(own[row], others[row]) - std::max(then, others[row]));
        saved += 0.1 * static_cast<double>(own[row] - then);
      }
      if (saved / static_cast<double>(more) > best_gain) {
        best_gain = saved / static_cast<double>(more);
        best = {i, more};
      }
    }
  }
  return best;
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

void Table::Add(std::vector<std::string> cells, std::string below) {
  SCRUTINY_CHECK(cells.size() == headings_.size()) << "a row of a table fits its headings";
  rows_.push_back(std::move(cells));
  below_.push_back(std::move(below));
}

// Every column gets what it needs if that fits. Otherwise each begins with its widest word, and
// what is left goes where it saves most lines.
std::vector<size_t> Table::Widths(const std::vector<size_t>& shown, size_t width) const {
  std::vector<size_t> needed;
  std::vector<size_t> widths;
  std::vector<std::vector<Cell>> cells(shown.size());
  for (size_t i = 0; i < shown.size(); ++i) {
    size_t widest = WidthInLocale(headings_[shown[i]]);
    size_t piece = WidestPiece(headings_[shown[i]]);
    for (const auto& row : rows_) {
      Cell cell;
      for (const absl::string_view line : absl::StrSplit(row[shown[i]], '\n')) {
        cell.push_back(WidthInLocale(line));
        widest = std::max(widest, cell.back());
        piece = std::max(piece, WidestPiece(line));
      }
      if (cells[i].size() < kRowsMeasured) cells[i].push_back(std::move(cell));
    }
    needed.push_back(widest);
    widths.push_back(widest <= kShortColumn
                         ? widest
                         : std::min({widest, std::max(piece, kColumnWidthMin), kWordWidthMax}));
  }
  size_t used = kGap * (shown.size() - 1);
  for (const size_t column : widths) used += column;
  while (used < width) {
    const auto [column, more] = BestWidening(cells, needed, widths, width - used);
    if (more == 0) break;
    widths[column] += more;
    used += more;
  }
  // Too many columns for the terminal: the widest give way.
  for (; used > width; --used) {
    const auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest <= kColumnWidthMin) break;
    --*widest;
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
  for (size_t i = 0; i < rows_.size(); ++i) {
    rows.push_back(render(rows_[i], &wrapped));
    if (below_[i].empty()) continue;
    absl::StrAppend(&rows.back(), kIndent, below_[i], "\n");
    wrapped = true;
  }
  for (size_t i = 0; i < rows.size(); ++i) {
    // Rows of several lines run into each other without a line between them.
    if (i > 0 && wrapped) text += "\n";
    text += rows[i];
  }
  return text;
}

}  // namespace scrutiny::tools
