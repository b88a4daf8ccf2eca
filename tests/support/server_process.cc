#include "tests/support/server_process.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include "absl/strings/str_cat.h"

#include "ledger/base/status.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::testing {
namespace {

constexpr int kWaitSeconds = 60;
constexpr auto kPoll = std::chrono::milliseconds(2);

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Starts a program with its three streams on files. The child makes only async-signal-safe calls.
pid_t Spawn(const std::vector<std::string>& argv, const std::string& in, const std::string& out,
            const std::string& err) {
  std::vector<char*> arguments;
  for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const pid_t pid = fork();
  SCRUTINY_CHECK(pid >= 0) << "fork failed";
  if (pid > 0) return pid;
  const int in_fd = open(in.c_str(), O_RDONLY);
  const int out_fd = open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int err_fd = open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  dup2(in_fd, STDIN_FILENO);
  dup2(out_fd, STDOUT_FILENO);
  dup2(err_fd, STDERR_FILENO);
  execv(arguments[0], arguments.data());
  _exit(127);
}

// The exit code once it has ended (128 + signal if killed), or -1 when the time is up.
int WaitForExit(pid_t pid, int timeout_seconds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(timeout_seconds);
  while (true) {
    int status = 0;
    if (waitpid(pid, &status, WNOHANG) == pid) {
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    if (std::chrono::steady_clock::now() > deadline) return -1;
    std::this_thread::sleep_for(kPoll);
  }
}

// The value of `name=value` in a line of such, divided by blanks.
std::string ValueOf(const std::string& line, const std::string& name) {
  const size_t at = line.find(name + "=");
  if (at == std::string::npos) return "";
  const size_t from = at + name.size() + 1;
  return line.substr(from, line.find_first_of(" \n", from) - from);
}

}  // namespace

std::string ProgramPath(const std::string& name) {
  return std::string(SCRUTINY_BUILD_DIR) + "/bin/" + name;
}

ProgramResult RunProgram(const std::vector<std::string>& argv, const std::string& input,
                         int timeout_seconds) {
  const TempDir dir;
  std::ofstream(dir.File("in"), std::ios::binary) << input;
  const pid_t pid = Spawn(argv, dir.File("in"), dir.File("out"), dir.File("err"));
  ProgramResult result;
  result.exit_code = WaitForExit(pid, timeout_seconds);
  if (result.exit_code < 0) {
    kill(pid, SIGKILL);
    WaitForExit(pid, kWaitSeconds);
  }
  result.out = ReadFile(dir.File("out"));
  result.err = ReadFile(dir.File("err"));
  return result;
}

ServerProcess::~ServerProcess() { Kill(); }

std::string ServerProcess::Log() const { return ReadFile(folder_ + "/server.err"); }

absl::Status ServerProcess::Start(const std::vector<std::string>& more_arguments) {
  SCRUTINY_CHECK(!running()) << "already running";
  const std::string port_file = folder_ + "/port";
  std::error_code ignored;
  std::filesystem::remove(port_file, ignored);
  std::vector<std::string> argv = {ProgramPath("scrutinyd"),
                                   "--data",
                                   data(),
                                   "--listen",
                                   "127.0.0.1:0",
                                   "--port-file",
                                   port_file};
  if (std::find(more_arguments.begin(), more_arguments.end(), "--http") == more_arguments.end()) {
    argv.insert(argv.end(), {"--http", "127.0.0.1:0"});
  }
  argv.insert(argv.end(), more_arguments.begin(), more_arguments.end());
  pid_ = Spawn(argv, "/dev/null", folder_ + "/server.out", folder_ + "/server.err");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(kWaitSeconds);
  while (std::chrono::steady_clock::now() < deadline) {
    const std::string ports = ReadFile(port_file);
    if (address_ = ValueOf(ports, "grpc"); !address_.empty()) {
      http_address_ = ValueOf(ports, "http");
      return absl::OkStatus();
    }
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = -1;
      return absl::InternalError(
          absl::StrCat("the server ended with ", WEXITSTATUS(status), ": ", Log()));
    }
    std::this_thread::sleep_for(kPoll);
  }
  Kill();
  return absl::DeadlineExceededError(absl::StrCat("the server does not serve: ", Log()));
}

absl::StatusOr<int> ServerProcess::Wait(int timeout_seconds) {
  const int exit_code = WaitForExit(pid_, timeout_seconds);
  if (exit_code < 0) return absl::DeadlineExceededError("the server does not end");
  pid_ = -1;
  return exit_code;
}

absl::StatusOr<int> ServerProcess::Stop() {
  kill(pid_, SIGTERM);
  return Wait(kWaitSeconds);
}

void ServerProcess::Kill() {
  if (!running()) return;
  kill(pid_, SIGKILL);
  ledger::IgnoreError(Wait(kWaitSeconds).status(), "a killed process ends");
}

}  // namespace scrutiny::testing
