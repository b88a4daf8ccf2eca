// tests/fuzz/scratch_file.h
// A file in memory with a path, for parsers that open their input themselves.
#ifndef SCRUTINY_TESTS_FUZZ_SCRATCH_FILE_H_
#define SCRUTINY_TESTS_FUZZ_SCRATCH_FILE_H_

#include <fcntl.h>
#include <string>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "ledger/base/status.h"

namespace scrutiny::fuzz {

class ScratchFile {
 public:
  explicit ScratchFile(absl::string_view bytes) : file_(::memfd_create("fuzz", MFD_CLOEXEC)) {
    SCRUTINY_CHECK(file_ >= 0) << "no memory file";
    SCRUTINY_CHECK(::fchmod(file_, 0600) == 0);
    for (size_t at = 0; at < bytes.size();) {
      const ssize_t put = ::write(file_, bytes.data() + at, bytes.size() - at);
      SCRUTINY_CHECK(put > 0) << "no memory";
      at += static_cast<size_t>(put);
    }
  }
  ~ScratchFile() { ::close(file_); }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  std::string path() const { return absl::StrCat("/proc/self/fd/", file_); }

  std::string bytes() const {
    struct stat info = {};
    SCRUTINY_CHECK(::fstat(file_, &info) == 0);
    std::string bytes(static_cast<size_t>(info.st_size), '\0');
    SCRUTINY_CHECK(::pread(file_, bytes.data(), bytes.size(), 0) == info.st_size);
    return bytes;
  }

 private:
  const int file_;
};

}  // namespace scrutiny::fuzz

#endif  // SCRUTINY_TESTS_FUZZ_SCRATCH_FILE_H_
