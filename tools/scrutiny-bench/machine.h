// tools/scrutiny-bench/machine.h
// What the figures were measured on.
//
// Threads:  thread-safe.
#ifndef SCRUTINY_TOOLS_SCRUTINY_BENCH_MACHINE_H_
#define SCRUTINY_TOOLS_SCRUTINY_BENCH_MACHINE_H_

#include <string>

#include "absl/status/statusor.h"

#include "tools/scrutiny-bench/samples.h"

namespace scrutiny::bench {

struct Machine {
  int cores = 0;
  std::string cpu;
  int memory_mib = 0;
  std::string kernel;
  std::string compiler;
  std::string grpc;
  std::string protobuf;
};

Machine DescribeMachine();

// What it costs to append 4 KiB to a file in this folder and sync it, again and again.
absl::StatusOr<Samples> MeasureSync(const std::string& folder, int times);

}  // namespace scrutiny::bench

#endif  // SCRUTINY_TOOLS_SCRUTINY_BENCH_MACHINE_H_
