#include "ledger/note/key_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "openssl/crypto.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/note/lines.h"

namespace scrutiny::ledger {
namespace {

constexpr mode_t kOthersMask = 077;
constexpr char kUnfinished[] = ".unfinished.";

// Text that holds private keys: wiped when it goes. It must not grow beyond what it was made with,
// or a copy would be left behind.
class SecretText {
 public:
  explicit SecretText(size_t capacity) { text_.reserve(capacity); }
  ~SecretText() { OPENSSL_cleanse(text_.data(), text_.size()); }
  SecretText(const SecretText&) = delete;
  SecretText& operator=(const SecretText&) = delete;

  std::string& text() { return text_; }

 private:
  std::string text_;
};

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool is_open() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }

 private:
  const int descriptor_;
};

// What the system said last; strerror is not safe among threads.
std::string SystemError(int error) {
  char buffer[128];
  return strerror_r(error, buffer, sizeof buffer);
}

absl::Status WriteFailed(const std::string& path, absl::string_view what, int error) {
  return Error(Reason::kOutcomeUnknown,
               absl::StrCat("The key file ", path, " was not written; what it held before stands: ",
                            what, ": ", SystemError(error), "."))
      .Value(path)
      .Next("Put right what the system names, then write the key file again.");
}

absl::Status Unreadable(const std::string& path, int error) {
  const Reason reason = error == ENOENT || error == ENOTDIR ? Reason::kNotFound
                        : error == EACCES || error == EPERM ? Reason::kNotAuthorised
                                                            : Reason::kInternal;
  return Error(reason,
               absl::StrCat("The key file ", path, " cannot be read: ", SystemError(error), "."))
      .Value(path)
      .Next("Name the file that holds the private key, or give this user leave to read it.");
}

absl::Status TooLarge(const std::string& path) {
  return Error(Reason::kOverLimit, absl::StrCat("The key file ", path, " is larger than ",
                                                kKeyFileBytesMax, " bytes, the most allowed."))
      .Value(path)
      .Next("A key file holds one private key a line; drop the oldest ones.");
}

absl::Status MalformedLine(const std::string& path, size_t line, absl::string_view what) {
  return Error(Reason::kMalformed, absl::StrCat("The key file ", path, ", line ", line, ": ", what))
      .Value(path)
      .Next("A key file holds one private key a line, each beginning with PRIVATE+KEY+.");
}

