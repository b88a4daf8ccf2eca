// tools/support/csv.h
// Comma-separated values by RFC 4180, both ways.
//
// Guarantees:  what WriteCsvRow wrote, ReadCsv reads back, but for the quote that a guarded cell
//              gets (see there).
// Threads:     pure functions.
// Errors:      kMalformed with the row and the column at fault.
// Limits:      kCsvRowsMax rows, kCsvColumnsMax columns.
// Tests:       tests/tools/support/csv_test.cc
#ifndef SCRUTINY_TOOLS_SUPPORT_CSV_H_
#define SCRUTINY_TOOLS_SUPPORT_CSV_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace scrutiny::tools {

inline constexpr size_t kCsvRowsMax = 100'000;
inline constexpr size_t kCsvColumnsMax = 200;

// A row as it stands in the file.
struct CsvRow {
  size_t line = 0;  // the line of text it begins on, from 1
  size_t row = 0;   // the row as a spreadsheet numbers it, from 1
  std::vector<std::string> cells;
};

// Rows of the text: quoted cells may hold commas, quotes (doubled) and line ends; a byte order mark
// at the beginning, CRLF and a missing last line end are fine; empty lines are left out.
absl::StatusOr<std::vector<CsvRow>> ReadCsv(absl::string_view text);

// One row with CRLF. A cell that a spreadsheet would take for a formula (it begins with =, +, -, @,
// tab or return, and is no number) gets an apostrophe before it, as spreadsheets themselves do.
std::string WriteCsvRow(const std::vector<std::string>& cells);

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SUPPORT_CSV_H_
