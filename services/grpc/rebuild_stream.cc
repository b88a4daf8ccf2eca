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
    MutexLock lock(mutex_);
    writing_ = false;
    if (!ok) gone_ = true;
    Go();
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
    MutexLock lock(mutex_);
    result_ = std::move(status);
    Go();
  }

  // False: nobody waits any more.
  bool Report(const api::RebuildResponse& progress) {
    MutexLock lock(mutex_);
    latest_ = progress;
    Go();
    return !gone_ && !closing_.load();
  }

  // Starts the next write, or the end. Nothing may be touched once the lock is given back after
  // the end.
  void Go() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (writing_ || finished_) return;
    if (latest_.has_value() && !gone_) {
      response_ = ToBuffer(*latest_);
      latest_.reset();
      writing_ = true;
      StartWrite(&response_);
    } else if (result_.has_value()) {
      finished_ = true;
      Finish(gone_ ? grpc::Status(grpc::StatusCode::CANCELLED, "The client went away.")
                   : ToGrpc(*result_));
    }
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
