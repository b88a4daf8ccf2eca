// ledger/append/ledger.h
// The ledger of one data folder: appends go in, committed entries come out. Opens the stores,
// owns the sequencer and the indexer, and is what services and registers are given.
//
// Guarantees:  those of the README of the whole; tests/ledger/append/guarantees_test.cc names each.
// Threads:     thread-safe.
// Lifetime:    outlives everything that reads from it; Close (or the destructor) drains appends.
// Errors:      see Append; Open: kCorrupt, FAILED_PRECONDITION (locked, another format version or
//              ledger, another origin than the ledger's).
// Limits:      ledger/base/limits.h.
// Cost:        one sync a group of appends.
// Format:      ledger/FORMAT.md.   Tests: tests/ledger/append/ledger_test.cc
#ifndef SCRUTINY_LEDGER_APPEND_LEDGER_H_
#define SCRUTINY_LEDGER_APPEND_LEDGER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include "ledger/base/clock.h"
#include "ledger/base/ids.h"
#include "ledger/base/random.h"
#include "ledger/feed/entry_source.h"
#include "ledger/format/hash.h"
#include "ledger/seal/key_store.h"
#include "ledger/seal/sealer.h"
#include "ledger/store/index_store.h"
#include "ledger/store/sealed_store.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {

class SealedParts;
class Tree;

// The server's own principal.
event::v1::Principal ServerPrincipal();

// A fact to append.
struct NewFact {
  event::v1::Proposed proposed;
  absl::optional<Revision> expected_revision;
  std::vector<SealWish> seals;  // parts that are sealed before anything is stored
};

// A record only read, that must be at this revision.
struct Guard {
  std::string record;
  Revision revision;
};

// Ties the appends of one stream together: once one that carries it is refused, those that follow
// are refused too (kAfterRefusal), in the order in which they were given to Append.
class StreamGate {
 public:
  bool refused() const { return refused_.load(std::memory_order_acquire); }
  void Refuse() { refused_.store(true, std::memory_order_release); }

 private:
  std::atomic<bool> refused_{false};
};

// One append: all or nothing.
struct NewAppend {
  event::v1::Principal principal;
  std::string request_id;
  std::vector<NewFact> facts;
  std::vector<Guard> guards;
  bool validate_only = false;
  std::shared_ptr<StreamGate> gate;  // shared with the stream's other appends; may be null
};

struct EntryReceipt {
  Sequence sequence;
  std::string record;
  Revision revision;
  Hash leaf_hash;
  std::vector<event::v1::Number> numbers;
};

// What an append returns; the same for every retry.
struct Receipt {
  std::string request_id;
  Sequence first;
  int64_t recorded_at_us = 0;
  std::vector<EntryReceipt> entries;
  bool already_recorded = false;
};

// Called once, from a thread of the ledger: it must not block.
using AppendDone = std::function<void(absl::StatusOr<Receipt>)>;

// The history of a record.
struct RecordHistory {
  RecordHead head;  // revision 0: not held
  std::vector<std::string> entries;
  std::vector<Sequence> cited_by;  // at most 100
  bool more = false;
};

struct LedgerStatus {
  LedgerIdentity identity;
  TreeSize size;
  TreeSize indexed;
  int64_t head_recorded_at_us = 0;
  uint64_t queued_appends = 0;
  std::string read_only_because;  // empty: takes appends
  bool clock_unconfirmed = false;
  std::string clock_message;
};

// Makes a key of an origin, durably, and returns its verifier key.
using MakeKey = std::function<absl::StatusOr<std::string>(absl::string_view origin)>;

// A ledger that lost something that was signed goes on under another name. One that was begun for
// the same reason last is not begun again: a start that is repeated goes on with it.
struct NewIncarnation {
  std::string origin;               // empty: made from the one before
  std::string reason;               // why
  std::string previous_checkpoint;  // the last that is known, whole; may be empty
  uint32_t last_known = 0;          // incarnation that is known to have been, if this copy is older
  MakeKey make_key;                 // null: no key is named
};

