// The reactor of one AppendStream; see append.h for what it promises.
#include <cstddef>
#include <deque>
#include <memory>
#include <utility>

#include "absl/types/optional.h"
#include "grpcpp/support/status.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "services/grpc/append.h"
#include "services/grpc/status.h"
#include "services/grpc/wire.h"

namespace scrutiny::services {

namespace api = ::scrutiny::ledger::v1;
using grpc::ByteBuffer;
using ledger::Error;
using ledger::MutexLock;
using ledger::Reason;

// One stream. Three things may be under way at once: one read, one write, and appends in the
// ledger's queue. The call is finished when no append is under way any more, nothing is left to
// write and no more requests are taken; until then gRPC keeps this object alive.
class AppendStreams::Stream final : public grpc::ServerBidiReactor<ByteBuffer, ByteBuffer> {
 public:
  explicit Stream(AppendStreams& streams) : streams_(streams) {}

  void Start() {
    Change([] {});
  }

  // Takes no more requests.
  void End() {
    Change([this] {
      mutex_.AssertHeld();
      ending_ = true;
    });
  }

  void OnReadDone(bool ok) override {
    {
      MutexLock lock(mutex_);
      if (finished_) return;
      taking_ = ok;
      if (!ok) no_more_ = true;
    }
    if (ok) Take();
    Change([this] {
      mutex_.AssertHeld();
      reading_ = false;
      taking_ = false;
    });
  }

  void OnWriteDone(bool ok) override {
    Change([this, ok] {
      mutex_.AssertHeld();
      writing_ = false;
      if (!ok) deaf_ = true;
    });
  }

  void OnCancel() override {
    Change([this] {
      mutex_.AssertHeld();
      deaf_ = true;
      no_more_ = true;
    });
  }

  void OnDone() override {
    streams_.Leave(this);
    delete this;
  }

 private:
  // A request that was taken and is not yet answered.
  struct Slot {
    absl::optional<absl::StatusOr<ledger::Receipt>> outcome;
    std::shared_ptr<api::Receipt> proved;  // the receipt with its proofs, if they were asked for
    size_t bytes = 0;
    bool validate_only = false;
  };

  // Queues the request that was read. Called without the lock: the ledger may answer at once.
  void Take() {
    api::AppendStreamRequest& request = parsed_;
    const size_t bytes = request_.Length();
    absl::Status readable = ParseAppend(request_, &request);
    // What a request asks of the stream holds, though the request itself be refused unread.
    const bool stop_at_refusal =
        readable.ok() ? request.stop_at_refusal()
                      : FlagIn(request_, api::AppendStreamRequest::kStopAtRefusalFieldNumber);
    if (readable.ok()) readable = CheckAppend(request);
    request_.Clear();

    uint64_t index = 0;
    bool refuse = false;
    {
      MutexLock lock(mutex_);
      index = taken_++;
      if (index == 0 && stop_at_refusal) {
        gate_ = std::make_shared<ledger::StreamGate>();
      }
      slots_.emplace_back();
      slots_.back().bytes = bytes;
      slots_.back().validate_only = request.append().validate_only();
      bytes_under_way_ += bytes;
      refuse = gate_ != nullptr && refused_;
      if (!refuse && readable.ok()) ++appends_under_way_;
    }
    if (refuse || !readable.ok()) {
      // What was refused for its size may have unfolded to much: none of it is kept.
      if (!readable.ok()) request = api::AppendStreamRequest();
      Answer(index, refuse ? AfterRefusal() : readable);
      return;
    }
    ledger::NewAppend append = TakeAppend(std::move(*request.mutable_append()));
    append.gate = gate_;
    const bool with_proof = request.append().with_proof() && !append.validate_only;
    streams_.ledger_.Append(std::move(append),
                            [this, index, with_proof](absl::StatusOr<ledger::Receipt> receipt) {
                              if (with_proof && receipt.ok()) {
                                Prove(index, *std::move(receipt));
                                return;
                              }
                              Settled(index, std::move(receipt), nullptr);
                            });
  }

  // The append stays under way until its proofs are there.
  void Prove(uint64_t index, ledger::Receipt receipt) {
    auto proved = std::make_shared<api::Receipt>();
    PutReceipt(receipt, proved.get());
    streams_.prover_.ProveReceipt(
        proved.get(), [this, index, proved, receipt] { Settled(index, receipt, proved); });
  }

  void Settled(uint64_t index, absl::StatusOr<ledger::Receipt> receipt,
               std::shared_ptr<api::Receipt> proved) {
    Change([this, index, &receipt, &proved] {
      mutex_.AssertHeld();
      --appends_under_way_;
      slots_[index - answered_].proved = std::move(proved);
      Settle(index, std::move(receipt));
    });
  }

  void Answer(uint64_t index, const absl::Status& refusal) {
    Change([this, index, &refusal] {
      mutex_.AssertHeld();
      Settle(index, refusal);
    });
  }

  void Settle(uint64_t index, absl::StatusOr<ledger::Receipt> outcome)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (!outcome.ok()) refused_ = true;
    slots_[index - answered_].outcome = std::move(outcome);
  }

