#include "ledger/checkpoint/identity.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "ledger/base/error.h"
#include "ledger/base/folders.h"
#include "ledger/base/status.h"
#include "ledger/format/hash.h"
#include "ledger/note/key_file.h"
#include "ledger/note/signed_note.h"

namespace scrutiny::ledger {
namespace {

namespace fs = std::filesystem;

constexpr char kKeyName[] = "key";
constexpr char kNextKeyName[] = "key.next";
constexpr char kLogName[] = "checkpoints";
// A greater number at the end of a file's name is none of ours.
constexpr uint32_t kIncarnationMax = 1'000'000;

absl::Status FolderError(const std::string& folder, absl::string_view why) {
  return Error(absl::StatusCode::kFailedPrecondition, Reason::kUnspecified,
               absl::StrCat("The identity folder ", folder, " cannot be used: ", why))
      .Value(folder)
      .Next("Put it right, or name another folder with --identity.");
}

absl::StatusOr<Signer> NewSigner(absl::string_view origin, RandomSource& random) {
  return Signer::Create(origin, KeyType::kEd25519, SigningKey::Generate(random));
}

// A few random bytes, to tell file names apart.
std::string Fresh(RandomSource& random) {
  std::string bytes(4, '\0');
  random.Fill({reinterpret_cast<uint8_t*>(bytes.data()), bytes.size()});
  return bytes;
}

bool Exists(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

}  // namespace

std::string Identity::File(absl::string_view name) const {
  return absl::StrCat(folder_, "/", name);
}

absl::StatusOr<std::unique_ptr<Identity>> Identity::Open(const std::string& folder) {
  std::error_code error;
  const bool is_new = !fs::exists(folder, error);
  const absl::Status made = MakeFolder(folder);
  if (!made.ok()) return FolderError(folder, made.message());
  if (is_new) fs::permissions(folder, fs::perms::owner_all, error);
  if (error) return FolderError(folder, absl::StrCat(error.message(), "."));
  const int lock = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock < 0) return FolderError(folder, absl::StrCat(std::strerror(errno), "."));
  std::unique_ptr<Identity> identity(new Identity(folder, lock));
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    return FolderError(folder, "another server is using it.");
  }
  SCRUTINY_RETURN_IF_ERROR(identity->RemoveUnfinished());
  return identity;
}

// A key file is written beside its name and then moved there; what a crash left of that is half a
// key file or a second copy of the keys.
absl::Status Identity::RemoveUnfinished() {
  std::error_code error;
  for (fs::directory_iterator file(folder_, error), end; !error && file != end;
       file.increment(error)) {
    if (IsUnfinishedKeyFile(file->path().filename().string())) fs::remove(file->path(), error);
    if (error) break;
  }
  return error ? FolderError(folder_, absl::StrCat(error.message(), ".")) : absl::OkStatus();
}

Identity::~Identity() {
  if (lock_ >= 0) ::close(lock_);
}

absl::StatusOr<std::vector<Signer>> Identity::ReadKeys() const {
  if (!Exists(File(kKeyName))) return std::vector<Signer>();
  return ReadKeyFile(File(kKeyName));
}

absl::StatusOr<std::string> Identity::MakeKey(absl::string_view origin, RandomSource& random) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<Signer> keys, ReadKeys());
  if (Exists(File(kLogName))) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<CheckpointLog> log, OpenLog());
    if (!log->newest().empty()) {
      return FolderError(folder_,
                         "it has signed checkpoints of a ledger, and the data folder does not hold "
                         "that one. If its "
                         "data is lost, restore it from a backup.");
    }
  }
  // What an attempt cut short left behind: a key that nothing was signed with and nothing names.
  if (!keys.empty() && keys.front().name() == origin && Exists(File(kLogName))) {
    return ToString(keys.front().verifier());
  }
  if (!keys.empty()) SCRUTINY_RETURN_IF_ERROR(KeepUnused(kKeyName, random));
  SCRUTINY_ASSIGN_OR_RETURN(const Signer signer, NewSigner(origin, random));
  SCRUTINY_RETURN_IF_ERROR(WriteKeyFile(File(kKeyName), {&signer, 1}));
  SCRUTINY_RETURN_IF_ERROR(CheckpointLog::Create(File(kLogName)));
  return ToString(signer.verifier());
}

absl::Status Identity::KeepUnused(absl::string_view name, RandomSource& random) {
  std::error_code error;
  fs::rename(File(name), File(absl::StrCat("key.unused.", ToHex(Fresh(random)))), error);
  return error ? FolderError(folder_, absl::StrCat(error.message(), ".")) : absl::OkStatus();
}

