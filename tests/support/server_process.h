// tests/support/server_process.h
// A real server in a process of its own, on a free loopback port, over a folder that outlives it:
// started, stopped, killed by pid.
//
// Threads:   thread-compatible; Kill may be called while others talk to the server.
// Lifetime:  the destructor kills and reaps what still runs.
// Limits:    waits at most 60 seconds for a start or a stop.
#ifndef SCRUTINY_TESTS_SUPPORT_SERVER_PROCESS_H_
#define SCRUTINY_TESTS_SUPPORT_SERVER_PROCESS_H_

#include <string>
#include <sys/types.h>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace scrutiny::testing {

// What a program printed and how it ended.
struct ProgramResult {
  int exit_code = -1;
  std::string out;
  std::string err;
};

// The folder of the built programs.
std::string ProgramPath(const std::string& name);

// Runs a program to its end; kills it after `timeout_seconds`.
ProgramResult RunProgram(const std::vector<std::string>& argv, const std::string& input = "",
                         int timeout_seconds = 60);

class ServerProcess {
 public:
  // `folder` holds the ledger (`folder/data`), what stands beside it (`folder/data.identity`,
  // `folder/data.keys`), the port file and the server's output.
  explicit ServerProcess(std::string folder) : folder_(std::move(folder)) {}
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // Starts it and waits until it serves; HTTP too is on a free port, unless `--http` is among the
  // arguments.
  absl::Status Start(const std::vector<std::string>& more_arguments = {});
  // `127.0.0.1:port`, of gRPC and of HTTP; the latter is empty if there is none.
  const std::string& address() const { return address_; }
  const std::string& http_address() const { return http_address_; }
  std::string data() const { return folder_ + "/data"; }
  std::string identity() const { return folder_ + "/data.identity"; }
  std::string keys() const { return folder_ + "/data.keys"; }
  // What it wrote to standard error since its last start.
  std::string Log() const;

  // SIGTERM, then waits; the exit code.
  absl::StatusOr<int> Stop();
  // SIGKILL, then waits.
  void Kill();
  bool running() const { return pid_ > 0; }
  pid_t pid() const { return pid_; }

 private:
  absl::StatusOr<int> Wait(int timeout_seconds);

  std::string folder_;
  std::string address_;
  std::string http_address_;
  pid_t pid_ = -1;
};

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_SUPPORT_SERVER_PROCESS_H_
