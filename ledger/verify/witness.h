// ledger/verify/witness.h
// A witness: cosigns the checkpoints of logs it knows, as long as each only adds to the one before.
// Whoever sees its cosignature knows that the log shows everybody one history.
//
// Guarantees:  of one log it never cosigns two checkpoints that do not go together, nor a smaller
//              one after a larger, across crashes and restarts; what it cosigns is durable before
//              anybody sees the cosignature. The first checkpoint of a log is taken as it comes.
// Threads:     thread-safe; one request at a time compares and stores.
// Errors:      answers carry them. After a failed write it answers 500 until it is started anew.
// Limits:      kAddCheckpointBytesMax a request, kWitnessedNoteBytesMax the checkpoint in it; one
//              checkpoint a log, with one signature of each of the log's keys.
// Format:      C2SP tlog-witness v1.0.0.   Tests: tests/ledger/verify/witness_test.cc
#ifndef SCRUTINY_LEDGER_VERIFY_WITNESS_H_
#define SCRUTINY_LEDGER_VERIFY_WITNESS_H_

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include "ledger/base/clock.h"
#include "ledger/base/limits.h"
#include "ledger/base/mutex.h"
#include "ledger/base/random.h"
#include "ledger/note/checkpoint.h"
#include "ledger/note/vkey.h"
#include "ledger/note/witness_request.h"
#include "ledger/verify/witness_store.h"

namespace scrutiny::ledger {

// The longest note that is cosigned. With the witness's own line it stays far below what a note may
// have, so that what was kept can be read again: one log must not lock out the others.
inline constexpr size_t kWitnessedNoteBytesMax = 16 * kKiB;

// What an HTTP server answers with.
struct WitnessAnswer {
  int status = 200;
  std::string content_type;
  std::string body;
};

class Witness {
 public:
  struct Options {
    std::string folder;
    std::string name;                   // of its key; empty: see WitnessStore::Open
    std::vector<VerifierKey> log_keys;  // type 01; a log is known by the name of its key
  };

  // Borrows the clock.
  static absl::StatusOr<std::unique_ptr<Witness>> Open(const Options& options, Clock& clock,
                                                       RandomSource& random);

  const VerifierKey& verifier() const { return store_->signer().verifier(); }

  // POST /add-checkpoint.
  WitnessAnswer Add(absl::string_view body);
  // GET /<origin hash>/checkpoint: the latest it cosigned.
  WitnessAnswer Latest(absl::string_view origin_hash);
  // GET /: what it is, in words.
  WitnessAnswer Describe();

 private:
  // A log and the latest checkpoint that was cosigned of it.
  struct Log {
    std::vector<VerifierKey> keys;
    Checkpoint latest;  // of size 0 before the first
    std::string note;   // empty before the first
  };

  Witness(std::unique_ptr<WitnessStore> store, Clock& clock)
      : clock_(clock), store_(std::move(store)) {}

  absl::Status Load(const std::vector<VerifierKey>& log_keys);
  WitnessAnswer Advance(const AddCheckpoint& request, const SignedNote& note,
                        const Checkpoint& checkpoint, Log* log)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  WitnessAnswer Store(const SignedNote& note, const Checkpoint& checkpoint, Log* log)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Clock& clock_;
  const std::unique_ptr<WitnessStore> store_;
  Mutex mutex_;
  std::map<std::string, Log, std::less<>> logs_ ABSL_GUARDED_BY(mutex_);  // by origin
  absl::Status failed_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_VERIFY_WITNESS_H_
