#include "ledger/seal/epoch_keys.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "openssl/crypto.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/format/big_endian.h"
#include "ledger/format/hash.h"
#include "ledger/seal/aead.h"

namespace scrutiny::ledger {
namespace {

constexpr absl::string_view kMagic = "scrutiny-epoch-v1\n";
constexpr absl::string_view kPrefix = "epoch-";
constexpr absl::string_view kSuffix = ".key";
constexpr size_t kChecksumBytes = 8;
constexpr size_t kFileBytes = 18 + sizeof(uint64_t) + kAeadKeyBytes + kChecksumBytes;
static_assert(kMagic.size() == 18);

constexpr uint32_t kOthersMask = 077;

// The number in `epoch-3.key`; false for any other name, also one that is another way to write it.
bool ParseFileName(absl::string_view name, uint64_t* epoch) {
  absl::string_view number = name;
  return absl::ConsumePrefix(&number, kPrefix) && absl::ConsumeSuffix(&number, kSuffix) &&
         absl::SimpleAtoi(number, epoch) && FileEpochKeys::FileName(*epoch) == name;
}

Secret EncodeFile(uint64_t epoch, absl::string_view key) {
  Secret bytes(kFileBytes);
  char* out = bytes.data();
  out += kMagic.copy(out, kMagic.size());
  StoreBigEndian(epoch, out);
  out += sizeof(epoch);
  out += key.copy(out, key.size());
  const Hash hash = Sha256Of(bytes.view().substr(0, kFileBytes - kChecksumBytes));
  AsBytes(hash).copy(out, kChecksumBytes);
  return bytes;
}

}  // namespace

absl::Status CheckOwnerOnly(FileOps& files, const std::string& path) {
  SCRUTINY_ASSIGN_OR_RETURN(const uint32_t mode, files.Mode(path));
  if ((mode & kOthersMask) == 0) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, Reason::kNotAuthorised,
               absl::StrFormat("%s may be used by others than its owner (mode %04o).", path, mode))
      .Value(path)
      .Next(absl::StrCat("Find out who may have read it, then: chmod go= ", path));
}

FileEpochKeys::FileEpochKeys(std::string folder, FileOps& files, RandomSource& random)
    : folder_(std::move(folder)), files_(files), random_(random) {}

std::string FileEpochKeys::FileName(uint64_t epoch) {
  return absl::StrCat(kPrefix, epoch, kSuffix);
}

std::string FileEpochKeys::PathOf(uint64_t epoch) const {
  return absl::StrCat(folder_, "/", FileName(epoch));
}

absl::StatusOr<std::vector<uint64_t>> FileEpochKeys::Epochs() {
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> names, files_.List(folder_));
  std::vector<uint64_t> epochs;
  for (const std::string& name : names) {
    uint64_t epoch = 0;
    if (ParseFileName(name, &epoch)) epochs.push_back(epoch);
  }
  std::sort(epochs.begin(), epochs.end());
  return epochs;
}

absl::StatusOr<uint64_t> FileEpochKeys::Advance(uint64_t after) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<uint64_t> epochs, Epochs());
  const uint64_t epoch = std::max(after, epochs.empty() ? 0 : epochs.back()) + 1;
  Secret key(kAeadKeyBytes);
  random_.Fill(key.span());
  SCRUTINY_RETURN_IF_ERROR(files_.Create(PathOf(epoch), EncodeFile(epoch, key.view()).view()));
  SCRUTINY_RETURN_IF_ERROR(files_.SyncFolder(folder_));
  return epoch;
}

absl::StatusOr<Secret> FileEpochKeys::Load(uint64_t epoch) {
  const std::string path = PathOf(epoch);
  const absl::string_view next =
      "Put back the keys file and the epoch key that belongs to it, both from the same backup of "
      "the key store.";
  absl::StatusOr<Secret> bytes = files_.Read(path);
  if (absl::IsNotFound(bytes.status())) {
    return Error(Reason::kCorrupt, absl::StrCat("The epoch key ", path, " is missing."))
        .Value(path)
        .Next(next);
  }
  if (!bytes.ok()) return bytes;
  SCRUTINY_RETURN_IF_ERROR(CheckOwnerOnly(files_, path));
  const size_t key_at = kMagic.size() + sizeof(epoch);
  if (bytes->size() == kFileBytes) {
    const absl::string_view key = bytes->view().substr(key_at, kAeadKeyBytes);
    if (SameSecret(EncodeFile(epoch, key).view(), bytes->view())) return Secret(key);
  }
  return Error(Reason::kCorrupt, absl::StrCat("The epoch key ", path, " is damaged."))
      .Value(path)
      .Next(next);
}

absl::StatusOr<std::string> FileEpochKeys::Wrap(uint64_t epoch, absl::string_view context,
                                                const Secret& key) {
  SCRUTINY_ASSIGN_OR_RETURN(const Secret epoch_key, Load(epoch));
  return WrapKey(epoch_key, context, key, random_);
}

absl::StatusOr<Secret> FileEpochKeys::Unwrap(uint64_t epoch, absl::string_view context,
                                             absl::string_view wrapped) {
  SCRUTINY_ASSIGN_OR_RETURN(const Secret epoch_key, Load(epoch));
  return UnwrapKey(epoch_key, context, wrapped, "The key store's file key");
}

absl::Status FileEpochKeys::Destroy(uint64_t epoch) {
  const std::string path = PathOf(epoch);
  Secret noise(kFileBytes);
  random_.Fill(noise.span());
  absl::Status status = files_.Overwrite(path, noise.view());
  if (absl::IsNotFound(status)) return absl::OkStatus();
  SCRUTINY_RETURN_IF_ERROR(status);
  SCRUTINY_RETURN_IF_ERROR(files_.Remove(path));
  return files_.SyncFolder(folder_);
}

absl::Status FileEpochKeys::BackupTo(uint64_t epoch, const std::string& folder) {
  SCRUTINY_ASSIGN_OR_RETURN(const Secret key, Load(epoch));
  return files_.Create(absl::StrCat(folder, "/", FileName(epoch)),
                       EncodeFile(epoch, key.view()).view());
}

}  // namespace scrutiny::ledger
