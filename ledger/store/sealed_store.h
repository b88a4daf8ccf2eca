// ledger/store/sealed_store.h
// The ciphertexts of sealed parts. They stand beside the entries, not in them: a leaf holds only a
// commitment, so that a ciphertext can be deleted and every proof stays valid. They are written in
// the commit of their entry, by EntryLog.
//
// Guarantees:  what Erase deleted is gone from the tables and the write-ahead logs once Compact has
//              returned OK. RocksDB's manifest may still name the first and last key of a table
//              that is gone, a subject and a place, until the store is opened again. Copies made
//              before keep what they have.
// Threads:     thread-safe; borrowed from an EntryLog, over before its Close.
// Errors:      kCorrupt (bytes damaged), kOutcomeUnknown and kReadOnly as EntryLog.
// Cost:        Compact rewrites all sealed parts there are.
// Format:      ledger/FORMAT.md, "The store".   Tests: tests/ledger/store/sealed_store_test.cc
#ifndef SCRUTINY_LEDGER_STORE_SEALED_STORE_H_
#define SCRUTINY_LEDGER_STORE_SEALED_STORE_H_

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include "ledger/base/ids.h"

namespace scrutiny::ledger {

// Where a sealed part belongs.
struct SealPlace {
  Sequence sequence;
  uint32_t index = 0;  // which of the entry's seals, from 0

  friend auto operator<=>(const SealPlace& a, const SealPlace& b) = default;
};

// A sealed part as stored. Who it is for is known here alone: in public nothing links two seals.
struct SealedRow {
  SealPlace place;
  std::string subject;  // record name, or `office`
  std::string value;    // as ledger/seal encodes it: the subject again, wrapped key, ciphertext
};

// The keys of a row, and of its subject's pointer to it.
std::string SealedKey(const SealPlace& place);
std::string SubjectRowKey(absl::string_view subject, const SealPlace& place);
absl::optional<SealPlace> ReadSealedKey(absl::string_view key);
absl::optional<SealPlace> ReadSubjectRowKey(absl::string_view key);

inline constexpr size_t kFollowedMarkBytes = 32;

class SealedStore {
 public:
  virtual ~SealedStore() = default;

  // Nothing if there is no ciphertext: never sealed, or erased.
  virtual absl::StatusOr<absl::optional<std::string>> Get(const SealPlace& place) const = 0;

  // The rows from this place on, in order, at most `max`; their subjects are left empty.
  virtual absl::StatusOr<std::vector<SealedRow>> From(const SealPlace& place, size_t max) const = 0;

  // What is held for a subject, in order, from behind `after` on, at most `max`.
  virtual absl::StatusOr<std::vector<SealPlace>> HeldFor(absl::string_view subject,
                                                         absl::optional<SealPlace> after,
                                                         size_t max) const = 0;

  // Deletes rows, of which place and subject count, and syncs that, all in one write. What is not
  // there is no error.
  virtual absl::Status Erase(absl::Span<const SealedRow> rows) = 0;

  // A mark kept beside the rows: which destroyed keys this store has followed. Empty at first, else
  // kFollowedMarkBytes, or what an earlier version kept. It is as old as the rows are, also in a
  // store restored from a copy.
  virtual absl::StatusOr<std::string> erasures_followed() const = 0;
  virtual absl::Status SetErasuresFollowed(absl::string_view mark) = 0;

  // Rewrites the tables without what was deleted, and lets go of the logs that still hold it; waits
  // until the old files are gone. UNAVAILABLE if they are not in time: it may be tried again.
  virtual absl::Status Compact() = 0;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_STORE_SEALED_STORE_H_
