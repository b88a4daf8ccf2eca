// tools/scrutiny-bench/measure.h
// The measurements, each over real gRPC against a server in another process.
//
// Threads:  one measurement at a time.
// Errors:   what the server or the transport said.
#ifndef SCRUTINY_TOOLS_SCRUTINY_BENCH_MEASURE_H_
#define SCRUTINY_TOOLS_SCRUTINY_BENCH_MEASURE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "tools/scrutiny-bench/report.h"
#include "tools/scrutiny-bench/settings.h"

namespace scrutiny::bench {

struct Bench {
  std::string server;
  const Settings& settings;
  // Sets this run's records and request ids apart from those of any other on the same ledger.
  std::string run;
};

// Closed loops of one-fact appends.
absl::StatusOr<Result> AppendSingle(const Bench& bench, int clients);

// The same, each answered with a proof under a signed checkpoint.
absl::StatusOr<Result> AppendReceipts(const Bench& bench, int clients);

// Proofs of entries in random order, one client: the inclusion path under the newest checkpoint.
absl::StatusOr<Result> GetProofs(const Bench& bench);

// The whole ledger, exported by `scrutiny` and verified by `scrutiny-verify`, each a process.
absl::StatusOr<Result> VerifyExport(const Bench& bench);

// Sealing a field of 1 KiB of a fact, in this process.
absl::StatusOr<Result> SealFields(const Settings& settings);

// Bulk appends to servers of its own, in turn with the tree and without it.
absl::StatusOr<std::vector<Result>> TreeOnAndOff(const Settings& settings);

// Settings.entries over one AppendStream; also how far the indexes fell behind.
absl::StatusOr<Result> AppendBulk(const Bench& bench);

// The whole ledger.
absl::StatusOr<Result> ReadAll(const Bench& bench);

// From sending an append to its arrival at a subscriber, at 2,000 appends a second.
absl::StatusOr<Result> SubscribeLive(const Bench& bench);

// Every register from nothing.
absl::StatusOr<Result> RebuildAll(const Bench& bench);

}  // namespace scrutiny::bench

#endif  // SCRUTINY_TOOLS_SCRUTINY_BENCH_MEASURE_H_
