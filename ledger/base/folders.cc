#include "ledger/base/folders.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>
#include <vector>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/paths.h"
#include "ledger/base/status.h"

namespace scrutiny::ledger {
namespace {

namespace fs = std::filesystem;

absl::Status Failed(absl::string_view doing, const std::string& path, int error) {
  return Error(absl::StatusCode::kUnavailable, Reason::kInternal,
               absl::StrCat(path, " cannot be ", doing, ": ", std::strerror(error), "."))
      .Value(path)
      .Next("Look at the disk and the folder's permissions.");
}

// A file descriptor, closed at the end of its scope.
class File {
 public:
  File(const std::string& path, int flags) : file_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {}
  ~File() {
    if (file_ >= 0) ::close(file_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int get() const { return file_; }

 private:
  const int file_;
};

bool WriteAll(int file, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(file, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(put));
  }
  return true;
}

}  // namespace

absl::Status CheckOutside(const std::string& folder, const std::string& own) {
  if (!IsWithin(folder, own)) return absl::OkStatus();
  return Error(Reason::kMalformed,
               absl::StrCat("The folder ", folder, " lies in the ledger's own folder ", own, "."))
      .Field("directory")
      .Value(folder)
      .Next("Name a folder outside of it, on another disk if there is one.");
}

absl::Status MakeFolder(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> parents;  // each is changed by what is made in it
  for (fs::path made = fs::absolute(folder, error).lexically_normal(); !error;) {
    made = made.parent_path();
    parents.push_back(made.string());
    if (fs::exists(made, error) || made == made.parent_path()) break;
  }
  if (error) return Failed("made", folder, error.value());
  const bool is_new = fs::create_directories(folder, error);
  if (error) return Failed("made", folder, error.value());
  if (!is_new) return absl::OkStatus();
  for (const std::string& parent : parents) SCRUTINY_RETURN_IF_ERROR(SyncFolder(parent));
  return absl::OkStatus();
}

absl::Status MakeEmptyFolder(const std::string& folder) {
  SCRUTINY_RETURN_IF_ERROR(MakeFolder(folder));
  std::error_code error;
  const bool empty = fs::is_empty(folder, error);
  if (error) return Failed("read", folder, error.value());
  if (!empty) {
    return Error(absl::StatusCode::kAlreadyExists, Reason::kUnspecified,
                 absl::StrCat("The folder ", folder, " is not empty."))
        .Value(folder)
        .Next("Name a folder that does not exist yet; nothing is ever overwritten.");
  }
  return absl::OkStatus();
}

absl::Status WriteNewFile(const std::string& path, absl::string_view bytes) {
  const File file(path, O_WRONLY | O_CREAT | O_EXCL);
  if (file.get() < 0 || !WriteAll(file.get(), bytes) || ::fsync(file.get()) != 0) {
    return Failed("written", path, errno);
  }
  return absl::OkStatus();
}

absl::Status CopyFileSynced(const std::string& from, const std::string& to) {
  const File source(from, O_RDONLY);
  if (source.get() < 0) return Failed("read", from, errno);
  const File target(to, O_WRONLY | O_CREAT | O_EXCL);
  if (target.get() < 0) return Failed("written", to, errno);
  std::vector<char> buffer(kMiB);
  while (true) {
    const ssize_t got = ::read(source.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failed("read", from, errno);
    if (got == 0) break;
    if (!WriteAll(target.get(), absl::string_view(buffer.data(), static_cast<size_t>(got)))) {
      return Failed("written", to, errno);
    }
  }
  return ::fsync(target.get()) == 0 ? absl::OkStatus() : Failed("written", to, errno);
}

absl::Status SyncFolder(const std::string& folder) {
  const std::string name = folder.empty() ? "." : folder;
  const File file(name, O_RDONLY | O_DIRECTORY);
  if (file.get() < 0 || ::fsync(file.get()) != 0) return Failed("synced", name, errno);
  return absl::OkStatus();
}

}  // namespace scrutiny::ledger