  static absl::Status AfterRefusal() {
    return Error(Reason::kAfterRefusal,
                 "An earlier request of the stream was refused, so this one was not recorded.")
        .Next("Put the refused request right and send it and everything after it again.");
  }

  // Changes the state and starts what can be started then. Finish comes last and without the lock:
  // once it is called the call may be over and this object gone.
  template <typename Changes>
  void Change(Changes changes) {
    absl::optional<grpc::Status> end;
    {
      MutexLock lock(mutex_);
      changes();
      end = Go();
    }
    if (end.has_value()) Finish(*std::move(end));
  }

  // Starts the next write and the next read; the status to end with, if nothing is left to do. gRPC
  // never calls back from within a start, so the lock may be held.
  absl::optional<grpc::Status> Go() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (finished_) return absl::nullopt;
    if (deaf_) DropSettled();
    if (!writing_ && !slots_.empty() && slots_.front().outcome.has_value()) Write();
    const bool takes_more = !no_more_ && !ending_ && !deaf_;
    if (takes_more && !reading_ && slots_.size() < ledger::kStreamAppendsInFlightMax &&
        bytes_under_way_ < ledger::kGroupBytesMax) {
      reading_ = true;
      StartRead(&request_);
    }
    finished_ = !takes_more && !taking_ && !writing_ && slots_.empty() && appends_under_way_ == 0;
    if (!finished_) return absl::nullopt;
    return EndStatus();
  }

  grpc::Status EndStatus() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (deaf_) return grpc::Status(grpc::StatusCode::CANCELLED, "The client went away.");
    if (!no_more_) {
      return grpc::Status(grpc::StatusCode::UNAVAILABLE,
                          "The server is shutting down; what was answered stands. Send the rest "
                          "again with the same request ids.");
    }
    return grpc::Status::OK;
  }

  // Nobody listens any more: answers are not written.
  void DropSettled() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    while (!slots_.empty() && slots_.front().outcome.has_value()) PopSlot();
  }

  void PopSlot() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    bytes_under_way_ -= slots_.front().bytes;
    slots_.pop_front();
    ++answered_;
  }

  void Write() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    Slot& slot = slots_.front();
    absl::StatusOr<ledger::Receipt>& outcome = *slot.outcome;
    api::AppendStreamResponse answer;
    answer.set_index(answered_);
    if (outcome.ok()) {
      api::AppendResponse* const appended = answer.mutable_appended();
      if (slot.proved != nullptr) {
        *appended->mutable_receipt() = std::move(*slot.proved);
      } else {
        PutReceipt(*outcome, appended->mutable_receipt());
      }
      appended->set_already_recorded(outcome->already_recorded);
      appended->set_validated_only(slot.validate_only && !outcome->already_recorded);
    } else {
      // A request that could not even be read may follow one that the sequencer then refused.
      *answer.mutable_refused() =
          ToErrorStatus(gate_ != nullptr && refusal_answered_ ? AfterRefusal() : outcome.status());
      refusal_answered_ = true;
    }
    response_ = ToBuffer(answer);
    PopSlot();
    writing_ = true;
    StartWrite(&response_);
  }

  AppendStreams& streams_;
  ByteBuffer request_;  // while a read is under way, gRPC's
  // Used again and again, so that its parts need not be made anew; one read is taken at a time.
  api::AppendStreamRequest parsed_;
  ByteBuffer response_;  // while a write is under way, gRPC's

  ledger::Mutex mutex_;
  // Set by the first request, before any append is queued; shared with the ledger's queue.
  std::shared_ptr<ledger::StreamGate> gate_;
  std::deque<Slot> slots_ ABSL_GUARDED_BY(mutex_);  // the first has index answered_
  uint64_t taken_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t answered_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t bytes_under_way_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t appends_under_way_ ABSL_GUARDED_BY(mutex_) = 0;
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  bool taking_ ABSL_GUARDED_BY(mutex_) = false;  // what was read is being queued
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool no_more_ ABSL_GUARDED_BY(mutex_) = false;  // the client has closed its side
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;   // the server is shutting down
  bool deaf_ ABSL_GUARDED_BY(mutex_) = false;     // nothing can be written any more
  bool refused_ ABSL_GUARDED_BY(mutex_) = false;
  bool refusal_answered_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

grpc::ServerBidiReactor<ByteBuffer, ByteBuffer>* AppendStreams::Start() {
  // Owned by gRPC until its OnDone.
  auto* const stream = new Stream(*this);
  bool closing = false;
  {
    MutexLock lock(mutex_);
    open_.insert(stream);
    closing = closing_;
  }
  stream->Start();
  if (closing) stream->End();
  return stream;
}

void AppendStreams::Close() {
  MutexLock lock(mutex_);
  closing_ = true;
  // A stream leaves with this lock held, so those found here are alive.
  for (Stream* const stream : open_) stream->End();
}

void AppendStreams::Leave(Stream* stream) {
  MutexLock lock(mutex_);
  open_.erase(stream);
}

}  // namespace scrutiny::services
