// tools/scrutiny-bench/runner.h
// A whole run: starts a server if none is named, measures what was asked for, reports.
//
// Errors:  what stopped it; what was measured before is lost.
#ifndef SCRUTINY_TOOLS_SCRUTINY_BENCH_RUNNER_H_
#define SCRUTINY_TOOLS_SCRUTINY_BENCH_RUNNER_H_

#include "absl/status/statusor.h"

#include "tools/scrutiny-bench/report.h"
#include "tools/scrutiny-bench/settings.h"

namespace scrutiny::bench {

absl::StatusOr<Report> RunAll(const Settings& settings);

}  // namespace scrutiny::bench

#endif  // SCRUTINY_TOOLS_SCRUTINY_BENCH_RUNNER_H_
