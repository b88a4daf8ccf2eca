// ledger/seal/sealer.h
// From a fact and what is wished sealed to what is stored: the public rest of the fact, the seals
// of its entry, and for each a row that lies outside the entry and is deleted when it is erased.
//
// Guarantees:  all or nothing: on an error the fact is as it was. What was sealed opens only with
//              its entry's id, its place among the entry's seals, its row and its subject's key.
// Threads:     pure functions but for the KeyStore, which is thread-safe.
// Errors:      as CheckSealPaths and KeyStore::KeyFor say; kNotFound when the key is not there;
//              kCorrupt for a row or ciphertext that is not what it was.
// Limits:      kSealsMax seals; a row is its ciphertext and at most kSealRowOverheadMax bytes.
// Cost:        see ledger/seal/README.md, "Measured". A subject's first seal is a write of the key
//              store: an append of many facts calls KeysFor once for all of them before.
// Format:      ledger/seal/README.md, "The row".   Tests: tests/ledger/seal/sealer_test.cc
#ifndef SCRUTINY_LEDGER_SEAL_SEALER_H_
#define SCRUTINY_LEDGER_SEAL_SEALER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "ledger/base/limits.h"
#include "ledger/base/random.h"
#include "ledger/seal/aead.h"
#include "ledger/seal/cipher.h"
#include "ledger/seal/key_store.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {

// A part that is to be sealed; see SealRequest in the protos.
struct SealWish {
  std::string field_path;
  std::string sealed_for;
};

// What is kept of a seal outside its entry.
struct SealRow {
  SubjectKeyId key_id;
  std::string subject;
  std::string wrapped_key;  // kWrappedKeyBytes
  std::string sealed;

  friend bool operator==(const SealRow& a, const SealRow& b) = default;
};

inline constexpr size_t kSealRowOverheadMax =
    1 + kSubjectKeyIdBytes + kWrappedKeyBytes + 2 + kRecordNameBytesMax + 8;

struct MadeSeal {
  event::v1::Seal seal;
  SealRow row;
};

// Whether these parts of the fact may be sealed for these subjects: for the office, only what is
// not personal.
absl::Status CheckSealWishes(const event::v1::Proposed& proposed,
                             absl::Span<const SealWish> wishes);

// Takes the parts out of the fact, in order; no key is needed. The fact must have passed
// CheckProposed with the paths to be sealed.
absl::StatusOr<std::vector<Secret>> TakeParts(absl::Span<const SealWish> wishes,
                                              RandomSource& random, event::v1::Proposed* proposed);

// Seals what was taken out.
absl::StatusOr<std::vector<MadeSeal>> SealTaken(absl::Span<const SealWish> wishes,
                                                absl::Span<const Secret> payloads,
                                                absl::Span<const uint8_t> entry_id, KeyStore& keys,
                                                RandomSource& random);

// Both: the fact is left as it was if a key cannot be had.
absl::StatusOr<std::vector<MadeSeal>> SealParts(absl::Span<const SealWish> wishes,
                                                absl::Span<const uint8_t> entry_id, KeyStore& keys,
                                                RandomSource& random,
                                                event::v1::Proposed* proposed);

// Opens one: the `index`th of the entry's seals. MergeFragment puts the payload back.
absl::StatusOr<OpenedSeal> OpenPart(const KeyStore& keys, absl::Span<const uint8_t> entry_id,
                                    uint8_t index, const event::v1::Seal& seal, const SealRow& row);

std::string EncodeSealRow(const SealRow& row);
absl::StatusOr<SealRow> ParseSealRow(absl::string_view bytes);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_SEAL_SEALER_H_
