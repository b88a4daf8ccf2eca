// tools/scrutiny-bench/spawned_server.h
// A scrutinyd of our own, on a temporary folder and a free port, ended with us.
//
// Threads:  confined to one thread.
// Errors:   UNAVAILABLE where it cannot be started or does not serve in time.
#ifndef SCRUTINY_TOOLS_SCRUTINY_BENCH_SPAWNED_SERVER_H_
#define SCRUTINY_TOOLS_SCRUTINY_BENCH_SPAWNED_SERVER_H_

#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace scrutiny::bench {

class SpawnedServer {
 public:
  // `program` is the scrutinyd to start; `folder` holds its data, and is made and removed.
  static absl::StatusOr<std::unique_ptr<SpawnedServer>> Start(
      const std::string& program, const std::string& folder, std::vector<std::string> options = {});
  // Ends it and removes the folder.
  ~SpawnedServer();
  SpawnedServer(const SpawnedServer&) = delete;
  SpawnedServer& operator=(const SpawnedServer&) = delete;

  const std::string& address() const { return address_; }
  const std::string& data() const { return data_; }

  // Ends it as SIGTERM does, and starts it again on the same data; how long opening took, in
  // milliseconds from the start of the process until it serves.
  absl::StatusOr<double> Restart();

  // The most memory it has held, in MiB; 0 if unknown.
  double PeakMemoryMib() const;

 private:
  SpawnedServer() = default;
  absl::Status Launch();
  absl::Status End();

  std::string program_;
  std::vector<std::string> options_;
  std::string folder_;
  std::string data_;
  std::string address_;
  pid_t pid_ = -1;
};

}  // namespace scrutiny::bench

#endif  // SCRUTINY_TOOLS_SCRUTINY_BENCH_SPAWNED_SERVER_H_
