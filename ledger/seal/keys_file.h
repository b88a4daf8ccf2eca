// ledger/seal/keys_file.h
// The key store's one file as bytes: who has which key, which keys were destroyed, which erasures
// are not yet recorded. Pure; KeyStore reads and writes it.
//
// Guarantees:  the body is encrypted and authenticated as a whole under a file key, new for every
//              write, which an epoch key wraps; without the epoch key the file tells the ledger and
//              the epoch, and nothing else. One content has one body.
// Threads:     pure functions.
// Errors:      kCorrupt for anything that EncodeKeysFile did not make so.
// Format:      ledger/seal/README.md, "The keys file".   Tests: tests/ledger/seal/keys_file_test.cc
#ifndef SCRUTINY_LEDGER_SEAL_KEYS_FILE_H_
#define SCRUTINY_LEDGER_SEAL_KEYS_FILE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "ledger/base/random.h"
#include "ledger/seal/secret.h"

namespace scrutiny::ledger {

inline constexpr size_t kSubjectKeyIdBytes = 16;
inline constexpr size_t kErasureIdBytes = 16;

// A subject key's id: random, so that it tells nothing of the subject.
using SubjectKeyId = std::array<uint8_t, kSubjectKeyIdBytes>;
using ErasureId = std::array<uint8_t, kErasureIdBytes>;

// What somebody asked to have erased, and why.
struct ErasureRequest {
  std::string subject;  // `persons/…` or `office`
  std::string reason;   // without personal data
  std::string authority;
  std::string request_id;
  std::string principal;  // who asked; kept for the caller as it is

  friend bool operator==(const ErasureRequest& a, const ErasureRequest& b) = default;
};

// An erasure whose keys are destroyed and which is not recorded in the ledger yet.
struct PendingErasure {
  ErasureId erasure_id;
  ErasureRequest request;
  std::vector<SubjectKeyId> key_ids;
  int64_t erased_at_us = 0;
  uint64_t survivors = 0;  // keys that were wrapped anew

  friend bool operator==(const PendingErasure& a, const PendingErasure& b) = default;
};

struct KeyRow {
  SubjectKeyId id;
  std::string subject;
  int64_t created_at_us = 0;
  Secret key;
};

// A key that was destroyed.
struct Tombstone {
  SubjectKeyId id;
  std::string subject;
  int64_t erased_at_us = 0;

  friend bool operator==(const Tombstone& a, const Tombstone& b) = default;
};

struct KeysContent {
  uint64_t first_epoch = 0;  // epochs before it belong to another key store
  // By rising id; no subject twice. A row never changes: it is shared by one content and the next,
  // and wiped with the last that has it.
  std::vector<std::shared_ptr<const KeyRow>> keys;
  std::vector<Tombstone> tombstones;    // by rising id; none is a key too
  std::vector<PendingErasure> pending;  // in order of their beginning
};

// The part of the file that can be read without a key.
struct KeysHeader {
  std::string ledger_id;  // 16 bytes
  uint64_t epoch = 0;
  std::string wrapped_file_key;
};

// The bytes before the wrapped file key: what it is bound to.
std::string KeysFileContext(absl::string_view ledger_id, uint64_t epoch);

std::string EncodeKeysFile(const KeysHeader& header, const Secret& file_key,
                           const KeysContent& content, RandomSource& random);

absl::StatusOr<KeysHeader> ParseKeysHeader(absl::string_view file);

absl::StatusOr<KeysContent> OpenKeysFile(absl::string_view file, const Secret& file_key);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_SEAL_KEYS_FILE_H_
