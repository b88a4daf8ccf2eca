#include "ledger/append/sequencer.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "ledger/append/recovery.h"
#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/status.h"
#include "ledger/format/big_endian.h"

namespace scrutiny::ledger {
namespace {

// One holder tells that a number is used.

absl::Status QueueFull() {
  return Error(Reason::kQueueFull, "Too many appends are waiting.")
      .Next("Try again in a moment with the same request id.");
}

absl::Status ReadOnly(absl::string_view because) {
  return Error(Reason::kReadOnly,
               absl::StrCat("The ledger takes no appends: ", because,
                            " Reading goes on; it has to be reopened to be written."))
      .Next(
          "Ask the operator to see to the disk and restart the server; then try again with the "
          "same request id.");
}

absl::Status AfterRefusal() {
  return Error(Reason::kAfterRefusal,
               "Not looked at, because an earlier request of the stream was refused.")
      .Next("Put the refused request right and send it and what follows it again.");
}

// What it holds in memory: its ciphertexts and what they were made of are no part of its entries.
size_t BytesOf(const Sequencer::Item& item) {
  return item.prepared ? item.prepared->bytes + item.prepared->sealed_bytes : 0;
}

bool ConfirmsClock(const PreparedAppend& append) {
  return append.by_server && append.facts.size() == 1 &&
         append.facts[0].proposed.has_clock_confirmed();
}

bool BeginsIncarnation(const PreparedAppend& append) {
  return append.by_server && append.facts.size() == 1 &&
         append.facts[0].proposed.has_incarnation_started();
}

}  // namespace

Sequencer::Sequencer(const Parts& parts, CoreState state, int64_t last_recorded_at)
    : parts_(parts),
      core_(std::move(state)),
      guard_(last_recorded_at, parts.clock.WallMicros(), parts.clock.MonotonicMicros()),
      clock_problem_(guard_.problem()),
      head_recorded_at_(last_recorded_at),
      thread_([this] { Run(); }),
      answer_thread_([this] { RunAnswers(); }) {}

Sequencer::~Sequencer() { Stop(); }

void Sequencer::Enqueue(Item item) {
  absl::Status refused;
  {
    MutexLock lock(mutex_);
    const bool full =
        queue_.size() >= kQueueAppendsMax || queued_bytes_ + BytesOf(item) > kQueueBytesMax;
    if (stopping_) {
      refused = Error(Reason::kReadOnly, "The server is shutting down.")
                    .Next("Try again with the same request id once it is back.");
    } else if (full && item.prepared != nullptr && !item.gate) {
      refused = QueueFull();
    } else {
      if (full && item.prepared != nullptr) {
        // Keeps its place, so that the stream's refusals stay in order.
        item.prepared = nullptr;
        item.refused = QueueFull();
      }
      queued_bytes_ += BytesOf(item);
      queue_.push_back(std::move(item));
      queued_changed_.Signal();
      return;
    }
  }
  item.done(std::move(refused));
}

void Sequencer::Stop() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    queued_changed_.Signal();
  }
  if (thread_.joinable()) thread_.join();
  {
    MutexLock lock(answers_mutex_);
    no_more_answers_ = true;
    answers_changed_.SignalAll();
  }
  if (answer_thread_.joinable()) answer_thread_.join();
}

uint64_t Sequencer::queued() const {
  MutexLock lock(mutex_);
  return queue_.size();
}

std::string Sequencer::read_only_because() const {
  MutexLock lock(mutex_);
  return read_only_because_;
}

std::string Sequencer::clock_problem() const {
  MutexLock lock(mutex_);
  return clock_problem_;
}

int64_t Sequencer::head_recorded_at() const {
  MutexLock lock(mutex_);
  return head_recorded_at_;
}

void Sequencer::BecomeReadOnly(std::string because) {
  MutexLock lock(mutex_);
  if (read_only_because_.empty()) read_only_because_ = std::move(because);
}

