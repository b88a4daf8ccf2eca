#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "grpcpp/client_context.h"

#include "ledger/base/limits.h"
#include "ledger/base/status.h"
#include "scrutiny/ledger/v1/ledger.grpc.pb.h"
#include "tools/scrutiny-bench/connect.h"
#include "tools/scrutiny-bench/measure.h"
#include "tools/scrutiny-bench/spawned_server.h"
#include "tools/scrutiny-bench/workload.h"

namespace scrutiny::bench {
namespace {

namespace api = ::scrutiny::ledger::v1;

// Looks now and then how far the indexes are behind.
class LagWatch {
 public:
  explicit LagWatch(const std::string& server)
      : stub_(api::LedgerService::NewStub(Connect(server))), thread_([this] { Run(); }) {}
  ~LagWatch() { Stop(); }

  uint64_t Stop() {
    stopping_.store(true);
    if (thread_.joinable()) thread_.join();
    return worst_;
  }

 private:
  void Run() {
    while (!stopping_.load()) {
      grpc::ClientContext context;
      api::GetStatusResponse status;
      if (stub_->GetStatus(&context, api::GetStatusRequest(), &status).ok() &&
          status.size() > status.indexed_size()) {
        worst_ = std::max(worst_, status.size() - status.indexed_size());
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }

  std::unique_ptr<api::LedgerService::Stub> stub_;
  std::atomic<bool> stopping_{false};
  uint64_t worst_ = 0;
  std::thread thread_;
};

// Reads the answers: how many appends were recorded, and the first refusal.
class Answers {
 public:
  using Stream = grpc::ClientReaderWriter<api::AppendStreamRequest, api::AppendStreamResponse>;
  explicit Answers(Stream& stream) : thread_([this, &stream] { Run(stream); }) {}

  uint64_t Join() {
    thread_.join();
    return recorded_;
  }
  const std::string& refusal() const { return refusal_; }

 private:
  void Run(Stream& stream) {
    api::AppendStreamResponse answer;
    while (stream.Read(&answer)) {
      if (answer.has_appended()) {
        ++recorded_;
      } else if (refusal_.empty()) {
        refusal_ = answer.refused().message();
      }
    }
  }

  uint64_t recorded_ = 0;
  std::string refusal_;
  std::thread thread_;
};

absl::Status OneRound(const Bench& bench, int round, uint64_t entries, Result* result,
                      uint64_t* lag) {
  const auto channel = Connect(bench.server);
  const auto stub = api::LedgerService::NewStub(channel);
  const uint64_t batch = bench.settings.batch;
  const uint64_t appends = (entries + batch - 1) / batch;
  Workload workload(bench.settings.seed, absl::StrCat(bench.run, "-bulk-", round));
  LagWatch watch(bench.server);

  grpc::ClientContext context;
  const auto stream = stub->AppendStream(&context);
  Answers answers(*stream);
  const int64_t start = NowNanos();
  api::AppendStreamRequest request;
  request.set_stop_at_refusal(true);
  for (uint64_t i = 0; i < appends; ++i) {
    workload.Next(static_cast<int>(std::min(batch, entries - i * batch)), request.mutable_append());
    if (!stream->Write(request)) break;
  }
  stream->WritesDone();
  const uint64_t recorded = answers.Join();
  const double seconds = static_cast<double>(NowNanos() - start) / 1e9;
  const grpc::Status status = stream->Finish();
  *lag = std::max(*lag, watch.Stop());
  if (!status.ok()) return FromGrpc(status);
  if (recorded != appends) {
    return absl::InternalError(absl::StrCat("Only ", recorded, " of ", appends,
                                            " appends were recorded: ", answers.refusal()));
  }
  result->rounds.push_back(static_cast<double>(entries) / seconds);
  return absl::OkStatus();
}

absl::Status TreeRound(const Settings& settings, bool with_tree, int round, Result* result) {
  std::vector<std::string> options;
  if (!with_tree) options.push_back("--without-tree");
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<SpawnedServer> server,
                            SpawnedServer::Start(settings.program, settings.folder, options));
  const Bench bench{server->address(), settings, "tree"};
  uint64_t lag = 0;
  return OneRound(bench, round, std::max<uint64_t>(1, settings.entries / settings.rounds), result,
                  &lag);
}

}  // namespace

absl::StatusOr<std::vector<Result>> TreeOnAndOff(const Settings& settings) {
  std::vector<Result> results(2);
  for (Result& result : results) result.unit = "entries/s";
  results[0].name = "append-bulk with the tree";
  results[1].name = "append-bulk without it";
  for (int round = 0; round < settings.rounds; ++round) {
    for (const bool with_tree : {true, false}) {
      SCRUTINY_RETURN_IF_ERROR(TreeRound(settings, with_tree, round, &results[with_tree ? 0 : 1]));
    }
  }
  const double without = Median(results[1].rounds);
  results[0].at_least = 0.75 * without;
  results[0].note = absl::StrCat(
      "the tree costs ", absl::StrFormat("%.1f", 100 - 100 * Median(results[0].rounds) / without),
      " % (allowed 25 %); a new server each, in turn");
  return results;
}

absl::StatusOr<Result> AppendBulk(const Bench& bench) {
  Result result;
  result.name = absl::StrCat("append-bulk, ", bench.settings.batch, " an append");
  result.unit = "entries/s";
  result.at_least = 100'000;
  uint64_t lag = 0;
  const uint64_t entries = std::max<uint64_t>(1, bench.settings.entries / bench.settings.rounds);
  for (int round = 0; round < bench.settings.rounds; ++round) {
    SCRUTINY_RETURN_IF_ERROR(OneRound(bench, round, entries, &result, &lag));
  }
  result.note = absl::StrCat(entries, " entries a round; indexes at most ", lag,
                             " entries behind (allowed ", ledger::kIndexLagEntriesMax, ")");
  return result;
}

}  // namespace scrutiny::bench
