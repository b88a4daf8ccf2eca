#include "tools/scrutiny-bench/runner.h"

#include <chrono>
#include <iostream>
#include <linux/magic.h>
#include <memory>
#include <sys/vfs.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "ledger/base/status.h"
#include "tools/scrutiny-bench/machine.h"
#include "tools/scrutiny-bench/measure.h"
#include "tools/scrutiny-bench/spawned_server.h"

namespace scrutiny::bench {
namespace {

constexpr int kSyncsMeasured = 1000;
constexpr double kMemoryMibMax = 512;
constexpr double kOpenMsMax = 1000;

bool InMemory(const std::string& folder) {
  struct statfs about {};
  return statfs(folder.c_str(), &about) == 0 && about.f_type == TMPFS_MAGIC;
}

void Tell(const Result& result) {
  std::cerr << "  " << result.name << ": " << Median(result.rounds) << " " << result.unit
            << ", p99 " << result.latency.Percentile(99) << " ms" << std::endl;
}

absl::Status Measure(const Bench& bench, const std::string& what, Report* report) {
  std::cerr << "measuring " << what << std::endl;
  if (what == "tree") {
    SCRUTINY_ASSIGN_OR_RETURN(std::vector<Result> results, TreeOnAndOff(bench.settings));
    for (Result& one : results) {
      Tell(one);
      report->results.push_back(std::move(one));
    }
    return absl::OkStatus();
  }
  absl::StatusOr<Result> result = absl::InvalidArgumentError(what);
  if (what == "append-single" || what == "append-receipts") {
    for (const int clients : bench.settings.clients) {
      result =
          what == "append-single" ? AppendSingle(bench, clients) : AppendReceipts(bench, clients);
      if (!result.ok()) return result.status();
      Tell(*result);
      report->results.push_back(*std::move(result));
    }
    return absl::OkStatus();
  }
  if (what == "append-bulk") result = AppendBulk(bench);
  if (what == "read") result = ReadAll(bench);
  if (what == "subscribe") result = SubscribeLive(bench);
  if (what == "rebuild") result = RebuildAll(bench);
  if (what == "proof") result = GetProofs(bench);
  if (what == "verify") result = VerifyExport(bench);
  if (what == "seal") result = SealFields(bench.settings);
  if (!result.ok()) return result.status();
  Tell(*result);
  report->results.push_back(*std::move(result));
  return absl::OkStatus();
}

// What only a server of our own can tell: its memory, and how long it takes to open.
absl::Status MeasureServer(SpawnedServer& server, int rounds, Report* report) {
  Result memory;
  memory.name = "resident memory, at most";
  memory.unit = "MiB";
  memory.rounds.push_back(server.PeakMemoryMib());
  memory.at_most = kMemoryMibMax;
  report->results.push_back(std::move(memory));

  Result open;
  open.name = "open, until it serves";
  open.unit = "ms";
  open.at_most = kOpenMsMax;
  for (int round = 0; round < rounds; ++round) {
    SCRUTINY_ASSIGN_OR_RETURN(const double ms, server.Restart());
    open.rounds.push_back(ms);
  }
  report->results.push_back(std::move(open));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Report> RunAll(const Settings& settings) {
  Report report;
  report.machine = DescribeMachine();
  SCRUTINY_ASSIGN_OR_RETURN(report.sync, MeasureSync(settings.folder, kSyncsMeasured));
  std::unique_ptr<SpawnedServer> own;
  std::string server = settings.server;
  if (server.empty()) {
    SCRUTINY_ASSIGN_OR_RETURN(own, SpawnedServer::Start(settings.program, settings.folder));
    server = own->address();
  }
  const auto started = std::chrono::system_clock::now().time_since_epoch();
  const Bench bench{
      server, settings,
      absl::StrCat("bench-",
                   std::chrono::duration_cast<std::chrono::milliseconds>(started).count())};
  report.settings = {
      {"server", own == nullptr ? server : "its own"},
      {"folder", absl::StrCat(settings.folder,
                              InMemory(settings.folder) ? " (in memory: syncs are free)" : "")},
      {"entries", absl::StrCat(settings.entries)},
      {"batch", absl::StrCat(settings.batch)},
      {"clients", absl::StrJoin(settings.clients, ",")},
      {"connections", absl::StrCat(settings.connections)},
      {"seconds", absl::StrCat(settings.seconds)},
      {"rounds", absl::StrCat(settings.rounds)},
      {"seed", absl::StrCat(settings.seed)}};
  for (const std::string& what : settings.what) {
    SCRUTINY_RETURN_IF_ERROR(Measure(bench, what, &report));
  }
  if (own != nullptr) SCRUTINY_RETURN_IF_ERROR(MeasureServer(*own, settings.rounds, &report));
  return report;
}

}  // namespace scrutiny::bench