absl::StatusOr<std::string> Identity::MakeNextKey(absl::string_view origin, RandomSource& random) {
  SCRUTINY_ASSIGN_OR_RETURN(const Signer signer, NewSigner(origin, random));
  if (Exists(File(kNextKeyName))) SCRUTINY_RETURN_IF_ERROR(KeepUnused(kNextKeyName, random));
  SCRUTINY_RETURN_IF_ERROR(WriteKeyFile(File(kNextKeyName), {&signer, 1}));
  return ToString(signer.verifier());
}

absl::StatusOr<uint32_t> Identity::LastKnownIncarnation() const {
  // What is in use is of the one after those that were moved aside.
  uint32_t last = 0;
  std::error_code error;
  for (fs::directory_iterator file(folder_, error), end; !error && file != end;
       file.increment(error)) {
    const std::string name = file->path().filename().string();
    for (const char* kept : {kKeyName, kLogName}) {
      absl::string_view rest = name;
      uint32_t number = 0;
      if (absl::ConsumePrefix(&rest, absl::StrCat(kept, ".")) &&
          absl::SimpleAtoi(rest.substr(0, rest.find('.')), &number) && number < kIncarnationMax) {
        last = std::max(last, number + 1);
      }
    }
  }
  if (error) return FolderError(folder_, absl::StrCat(error.message(), "."));
  return last;
}

absl::StatusOr<std::string> Identity::next_key() const {
  if (!Exists(File(kNextKeyName))) return std::string();
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<Signer> next, ReadKeyFile(File(kNextKeyName)));
  return next.empty() ? std::string() : ToString(next.front().verifier());
}

absl::Status Identity::MoveAside(absl::string_view name, uint32_t incarnation) {
  std::string kept = File(absl::StrCat(name, ".", incarnation));
  // Taken where the data was restored from before that incarnation, and it was begun again.
  for (int again = 2; Exists(kept); ++again) {
    kept = File(absl::StrCat(name, ".", incarnation, ".", again));
  }
  std::error_code error;
  fs::rename(File(name), kept, error);
  return error ? FolderError(folder_, absl::StrCat(error.message(), ".")) : absl::OkStatus();
}

absl::Status Identity::AdoptNext(uint32_t before) {
  // Until the last step the key that is there is an old one; the checkpoint log may be the new one,
  // which is empty.
  if (Exists(File(kKeyName))) SCRUTINY_RETURN_IF_ERROR(MoveAside(kKeyName, before));
  std::error_code error;
  if (Exists(File(kLogName)) && (fs::file_size(File(kLogName), error) > 0 || error)) {
    SCRUTINY_RETURN_IF_ERROR(MoveAside(kLogName, before));
  }
  SCRUTINY_RETURN_IF_ERROR(CheckpointLog::Create(File(kLogName)));
  error.clear();
  fs::rename(File(kNextKeyName), File(kKeyName), error);
  if (error) return FolderError(folder_, absl::StrCat(error.message(), "."));
  return SyncFolder(folder_);
}

absl::StatusOr<std::string> Identity::MakeRotatedKey(absl::string_view origin,
                                                     absl::Span<const std::string> in_use,
                                                     RandomSource& random) {
  SCRUTINY_ASSIGN_OR_RETURN(std::vector<Signer> keys, ReadKeys());
  if (!keys.empty() && keys.front().name() == origin) {
    std::string newest = ToString(keys.front().verifier());
    if (std::find(in_use.begin(), in_use.end(), newest) == in_use.end()) return newest;
  }
  SCRUTINY_ASSIGN_OR_RETURN(Signer signer, NewSigner(origin, random));
  const std::string verifier = ToString(signer.verifier());
  keys.insert(keys.begin(), std::move(signer));
  SCRUTINY_RETURN_IF_ERROR(WriteKeyFile(File(kKeyName), keys));
  return verifier;
}

absl::StatusOr<std::unique_ptr<CheckpointLog>> Identity::OpenLog() const {
  if (!Exists(File(kLogName))) {
    return FolderError(folder_,
                       "its checkpoint log is gone, so nothing shows whether the ledger is whole. "
                       "Restore the file `checkpoints`, or start with --new-incarnation.");
  }
  return CheckpointLog::Open(File(kLogName));
}

absl::StatusOr<std::string> Identity::NewestCheckpoint() const {
  if (!Exists(File(kLogName))) return std::string();
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<CheckpointLog> log,
                            CheckpointLog::Open(File(kLogName)));
  return log->newest();
}

}  // namespace scrutiny::ledger
