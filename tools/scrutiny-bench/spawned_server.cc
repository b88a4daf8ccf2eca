#include "tools/scrutiny-bench/spawned_server.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "ledger/base/status.h"
#include "tools/scrutiny-bench/samples.h"

namespace scrutiny::bench {
namespace {

constexpr int64_t kStartNanosMax = int64_t{30} * 1'000'000'000;
constexpr auto kPoll = std::chrono::milliseconds(1);

}  // namespace

absl::StatusOr<std::unique_ptr<SpawnedServer>> SpawnedServer::Start(
    const std::string& program, const std::string& folder, std::vector<std::string> options) {
  std::unique_ptr<SpawnedServer> server(new SpawnedServer);
  server->program_ = program;
  server->options_ = std::move(options);
  std::string pattern = absl::StrCat(folder, "/scrutiny-bench-XXXXXX");
  if (mkdtemp(pattern.data()) == nullptr) {
    return absl::UnavailableError(absl::StrCat("Cannot make a folder in ", folder, "."));
  }
  server->folder_ = pattern;
  server->data_ = absl::StrCat(pattern, "/data");
  SCRUTINY_RETURN_IF_ERROR(server->Launch());
  return server;
}

absl::Status SpawnedServer::Launch() {
  const std::string port_file = absl::StrCat(folder_, "/port");
  std::vector<std::string> words = {program_,      "--data",      data_,         "--listen",
                                    "127.0.0.1:0", "--http",      "127.0.0.1:0", "--port-file",
                                    port_file,     "--log-level", "warn"};
  words.insert(words.end(), options_.begin(), options_.end());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  if (posix_spawn(&pid_, program_.c_str(), nullptr, nullptr, arguments.data(), environ) != 0) {
    pid_ = -1;
    return absl::UnavailableError(
        absl::StrCat("Cannot start ", program_, "; build it with tools/build."));
  }
  const int64_t start = NowNanos();
  while (NowNanos() - start < kStartNanosMax) {
    std::ifstream in(port_file);
    std::string line;
    if (std::getline(in, line) && absl::StartsWith(line, "grpc=")) {
      address_ = line.substr(5, line.find(' ') - 5);
      return absl::OkStatus();
    }
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) {
      pid_ = -1;
      return absl::UnavailableError(absl::StrCat(program_, " ended at once."));
    }
    std::this_thread::sleep_for(kPoll);
  }
  return absl::UnavailableError(absl::StrCat(program_, " does not serve."));
}

absl::Status SpawnedServer::End() {
  if (pid_ < 0) return absl::OkStatus();
  kill(pid_, SIGTERM);
  int how = 0;
  waitpid(pid_, &how, 0);
  pid_ = -1;
  if (WIFEXITED(how) && WEXITSTATUS(how) == 0) return absl::OkStatus();
  return absl::InternalError("The server did not end cleanly.");
}

absl::StatusOr<double> SpawnedServer::Restart() {
  SCRUTINY_RETURN_IF_ERROR(End());
  const int64_t start = NowNanos();
  SCRUTINY_RETURN_IF_ERROR(Launch());
  return static_cast<double>(NowNanos() - start) / 1e6;
}

SpawnedServer::~SpawnedServer() {
  ledger::IgnoreError(End(), "the measurements are done");
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

double SpawnedServer::PeakMemoryMib() const {
  std::ifstream in(absl::StrCat("/proc/", pid_, "/status"));
  std::string line;
  while (std::getline(in, line)) {
    if (!absl::StartsWith(line, "VmHWM:")) continue;
    const std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
    double kib = 0;
    if (words.size() >= 2 && absl::SimpleAtod(words[words.size() - 2], &kib)) return kib / 1024;
  }
  return 0;
}

}  // namespace scrutiny::bench
