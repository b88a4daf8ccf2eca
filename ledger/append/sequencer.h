// ledger/append/sequencer.h
// The thin shell around the core: a bounded queue, the one thread that admits and commits, the
// clock. Group commit comes from queueing behind the sync; a lone writer waits for no timer.
//
// Guarantees:  durable before OK; answers in commit order; after a failed write or sync every
//              waiting append is answered OUTCOME_UNKNOWN and the ledger takes no more.
// Threads:     thread-safe; owns two threads. One commits; the other answers a group while the next
//              one is synced. A lone writer is answered by the first: it waits for no hand-over.
// Lifetime:    borrows everything in Parts, which must outlive it.
// Errors:      see Ledger::Append.
// Limits:      kQueueAppendsMax, kQueueBytesMax, kGroupEntriesMax, kGroupBytesMax,
//              kIndexLagEntriesMax, kGroupsUnansweredMax.
// Cost:        one sync a group.
// Tests:       tests/ledger/append/ledger_test.cc
#ifndef SCRUTINY_LEDGER_APPEND_SEQUENCER_H_
#define SCRUTINY_LEDGER_APPEND_SEQUENCER_H_

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/types/optional.h"

#include "ledger/append/clock_guard.h"
#include "ledger/append/core.h"
#include "ledger/append/indexer.h"
#include "ledger/append/ledger.h"
#include "ledger/append/prepared.h"
#include "ledger/append/tree.h"
#include "ledger/base/clock.h"
#include "ledger/base/mutex.h"
#include "ledger/feed/entry_source.h"
#include "ledger/feed/feed.h"
#include "ledger/store/entry_log.h"
#include "ledger/store/index_store.h"

namespace scrutiny::ledger {

class Sequencer {
 public:
  struct Parts {
    EntryLog& log;
    IndexStore& index;
    Indexer& indexer;
    Tree& tree;
    Feed& feed;
    EntrySource& source;  // to read receipts of repeated requests
    Clock& clock;
    // Whether a repeated append has the sealed parts it had the first time.
    std::function<absl::Status(const PreparedAppend&, const RequestRecord&)> same_seals;
  };

  // An append on its way: made ready, or already decided and only keeping its place.
  struct Item {
    std::unique_ptr<PreparedAppend> prepared;  // null if decided
    absl::Status refused;                      // decided so
    absl::optional<Receipt> receipt;           // decided so
    std::shared_ptr<StreamGate> gate;
    AppendDone done;
  };

  Sequencer(const Parts& parts, CoreState state, int64_t last_recorded_at);
  ~Sequencer();

  // Queues; kQueueFull at once where the queue is full. `done` is called by a thread of the
  // sequencer.
  void Enqueue(Item item);

  // Refuses what comes, finishes what waits, ends the thread.
  void Stop();

  uint64_t queued() const;
  std::string read_only_because() const;
  // What was seen of the clock; empty: nothing.
  std::string clock_problem() const;
  int64_t head_recorded_at() const;

 private:
  // An item of the group at hand with what became of it.
  struct Outcome {
    Item item;
    absl::Status status;
    Admitted admitted;
    bool compared = false;  // a repeat's sealed parts are those of the first time
  };

  void Run();
  std::vector<Item> TakeBatch();
  void Process(std::vector<Item> batch);
  void Decide(Outcome& outcome, const absl::Status& clock);
  absl::Status Admit(Outcome& outcome, const absl::Status& clock);
  absl::Status LoadSeries(const PreparedAppend& append);
  absl::Status Commit();
  // Commits what is forming; where that fails, so does everything that was to be in it.
  void CommitForming(std::vector<Outcome>& outcomes);
  // Compares a repeat's sealed parts now, if what follows in its stream depends on it.
  void CompareAtOnce(std::vector<Outcome>& outcomes);
  // Answers here and now, or leaves it to the other thread.
  void AnswerAll(std::vector<Outcome> outcomes);
  void Answer(Outcome& outcome);
  void RunAnswers();
  void BecomeReadOnly(std::string because);

  Parts parts_;
  // Confined to the sequencer's thread.
  Core core_;
  ClockGuard guard_;
  int64_t recorded_at_ = 0;

  mutable Mutex mutex_;
  CondVar queued_changed_;
  std::deque<Item> queue_ ABSL_GUARDED_BY(mutex_);
  size_t queued_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::string read_only_because_ ABSL_GUARDED_BY(mutex_);
  std::string clock_problem_ ABSL_GUARDED_BY(mutex_);
  int64_t head_recorded_at_ ABSL_GUARDED_BY(mutex_);

  Mutex answers_mutex_;
  CondVar answers_changed_;
  std::deque<std::vector<Outcome>> answers_ ABSL_GUARDED_BY(answers_mutex_);
  bool answering_ ABSL_GUARDED_BY(answers_mutex_) = false;
  bool no_more_answers_ ABSL_GUARDED_BY(answers_mutex_) = false;

  std::thread thread_;
  std::thread answer_thread_;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_APPEND_SEQUENCER_H_
