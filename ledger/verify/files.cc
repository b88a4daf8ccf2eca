#include "ledger/verify/files.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"

namespace scrutiny::ledger {

absl::Status SystemError(absl::string_view what, int error) {
  if (error == ENOENT || error == ENOTDIR) {
    return Error(Reason::kNotFound, absl::StrCat(what, ": there is no such file."))
        .Next("Check the name.");
  }
  return Error(absl::StatusCode::kUnavailable, Reason::kUnspecified,
               absl::StrCat(what, ": ", std::strerror(error), "."))
      .Next("See that it can be read, and try again.");
}

OpenFile::OpenFile(std::string path, int descriptor, uint64_t size)
    : path_(std::move(path)), descriptor_(descriptor), size_(size) {}

OpenFile::~OpenFile() { close(descriptor_); }

absl::StatusOr<std::unique_ptr<OpenFile>> OpenFile::Open(const std::string& path) {
  // A pipe would keep the caller waiting for somebody to write into it.
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return SystemError(path, errno);
  struct stat found {};
  if (fstat(descriptor, &found) != 0) {
    const int error = errno;
    close(descriptor);
    return SystemError(path, error);
  }
  if (!S_ISREG(found.st_mode)) {
    close(descriptor);
    return Error(Reason::kMalformed, absl::StrCat(path, " is no file.")).Next("Name a file.");
  }
  return std::unique_ptr<OpenFile>(
      new OpenFile(path, descriptor, static_cast<uint64_t>(found.st_size)));
}

absl::StatusOr<std::string> OpenFile::ReadAt(uint64_t offset, size_t count) const {
  // Nothing is allocated for bytes that are not there.
  if (offset >= size_) return std::string();
  if (count > size_ - offset) count = static_cast<size_t>(size_ - offset);
  std::string bytes(count, '\0');
  size_t done = 0;
  while (done < count) {
    const ssize_t got =
        pread(descriptor_, &bytes[done], count - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError(path_, errno);
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  bytes.resize(done);
  return bytes;
}

absl::StatusOr<std::string> ReadWholeFile(const std::string& path, size_t bytes_max) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<OpenFile> file, OpenFile::Open(path));
  if (file->size() > bytes_max) {
    return Error(Reason::kOverLimit,
                 absl::StrCat(path, " has ", file->size(), " bytes; what is meant has at most ",
                              bytes_max, "."))
        .Next("Check the name.");
  }
  return file->ReadAt(0, static_cast<size_t>(file->size()));
}

}  // namespace scrutiny::ledger
