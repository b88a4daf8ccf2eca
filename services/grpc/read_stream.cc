#include "services/grpc/read_stream.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
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
using ledger::Sequence;

// Entries considered before another call has its turn on the worker.
constexpr size_t kLookMax = 16'384;

// A request, understood: which entries, from where, how many.
struct Plan {
  Filter filter;
  EntryWalk::Way way = EntryWalk::Way::kForwards;
  uint64_t next = 0;  // as EntryWalk takes them
  uint64_t bound = 0;
  uint64_t limit = std::numeric_limits<uint64_t>::max();
  uint64_t scope = 0;
  bool with_proofs = false;
};

absl::Status CheckRange(const api::ReadRequest& request) {
  if (request.has_from_sequence() && request.has_to_sequence() &&
      request.from_sequence() > request.to_sequence()) {
    return Error(Reason::kMalformed,
                 absl::StrCat("The range is empty: from ", request.from_sequence(), " to ",
                              request.to_sequence(), "."))
        .Field("to_sequence")
        .Value(absl::StrCat(request.to_sequence()))
        .Next("Name the smaller sequence as `from`, and turn the direction to read backwards.");
  }
  return absl::OkStatus();
}

// The first sequence of the range and the one after its last, by sequence and by time.
absl::Status RangeOf(const api::ReadRequest& request, ledger::Ledger& ledger, uint64_t* first,
                     uint64_t* end) {
  const uint64_t size = ledger.size().value();
  SCRUTINY_RETURN_IF_ERROR(CheckRange(request));
  if (request.has_from_sequence() && request.from_sequence() >= size) {
    return Error(Reason::kBeyondHead, absl::StrCat("There is no entry ", request.from_sequence(),
                                                   " yet; the newest is ", size - 1, "."))
        .Field("from_sequence")
        .Value(absl::StrCat(request.from_sequence()))
        .Next("Read up to the newest, or subscribe to be given entries as they come.");
  }
  *first = request.has_from_sequence() ? request.from_sequence() : 0;
  *end = request.has_to_sequence() ? std::min(request.to_sequence(), size - 1) + 1 : size;
  if (request.has_from_recorded_at_us()) {
    SCRUTINY_ASSIGN_OR_RETURN(const Sequence from,
                              ledger.FirstRecordedAt(request.from_recorded_at_us()));
    *first = std::max(*first, from.value());
  }
  if (request.has_to_recorded_at_us() &&
      request.to_recorded_at_us() < std::numeric_limits<int64_t>::max()) {
    SCRUTINY_ASSIGN_OR_RETURN(const Sequence after,
                              ledger.FirstRecordedAt(request.to_recorded_at_us() + 1));
    *end = std::min(*end, after.value());
  }
  *end = std::max(*first, *end);
  return absl::OkStatus();
}

// What must be as it was when a call goes on with a cursor.
uint64_t ReadScope(api::ReadRequest request) {
  request.clear_cursor();
  request.clear_limit();
  if (request.direction() == api::DIRECTION_UNSPECIFIED) {
    request.set_direction(api::DIRECTION_FORWARDS);
  }
  return ScopeOf(request);
}

// What can be proved ends at the newest checkpoint.
absl::Status EndAtCheckpoint(const Prover& prover, ledger::TreeSize size_now, Plan* plan) {
  SCRUTINY_ASSIGN_OR_RETURN(const ledger::PublishedCheckpointPtr newest, prover.Covering(size_now));
  const uint64_t size = newest->checkpoint.size.value();
  const bool forwards = plan->way == EntryWalk::Way::kForwards;
  uint64_t& end = forwards ? plan->bound : plan->next;
  const uint64_t other = forwards ? plan->next : plan->bound;
  end = std::max(std::min(end, size), std::min(other, end));
  plan->with_proofs = true;
  return absl::OkStatus();
}

absl::StatusOr<Plan> PlanOf(const api::ReadRequest& request, ledger::Ledger& ledger,
                            const Prover& prover) {
  Plan plan;
  SCRUTINY_ASSIGN_OR_RETURN(plan.filter, Filter::From(request.filter()));
  const bool backwards = request.direction() == api::DIRECTION_BACKWARDS;
  if (!api::Direction_IsValid(request.direction())) {
    return Error(Reason::kMalformed, "The direction is neither forwards nor backwards.")
        .Field("direction")
        .Value(absl::StrCat(static_cast<int>(request.direction())));
  }
  uint64_t first = 0;
  uint64_t end = 0;
  SCRUTINY_RETURN_IF_ERROR(RangeOf(request, ledger, &first, &end));
  if (request.limit() > 0) plan.limit = request.limit();
  plan.scope = ReadScope(request);
  plan.way = backwards ? EntryWalk::Way::kBackwards : EntryWalk::Way::kForwards;
  plan.next = backwards ? end : first;
  plan.bound = backwards ? first : end;
  if (request.has_cursor()) {
    SCRUTINY_ASSIGN_OR_RETURN(const Place place,
                              DecodeToken(ledger.identity(), request.cursor().token(), "cursor"));
    SCRUTINY_RETURN_IF_ERROR(CheckScope(place, plan.scope, "cursor"));
    SCRUTINY_RETURN_IF_ERROR(CheckNotAhead(place, ledger.size().value(), "cursor"));
    if (place.kind != (backwards ? TokenKind::kBackwards : TokenKind::kForwards)) {
      return Error(Reason::kMalformed, "The cursor is not one of a read in this direction.")
          .Field("cursor");
    }
    plan.next = backwards ? std::min(plan.next, place.next) : std::max(plan.next, place.next);
  }
  if (request.with_proofs()) {
    SCRUTINY_RETURN_IF_ERROR(EndAtCheckpoint(prover, ledger.size(), &plan));
  }
  return plan;
}

