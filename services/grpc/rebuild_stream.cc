#include "services/grpc/rebuild_stream.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/types/optional.h"

#include "ledger/base/mutex.h"
#include "scrutiny/register/v1/register.pb.h"
#include "services/grpc/status.h"
#include "services/grpc/wire.h"

namespace scrutiny::services {
namespace {

namespace api = ::scrutiny::register_::v1;
using grpc::ByteBuffer;
using ledger::MutexLock;

class RebuildStream final : public grpc::ServerWriteReactor<ByteBuffer> {
 public:
  RebuildStream(projections::RegisterStore& registers, const std::atomic<bool>& closing)
      : registers_(registers), closing_(closing) {}

  void Start(Workers& workers, const ByteBuffer* bytes) {
    const absl::Status posted = workers.TryPost([this, bytes] { Run(*bytes); });
    if (!posted.ok()) Finish(ToGrpc(posted));
  }

  void OnWriteDone(bool ok) override {
    Change([this, ok] {
      mutex_.AssertHeld();
      writing_ = false;
      if (!ok) gone_ = true;
    });
  }

  void OnCancel() override {
    MutexLock lock(mutex_);
    gone_ = true;
  }

  void OnDone() override { delete this; }

 private:
  void Run(const ByteBuffer& bytes) {
    api::RebuildRequest request;
    absl::Status status = ParseRequest(bytes, &request);
    if (status.ok()) {
      status = registers_.Rebuild(
          request, [this](const api::RebuildResponse& progress) { return Report(progress); });
    }
    Change([this, &status] {
      mutex_.AssertHeld();
      result_ = std::move(status);
    });
  }

  // False: nobody waits any more.
  bool Report(const api::RebuildResponse& progress) {
    bool gone = false;
    // This is not the end: the result is still to come.
    Change([this, &progress, &gone] {
      mutex_.AssertHeld();
      latest_ = progress;
      gone = gone_;
    });
    return !gone && !closing_.load();
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

  // Starts the next write; the status to end with, if nothing is left to do.
  absl::optional<grpc::Status> Go() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (writing_ || finished_) return absl::nullopt;
    if (latest_.has_value() && !gone_) {
      response_ = ToBuffer(*latest_);
      latest_.reset();
      writing_ = true;
      StartWrite(&response_);
      return absl::nullopt;
    }
    if (!result_.has_value()) return absl::nullopt;
    finished_ = true;
    if (gone_) return grpc::Status(grpc::StatusCode::CANCELLED, "The client went away.");
    return ToGrpc(*result_);
  }

  projections::RegisterStore& registers_;
  const std::atomic<bool>& closing_;
  ByteBuffer response_;
  ledger::Mutex mutex_;
  absl::optional<api::RebuildResponse> latest_ ABSL_GUARDED_BY(mutex_);
  absl::optional<absl::Status> result_ ABSL_GUARDED_BY(mutex_);
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool gone_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace

grpc::ServerWriteReactor<ByteBuffer>* AnswerRebuild(projections::RegisterStore& registers,
                                                    Workers& workers,
                                                    const std::atomic<bool>& closing,
                                                    const ByteBuffer* bytes) {
  // Owned by gRPC until its OnDone.
  auto* const stream = new RebuildStream(registers, closing);
  stream->Start(workers, bytes);
  return stream;
}

}  // namespace scrutiny::services
