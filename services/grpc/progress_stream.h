// services/grpc/progress_stream.h
// Answers a call with a stream of progress: runs long work on a worker and passes its progress on
// as fast as the client takes it. Used for rebuilds and backups.
//
// Guarantees:  the last progress is sent before the end; what comes faster than the client takes it
//              is left out. A client that goes away is told to the work, which may go on.
// Threads:     Start returns at once; the work holds a worker.
// Lifetime:    owns itself, until gRPC's OnDone; borrows workers and `closing`.
// Tests:       tests/services/grpc/register_service_test.cc, proof_service_test.cc
#ifndef SCRUTINY_SERVICES_GRPC_PROGRESS_STREAM_H_
#define SCRUTINY_SERVICES_GRPC_PROGRESS_STREAM_H_

#include <atomic>
#include <functional>
#include <utility>

#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"

#include "ledger/base/mutex.h"
#include "services/grpc/status.h"
#include "services/grpc/wire.h"
#include "services/grpc/workers.h"

namespace scrutiny::services {

template <typename Request, typename Progress>
class ProgressStream final : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  // False: nobody waits any more, or the server is closing.
  using Report = std::function<bool(const Progress&)>;
  using Work = std::function<absl::Status(const Request&, const Report&)>;

  static ProgressStream* Start(Workers& workers, const std::atomic<bool>& closing,
                               const grpc::ByteBuffer* bytes, Work work) {
    auto* const stream = new ProgressStream(closing, std::move(work));
    const absl::Status posted = workers.TryPost([stream, bytes] { stream->Run(*bytes); });
    if (!posted.ok()) stream->Finish(ToGrpc(posted));
    return stream;
  }

  void OnWriteDone(bool ok) override {
    Change([this, ok] {
      mutex_.AssertHeld();
      writing_ = false;
      if (!ok) gone_ = true;
    });
  }

  void OnCancel() override {
    ledger::MutexLock lock(mutex_);
    gone_ = true;
  }

  void OnDone() override { delete this; }

 private:
  ProgressStream(const std::atomic<bool>& closing, Work work)
      : closing_(closing), work_(std::move(work)) {}

  void Run(const grpc::ByteBuffer& bytes) {
    Request request;
    absl::Status status = ParseRequest(bytes, &request);
    if (status.ok()) {
      status = work_(request, [this](const Progress& progress) { return Tell(progress); });
    }
    Change([this, &status] {
      mutex_.AssertHeld();
      result_ = std::move(status);
    });
  }

  bool Tell(const Progress& progress) {
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
      ledger::MutexLock lock(mutex_);
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

  const std::atomic<bool>& closing_;
  const Work work_;
  grpc::ByteBuffer response_;
  ledger::Mutex mutex_;
  absl::optional<Progress> latest_ ABSL_GUARDED_BY(mutex_);
  absl::optional<absl::Status> result_ ABSL_GUARDED_BY(mutex_);
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool gone_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_GRPC_PROGRESS_STREAM_H_
