// tools/scrutiny/import_reader.h
// Reads append requests from JSON Lines and checks each as far as that can be done without a
// ledger.
//
// Guarantees:  a request without an id gets one derived from its line, so that importing the line
//              again is a no-op.
// Threads:     confined to one thread.
// Errors:      `file:line: field: what is wrong (value)`.
// Limits:      kMessageBytesMax a line.
// Tests:       tests/tools/scrutiny/import_reader_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINY_IMPORT_READER_H_
#define SCRUTINY_TOOLS_SCRUTINY_IMPORT_READER_H_

#include <cstddef>
#include <cstdint>
#include <istream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace scrutiny::ledger::v1 {
class AppendRequest;
}  // namespace scrutiny::ledger::v1

namespace scrutiny::tools {

class ImportReader {
 public:
  // `file` is what errors call the input; borrows `in`.
  ImportReader(std::string file, std::istream& in);

  // The next request; false at the end. Empty lines and those that begin with # are left out.
  absl::StatusOr<bool> Next(ledger::v1::AppendRequest* request);

  // The line that Next read last, from 1.
  size_t line() const { return line_; }
  uint64_t bytes_read() const { return bytes_read_; }

 private:
  absl::StatusOr<bool> ReadLine();

  const std::string file_;
  std::istream& in_;
  std::string text_;
  size_t line_ = 0;
  uint64_t bytes_read_ = 0;
};

// One request from JSON, with its id derived from the text if it has none, its facts checked.
absl::Status ParseRequest(absl::string_view json, ledger::v1::AppendRequest* request);

// The status as an error about a place: `file:12: facts[0].record: what is wrong (value)`.
absl::Status AtPlace(absl::string_view place, const absl::Status& status);

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SCRUTINY_IMPORT_READER_H_
