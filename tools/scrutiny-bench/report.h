// tools/scrutiny-bench/report.h
// What was measured, for people and for programs.
//
// Threads:  thread-compatible.
// Format:   JSON: machine, settings, results (name, unit, value, and what goes with it).
// Tests:    tests/tools/scrutiny-bench/report_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINY_BENCH_REPORT_H_
#define SCRUTINY_TOOLS_SCRUTINY_BENCH_REPORT_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"

#include "tools/scrutiny-bench/machine.h"
#include "tools/scrutiny-bench/samples.h"

namespace scrutiny::bench {

// One line: the median of the rounds, and latencies over all of them where there are any.
struct Result {
  std::string name;  // "append-single, 64 clients"
  std::string unit;  // "entries/s"
  std::vector<double> rounds;
  Samples latency;
  std::string note;
  // Bounds of the budget; 0: none.
  double at_least = 0;
  double p99_ms_at_most = 0;
  double at_most = 0;
};

struct Report {
  Machine machine;
  Samples sync;
  std::vector<std::pair<std::string, std::string>> settings;
  std::vector<Result> results;
};

// Whether the budget is met.
bool WithinBudget(const Result& result);

// A table.
std::string InWords(const Report& report);

absl::Status WriteJson(const Report& report, const std::string& path);
std::string ToJson(const Report& report);

}  // namespace scrutiny::bench

#endif  // SCRUTINY_TOOLS_SCRUTINY_BENCH_REPORT_H_
