#include "tools/support/output_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"

namespace scrutiny::tools {
namespace {

using ledger::Error;
using ledger::Reason;

constexpr size_t kBufferBytes = size_t{256} * 1024;

absl::Status AlreadyThere(const std::string& file) {
  return absl::AlreadyExistsError(
      absl::StrCat("the file ", file, " is there already; name another or take it away"));
}

bool IsThere(const std::string& file) {
  struct stat found {};
  return ::lstat(file.c_str(), &found) == 0;
}

absl::Status Failed(absl::string_view what, const std::string& file) {
  return absl::UnavailableError(
      absl::StrCat("the file ", file, " cannot be ", what, ": ", std::strerror(errno)));
}

}  // namespace

absl::StatusOr<std::unique_ptr<OutputFile>> OutputFile::Create(const std::string& file,
                                                               bool replace) {
  struct stat found {};
  const bool is_found = ::stat(file.c_str(), &found) == 0;
  if (is_found && S_ISDIR(found.st_mode)) {
    return Error(Reason::kMalformed, absl::StrCat(file, " is a folder; name a file in it"))
        .Value(file);
  }
  if (!replace && IsThere(file)) return AlreadyThere(file);
  if (is_found && !S_ISREG(found.st_mode)) {
    return Error(Reason::kMalformed, absl::StrCat(file, " is no file that could be replaced"))
        .Value(file);
  }
  const std::string part = absl::StrCat(file, ".part");
  const int descriptor = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) {
    return Error(Reason::kMalformed,
                 absl::StrCat("the file ", file, " cannot be made: ", std::strerror(errno)))
        .Value(file);
  }
  return std::unique_ptr<OutputFile>(new OutputFile(file, replace, descriptor));
}

OutputFile::OutputFile(std::string file, bool replace, int descriptor)
    : file_(std::move(file)),
      part_(absl::StrCat(file_, ".part")),
      replace_(replace),
      descriptor_(descriptor) {}

OutputFile::~OutputFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  std::remove(part_.c_str());
}

absl::Status OutputFile::Write(absl::string_view bytes) {
  buffer_.append(bytes.data(), bytes.size());
  bytes_ += bytes.size();
  return buffer_.size() < kBufferBytes ? absl::OkStatus() : Flush();
}

absl::Status OutputFile::Flush() {
  size_t done = 0;
  while (done < buffer_.size()) {
    const ssize_t written = ::write(descriptor_, buffer_.data() + done, buffer_.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failed("written", file_);
    done += static_cast<size_t>(written);
  }
  buffer_.clear();
  return absl::OkStatus();
}

absl::Status OutputFile::Commit() {
  SCRUTINY_RETURN_IF_ERROR(Flush());
  if (::fsync(descriptor_) != 0) return Failed("synced", file_);
  // A file that came in between is not replaced either.
  if (!replace_ && ::link(part_.c_str(), file_.c_str()) == 0) {
    std::remove(part_.c_str());
  } else if (!replace_ && errno == EEXIST) {
    return AlreadyThere(file_);
  } else if (std::rename(part_.c_str(), file_.c_str()) != 0) {
    return Failed("named", file_);
  }
  ::close(std::exchange(descriptor_, -1));
  return absl::OkStatus();
}

absl::Status WriteFile(const std::string& file, absl::string_view bytes, bool replace) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<OutputFile> out,
                            OutputFile::Create(file, replace));
  SCRUTINY_RETURN_IF_ERROR(out->Write(bytes));
  return out->Commit();
}

}  // namespace scrutiny::tools
