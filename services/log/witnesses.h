// services/log/witnesses.h
// Asks witnesses to countersign each checkpoint, behind everything else: a panel or an auditor that
// has cosigned cannot be shown another history later, not even by the office itself.
//
// Guarantees:  a cosignature that does not verify is never served. A witness that is down, slow or
//              wrong delays nothing once the server serves; it is asked again, less and less often
//              (kWitnessRetryMostMicros at most), and what is wrong is told. A cosignature counts
//              for the checkpoint that it is for. All are asked for the same one, so that one comes
//              to bear all their words, also while newer ones are published.
// Threads:     thread-safe; owns one thread a witness. CheckAtStart waits up to 2 seconds for all.
// Lifetime:    borrows what Start is given, which must outlive it, or its Stop.
// Errors:      Create: INVALID_ARGUMENT for a malformed URL=VKEY, kOverLimit. CheckAtStart: as
//              CheckContinues.
// Limits:      kWitnessesMax; one request a witness at a time, and after one that it answered with
//              a cosignature none for kWitnessEveryMicros.
// Source:      C2SP tlog-witness.   Tests: tests/services/log/witnesses_test.cc
#ifndef SCRUTINY_SERVICES_LOG_WITNESSES_H_
#define SCRUTINY_SERVICES_LOG_WITNESSES_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "ledger/append/ledger.h"
#include "ledger/base/clock.h"
#include "ledger/base/mutex.h"
#include "ledger/checkpoint/checkpointer.h"
#include "ledger/note/signed_note.h"
#include "ledger/note/vkey.h"
#include "services/http/client.h"

namespace scrutiny::services {

inline constexpr size_t kWitnessesMax = 16;
inline constexpr int64_t kWitnessEveryMicros = 1'000'000;
// So long all are asked for one checkpoint, where some of them have not answered yet.
inline constexpr int64_t kWitnessAnswerWaitMicros = 4'000'000;
inline constexpr int64_t kWitnessRetryMostMicros = 60'000'000;
// How long one may take to answer when the ledger is opened.
inline constexpr int64_t kStartAnswerMaxMicros = 2'000'000;

struct WitnessState {
  std::string url;
  std::string name;
  ledger::TreeSize cosigned;   // the size last cosigned
  int64_t cosigned_at_us = 0;  // as the witness says
  std::string problem;         // empty: nothing
};

class Witnesses {
 public:
  // `witnesses`: URL=VKEY each. `tell` hears, once a change, of what is wrong with one and that it
  // is over.
  static absl::StatusOr<std::unique_ptr<Witnesses>> Create(
      const std::vector<std::string>& witnesses, std::function<void(const std::string&)> tell,
      int64_t start_answer_micros = kStartAnswerMaxMicros);
  ~Witnesses();

  // Whether the ledger continues what each witness last cosigned; one that does not answer, or not
  // with a checkpoint of this origin under its own cosignature and a signature of one of these
  // keys, is passed over: a witness alone cannot keep a ledger from starting.
  absl::Status CheckAtStart(ledger::Ledger& ledger, absl::Span<const ledger::VerifierKey> log_keys);

  // Begins to collect; once.
  void Start(ledger::Ledger& ledger, ledger::Checkpointer& checkpointer);

  // Asks no more, breaking off what is under way; returns when the ledger is not used any more. The
  // destructor does it too.
  void Stop();

  std::vector<WitnessState> states() const;

  // The newest checkpoint that was cosigned by all witnesses that answer, or, where one of them
  // takes its time, by those that did; null: none yet. It may be older than the newest published:
  // all are asked for the same one, which is another once they have answered, but at most every
  // kWitnessEveryMicros, and after kWitnessAnswerWaitMicros at last.
  ledger::PublishedCheckpointPtr cosigned() const;

 private:
  struct Witness {
    ledger::VerifierKey key;
    std::thread thread;
    WitnessState state;  // guarded by mutex_
  };

  Witnesses(std::function<void(const std::string&)> tell, int64_t start_answer_micros)
      : tell_(std::move(tell)), start_answer_micros_(start_answer_micros) {}

  void Run(Witness& witness);
  // What all are asked to cosign now; null: nothing is published yet.
  ledger::PublishedCheckpointPtr Target();
  // Whether all that answer have cosigned the target; `answering` counts as one of them.
  bool IsComplete(const Witness* answering) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Promote() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Ask(HttpClient& http, Witness& witness,
                   const ledger::PublishedCheckpoint& checkpoint);
  absl::Status Take(Witness& witness, const ledger::PublishedCheckpoint& checkpoint,
                    const std::string& lines);
  void Report(Witness& witness, const absl::Status& status);

  ledger::Ledger* ledger_ = nullptr;  // both set by Start, before there is a thread
  ledger::Checkpointer* checkpointer_ = nullptr;
  const std::function<void(const std::string&)> tell_;
  const int64_t start_answer_micros_;
  // What wakes the threads; shared with the checkpointer, which may outlive this.
  struct Wake {
    ledger::Mutex mutex;
    ledger::CondVar changed;
    uint64_t news ABSL_GUARDED_BY(mutex) = 0;
    bool stopping ABSL_GUARDED_BY(mutex) = false;
  };
  const std::shared_ptr<Wake> wake_ = std::make_shared<Wake>();
  ledger::SystemClock clock_;
  mutable ledger::Mutex mutex_;
  std::vector<std::unique_ptr<Witness>> witnesses_;
  ledger::PublishedCheckpointPtr target_ ABSL_GUARDED_BY(mutex_);
  int64_t target_since_ ABSL_GUARDED_BY(mutex_) = 0;  // monotonic
  std::vector<ledger::NoteSignature> target_cosignatures_ ABSL_GUARDED_BY(mutex_);
  ledger::PublishedCheckpointPtr cosigned_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_LOG_WITNESSES_H_
