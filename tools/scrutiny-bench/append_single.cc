#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "grpcpp/client_context.h"

#include "ledger/base/mutex.h"
#include "ledger/base/status.h"
#include "scrutiny/ledger/v1/ledger.grpc.pb.h"
#include "tools/scrutiny-bench/connect.h"
#include "tools/scrutiny-bench/measure.h"
#include "tools/scrutiny-bench/workload.h"

namespace scrutiny::bench {
namespace {

namespace api = ::scrutiny::ledger::v1;
using ledger::MutexLock;

// One client: sends the next append as soon as the last one is acknowledged.
class ClosedLoop {
 public:
  ClosedLoop(const std::shared_ptr<grpc::Channel>& channel, uint64_t seed, std::string name,
             bool with_proof)
      : stub_(api::LedgerService::NewStub(channel)),
        workload_(seed, std::move(name)),
        with_proof_(with_proof) {}

  void Start() { Go(); }

  // Ends after the append under way.
  absl::Status Stop() {
    stopping_.store(true);
    MutexLock lock(mutex_);
    while (!ended_) changed_.Wait(mutex_);
    return error_;
  }

  const Samples& samples() const { return samples_; }

 private:
  void Go() {
    context_ = std::make_unique<grpc::ClientContext>();
    workload_.Next(1, &request_);
    request_.set_with_proof(with_proof_);
    sent_at_ = NowNanos();
    stub_->async()->Append(context_.get(), &request_, &response_,
                           [this](grpc::Status status) { Done(status); });
  }

  void Done(const grpc::Status& status) {
    if (status.ok()) samples_.Add(NowNanos() - sent_at_);
    const bool unproved = status.ok() && with_proof_ && response_.receipt().checkpoint().empty();
    if (status.ok() && !unproved && !stopping_.load()) {
      Go();
      return;
    }
    MutexLock lock(mutex_);
    error_ = unproved ? absl::InternalError("A receipt came without its proof.") : FromGrpc(status);
    ended_ = true;
    changed_.SignalAll();
  }

  std::unique_ptr<api::LedgerService::Stub> stub_;
  Workload workload_;
  const bool with_proof_;
  std::unique_ptr<grpc::ClientContext> context_;
  api::AppendRequest request_;
  api::AppendResponse response_;
  int64_t sent_at_ = 0;
  Samples samples_;
  std::atomic<bool> stopping_{false};
  ledger::Mutex mutex_;
  ledger::CondVar changed_;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status error_ ABSL_GUARDED_BY(mutex_);
};

absl::Status OneRound(const Bench& bench, int clients, int round, bool with_proof, Result* result) {
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  for (int i = 0; i < std::min(clients, bench.settings.connections); ++i) {
    channels.push_back(Connect(bench.server));
    if (!channels.back()->WaitForConnected(std::chrono::system_clock::now() +
                                           std::chrono::seconds(10))) {
      return absl::UnavailableError(absl::StrCat("Cannot reach ", bench.server, "."));
    }
  }
  std::vector<std::unique_ptr<ClosedLoop>> loops;
  for (int i = 0; i < clients; ++i) {
    loops.push_back(std::make_unique<ClosedLoop>(
        channels[i % channels.size()], bench.settings.seed + i,
        absl::StrCat(bench.run, with_proof ? "-proved-" : "-single-", clients, "-", round, "-", i),
        with_proof));
  }
  const int64_t start = NowNanos();
  for (const auto& loop : loops) loop->Start();
  std::this_thread::sleep_for(std::chrono::seconds(bench.settings.seconds));
  absl::Status failed;
  for (const auto& loop : loops) failed.Update(loop->Stop());
  const double seconds = static_cast<double>(NowNanos() - start) / 1e9;
  Samples round_latency;
  for (const auto& loop : loops) round_latency.Add(loop->samples());
  result->rounds.push_back(static_cast<double>(round_latency.count()) / seconds);
  result->latency.Add(round_latency);
  return failed;
}

}  // namespace

absl::StatusOr<Result> AppendSingle(const Bench& bench, int clients) {
  Result result;
  result.name = absl::StrCat("append-single, ", clients, clients == 1 ? " client" : " clients");
  result.unit = "appends/s";
  if (clients == 1) result.at_least = 1'500;
  if (clients == 64) {
    result.at_least = 12'000;
    result.p99_ms_at_most = 20;
  }
  for (int round = 0; round < bench.settings.rounds; ++round) {
    SCRUTINY_RETURN_IF_ERROR(OneRound(bench, clients, round, /*with_proof=*/false, &result));
  }
  return result;
}

absl::StatusOr<Result> AppendReceipts(const Bench& bench, int clients) {
  Result result;
  result.name = absl::StrCat("append-receipts, ", clients, clients == 1 ? " client" : " clients");
  result.unit = "appends/s";
  result.note = "each with its proof under a signed checkpoint";
  if (clients == 64) result.p99_ms_at_most = 40;
  for (int round = 0; round < bench.settings.rounds; ++round) {
    SCRUTINY_RETURN_IF_ERROR(OneRound(bench, clients, round, /*with_proof=*/true, &result));
  }
  return result;
}

}  // namespace scrutiny::bench
