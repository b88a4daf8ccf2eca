// ledger/checkpoint/checkpointer.h
// Signs what the ledger is: a checkpoint, a signed note over size and root. One signature serves
// all who wait for one.
//
// Guarantees:  signs only what is synced. A checkpoint is in the checkpoint log before it is
//              published; sizes published never go back, and what is published stays so while no
//              newer one can be signed. Who waits is answered by the first checkpoint that covers
//              it, begun at most kCheckpointWaitMaxMicros after the first of those who wait, or
//              kCheckpointEveryMicros after one that failed; with nobody waiting, one is signed at
//              most every kCheckpointEveryMicros, and none where nothing was added.
// Threads:     thread-safe; owns one thread, which calls those who wait: they must not block.
// Lifetime:    borrows everything in Parts, which must outlive it.
// Errors:      Open: kCorrupt and FAILED_PRECONDITION from the fork guard and the identity, with
//              what to do. A wait: why the signing failed, at once for all who wait (UNAVAILABLE
//              where the checkpoint log cannot be written); kQueueFull; kBeyondHead for what is not
//              committed; UNAVAILABLE at the end.
//              RotateKey: kRequestIdReused where the id recorded something else, and those of
//              appends.
// Limits:      kCheckpointWaitersMax.
// Format:      C2SP tlog-checkpoint.   Tests: tests/ledger/checkpoint/checkpointer_test.cc
#ifndef SCRUTINY_LEDGER_CHECKPOINT_CHECKPOINTER_H_
#define SCRUTINY_LEDGER_CHECKPOINT_CHECKPOINTER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "ledger/append/ledger.h"
#include "ledger/append/tree.h"
#include "ledger/base/clock.h"
#include "ledger/base/ids.h"
#include "ledger/base/mutex.h"
#include "ledger/base/random.h"
#include "ledger/checkpoint/identity.h"
#include "ledger/note/checkpoint.h"
#include "ledger/note/signed_note.h"

namespace scrutiny::ledger {

// A signature is begun so long after the first who waits for it: others join.
inline constexpr int64_t kCheckpointWaitMaxMicros = 4'000;
// Without anyone waiting.
inline constexpr int64_t kCheckpointEveryMicros = 200'000;
// How long a key that was replaced signs as well; of those, the newest seven do.
inline constexpr int64_t kBothKeysSignMicros = int64_t{90} * 24 * 3600 * 1'000'000;
inline constexpr size_t kCheckpointWaitersMax = 65'536;

// A published checkpoint.
struct PublishedCheckpoint {
  Checkpoint checkpoint;
  std::string text;  // what is signed
  std::string note;  // with the log's signatures, and cosignatures as they come
  int64_t signed_at_us = 0;
  int64_t signed_at_monotonic_us = 0;
};
using PublishedCheckpointPtr = std::shared_ptr<const PublishedCheckpoint>;

struct CheckpointStatus {
  PublishedCheckpointPtr newest;           // null: none is published yet
  std::vector<std::string> verifier_keys;  // that sign now, the newest first
  std::string problem;                     // why none can be signed; empty: they can
};

class Checkpointer {
 public:
  struct Parts {
    Ledger& ledger;
    Identity& identity;
    Clock& clock;
    RandomSource& random;
  };
  using Done = std::function<void(absl::StatusOr<PublishedCheckpointPtr>)>;

  // Holds the ledger against the checkpoint log, finishes what an interruption left of a key
  // change, names the first key of a ledger that has none, and begins to sign. Where the first key
  // cannot be recorded because the clock waits for confirmation, that is the problem in the status
  // until it can be.
  static absl::StatusOr<std::unique_ptr<Checkpointer>> Open(const Parts& parts);
  ~Checkpointer();

  const std::string& identity_folder() const { return parts_.identity.folder(); }

  // The newest published; null: none yet.
  PublishedCheckpointPtr newest() const;
  CheckpointStatus status() const;

  // Calls `done` once a published checkpoint covers so many entries, which must be committed; on
  // the calling thread and at once if one does, or if it cannot wait.
  void WhenCovered(TreeSize size, Done done);
  // The same, waiting.
  absl::StatusOr<PublishedCheckpointPtr> WaitCovered(TreeSize size);

  // Signs the checkpoint of any size up to the head, without publishing it or writing it to the
  // checkpoint log. Who gives it away sees first that a published one covers as much.
  absl::StatusOr<std::string> SignAt(TreeSize size);
  // Signs any other text with the newest key: a backup's manifest.
  absl::StatusOr<std::string> SignText(absl::string_view text);

  // Makes another key, recorded as LogKeyRotated; the one before signs as well for
  // kBothKeysSignMicros. The same request id again gives the same key, whatever the reason. One
  // that fails may leave a key in the identity folder that nothing names; it never signs.
  struct Rotation {
    std::string verifier_key;
    Sequence sequence;
    int64_t both_sign_until_us = 0;
  };
  absl::StatusOr<Rotation> RotateKey(const event::v1::Principal& principal,
                                     absl::string_view request_id, absl::string_view reason);

  // Adds a cosignature to the checkpoint with this text, if it is still the newest published. It is
  // not kept over a restart: witnesses are asked again.
  void AddCosignature(absl::string_view text, const NoteSignature& cosignature);

  // Called with every checkpoint that is published, on the checkpointer's thread: must only wake
  // somebody.
  void OnPublished(std::function<void()> listener);

  // Ends the thread, signs what is committed, and answers those who wait.
  void Stop();

 private:
  explicit Checkpointer(const Parts& parts) : parts_(parts) {}

  absl::Status Start();
  absl::Status MakeReady();
  absl::Status GuardAgainstForks();
  absl::Status CheckNothingWasSigned();
  absl::Status NameFirstKey();
  absl::Status LoadKeys();
  std::vector<const Signer*> ActiveSigners(int64_t now) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(keys_mutex_);
  absl::StatusOr<std::string> Sign(absl::string_view text);
  absl::StatusOr<Rotation> RotationAt(Sequence sequence);
  absl::Status SignHead();
  void Run();
  void Publish(PublishedCheckpointPtr next);
  // Whether to sign now; else how long to wait at most.
  bool IsDue(int64_t now, int64_t* wait_micros) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Parts parts_;
  std::string origin_;
  uint64_t listener_ = 0;

  Mutex rotating_;  // one change of keys at a time
  mutable Mutex keys_mutex_;
  // A key that signs, until a time; the one named last, which comes first, without an end.
  struct ActiveKey {
    Signer signer;
    int64_t until_us;
  };
  std::vector<ActiveKey> keys_ ABSL_GUARDED_BY(keys_mutex_);

  // Confined to the thread, once it runs. The log is null until all is ready to sign.
  std::unique_ptr<CheckpointLog> log_;

  mutable Mutex mutex_;
  CondVar changed_;
  PublishedCheckpointPtr newest_ ABSL_GUARDED_BY(mutex_);
  std::multimap<TreeSize, Done> waiting_ ABSL_GUARDED_BY(mutex_);
  int64_t first_waits_since_ ABSL_GUARDED_BY(mutex_) = 0;  // monotonic; 0: nobody waits
  int64_t signed_at_ ABSL_GUARDED_BY(mutex_) = 0;          // monotonic
  TreeSize committed_ ABSL_GUARDED_BY(mutex_);
  std::string problem_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::function<void()>> listeners_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_CHECKPOINT_CHECKPOINTER_H_