std::vector<Sequencer::Item> Sequencer::TakeBatch() {
  std::vector<Item> batch;
  MutexLock lock(mutex_);
  while (queue_.empty() && !stopping_) queued_changed_.Wait(mutex_);
  size_t entries = 0;
  size_t bytes = 0;
  while (!queue_.empty()) {
    const Item& next = queue_.front();
    const size_t next_entries = next.prepared ? next.prepared->facts.size() : 0;
    const size_t next_bytes = BytesOf(next);
    if (!batch.empty() &&
        (entries + next_entries > kGroupEntriesMax || bytes + next_bytes > kGroupBytesMax)) {
      break;
    }
    entries += next_entries;
    bytes += next_bytes;
    queued_bytes_ -= next_bytes;
    batch.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return batch;
}

void Sequencer::Run() {
  while (true) {
    std::vector<Item> batch = TakeBatch();
    if (batch.empty()) return;  // Stopping, and nothing waits any more.
    Process(std::move(batch));
  }
}

void Sequencer::Process(std::vector<Item> batch) {
  const uint64_t size = core_.size().value();
  if (size > kIndexLagEntriesMax) {
    if (absl::Status waited = parts_.indexer.WaitFor(TreeSize(size - kIndexLagEntriesMax));
        !waited.ok()) {
      BecomeReadOnly(absl::StrCat("its index could not be written (", waited.message(), ")."));
    }
  }
  core_.Indexed(parts_.indexer.position());
  const absl::Status clock =
      guard_.Observe(parts_.clock.WallMicros(), parts_.clock.MonotonicMicros());
  recorded_at_ = guard_.recorded_at();

  std::vector<Outcome> outcomes;
  outcomes.reserve(batch.size());
  for (Item& item : batch) {
    outcomes.push_back(Outcome{std::move(item), absl::OkStatus(), {}});
    Decide(outcomes.back(), clock);
    CompareAtOnce(outcomes);
  }
  CommitForming(outcomes);
  {
    MutexLock lock(mutex_);
    clock_problem_ = guard_.problem();
  }
  AnswerAll(std::move(outcomes));
}

void Sequencer::CommitForming(std::vector<Outcome>& outcomes) {
  if (core_.forming_entries() == 0) return;
  const TreeSize before = parts_.feed.size();
  const absl::Status committed = Commit();
  if (committed.ok()) return;
  for (Outcome& outcome : outcomes) {
    if (!outcome.status.ok() || !outcome.item.prepared) continue;
    const absl::optional<RequestRecord>& repeats = outcome.admitted.repeats;
    const Sequence first = repeats ? repeats->first : outcome.admitted.receipt.first;
    if (first >= NextSequence(before)) outcome.status = committed;
  }
}

void Sequencer::CompareAtOnce(std::vector<Outcome>& outcomes) {
  Outcome& last = outcomes.back();
  if (!last.item.gate || !last.status.ok() || !last.admitted.repeats ||
      !HasSealed(*last.item.prepared)) {
    return;
  }
  // The first time may be in the group that is forming: it is opened as it is stored.
  if (last.admitted.repeats->first >= NextSequence(parts_.feed.size())) CommitForming(outcomes);
  if (!last.status.ok()) return;
  last.status = parts_.same_seals(*last.item.prepared, *last.admitted.repeats);
  last.compared = last.status.ok();
  if (!last.status.ok()) last.item.gate->Refuse();
}

void Sequencer::AnswerAll(std::vector<Outcome> outcomes) {
  {
    MutexLock lock(answers_mutex_);
    if (outcomes.size() > 1 || answering_ || !answers_.empty()) {
      while (answers_.size() >= kGroupsUnansweredMax) answers_changed_.Wait(answers_mutex_);
      answers_.push_back(std::move(outcomes));
      answers_changed_.SignalAll();
      return;
    }
  }
  Answer(outcomes.front());
}

void Sequencer::RunAnswers() {
  while (true) {
    std::vector<Outcome> outcomes;
    {
      MutexLock lock(answers_mutex_);
      answering_ = false;
      while (answers_.empty() && !no_more_answers_) answers_changed_.Wait(answers_mutex_);
      if (answers_.empty()) return;
      answering_ = true;
      outcomes = std::move(answers_.front());
      answers_.pop_front();
      answers_changed_.SignalAll();
    }
    for (Outcome& outcome : outcomes) Answer(outcome);
  }
}

void Sequencer::Decide(Outcome& outcome, const absl::Status& clock) {
  StreamGate* gate = outcome.item.gate.get();
  if (gate != nullptr && gate->refused()) {
    outcome.status = AfterRefusal();
    return;
  }
  outcome.status = outcome.item.prepared ? Admit(outcome, clock) : outcome.item.refused;
  if (gate != nullptr && !outcome.status.ok()) gate->Refuse();
}

absl::Status Sequencer::Admit(Outcome& outcome, const absl::Status& clock) {
  PreparedAppend& append = *outcome.item.prepared;
  if (const std::string because = read_only_because(); !because.empty()) return ReadOnly(because);
  const bool confirms = ConfirmsClock(append);
  // A new incarnation is begun before anybody could confirm the clock.
  const bool waits = !confirms && !BeginsIncarnation(append);
  if (!clock.ok() && guard_.unconfirmed() && waits) return clock;
  if (core_.IsStale(append.reads)) {
    SCRUTINY_ASSIGN_OR_RETURN(append.reads, ReadAhead(append, *parts_.index.View()));
  }
  SCRUTINY_RETURN_IF_ERROR(LoadSeries(append));
  if (confirms && !guard_.unconfirmed() && !append.reads.request) {
    return Error(absl::StatusCode::kFailedPrecondition, Reason::kClock,
                 "The server's clock has not jumped; there is nothing to confirm.");
  }
  SCRUTINY_ASSIGN_OR_RETURN(outcome.admitted, core_.Admit(append, recorded_at_));
  if (confirms) guard_.Confirm();
  return absl::OkStatus();
}

absl::Status Sequencer::LoadSeries(const PreparedAppend& append) {
  for (const std::string& prefix : core_.UnknownSeries(append)) {
    const std::unique_ptr<IndexView> view = parts_.index.View();
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<uint64_t> used, view->NumbersUsed(prefix));
    core_.KnowSeries(prefix, used);
  }
  return absl::OkStatus();
}

