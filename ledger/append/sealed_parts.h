// ledger/append/sealed_parts.h
// Sealed parts of the ledger's entries: making them as an append is prepared, opening them, finding
// what is held under a subject, erasing it.
//
// Guarantees:  plaintext is in memory only. An erasure destroys the key before anything else; once
//              begun it is completed, by the next start if not by this one. What an erasure that
//              the ledger records, or a destroyed key, made unreadable is deleted here too when the
//              store comes from an older copy.
// Threads:     thread-safe.
// Lifetime:    borrows everything in Parts.
// Errors:      kNotFound (no such subject), kBeyondHead (no such entry), kCorrupt (a ciphertext or
//              commitment is not the one of its entry), kRequestIdReused, and those of appends and
//              of the KeyStore. An error of Erase may come after the key is destroyed: the erasure
//              is then pending, and the same request again completes it.
// Limits:      kErasedSealsPerEntry seals in one SealsErased, kErasureEntriesPerAppend of those in
//              an append; a larger erasure is several appends.
// Cost:        an erasure reads and rewrites all of the sealed parts' tables; finding out what
//              erased a part reads every SealsErased there is.
// Format:      ledger/FORMAT.md, "Sealed parts".
// Tests:       tests/ledger/append/sealed_parts_test.cc
#ifndef SCRUTINY_LEDGER_APPEND_SEALED_PARTS_H_
#define SCRUTINY_LEDGER_APPEND_SEALED_PARTS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include "ledger/append/ledger.h"
#include "ledger/append/prepared.h"
#include "ledger/base/clock.h"
#include "ledger/base/mutex.h"
#include "ledger/base/random.h"
#include "ledger/seal/key_store.h"
#include "ledger/seal/secret.h"
#include "ledger/seal/shared_mutex.h"
#include "ledger/store/sealed_store.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {

inline constexpr size_t kErasedSealsPerEntry = 1500;
// So many SealsErased fit an append; a larger erasure is recorded in several.
inline constexpr size_t kErasureEntriesPerAppend = 16;

class SealedParts {
 public:
  struct Parts {
    Ledger& ledger;
    SealedStore& store;
    KeyStore& keys;
    Clock& clock;
    RandomSource& random;
    std::function<absl::StatusOr<Receipt>(NewAppend)> append_as_server;
  };

  // kErased: the ciphertext is gone and a SealsErased names the seal. kNoKey: it is here, its key
  // is not, be it destroyed or of another key store. kNoCiphertext: it is not here and nothing says
  // why: the ledger came back without it, or it is lost.
  enum class State { kOpened, kErased, kNoKey, kNoCiphertext };

  // A sealed part of an entry, as far as it could be opened.
  struct Part {
    event::v1::Seal seal;
    State state = State::kNoCiphertext;
    std::string sealed_for;  // empty where the ciphertext is gone
    absl::optional<Sequence> erased_by;
    Secret salt;
    Secret payload;
  };
  struct Opened {
    std::string entry;           // as stored
    event::v1::Proposed merged;  // with what could be opened
    std::vector<Part> parts;
  };

  struct Held {
    SealPlace place;
    std::string record;
    std::string field_path;
    FactType type;
    uint64_t bytes = 0;  // of ciphertext
    int64_t recorded_at_us = 0;
  };

  struct Erasure {
    uint64_t seals = 0;
    uint64_t entries = 0;
    uint64_t bytes = 0;
    std::vector<Held> held;  // the first of them, at most kPageEntriesMax
    Sequence sequence;       // the first SealsErased
    int64_t erased_at_us = 0;
    int64_t unrecoverable_by_us = 0;
    uint64_t survivors = 0;  // keys wrapped anew; 0 if `repeated`
    bool has_key = false;    // of a preview: whether there is a key to destroy
    bool repeated = false;   // the answer is read from the entries of an earlier one
  };

  SealedParts(Parts parts, int64_t key_backups_micros)
      : parts_(std::move(parts)), key_backups_micros_(key_backups_micros) {}

  // Held from the sealing of an append's parts until it is queued, so that no erasure comes between
  // the key it was sealed under and its place in the ledger.
  SharedMutex& sealing() { return sealing_; }

