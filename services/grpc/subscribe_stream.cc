#include "services/grpc/subscribe_stream.h"

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"

#include "ledger/base/clock.h"
#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "scrutiny/ledger/v1/ledger.pb.h"
#include "services/grpc/entry_walk.h"
#include "services/grpc/status.h"
#include "services/grpc/token.h"
#include "services/grpc/wire.h"

namespace scrutiny::services {
namespace {

namespace api = ::scrutiny::ledger::v1;
using grpc::ByteBuffer;
using ledger::Error;
using ledger::Reason;

constexpr uint64_t kNoLimit = std::numeric_limits<uint64_t>::max();
// Entries considered before another call has its turn on the worker.
constexpr size_t kLookMax = 16'384;
// Entries a filter may swallow before the subscription is given a position all the same.
constexpr uint64_t kSilentEntriesMax = 65'536;
// How long nothing may be sent; with the hub's half second it stays under the 5 promised.
constexpr int64_t kSilenceMaxMicros = 4'000'000;

int64_t NowMicros() { return ledger::SystemClock().MonotonicMicros(); }

absl::StatusOr<uint64_t> StartOf(const api::SubscribeRequest& request, ledger::Ledger& ledger) {
  const uint64_t size = ledger.size().value();
  switch (request.start_case()) {
    case api::SubscribeRequest::START_NOT_SET:
      return uint64_t{0};
    case api::SubscribeRequest::kFromSequence:
      if (request.from_sequence() <= size) return request.from_sequence();
      return Error(Reason::kBeyondHead,
                   absl::StrCat("The next entry will be ", size,
                                "; a subscription cannot start at ", request.from_sequence(), "."))
          .Field("from_sequence")
          .Value(absl::StrCat(request.from_sequence()))
          .Next("Start at the next entry or before it, or `live`.");
    case api::SubscribeRequest::kCursor: {
      SCRUTINY_ASSIGN_OR_RETURN(const Place place,
                                DecodeToken(ledger.identity(), request.cursor().token(), "cursor"));
      if (place.kind != TokenKind::kForwards) {
        return Error(Reason::kMalformed, "The cursor is not one of a subscription.")
            .Field("cursor")
            .Next("Resume from the cursor of the last answer that was dealt with.");
      }
      SCRUTINY_RETURN_IF_ERROR(CheckNotAhead(place, size, "cursor"));
      return place.next;
    }
    case api::SubscribeRequest::kFromRecordedAtUs: {
      SCRUTINY_ASSIGN_OR_RETURN(const ledger::Sequence first,
                                ledger.FirstRecordedAt(request.from_recorded_at_us()));
      return first.value();
    }
    case api::SubscribeRequest::kLive:
      return request.live() ? size : 0;
  }
  return uint64_t{0};
}

// One call. It is always in one of four hands: a worker that prepares an answer, gRPC that writes
// one, the hub where it sleeps, or the end; each passes it on as its last act.
class SubscribeStream final : public grpc::ServerWriteReactor<ByteBuffer>,
                              public SubscriptionHub::Sleeper {
 public:
  SubscribeStream(ledger::Ledger& ledger, Workers& workers, SubscriptionHub& hub)
      : ledger_(ledger), workers_(workers), hub_(hub) {}

  void Start(const ByteBuffer* bytes) {
    workers_.Post([this, bytes] { Begin(*bytes); });
  }

  void OnWriteDone(bool ok) override {
    if (!ok) {
      FinishCancelled();
      return;
    }
    workers_.Post([this] { Step(); });
  }

  void OnCancel() override {
    cancelled_.store(true);
    if (hub_.Cancel(this)) FinishCancelled();
  }

  void OnDone() override {
    if (entered_) hub_.Leave();
    delete this;
  }

  void Awake() override { Step(); }
  bool cancelled() const override { return cancelled_.load(); }

 private:
  void Begin(const ByteBuffer& bytes) {
    if (absl::Status status = TryBegin(bytes); !status.ok()) {
      Finish(ToGrpc(status));
      return;
    }
    Step();
  }

  absl::Status TryBegin(const ByteBuffer& bytes) {
    api::SubscribeRequest request;
    SCRUTINY_RETURN_IF_ERROR(ParseRequest(bytes, &request));
    SCRUTINY_RETURN_IF_ERROR(hub_.Enter());
    entered_ = true;
    SCRUTINY_ASSIGN_OR_RETURN(filter_, Filter::From(request.filter()));
    SCRUTINY_ASSIGN_OR_RETURN(const uint64_t start, StartOf(request, ledger_));
    catch_up_to_ = ledger_.size().value();
    sent_next_ = start;
    sent_at_ = NowMicros();
    walk_ = std::make_unique<EntryWalk>(ledger_, EntryWalk::Way::kForwards, start, start);
    return absl::OkStatus();
  }

  void Step() {
    if (cancelled()) {
      FinishCancelled();
      return;
    }
    if (hub_.closing()) {
      Finish(grpc::Status(grpc::StatusCode::UNAVAILABLE,
                          "The server is shutting down; subscribe again with the last cursor."));
      return;
    }
    walk_->set_bound(ledger_.size().value());
    if (absl::Status status = walk_->Fill(filter_, kNoLimit, kLookMax, batch_); !status.ok()) {
      Finish(ToGrpc(status));
      return;
    }
    const bool caught_up = !caught_up_ && walk_->next() >= catch_up_to_;
    if (batch_.entries() > 0 || caught_up || walk_->next() - sent_next_ >= kSilentEntriesMax ||
        NowMicros() - sent_at_ >= kSilenceMaxMicros) {
      Send(caught_up);
    } else if (!walk_->done()) {
      workers_.Post([this] { Step(); });
    } else {
      SleepOrGoOn();
    }
  }

  void SleepOrGoOn() {
    walk_->Rest();
    const int64_t silence = NowMicros() - sent_at_;
    const auto position = ledger::TreeSize(walk_->next());
    // Once it sleeps, another thread may have it already.
    if (!hub_.Sleep(this, position, kSilenceMaxMicros - silence)) {
      workers_.Post([this] { Step(); });
    }
  }

  void Send(bool caught_up) {
    if (caught_up) caught_up_ = true;
    sent_next_ = walk_->next();
    sent_at_ = NowMicros();
    const ledger::LedgerStatus status = ledger_.status();
    api::SubscribeResponse rest;
    Place place;
    place.next = walk_->next();
    rest.mutable_cursor()->set_token(EncodeToken(status.identity, place));
    rest.set_next_sequence(walk_->next());
    rest.set_head_sequence(status.size.value() - 1);
    rest.set_head_recorded_at_us(status.head_recorded_at_us);
    rest.set_caught_up(caught_up);
    response_ = ToBuffer(batch_.Finish(rest));
    StartWrite(&response_);
  }

  void FinishCancelled() {
    Finish(grpc::Status(grpc::StatusCode::CANCELLED, "The client went away."));
  }

  ledger::Ledger& ledger_;
  Workers& workers_;
  SubscriptionHub& hub_;
  std::atomic<bool> cancelled_{false};

  // What follows belongs to whoever has the call in hand.
  bool entered_ = false;
  bool caught_up_ = false;    // the mark has been sent
  uint64_t catch_up_to_ = 0;  // the ledger's size when the subscription started
  uint64_t sent_next_ = 0;    // the position last sent
  int64_t sent_at_ = 0;
  Filter filter_;
  std::unique_ptr<EntryWalk> walk_;
  EntryBatch batch_;
  ByteBuffer response_;
};

}  // namespace

grpc::ServerWriteReactor<ByteBuffer>* AnswerSubscribe(ledger::Ledger& ledger, Workers& workers,
                                                      SubscriptionHub& hub,
                                                      const ByteBuffer* bytes) {
  // Owned by gRPC until its OnDone.
  auto* const stream = new SubscribeStream(ledger, workers, hub);
  stream->Start(bytes);
  return stream;
}

}  // namespace scrutiny::services