absl::Status Sequencer::Commit() {
  Group group = core_.TakeGroup();
  if (absl::Status committed = parts_.log.Commit(group.chunks, {&group.tree.edge, group.sealed});
      !committed.ok()) {
    BecomeReadOnly(absl::StrCat("a write failed (", committed.message(), ")"));
    return Error(Reason::kOutcomeUnknown,
                 absl::StrCat("The write failed, and it is not known whether anything was kept: ",
                              committed.message()))
        .Next("Try again with the same request id once the server has been restarted.");
  }
  guard_.Recorded(group.recorded_at_us);
  {
    MutexLock lock(mutex_);
    head_recorded_at_ = group.recorded_at_us;
  }
  std::vector<FullTile> full = group.tree.full;
  // The tree first: whoever sees an entry can have its proof.
  parts_.tree.Publish(std::move(group.tree));
  parts_.feed.Publish(group.chunks);
  parts_.indexer.Push({std::move(group.index), std::move(full)});
  return absl::OkStatus();
}

void Sequencer::Answer(Outcome& outcome) {
  if (!outcome.status.ok()) {
    outcome.item.done(std::move(outcome.status));
  } else if (outcome.item.receipt) {
    outcome.item.done(std::move(*outcome.item.receipt));
  } else if (outcome.admitted.repeats) {
    const RequestRecord& earlier = *outcome.admitted.repeats;
    const absl::Status same =
        outcome.compared ? absl::OkStatus() : parts_.same_seals(*outcome.item.prepared, earlier);
    outcome.item.done(same.ok() ? ReadReceipt(parts_.source, earlier) : std::move(same));
  } else {
    outcome.item.done(std::move(outcome.admitted.receipt));
  }
}

}  // namespace scrutiny::ledger
