#include "tools/support/csv.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/base/text.h"

namespace scrutiny::tools {
namespace {

using ledger::Error;
using ledger::Reason;

// Reads one row after the other.
class Reader {
 public:
  explicit Reader(absl::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }

  absl::StatusOr<CsvRow> Row() {
    CsvRow row;
    row.line = line_;
    row.row = ++rows_;
    while (true) {
      SCRUTINY_ASSIGN_OR_RETURN(std::string cell, Cell(row));
      row.cells.push_back(std::move(cell));
      if (row.cells.size() > kCsvColumnsMax) {
        return Wrong(row, absl::StrCat("there are more than ", kCsvColumnsMax, " columns"));
      }
      if (absl::ConsumePrefix(&rest_, ",")) continue;
      EndOfLine();
      return row;
    }
  }

 private:
  absl::Status Wrong(const CsvRow& row, absl::string_view what) const {
    return Error(Reason::kMalformed,
                 absl::StrCat("line ", row.line, ", column ", row.cells.size() + 1, ": ", what));
  }

  bool EndOfLine() {
    if (!absl::ConsumePrefix(&rest_, "\r\n") && !absl::ConsumePrefix(&rest_, "\n") &&
        !absl::ConsumePrefix(&rest_, "\r")) {
      return false;
    }
    ++line_;
    return true;
  }

  absl::StatusOr<std::string> Cell(const CsvRow& row) {
    if (!absl::ConsumePrefix(&rest_, "\"")) {
      const size_t end = rest_.find_first_of(",\r\n");
      const absl::string_view plain = rest_.substr(0, end);
      rest_.remove_prefix(plain.size());
      return std::string(plain);
    }
    std::string cell;
    while (true) {
      const size_t quote = rest_.find('"');
      if (quote == absl::string_view::npos) return Wrong(row, "a quoted cell is never closed");
      for (const char c : rest_.substr(0, quote)) line_ += c == '\n';
      absl::StrAppend(&cell, rest_.substr(0, quote));
      rest_.remove_prefix(quote + 1);
      if (!absl::ConsumePrefix(&rest_, "\"")) break;
      cell += '"';
    }
    if (!rest_.empty() && rest_[0] != ',' && rest_[0] != '\r' && rest_[0] != '\n') {
      return Wrong(row, "there is text after a closing quote; double the quotes inside a cell");
    }
    return cell;
  }

  absl::string_view rest_;
  size_t line_ = 1;
  size_t rows_ = 0;
};

bool LooksLikeFormula(absl::string_view cell) {
  if (cell.empty() || !absl::StrContains("=+-@\t\r", cell[0])) return false;
  double number = 0;
  return !absl::SimpleAtod(cell, &number);
}

}  // namespace

absl::StatusOr<std::vector<CsvRow>> ReadCsv(absl::string_view text) {
  absl::ConsumePrefix(&text, "\xEF\xBB\xBF");
  if (!ledger::IsValidUtf8(text)) {
    return Error(Reason::kMalformed, "the file is not UTF-8; save it as CSV UTF-8");
  }
  Reader reader(text);
  std::vector<CsvRow> rows;
  while (!reader.done()) {
    SCRUTINY_ASSIGN_OR_RETURN(CsvRow row, reader.Row());
    if (row.cells.size() == 1 && row.cells[0].empty()) continue;
    if (rows.size() == kCsvRowsMax) {
      return Error(Reason::kOverLimit, absl::StrCat("there are more than ", kCsvRowsMax, " rows"));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string WriteCsvRow(const std::vector<std::string>& cells) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line += ',';
    const std::string cell = LooksLikeFormula(cells[i]) ? absl::StrCat("'", cells[i]) : cells[i];
    if (cell.find_first_of(",\"\r\n") == std::string::npos) {
      line += cell;
    } else {
      absl::StrAppend(&line, "\"", absl::StrReplaceAll(cell, {{"\"", "\"\""}}), "\"");
    }
  }
  return line + "\r\n";
}

}  // namespace scrutiny::tools