// Names the file's owner and permissions, not its contents.
absl::Status CheckPrivate(const std::string& path, const struct stat& info) {
  if (!S_ISREG(info.st_mode)) {
    return Error(Reason::kMalformed, absl::StrCat("The key file ", path, " is not a plain file."))
        .Value(path)
        .Next("Name the file that holds the private key.");
  }
  if (info.st_uid != geteuid() && info.st_uid != 0) {
    return Error(Reason::kNotAuthorised,
                 absl::StrCat("The key file ", path, " belongs to user ", info.st_uid,
                              ", neither to this user (", geteuid(), ") nor to root."))
        .Value(path)
        .Next(absl::StrCat("If the key is still to be trusted: chown ", geteuid(), " ", path));
  }
  if ((info.st_mode & kOthersMask) != 0) {
    return Error(Reason::kNotAuthorised,
                 absl::StrFormat("The key file %s is open to others than its owner (mode %03o).",
                                 path, info.st_mode & 0777u))
        .Value(path)
        .Next(absl::StrCat("If nobody has read the key: chmod 600 ", path));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Signer>> ParseKeyFile(const std::string& path, absl::string_view text) {
  std::vector<Signer> signers;
  while (!text.empty()) {
    const size_t number = signers.size() + 1;
    const absl::optional<absl::string_view> line = TakeLine(&text);
    if (!line) return MalformedLine(path, number, "It does not end in a newline: it is cut short.");
    absl::StatusOr<Signer> signer = ParseSigner(*line);
    if (!signer.ok()) return MalformedLine(path, number, signer.status().message());
    const auto is_same = [&](const Signer& other) {
      return other.verifier() == signer->verifier();
    };
    if (std::any_of(signers.begin(), signers.end(), is_same)) {
      return MalformedLine(path, number, "This key stands there twice.");
    }
    signers.push_back(*std::move(signer));
  }
  if (signers.empty()) return MalformedLine(path, 1, "The file is empty.");
  return signers;
}

bool WriteAll(int file, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t done = write(file, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(done));
  }
  return true;
}

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// Makes a rename in the folder durable.
bool SyncFolder(const std::string& folder) {
  const File file(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return file.is_open() && fsync(file.get()) == 0;
}

// What a key file of these signers holds, in `out`, which has room for it.
absl::Status FormatKeyFile(const std::string& path, absl::Span<const Signer> signers,
                           std::string* out) {
  if (signers.empty()) {
    return Error(Reason::kMalformed, "A key file holds at least one key; none was given.")
        .Value(path)
        .Next("Make a key first.");
  }
  for (const Signer& signer : signers) {
    std::string line = ToString(signer);
    const bool fits = out->size() + line.size() + 1 <= kKeyFileBytesMax;
    if (fits) absl::StrAppend(out, line, "\n");
    OPENSSL_cleanse(line.data(), line.size());
    if (!fits) return TooLarge(path);
  }
  // What would be refused when read is not written.
  return ParseKeyFile(path, *out).status();
}

// Writes a file beside `path`, syncs it, and moves it there with these flags of renameat2.
absl::Status Replace(const std::string& path, absl::string_view text, unsigned flags) {
  std::string beside = absl::StrCat(path, kUnfinished, "XXXXXX");
  // Made with mode 0600, whatever the umask lets through.
  const File file(mkostemp(beside.data(), O_CLOEXEC));
  if (!file.is_open()) return WriteFailed(path, "no file can be made beside it", errno);
  const auto fail = [&](absl::string_view what) {
    const int error = errno;
    unlink(beside.c_str());
    return WriteFailed(path, what, error);
  };
  if (!WriteAll(file.get(), text)) return fail("writing failed");
  if (fsync(file.get()) != 0) return fail("syncing failed");
  if (renameat2(AT_FDCWD, beside.c_str(), AT_FDCWD, path.c_str(), flags) != 0) {
    if (errno != EEXIST) return fail("it cannot be put in place");
    unlink(beside.c_str());
    return Error(absl::StatusCode::kAlreadyExists, Reason::kUnspecified,
                 absl::StrCat("The key file ", path, " exists already and was left as it is."))
        .Value(path)
        .Next("Use the key in it, or name another file.");
  }
  if (!SyncFolder(FolderOf(path))) {
    return Error(Reason::kOutcomeUnknown,
                 absl::StrCat("The key file ", path,
                              " is written, but its folder could not be "
                              "synced (",
                              SystemError(errno), "): a power cut may undo it."))
        .Value(path)
        .Next("Write the key file again before the key is used.");
  }
  return absl::OkStatus();
}

absl::Status Write(const std::string& path, absl::Span<const Signer> signers, unsigned flags) {
  SecretText content(kKeyFileBytesMax);
  SCRUTINY_RETURN_IF_ERROR(FormatKeyFile(path, signers, &content.text()));
  return Replace(path, content.text(), flags);
}

}  // namespace

bool IsUnfinishedKeyFile(absl::string_view name) { return absl::StrContains(name, kUnfinished); }

absl::Status WriteKeyFile(const std::string& path, absl::Span<const Signer> signers) {
  return Write(path, signers, 0);
}

absl::Status CreateKeyFile(const std::string& path, absl::Span<const Signer> signers) {
  return Write(path, signers, RENAME_NOREPLACE);
}

absl::StatusOr<std::vector<Signer>> ReadKeyFile(const std::string& path) {
  // Not to wait for a writer where the name is a pipe's.
  const File file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) return Unreadable(path, errno);
  struct stat info {};
  if (fstat(file.get(), &info) != 0) return Unreadable(path, errno);
  // Of the file that was opened, which nobody can exchange any more.
  SCRUTINY_RETURN_IF_ERROR(CheckPrivate(path, info));

  SecretText content(kKeyFileBytesMax + 1);
  std::string& text = content.text();
  text.resize(kKeyFileBytesMax + 1);
  size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = read(file.get(), text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Unreadable(path, errno);
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  if (size > kKeyFileBytesMax) return TooLarge(path);
  return ParseKeyFile(path, absl::string_view(text).substr(0, size));
}

}  // namespace scrutiny::ledger
