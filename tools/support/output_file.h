// tools/support/output_file.h
// A file that is there whole or not at all: written beside its name as FILE.part, synced, renamed.
//
// Guarantees:  whatever goes wrong before Commit, a file that was there before is as it was and no
//              part of the new one is left.
// Threads:     confined to one thread.
// Errors:      ALREADY_EXISTS where the file is there and may not be replaced; kMalformed where
//              it cannot be made; kUnavailable where writing fails.
// Tests:       tests/tools/support/output_file_test.cc
#ifndef SCRUTINY_TOOLS_SUPPORT_OUTPUT_FILE_H_
#define SCRUTINY_TOOLS_SUPPORT_OUTPUT_FILE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace scrutiny::tools {

class OutputFile {
 public:
  static absl::StatusOr<std::unique_ptr<OutputFile>> Create(const std::string& file, bool replace);
  // Takes what was written away unless it was committed.
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  absl::Status Write(absl::string_view bytes);
  absl::Status Commit();

  uint64_t bytes() const { return bytes_; }

 private:
  OutputFile(std::string file, bool replace, int descriptor);

  const std::string file_;
  const std::string part_;
  const bool replace_;
  int descriptor_;
  std::string buffer_;
  uint64_t bytes_ = 0;

  absl::Status Flush();
};

// The whole file at once.
absl::Status WriteFile(const std::string& file, absl::string_view bytes, bool replace);

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SUPPORT_OUTPUT_FILE_H_
