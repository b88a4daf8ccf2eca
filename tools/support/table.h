// tools/support/table.h
// Tables of text for a terminal: columns as wide as what is in them, wrapped where they must be.
//
// Guarantees:  no row is wider than `width` columns of the terminal, unless the table has more
//              columns than fit with kColumnWidthMin each; widths are those of the characters shown
//              (a combining accent has none, a wide character two).
// Threads:     thread-compatible.
// Tests:       tests/tools/support/table_test.cc
#ifndef SCRUTINY_TOOLS_SUPPORT_TABLE_H_
#define SCRUTINY_TOOLS_SUPPORT_TABLE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace scrutiny::tools {

inline constexpr size_t kColumnWidthMin = 6;

// How many columns of a terminal the text takes.
size_t DisplayWidth(absl::string_view text);

// The text in lines of at most `width` columns, broken between words, inside one only where a word
// is wider than a line; its own line ends stay.
std::vector<std::string> Wrapped(absl::string_view text, size_t width);

class Table {
 public:
  explicit Table(std::vector<std::string> headings);

  // A row of as many cells as there are headings; `below` stands under it, over the whole width,
  // for what must stay in one piece, such as a name to be copied.
  void Add(std::vector<std::string> cells, std::string below = "");
  // Columns without a single word in them are left out.
  std::string Render(size_t width) const;

 private:
  std::vector<size_t> Widths(const std::vector<size_t>& shown, size_t width) const;

  std::vector<std::string> headings_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<std::string> below_;  // one a row
};

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SUPPORT_TABLE_H_
