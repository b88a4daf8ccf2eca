// ledger/verify/files.h
// Files as the checker reads them: whole and bounded, or at any place.
//
// Threads:     thread-safe.
// Errors:      kNotFound where there is no such file; kOverLimit where it is longer than may be;
//              UNAVAILABLE, with the system's words, where reading fails.
// Tests:       tests/ledger/verify/folder_log_test.cc
#ifndef SCRUTINY_LEDGER_VERIFY_FILES_H_
#define SCRUTINY_LEDGER_VERIFY_FILES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "ledger/format/tar.h"

namespace scrutiny::ledger {

// A file open for reading.
class OpenFile : public TarSource {
 public:
  static absl::StatusOr<std::unique_ptr<OpenFile>> Open(const std::string& path);
  ~OpenFile() override;
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  absl::StatusOr<std::string> ReadAt(uint64_t offset, size_t count) const override;

  // Its length when it was opened.
  uint64_t size() const { return size_; }
  const std::string& path() const { return path_; }

 private:
  OpenFile(std::string path, int descriptor, uint64_t size);

  const std::string path_;
  const int descriptor_;
  const uint64_t size_;
};

// The whole file, which must not be longer than `bytes_max`.
absl::StatusOr<std::string> ReadWholeFile(const std::string& path, size_t bytes_max);

// The error for a call of the system that failed with `error`: "FOLDER/x cannot be opened: …".
absl::Status SystemError(absl::string_view what, int error);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_VERIFY_FILES_H_
