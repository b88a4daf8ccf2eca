#include "ledger/verify/witness_store.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/format/hash.h"
#include "ledger/note/key_file.h"
#include "ledger/note/signed_note.h"
#include "ledger/verify/files.h"

namespace scrutiny::ledger {
namespace {

constexpr char kKeyFile[] = "key";
constexpr char kCheckpointSuffix[] = ".checkpoint";
constexpr char kUnfinishedSuffix[] = ".new";

// Whether anything was ever cosigned here.
absl::StatusOr<bool> HoldsCheckpoints(const std::string& folder) {
  std::error_code error;
  std::filesystem::directory_iterator walk(folder, error);
  for (; !error && walk != std::filesystem::directory_iterator(); walk.increment(error)) {
    if (absl::EndsWith(walk->path().filename().string(), kCheckpointSuffix)) return true;
  }
  if (error) return SystemError(folder, error.value());
  return false;
}

absl::Status WriteDurably(const std::string& path, absl::string_view bytes) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return SystemError(path, errno);
  absl::Status status;
  while (status.ok() && !bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<size_t>(written));
    } else if (errno != EINTR) {
      status = SystemError(path, errno);
    }
  }
  if (status.ok() && fsync(file) != 0) status = SystemError(path, errno);
  if (close(file) != 0 && status.ok()) status = SystemError(path, errno);
  return status;
}

}  // namespace

std::string OriginHash(absl::string_view origin) { return ToHex(AsBytes(Sha256Of(origin))); }

WitnessStore::WitnessStore(std::string folder, int descriptor)
    : folder_(std::move(folder)), descriptor_(descriptor) {}

WitnessStore::~WitnessStore() { close(descriptor_); }

absl::StatusOr<std::unique_ptr<WitnessStore>> WitnessStore::Open(const std::string& folder,
                                                                 absl::string_view name,
                                                                 RandomSource& random) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return SystemError(folder, error.value());
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return SystemError(folder, errno);
  std::unique_ptr<WitnessStore> store(new WitnessStore(folder, descriptor));
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return SystemError(folder, errno);
    return Error(absl::StatusCode::kUnavailable, Reason::kUnspecified,
                 absl::StrCat("Another witness has the folder ", folder, "."))
        .Next("Stop it first: two of one key could cosign two histories.");
  }
  SCRUTINY_RETURN_IF_ERROR(store->OpenKey(name, random));
  return store;
}

absl::Status WitnessStore::OpenKey(absl::string_view name, RandomSource& random) {
  const std::string path = absl::StrCat(folder_, "/", kKeyFile);
  absl::StatusOr<std::vector<Signer>> kept = ReadKeyFile(path);
  if (!kept.ok() && ReasonOf(kept.status()) != Reason::kNotFound) return kept.status();
  if (!kept.ok()) {
    SCRUTINY_ASSIGN_OR_RETURN(const bool held, HoldsCheckpoints(folder_));
    if (held) {
      return Error(Reason::kCorrupt, absl::StrCat("The key of this witness is gone: ", path,
                                                  " is missing, and checkpoints were cosigned."))
          .Next("Put the key back from a copy, or start a new witness in another folder.");
    }
    std::string own(name);
    if (own.empty()) {
      std::array<uint8_t, 8> bytes{};
      random.Fill(bytes);
      own = absl::StrCat(
          "witness.invalid/",
          ToHex(absl::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size())));
    }
    SCRUTINY_ASSIGN_OR_RETURN(
        Signer fresh, Signer::Create(own, KeyType::kCosignature, SigningKey::Generate(random)));
    SCRUTINY_RETURN_IF_ERROR(CreateKeyFile(path, absl::MakeConstSpan(&fresh, 1)));
    signer_ = std::move(fresh);
    return absl::OkStatus();
  }
  Signer& signer = kept->front();
  if (signer.type() != KeyType::kCosignature || (!name.empty() && signer.name() != name)) {
    return Error(Reason::kMalformed,
                 absl::StrCat("The witness in ", folder_, " is called ", signer.name(), "."))
        .Next("Give that name or none, or another folder.");
  }
  signer_ = std::move(signer);
  return absl::OkStatus();
}

std::string WitnessStore::PathOf(absl::string_view origin) const {
  return absl::StrCat(folder_, "/", OriginHash(origin), kCheckpointSuffix);
}

absl::StatusOr<absl::optional<std::string>> WitnessStore::Get(absl::string_view origin) const {
  absl::StatusOr<std::string> note = ReadWholeFile(PathOf(origin), kNoteBytesMax);
  if (note.ok()) return absl::make_optional(*std::move(note));
  if (ReasonOf(note.status()) == Reason::kNotFound) return absl::optional<std::string>();
  return note.status();
}

absl::Status WitnessStore::Put(absl::string_view origin, absl::string_view note) {
  const std::string path = PathOf(origin);
  const std::string unfinished = absl::StrCat(path, kUnfinishedSuffix);
  SCRUTINY_RETURN_IF_ERROR(WriteDurably(unfinished, note));
  if (std::rename(unfinished.c_str(), path.c_str()) != 0) return SystemError(path, errno);
  // The new name is durable once its folder is.
  if (fsync(descriptor_) != 0) return SystemError(folder_, errno);
  return absl::OkStatus();
}

}  // namespace scrutiny::ledger