struct LedgerOptions {
  std::string data;                                // the folder
  std::string origin;                              // for a new ledger; empty: made from its id
  MakeKey make_key;                                // for a new ledger; null: no key is named
  absl::optional<NewIncarnation> new_incarnation;  // begin one, whatever was signed before
  // Leaves the tree out, to measure what it costs. Nothing written so can be proved, and the folder
  // cannot be opened again.
  bool without_tree = false;
  Clock* clock = nullptr;                            // null: the system's
  RandomSource* random = nullptr;                    // null: the system's
  std::shared_ptr<rocksdb::FileSystem> file_system;  // null: the system's
};

class Ledger : public EntrySource {
 public:
  // Opens the folder, or makes a new ledger there (its genesis is entry 0).
  static absl::StatusOr<std::unique_ptr<Ledger>> Open(const LedgerOptions& options);

  // Checks, queues and answers when the entries are synced. Without a gate, refusals of shape, size
  // and the queue's bounds and the receipts of repeated requests are answered at once on the
  // calling thread; with one, everything is answered in order.
  //
  // Errors: kMalformed, kOverLimit, kWrongRevision, kGuardNotMet, kRequestIdReused, kRuleRefused,
  // kSealsUnavailable, kClock, kQueueFull, kOutcomeUnknown, kReadOnly.
  virtual void Append(NewAppend append, AppendDone done) = 0;

  // The same, waiting.
  virtual absl::StatusOr<Receipt> AppendAndWait(NewAppend append) = 0;

  // Confirms the clock after it jumped; appends a ClockConfirmed entry.
  virtual absl::StatusOr<Receipt> ConfirmClock(const event::v1::Principal& principal,
                                               absl::string_view request_id,
                                               absl::string_view reason) = 0;

  // A record's entries from a revision on, at most `max`.
  virtual absl::StatusOr<RecordHistory> GetRecord(absl::string_view record, Revision from,
                                                  size_t max) = 0;

  // An index complete up to the size at the time of the call; waits for the indexer if need be.
  virtual absl::StatusOr<std::unique_ptr<IndexView>> Index() = 0;

  // Sealed parts can be made and opened from here on. First follows what was erased: keys that the
  // ledger says were destroyed are, ciphertexts whose keys are gone are deleted, and an erasure
  // that was interrupted is completed. `keys` must outlive the ledger's Close.
  virtual absl::Status AttachKeys(KeyStore& keys, int64_t key_backups_micros) = 0;
  // Null until keys are attached.
  virtual SealedParts* seals() = 0;
  // Whether anything is sealed here, keys or none.
  virtual absl::StatusOr<bool> HoldsSealed() = 0;

  // Records facts that only the server may.
  virtual absl::StatusOr<Receipt> RecordKey(const event::v1::Principal& principal,
                                            absl::string_view request_id,
                                            const event::v1::LogKeyRotated& rotated) = 0;
  // The ledger's folder, as it was opened.
  virtual const std::string& folder() const = 0;

  // The receipt of an earlier request; nothing if there is none.
  virtual absl::StatusOr<absl::optional<Receipt>> FindReceipt(const event::v1::Principal& principal,
                                                              absl::string_view request_id) = 0;
  // One entry's bytes, verified.
  virtual absl::StatusOr<std::string> EntryBytes(Sequence sequence) = 0;

  // Copies the entries, as they are committed now, into a folder that does not exist; returns how
  // many it has.
  virtual absl::StatusOr<TreeSize> CopyTo(const std::string& folder) = 0;

  // The tree over the entries: roots and proofs of every size up to size(), tiles.
  virtual Tree& tree() = 0;

  // The first sequence recorded at or after the time; size() if there is none.
  virtual absl::StatusOr<Sequence> FirstRecordedAt(int64_t recorded_at_us) = 0;

  virtual LedgerStatus status() const = 0;

  // Refuses new appends, finishes those queued, closes the stores.
  virtual absl::Status Close() = 0;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_APPEND_LEDGER_H_
