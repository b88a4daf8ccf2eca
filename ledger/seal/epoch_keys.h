// ledger/seal/epoch_keys.h
// The keys above the key store's file: one an epoch, and an erasure begins a new epoch and destroys
// the key of the one before. An interface, so that a key management service or a hardware module
// can hold them; FileEpochKeys keeps them in files.
//
// Guarantees:  a destroyed epoch's key cannot be had again from here; FileEpochKeys overwrites the
//              file before removing it, which on flash or a copying file system is no more than the
//              medium allows.
// Threads:     used by one KeyStore, one call at a time.
// Errors:      kCorrupt for a missing or damaged key, with what to do; Unavailable for a failed
//              file.
// Format:      ledger/seal/README.md.   Tests: tests/ledger/seal/epoch_keys_test.cc
#ifndef SCRUTINY_LEDGER_SEAL_EPOCH_KEYS_H_
#define SCRUTINY_LEDGER_SEAL_EPOCH_KEYS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "ledger/base/random.h"
#include "ledger/seal/file_ops.h"
#include "ledger/seal/secret.h"

namespace scrutiny::ledger {

class EpochKeys {
 public:
  virtual ~EpochKeys() = default;

  // The epochs whose keys there are, ascending.
  virtual absl::StatusOr<std::vector<uint64_t>> Epochs() = 0;

  // Makes the key of a new epoch, durable before OK. Its number is above that of every key there is
  // and above `after`.
  virtual absl::StatusOr<uint64_t> Advance(uint64_t after) = 0;

  // Wraps a key of 32 bytes; it unwraps only with the same epoch and context.
  virtual absl::StatusOr<std::string> Wrap(uint64_t epoch, absl::string_view context,
                                           const Secret& key) = 0;
  virtual absl::StatusOr<Secret> Unwrap(uint64_t epoch, absl::string_view context,
                                        absl::string_view wrapped) = 0;

  // Destroys the key for ever, before OK. An epoch without a key is OK.
  virtual absl::Status Destroy(uint64_t epoch) = 0;

  // Puts what is needed to unwrap with this epoch into a backup's folder; nothing, where the keys
  // are kept by somebody else.
  virtual absl::Status BackupTo(uint64_t epoch, const std::string& folder) = 0;
};

// `epoch-<n>.key` in a folder, 0600: whoever reads it and the keys file has the keys.
class FileEpochKeys final : public EpochKeys {
 public:
  // Borrows all three; the folder must exist when it is first used.
  FileEpochKeys(std::string folder, FileOps& files, RandomSource& random);

  absl::StatusOr<std::vector<uint64_t>> Epochs() override;
  absl::StatusOr<uint64_t> Advance(uint64_t after) override;
  absl::StatusOr<std::string> Wrap(uint64_t epoch, absl::string_view context,
                                   const Secret& key) override;
  absl::StatusOr<Secret> Unwrap(uint64_t epoch, absl::string_view context,
                                absl::string_view wrapped) override;
  absl::Status Destroy(uint64_t epoch) override;
  absl::Status BackupTo(uint64_t epoch, const std::string& folder) override;

  // `epoch-3.key`
  static std::string FileName(uint64_t epoch);

 private:
  std::string PathOf(uint64_t epoch) const;
  absl::StatusOr<Secret> Load(uint64_t epoch);

  const std::string folder_;
  FileOps& files_;
  RandomSource& random_;
};

// Refuses a file or folder that others than its owner may touch.
absl::Status CheckOwnerOnly(FileOps& files, const std::string& path);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_SEAL_EPOCH_KEYS_H_
