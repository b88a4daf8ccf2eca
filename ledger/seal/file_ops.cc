#include "ledger/seal/file_ops.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "absl/strings/str_cat.h"

#include "ledger/base/status.h"

namespace scrutiny::ledger {
namespace {

constexpr mode_t kFileMode = 0600;
constexpr mode_t kFolderMode = 0700;
constexpr mode_t kPermissionBits = 07777;
// No file of a key store comes near it; one that does is not ours.
constexpr off_t kFileBytesMax = off_t{1} << 30;

absl::Status Failed(absl::string_view what, const std::string& path, int error) {
  const std::string sentence = absl::StrCat("Cannot ", what, " ", path);
  const absl::Status reason = absl::ErrnoToStatus(error, sentence);
  if (error == ENOENT || error == EEXIST) return reason;
  return absl::UnavailableError(reason.message());
}

// A file descriptor that is closed at the end.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

absl::StatusOr<Descriptor> OpenAt(const std::string& path, int flags, absl::string_view what) {
  int fd = -1;
  do {
    fd = open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, kFileMode);
  } while (fd < 0 && errno == EINTR);
  if (fd < 0) return Failed(what, path, errno);
  return Descriptor(fd);
}

absl::Status WriteAndSync(const Descriptor& file, const std::string& path,
                          absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return Failed("write", path, written == 0 ? EIO : errno);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  if (fsync(file.get()) != 0) return Failed("sync", path, errno);
  return absl::OkStatus();
}

std::string ParentOf(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

class HeldLock final : public FolderLock {
 public:
  explicit HeldLock(Descriptor folder) : folder_(std::move(folder)) {}

 private:
  Descriptor folder_;  // closing it lets go
};

class PosixFiles final : public FileOps {
 public:
  absl::StatusOr<uint32_t> Mode(const std::string& path) override {
    struct stat found;
    if (lstat(path.c_str(), &found) != 0) return Failed("look at", path, errno);
    if (!S_ISREG(found.st_mode) && !S_ISDIR(found.st_mode)) {
      return absl::UnavailableError(absl::StrCat(path, " is neither a file nor a folder."));
    }
    return found.st_mode & kPermissionBits;
  }

  absl::Status MakeFolder(const std::string& path) override {
    if (mkdir(path.c_str(), kFolderMode) != 0) return Failed("make the folder", path, errno);
    return SyncFolder(ParentOf(path));
  }

  absl::StatusOr<std::vector<std::string>> List(const std::string& folder) override {
    DIR* open = opendir(folder.c_str());
    if (open == nullptr) return Failed("list", folder, errno);
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = readdir(open)) {
      const std::string name = entry->d_name;
      if (name != "." && name != "..") names.push_back(name);
    }
    const int error = errno;
    closedir(open);
    if (error != 0) return Failed("list", folder, error);
    std::sort(names.begin(), names.end());
    return names;
  }

  absl::StatusOr<Secret> Read(const std::string& path) override {
    SCRUTINY_ASSIGN_OR_RETURN(const Descriptor file, OpenAt(path, O_RDONLY, "open"));
    struct stat found;
    if (fstat(file.get(), &found) != 0) return Failed("look at", path, errno);
    if (found.st_size > kFileBytesMax) return Failed("read", path, EFBIG);
    Secret bytes(static_cast<size_t>(found.st_size));
    size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t got = read(file.get(), bytes.data() + done, bytes.size() - done);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return Failed("read", path, got == 0 ? EIO : errno);
      done += static_cast<size_t>(got);
    }
    return bytes;
  }

  absl::Status Create(const std::string& path, absl::string_view bytes) override {
    SCRUTINY_ASSIGN_OR_RETURN(const Descriptor file,
                              OpenAt(path, O_WRONLY | O_CREAT | O_EXCL, "create"));
    return WriteAndSync(file, path, bytes);
  }

  absl::Status Overwrite(const std::string& path, absl::string_view bytes) override {
    SCRUTINY_ASSIGN_OR_RETURN(const Descriptor file, OpenAt(path, O_WRONLY, "open"));
    return WriteAndSync(file, path, bytes);
  }

  absl::Status Rename(const std::string& from, const std::string& to) override {
    if (rename(from.c_str(), to.c_str()) != 0) return Failed("rename", from, errno);
    return absl::OkStatus();
  }

  absl::Status Remove(const std::string& path) override {
    if (unlink(path.c_str()) != 0) return Failed("remove", path, errno);
    return absl::OkStatus();
  }

  absl::Status SyncFolder(const std::string& folder) override {
    SCRUTINY_ASSIGN_OR_RETURN(const Descriptor open,
                              OpenAt(folder, O_RDONLY | O_DIRECTORY, "open the folder"));
    if (fsync(open.get()) != 0) return Failed("sync the folder", folder, errno);
    return absl::OkStatus();
  }

  absl::StatusOr<std::unique_ptr<FolderLock>> Lock(const std::string& folder) override {
    SCRUTINY_ASSIGN_OR_RETURN(Descriptor open,
                              OpenAt(folder, O_RDONLY | O_DIRECTORY, "open the folder"));
    int locked = -1;
    do {
      locked = flock(open.get(), LOCK_EX | LOCK_NB);
    } while (locked != 0 && errno == EINTR);
    if (locked != 0 && errno == EWOULDBLOCK) {
      return absl::FailedPreconditionError(absl::StrCat(folder, " is in use."));
    }
    if (locked != 0) return Failed("lock", folder, errno);
    return std::make_unique<HeldLock>(std::move(open));
  }
};

}  // namespace

FileOps& SystemFiles() {
  static FileOps& files = *new PosixFiles();
  return files;
}

}  // namespace scrutiny::ledger
