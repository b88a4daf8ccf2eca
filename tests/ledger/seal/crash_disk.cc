#include "tests/ledger/seal/crash_disk.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace scrutiny::testing {
namespace {

using ledger::FolderLock;
using ledger::Secret;

constexpr uint32_t kFileMode = 0600;
constexpr uint32_t kFolderMode = 0700;

absl::Status NoSuchFile(const std::string& path) {
  return absl::NotFoundError(absl::StrCat(path, " is not there"));
}

class HeldLock final : public FolderLock {
 public:
  HeldLock(std::shared_ptr<std::set<std::string>> locks, std::string folder)
      : locks_(std::move(locks)), folder_(std::move(folder)) {}
  ~HeldLock() override { locks_->erase(folder_); }

 private:
  // Shared with the disk, which after a crash has a new one.
  std::shared_ptr<std::set<std::string>> locks_;
  std::string folder_;
};

}  // namespace

void CrashDisk::Heal() {
  operations_ = 0;
  fail_from_ = -1;
  fail_once_ = -1;
}

bool CrashDisk::Go(const std::string& what, bool* partly) {
  const int number = operations_++;
  *partly = number == fail_from_;
  const bool fails = number == fail_once_ || (fail_from_ >= 0 && number >= fail_from_);
  if (!fails || *partly) last_ = what;
  return !fails;
}

absl::Status CrashDisk::Broken() const {
  return absl::UnavailableError(absl::StrCat("The disk fails at ", last_));
}

void CrashDisk::Crash(uint64_t seed) {
  std::mt19937_64 random(seed);
  // Names reach the disk in order up to some point (a journal), or each for itself.
  const bool in_order = random() % 2 == 0;
  const size_t kept = random() % (changes_.size() + 1);
  for (size_t i = 0; i < changes_.size(); ++i) {
    if (in_order ? i < kept : random() % 2 == 0) changes_[i](durable_);
  }
  changes_.clear();
  for (const auto& [path, file] : durable_) {
    if (file->now != file->durable) {
      // Unsynced bytes: all of them, none, or the first few over what was there.
      const uint64_t how = random() % 3;
      const size_t first = how == 0   ? file->now.size()
                           : how == 1 ? random() % (file->now.size() + 1)
                                      : 0;
      traces_.erase(file->durable);
      file->durable.replace(0, std::min(first, file->durable.size()), file->now, 0, first);
      traces_.insert(file->durable);
    }
    file->now = file->durable;
  }
  names_ = durable_;
  locks_ = std::make_shared<std::set<std::string>>();
  Heal();
}

std::string CrashDisk::Bytes(const std::string& path) const {
  const auto found = names_.find(path);
  return found == names_.end() ? "" : found->second->now;
}

void CrashDisk::SetBytes(const std::string& path, const std::string& bytes) {
  names_[path] = std::make_shared<File>(File{bytes, bytes});
  durable_[path] = names_[path];
  modes_[path] = kFileMode;
}

void CrashDisk::Delete(const std::string& path) {
  names_.erase(path);
  durable_.erase(path);
}

std::vector<std::string> CrashDisk::Files() const {
  std::vector<std::string> files;
  for (const auto& [path, file] : names_) files.push_back(path);
  return files;
}

absl::StatusOr<uint32_t> CrashDisk::Mode(const std::string& path) {
  if (names_.count(path) == 0 && folders_.count(path) == 0) return NoSuchFile(path);
  return modes_[path];
}

absl::Status CrashDisk::MakeFolder(const std::string& path) {
  if (folders_.count(path) != 0) return absl::AlreadyExistsError(path);
  bool partly = false;
  const bool works = Go(absl::StrCat("making ", path), &partly);
  if (works || partly) {
    folders_.insert(path);
    modes_[path] = kFolderMode;
  }
  return works ? absl::OkStatus() : Broken();
}

absl::StatusOr<std::vector<std::string>> CrashDisk::List(const std::string& folder) {
  if (folders_.count(folder) == 0) return NoSuchFile(folder);
  std::vector<std::string> names;
  for (const auto& [path, file] : names_) {
    if (absl::StartsWith(path, folder + "/")) names.push_back(path.substr(folder.size() + 1));
  }
  return names;
}

absl::StatusOr<Secret> CrashDisk::Read(const std::string& path) {
  const auto found = names_.find(path);
  if (found == names_.end()) return NoSuchFile(path);
  return Secret(found->second->now);
}

absl::Status CrashDisk::Create(const std::string& path, absl::string_view bytes) {
  if (names_.count(path) != 0) return absl::AlreadyExistsError(path);
  bool partly = false;
  const bool works = Go(absl::StrCat("creating ", path), &partly);
  if (!works && !partly) return Broken();
  auto file = std::make_shared<File>();
  file->now = std::string(bytes);
  if (works) file->durable = file->now;
  traces_.insert(file->now);
  modes_[path] = kFileMode;
  names_[path] = file;
  changes_.push_back([path, file](Names& names) { names[path] = file; });
  return works ? absl::OkStatus() : Broken();
}

absl::Status CrashDisk::Overwrite(const std::string& path, absl::string_view bytes) {
  const auto found = names_.find(path);
  if (found == names_.end()) return NoSuchFile(path);
  bool partly = false;
  const bool works = Go(absl::StrCat("overwriting ", path), &partly);
  if (!works && !partly) return Broken();
  File& file = *found->second;
  const std::string before = file.now;
  file.now = std::string(bytes);
  if (works) {
    traces_.erase(before);
    traces_.erase(file.durable);
    file.durable = file.now;
  }
  return works ? absl::OkStatus() : Broken();
}

absl::Status CrashDisk::Rename(const std::string& from, const std::string& to) {
  const auto found = names_.find(from);
  if (found == names_.end()) return NoSuchFile(from);
  bool partly = false;
  const bool works = Go(absl::StrCat("renaming ", from), &partly);
  if (!works && !partly) return Broken();
  const std::shared_ptr<File> file = found->second;
  names_[to] = file;
  names_.erase(from);
  modes_[to] = modes_[from];
  changes_.push_back([from, to, file](Names& names) {
    names[to] = file;
    names.erase(from);
  });
  return works ? absl::OkStatus() : Broken();
}

absl::Status CrashDisk::Remove(const std::string& path) {
  if (names_.count(path) == 0) return NoSuchFile(path);
  bool partly = false;
  const bool works = Go(absl::StrCat("removing ", path), &partly);
  if (!works && !partly) return Broken();
  names_.erase(path);
  changes_.push_back([path](Names& names) { names.erase(path); });
  return works ? absl::OkStatus() : Broken();
}

absl::Status CrashDisk::SyncFolder(const std::string& folder) {
  bool partly = false;
  // Where it fails, what of it was done is for Crash to say.
  if (!Go(absl::StrCat("syncing ", folder), &partly)) return Broken();
  for (const auto& change : changes_) change(durable_);
  changes_.clear();
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<FolderLock>> CrashDisk::Lock(const std::string& folder) {
  if (!locks_->insert(folder).second) return absl::FailedPreconditionError("locked");
  return std::make_unique<HeldLock>(locks_, folder);
}

}  // namespace scrutiny::testing
