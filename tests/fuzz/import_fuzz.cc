// What clerks import: spreadsheets and JSON lines. What is read can be written and read again.
#include <string>
#include <vector>

#include "scrutiny/ledger/v1/ledger.pb.h"
#include "tests/fuzz/fuzz.h"
#include "tools/scrutiny/import_reader.h"
#include "tools/support/csv.h"

namespace scrutiny::tools {
namespace {

// Whether writing a cell would put an apostrophe before it.
bool IsGuarded(const std::string& cell) {
  return !cell.empty() && std::string("=+-@\t\r").find(cell[0]) != std::string::npos;
}

void CheckCsv(absl::string_view text) {
  const absl::StatusOr<std::vector<CsvRow>> rows = ReadCsv(text);
  if (!rows.ok()) return fuzz::CheckRefusal(rows.status());
  for (const CsvRow& row : *rows) {
    SCRUTINY_CHECK(!row.cells.empty() && row.line >= 1 && row.row >= 1);
    bool guarded = false;
    for (const std::string& cell : row.cells) guarded = guarded || IsGuarded(cell);
    // A byte order mark at the very beginning is no part of the first cell.
    if (guarded || row.cells[0].compare(0, 3, "\xEF\xBB\xBF") == 0) continue;
    const absl::StatusOr<std::vector<CsvRow>> again = ReadCsv(WriteCsvRow(row.cells));
    SCRUTINY_CHECK_OK(again.status());
    SCRUTINY_CHECK(again->size() == 1 && (*again)[0].cells == row.cells);
  }
}

void CheckJson(absl::string_view json) {
  ledger::v1::AppendRequest request;
  const absl::Status parsed = ParseRequest(json, &request);
  if (!parsed.ok()) return fuzz::CheckRefusal(parsed);
  SCRUTINY_CHECK(!request.request_id().empty() && request.facts_size() > 0);
  ledger::v1::AppendRequest again;
  SCRUTINY_CHECK_OK(ParseRequest(json, &again));
  SCRUTINY_CHECK(again.SerializeAsString() == request.SerializeAsString());
}

}  // namespace
}  // namespace scrutiny::tools

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = scrutiny::fuzz::AsView(data, size);
  scrutiny::tools::CheckCsv(text);
  scrutiny::tools::CheckJson(text);
  return 0;
}