  // Seals what was taken out of an append's facts, durably making the keys of subjects that have
  // none yet, with one write for all of them. Of one that is only validated nothing is sealed, and
  // no key is made.
  absl::Status Seal(PreparedAppend& append);

  // Whether an append has the sealed parts that an earlier one with the same request id had, as far
  // as those can still be opened. kRequestIdReused if not. Needs none of the append's keys.
  absl::Status CheckSame(const PreparedAppend& append, const RequestRecord& earlier);

  absl::StatusOr<Opened> Open(Sequence sequence);

  // What is held under a subject, from behind `after` on.
  absl::StatusOr<std::vector<Held>> HeldFor(absl::string_view subject,
                                            absl::optional<SealPlace> after, size_t max);
  uint32_t Erasures(absl::string_view subject) {
    return parts_.keys.Erasures(std::string(subject));
  }
  bool HasKey(absl::string_view subject) { return parts_.keys.HasKey(std::string(subject)); }

  // What an erasure would touch.
  absl::StatusOr<Erasure> Preview(absl::string_view subject);
  // Destroys the subject's key, records it and deletes the ciphertexts; OK when all of it is done.
  // A request id that was recorded before answers with what was erased then.
  absl::StatusOr<Erasure> Erase(const ErasureRequest& request);

  KeyStore& keys() { return parts_.keys; }

  // At the start: see the class's guarantees.
  absl::Status Follow();
  // Completes what was begun or to be followed and could not be: while the clock waits for
  // confirmation, say. Cheap where there is nothing.
  absl::Status CompletePending();

 private:
  struct Found {
    SealedRow row;
    SealRow content;
  };

  absl::StatusOr<Held> Describe(const SealPlace& place);
  absl::StatusOr<std::vector<Found>> RowsOf(absl::string_view subject,
                                            absl::Span<const SubjectKeyId> key_ids);
  // Destroys the subject's key; what follows is Complete's.
  absl::StatusOr<PendingErasure> Begin(const ErasureRequest& request)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(erasing_);
  absl::StatusOr<Erasure> Complete(const PendingErasure& pending)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(erasing_);
  // The answer to an erasure that was recorded before, as its entries tell it: how many keys were
  // wrapped anew they do not.
  absl::StatusOr<Erasure> Recorded(const ErasureRequest& request);
  absl::Status CheckSameErasure(const ErasureRequest& request, const event::v1::SealsErased& erased,
                                Sequence first) const;
  absl::Status CheckCanRecord() const;
  absl::StatusOr<event::v1::SealsErased> Describe(const PendingErasure& pending,
                                                  absl::Span<const Found> rows);
  absl::StatusOr<Sequence> Record(const PendingErasure& pending, absl::Span<const Found> rows);
  absl::Status WaitForQueue();
  // Everything of Follow; what of it is recorded must be able to be.
  absl::Status FollowAll() ABSL_EXCLUSIVE_LOCKS_REQUIRED(erasing_);
  // That the store has followed all that the key store destroyed.
  absl::Status MarkFollowed() ABSL_EXCLUSIVE_LOCKS_REQUIRED(erasing_);
  absl::Status FollowRecordedErasures(std::vector<SealedRow>* gone);
  absl::Status FollowDestroyedKeys(std::vector<SealedRow>* gone);
  absl::Status ForEachErasure(
      const std::function<absl::Status(Sequence, const event::v1::SealsErased&)>& visit);

  const Parts parts_;
  const int64_t key_backups_micros_;
  SharedMutex sealing_;
  Mutex erasing_;  // one erasure at a time
  // Whether Follow could do all it does.
  bool followed_ ABSL_GUARDED_BY(erasing_) = false;
};

// Whether a repeated append asks for the same parts to be sealed as the earlier one: all that can
// be told without keys. kRequestIdReused.
absl::Status CheckSameShape(Ledger& ledger, const PreparedAppend& append,
                            const RequestRecord& earlier);

// Seals what was taken out of an append's facts, unless it is refused for certain: that gets no
// keys. kSealsUnavailable where there is something to seal and `seals` is null.
absl::Status SealTakenOut(SealedParts* seals, PreparedAppend& append);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_APPEND_SEALED_PARTS_H_
