#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
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

constexpr int kAppendsPerSecond = 2'000;
// What a subscriber may still be owed once the last append is acknowledged.
constexpr auto kTail = std::chrono::seconds(2);

// When each entry was sent and when it arrived; both become known in either order.
class Journeys {
 public:
  void Sent(uint64_t sequence, int64_t at) { Note(sequence, at, &Journey::sent); }
  void Arrived(uint64_t sequence, int64_t at) { Note(sequence, at, &Journey::arrived); }

  Samples Take() {
    MutexLock lock(mutex_);
    return std::exchange(samples_, Samples());
  }
  size_t finished() {
    MutexLock lock(mutex_);
    return samples_.count();
  }

 private:
  struct Journey {
    int64_t sent = 0;
    int64_t arrived = 0;
  };

  void Note(uint64_t sequence, int64_t at, int64_t Journey::*moment) {
    MutexLock lock(mutex_);
    if (first_ == UINT64_MAX) first_ = sequence >= 4096 ? sequence - 4096 : 0;
    if (sequence < first_) return;
    if (sequence - first_ >= journeys_.size()) journeys_.resize(sequence - first_ + 1024);
    Journey& journey = journeys_[sequence - first_];
    journey.*moment = at;
    if (journey.sent != 0 && journey.arrived != 0) samples_.Add(journey.arrived - journey.sent);
  }

  ledger::Mutex mutex_;
  uint64_t first_ ABSL_GUARDED_BY(mutex_) = UINT64_MAX;
  std::vector<Journey> journeys_ ABSL_GUARDED_BY(mutex_);
  Samples samples_ ABSL_GUARDED_BY(mutex_);
};

// Appends at a steady rate, whether or not answers come.
class SteadyAppends {
 public:
  SteadyAppends(const Bench& bench, int round, Journeys& journeys)
      : stub_(api::LedgerService::NewStub(Connect(bench.server))),
        workload_(bench.settings.seed, absl::StrCat(bench.run, "-live-", round), 1),
        journeys_(journeys) {}

  absl::Status Run(int seconds) {
    const auto start = std::chrono::steady_clock::now();
    const int appends = seconds * kAppendsPerSecond;
    for (int i = 0; i < appends; ++i) {
      std::this_thread::sleep_until(start +
                                    i * std::chrono::microseconds(1'000'000) / kAppendsPerSecond);
      Send();
    }
    MutexLock lock(mutex_);
    while (under_way_ > 0) changed_.Wait(mutex_);
    return error_;
  }

 private:
  struct Call {
    grpc::ClientContext context;
    api::AppendRequest request;
    api::AppendResponse response;
    int64_t sent_at = 0;
  };

  void Send() {
    // Shared with the callback, which may outlive this turn of the loop.
    auto call = std::make_shared<Call>();
    workload_.Next(1, &call->request);
    {
      MutexLock lock(mutex_);
      ++under_way_;
    }
    call->sent_at = NowNanos();
    stub_->async()->Append(
        &call->context, &call->request, &call->response, [this, call](grpc::Status status) {
          if (status.ok()) {
            journeys_.Sent(call->response.receipt().first_sequence(), call->sent_at);
          }
          MutexLock lock(mutex_);
          error_.Update(FromGrpc(status));
          if (--under_way_ == 0) changed_.SignalAll();
        });
  }

  std::unique_ptr<api::LedgerService::Stub> stub_;
  Workload workload_;
  Journeys& journeys_;
  ledger::Mutex mutex_;
  ledger::CondVar changed_;
  int under_way_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status error_ ABSL_GUARDED_BY(mutex_);
};

absl::Status OneSubscribeRound(const Bench& bench, int round, Result* result) {
  Journeys journeys;
  const auto stub = api::LedgerService::NewStub(Connect(bench.server));
  grpc::ClientContext context;
  api::SubscribeRequest request;
  request.set_live(true);
  const auto reader = stub->Subscribe(&context, request);
  api::SubscribeResponse response;
  if (!reader->Read(&response)) return FromGrpc(reader->Finish());  // the caught-up mark
  std::thread subscriber([&] {
    while (reader->Read(&response)) {
      const int64_t now = NowNanos();
      const uint64_t first = response.next_sequence() - response.entries_size();
      for (int i = 0; i < response.entries_size(); ++i) journeys.Arrived(first + i, now);
    }
  });
  SteadyAppends appends(bench, round, journeys);
  const int64_t start = NowNanos();
  absl::Status status = appends.Run(bench.settings.seconds);
  const double seconds = static_cast<double>(NowNanos() - start) / 1e9;
  const size_t expected = static_cast<size_t>(bench.settings.seconds) * kAppendsPerSecond;
  const auto deadline = std::chrono::steady_clock::now() + kTail;
  while (journeys.finished() < expected && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  context.TryCancel();
  subscriber.join();
  reader->Finish();  // cancelled by us
  const Samples samples = journeys.Take();
  if (status.ok() && samples.count() < expected) {
    return absl::InternalError(absl::StrCat("Only ", samples.count(), " of ", expected,
                                            " entries reached the subscriber."));
  }
  result->rounds.push_back(static_cast<double>(samples.count()) / seconds);
  result->latency.Add(samples);
  return status;
}

absl::Status OneReadRound(const Bench& bench, Result* result, uint64_t* entries) {
  const auto stub = api::LedgerService::NewStub(Connect(bench.server));
  grpc::ClientContext context;
  const int64_t start = NowNanos();
  const auto reader = stub->Read(&context, api::ReadRequest());
  api::ReadResponse response;
  *entries = 0;
  while (reader->Read(&response)) *entries += response.entries_size();
  const grpc::Status status = reader->Finish();
  const double seconds = static_cast<double>(NowNanos() - start) / 1e9;
  result->rounds.push_back(static_cast<double>(*entries) / seconds);
  return FromGrpc(status);
}

}  // namespace

absl::StatusOr<Result> ReadAll(const Bench& bench) {
  Result result;
  result.name = "read";
  result.unit = "entries/s";
  result.at_least = 400'000;
  uint64_t entries = 0;
  for (int round = 0; round < bench.settings.rounds; ++round) {
    SCRUTINY_RETURN_IF_ERROR(OneReadRound(bench, &result, &entries));
  }
  result.note = absl::StrCat(entries, " entries a round, the whole ledger");
  return result;
}

absl::StatusOr<Result> SubscribeLive(const Bench& bench) {
  Result result;
  result.name = "subscribe, from send to arrival";
  result.unit = "entries/s";
  result.p99_ms_at_most = 10;
  for (int round = 0; round < bench.settings.rounds; ++round) {
    SCRUTINY_RETURN_IF_ERROR(OneSubscribeRound(bench, round, &result));
  }
  result.note = absl::StrCat(kAppendsPerSecond, " one-fact appends a second are offered");
  return result;
}

}  // namespace scrutiny::bench
