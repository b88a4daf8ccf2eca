#include "ledger/papers/paper_store.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/folders.h"
#include "ledger/base/limits.h"
#include "ledger/base/status.h"

namespace scrutiny::ledger {
namespace {

namespace fs = std::filesystem;

constexpr absl::string_view kIncoming = "/incoming";

absl::Status Failed(absl::string_view doing, const std::string& path, int error) {
  return Error(absl::StatusCode::kUnavailable, Reason::kInternal,
               absl::StrCat("A paper cannot be ", doing, ": ", std::strerror(error), "."))
      .Value(path)
      .Next("Look at the disk and the folder's permissions.");
}

absl::Status TooLarge() {
  return Error(Reason::kOverLimit,
               absl::StrCat("A paper has at most ", kPaperBytesMax / kMiB, " MiB."))
      .Field("bytes")
      .Next("Save it smaller, or in parts.");
}

absl::Status NotHeld(const Hash& sha256) {
  return Error(Reason::kNotFound,
               absl::StrCat("No paper with SHA-256 ", ToHex(AsBytes(sha256)), " is held."))
      .Next("`scrutiny paper add FILE` adds one; `scrutiny paper list` shows those there are.");
}

// The file's paper, by its name; its bytes are not looked at.
absl::optional<HeldPaper> PaperOfName(const fs::path& file) {
  const absl::optional<Hash> sha256 = ParseSha256(file.stem().string());
  const MediaType* const type = MediaTypeByName(file.filename().string());
  if (!sha256 || type == nullptr) return absl::nullopt;
  HeldPaper paper;
  paper.sha256 = *sha256;
  paper.type = type;
  return paper;
}

}  // namespace

absl::optional<Hash> ParseSha256(absl::string_view hex) {
  Hash hash;
  if (hex.size() != 2 * hash.size() ||
      !std::all_of(hex.begin(), hex.end(), [](char c) { return absl::ascii_isxdigit(c); })) {
    return absl::nullopt;
  }
  const std::string bytes = absl::HexStringToBytes(hex);
  std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

// --- Adding.

PaperStore::Upload::~Upload() {
  if (file_ >= 0) ::close(file_);
  std::error_code ignored;
  fs::remove(path_, ignored);
  MutexLock lock(store_.mutex_);
  --store_.uploads_;
}

absl::Status PaperStore::Upload::Add(absl::string_view bytes) {
  bytes_ += bytes.size();
  if (bytes_ > kPaperBytesMax) return TooLarge();
  hash_.Update(bytes);
  while (!bytes.empty()) {
    const ssize_t put = ::write(file_, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return Failed("written", path_, errno);
    bytes.remove_prefix(static_cast<size_t>(put));
  }
  return absl::OkStatus();
}

absl::StatusOr<HeldPaper> PaperStore::Upload::Finish(absl::string_view said,
                                                     const absl::optional<Hash>& expected,
                                                     bool* held_already) {
  const bool synced = ::fdatasync(file_) == 0;
  const int error = errno;
  ::close(file_);
  file_ = -1;
  if (!synced) return Failed("synced", path_, error);
  return store_.Keep(*this, said, expected, held_already);
}

absl::StatusOr<HeldPaper> PaperStore::Keep(Upload& upload, absl::string_view said,
                                           const absl::optional<Hash>& expected,
                                           bool* held_already) {
  HeldPaper paper;
  paper.sha256 = upload.hash_.Finish();
  paper.bytes = upload.bytes_;
  if (expected && *expected != paper.sha256) {
    return Error(Reason::kMalformed,
                 absl::StrCat("The paper's SHA-256 is ", ToHex(AsBytes(paper.sha256)), ", not ",
                              ToHex(AsBytes(*expected)), "."))
        .Field("sha256")
        .Value(ToHex(AsBytes(paper.sha256)))
        .Next("It was changed on the way, or another file was meant.");
  }
  MutexLock keeping(keeping_);
  *held_already = false;
  SCRUTINY_ASSIGN_OR_RETURN(paper.type, MediaTypeOf(upload.path_, said));
  if (const absl::optional<HeldPaper> held = Find(paper.sha256)) {
    *held_already = true;
    return *held;
  }
  const std::string file = FileOf(paper);
  SCRUTINY_RETURN_IF_ERROR(MakeFolder(fs::path(file).parent_path().string()));
  if (::rename(upload.path_.c_str(), file.c_str()) != 0) return Failed("kept", file, errno);
  SCRUTINY_RETURN_IF_ERROR(SyncFolder(fs::path(file).parent_path().string()));
  MutexLock lock(mutex_);
  held_.emplace(paper.sha256, paper);
  bytes_ += paper.bytes;
  return paper;
}

absl::StatusOr<std::unique_ptr<PaperStore::Upload>> PaperStore::Begin() {
  uint64_t number = 0;
  {
    MutexLock lock(mutex_);
    if (uploads_ >= kUploadsMax) {
      return Error(Reason::kQueueFull,
                   absl::StrCat(kUploadsMax, " papers are being added already."))
          .Next("Try again in a moment.");
    }
    ++uploads_;
    number = next_upload_++;
  }
  const std::string path = absl::StrCat(path_, kIncoming, "/", number);
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  const int error = errno;
  // It counts the upload down, whatever happens.
  std::unique_ptr<Upload> upload(new Upload(*this, path, file));
  if (file < 0) return Failed("written", path, error);
  return upload;
}

// --- Reading.

PaperStore::Reading::~Reading() { ::close(file_); }

absl::StatusOr<std::string> PaperStore::Reading::Next(size_t bytes_max) {
  std::string bytes(bytes_max, '\0');
  for (;;) {
    const ssize_t got = ::read(file_, bytes.data(), bytes.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failed("read", path_, errno);
    bytes.resize(static_cast<size_t>(got));
    return bytes;
  }
}

absl::StatusOr<std::unique_ptr<PaperStore::Reading>> PaperStore::Read(const Hash& sha256) const {
  const absl::optional<HeldPaper> paper = Find(sha256);
  if (!paper) return NotHeld(sha256);
  const std::string path = FileOf(*paper);
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return Failed("read", path, errno);
  std::unique_ptr<Reading> reading(new Reading(*paper, path, file));
  Sha256 hash;
  for (;;) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::string bytes, reading->Next(kMiB));
    if (bytes.empty()) break;
    hash.Update(bytes);
  }
  if (hash.Finish() != sha256) {
    return Error(Reason::kCorrupt, absl::StrCat("The file of paper ", ToHex(AsBytes(sha256)),
                                                " no longer has the bytes that were added."))
        .Value(path)
        .Next("Take it from a backup, or remove it and add the paper again.");
  }
  if (::lseek(file, 0, SEEK_SET) != 0) return Failed("read", path, errno);
  return reading;
}

absl::optional<HeldPaper> PaperStore::Find(const Hash& sha256) const {
  MutexLock lock(mutex_);
  const auto found = held_.find(sha256);
  return found == held_.end() ? absl::nullopt : absl::make_optional(found->second);
}

std::vector<HeldPaper> PaperStore::List(const absl::optional<Hash>& after, size_t count_max) const {
  MutexLock lock(mutex_);
  std::vector<HeldPaper> papers;
  for (auto at = after ? held_.upper_bound(*after) : held_.begin();
       at != held_.end() && papers.size() < count_max; ++at) {
    papers.push_back(at->second);
  }
  return papers;
}

size_t PaperStore::count() const {
  MutexLock lock(mutex_);
  return held_.size();
}

uint64_t PaperStore::bytes() const {
  MutexLock lock(mutex_);
  return bytes_;
}

// --- The folder.

std::string PaperStore::FileOf(const HeldPaper& paper) const {
  const std::string hex = ToHex(AsBytes(paper.sha256));
  return absl::StrCat(path_, "/", hex.substr(0, 2), "/", hex, paper.type->extension);
}

absl::Status PaperStore::Remove(const Hash& sha256) {
  MutexLock keeping(keeping_);
  const absl::optional<HeldPaper> paper = Find(sha256);
  if (!paper) return NotHeld(sha256);
  const std::string file = FileOf(*paper);
  if (::unlink(file.c_str()) != 0 && errno != ENOENT) return Failed("removed", file, errno);
  SCRUTINY_RETURN_IF_ERROR(SyncFolder(fs::path(file).parent_path().string()));
  MutexLock lock(mutex_);
  held_.erase(sha256);
  bytes_ -= paper->bytes;
  return absl::OkStatus();
}

absl::StatusOr<size_t> PaperStore::CopyTo(const std::string& folder) const {
  SCRUTINY_RETURN_IF_ERROR(MakeEmptyFolder(folder));
  size_t copied = 0;
  absl::optional<Hash> after;
  for (;;) {
    const std::vector<HeldPaper> page = List(after, 1000);
    if (page.empty()) return copied;
    for (const HeldPaper& paper : page) {
      after = paper.sha256;
      absl::StatusOr<std::unique_ptr<Reading>> reading = Read(paper.sha256);
      // Removed since.
      if (ReasonOf(reading.status()) == Reason::kNotFound) continue;
      SCRUTINY_RETURN_IF_ERROR(reading.status());
      const std::string from = FileOf(paper);
      const std::string to = absl::StrCat(folder, from.substr(path_.size()));
      SCRUTINY_RETURN_IF_ERROR(MakeFolder(fs::path(to).parent_path().string()));
      SCRUTINY_RETURN_IF_ERROR(CopyFileSynced(from, to));
      SCRUTINY_RETURN_IF_ERROR(SyncFolder(fs::path(to).parent_path().string()));
      ++copied;
    }
  }
}

absl::Status PaperStore::Scan() {
  MutexLock lock(mutex_);
  std::error_code error;
  fs::remove_all(absl::StrCat(path_, kIncoming), error);
  SCRUTINY_RETURN_IF_ERROR(MakeFolder(absl::StrCat(path_, kIncoming)));
  for (fs::recursive_directory_iterator at(path_, error), end; !error && at != end;
       at.increment(error)) {
    if (!at->is_regular_file(error)) continue;
    absl::optional<HeldPaper> paper = PaperOfName(at->path());
    // What somebody else put there is left where it is.
    if (!paper || at->path() != fs::path(FileOf(*paper))) continue;
    paper->bytes = at->file_size(error);
    bytes_ += paper->bytes;
    held_.emplace(paper->sha256, *paper);
  }
  if (error) return Failed("listed", path_, error.value());
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<PaperStore>> PaperStore::Open(const std::string& path) {
  SCRUTINY_RETURN_IF_ERROR(MakeFolder(path));
  std::unique_ptr<PaperStore> store(new PaperStore(path));
  SCRUTINY_RETURN_IF_ERROR(store->Scan());
  return store;
}

}  // namespace scrutiny::ledger
