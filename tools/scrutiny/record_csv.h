// tools/scrutiny/record_csv.h
// Facts from a spreadsheet: each row is what one call of `record` with flags would be.
//
// Guarantees:  all rows are checked, by the server too, before any is recorded; recording the same
//              file again, or a longer one, records nothing twice: a row's request id and the name
//              of its record are derived from what stands in it in public. A row with something
//              sealed names its record in the column `as`: nothing else of it may tell it apart.
// Threads:     confined to main's thread.
// Errors:      by row and column, with the value at fault; kCsvErrorsShown of them at most.
// Tests:       tests/tools/scrutiny/record_csv_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINY_RECORD_CSV_H_
#define SCRUTINY_TOOLS_SCRUTINY_RECORD_CSV_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "scrutiny/ledger/v1/ledger.pb.h"
#include "tools/scrutiny/context.h"
#include "tools/scrutiny/verb.h"

namespace scrutiny::tools {

inline constexpr size_t kCsvErrorsShown = 20;

// A spreadsheet that the program offers.
struct CsvTemplate {
  std::string name;  // `actions`
  std::string verb;  // `action`
  std::vector<std::string> columns;
  std::vector<std::string> example;  // one a column
};
const std::vector<CsvTemplate>& CsvTemplates();
bool HasTemplate(const Verb& verb);
std::string TemplateOf(const Verb& verb);

// The header and an example row that is left out when the file is read.
std::string TemplateText(const CsvTemplate& csv);

// A row ready to be sent.
struct CsvRequest {
  size_t row = 0;  // as the spreadsheet numbers it
  ledger::v1::AppendRequest request;
};
// Reads all rows; flags on the command line hold for every row that says nothing else. The status
// lists every row and column that is wrong.
absl::StatusOr<std::vector<CsvRequest>> ReadCsvFacts(const Verb& verb, absl::string_view file,
                                                     absl::string_view text, const Args& args,
                                                     FillSources sources);

absl::Status RecordCsv(const Verb& verb, const Args& args, Context& context);

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SCRUTINY_RECORD_CSV_H_