// One call. It is always in one of three hands: a worker that prepares a batch, gRPC that writes
// one, or the end; each passes it on as its last act.
class ReadStream final : public grpc::ServerWriteReactor<ByteBuffer> {
 public:
  ReadStream(ledger::Ledger& ledger, const Prover& prover, Workers& workers,
             std::atomic<int>& reads)
      : ledger_(ledger), prover_(prover), workers_(workers), reads_(reads) {}

  void Start(const ByteBuffer* bytes) {
    if (reads_.fetch_add(1) >= kReadsMax) {
      Finish(ToGrpc(Error(Reason::kQueueFull,
                          absl::StrCat("There are ", kReadsMax,
                                       " reads under way already, as many as this server serves."))
                        .Next("Try again in a moment.")));
      return;
    }
    workers_.Post([this, bytes] { Begin(*bytes); });
  }

  void OnWriteDone(bool ok) override {
    if (!ok) {
      FinishCancelled();
      return;
    }
    workers_.Post([this] { Step(); });
  }

  void OnCancel() override { cancelled_.store(true); }
  void OnDone() override {
    reads_.fetch_sub(1);
    delete this;
  }

 private:
  void Begin(const ByteBuffer& bytes) {
    api::ReadRequest request;
    if (absl::Status status = ParseRequest(bytes, &request); !status.ok()) {
      Finish(ToGrpc(status));
      return;
    }
    absl::StatusOr<Plan> plan = PlanOf(request, ledger_, prover_);
    if (!plan.ok()) {
      Finish(ToGrpc(plan.status()));
      return;
    }
    plan_ = *std::move(plan);
    walk_ = std::make_unique<EntryWalk>(ledger_, plan_.way, plan_.next, plan_.bound);
    Step();
  }

  // Prepares the next batch and sends it; the last one together with the end.
  void Step() {
    if (cancelled_.load()) {
      FinishCancelled();
      return;
    }
    const absl::Status status = walk_->Fill(plan_.filter, plan_.limit, kLookMax, batch_);
    if (!status.ok()) {
      Finish(ToGrpc(status));
      return;
    }
    plan_.limit -= batch_.entries();
    const bool last = walk_->done() || plan_.limit == 0;
    if (batch_.entries() == 0 && !last) {
      workers_.Post([this] { Step(); });
      return;
    }
    if (batch_.entries() == 0) {
      Finish(grpc::Status::OK);
      return;
    }
    api::ReadResponse rest;
    Place place;
    place.kind =
        plan_.way == EntryWalk::Way::kForwards ? TokenKind::kForwards : TokenKind::kBackwards;
    place.next = walk_->next();
    place.scope = plan_.scope;
    rest.mutable_next()->set_token(EncodeToken(ledger_.identity(), place));
    rest.set_head_sequence(ledger_.size().value() - 1);
    if (plan_.with_proofs) {
      std::vector<Sequence> sequences = batch_.sequences();
      std::sort(sequences.begin(), sequences.end());
      absl::StatusOr<api::Proofs> proofs = prover_.Prove(sequences);
      if (!proofs.ok()) {
        Finish(ToGrpc(proofs.status()));
        return;
      }
      *rest.mutable_proofs() = *std::move(proofs);
    }
    response_ = ToBuffer(batch_.Finish(rest));
    if (last) {
      StartWriteAndFinish(&response_, grpc::WriteOptions(), grpc::Status::OK);
    } else {
      StartWrite(&response_);
    }
  }

  void FinishCancelled() {
    Finish(grpc::Status(grpc::StatusCode::CANCELLED, "The client went away."));
  }

  ledger::Ledger& ledger_;
  const Prover& prover_;
  Workers& workers_;
  std::atomic<int>& reads_;
  std::atomic<bool> cancelled_{false};
  Plan plan_;
  std::unique_ptr<EntryWalk> walk_;
  EntryBatch batch_;
  ByteBuffer response_;  // while a write is under way, gRPC's
};

}  // namespace

grpc::ServerWriteReactor<ByteBuffer>* AnswerRead(ledger::Ledger& ledger, const Prover& prover,
                                                 Workers& workers, std::atomic<int>& reads,
                                                 const ByteBuffer* bytes) {
  // Owned by gRPC until its OnDone.
  auto* const stream = new ReadStream(ledger, prover, workers, reads);
  stream->Start(bytes);
  return stream;
}

}  // namespace scrutiny::services
