#include "tools/scrutiny-bench/machine.h"

#include <fcntl.h>
#include <fstream>
#include <sys/utsname.h>
#include <thread>
#include <unistd.h>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/stubs/common.h"
#include "grpcpp/grpcpp.h"

namespace scrutiny::bench {
namespace {

// The value of the first line `key ... : value`.
std::string ValueIn(const std::string& file, const std::string& key) {
  std::ifstream in(file);
  std::string line;
  while (std::getline(in, line)) {
    if (!absl::StartsWith(line, key)) continue;
    const std::pair<std::string, std::string> parts = absl::StrSplit(line, absl::MaxSplits(':', 1));
    return std::string(absl::StripAsciiWhitespace(parts.second));
  }
  return "";
}

}  // namespace

Machine DescribeMachine() {
  Machine machine;
  machine.cores = static_cast<int>(std::thread::hardware_concurrency());
  machine.cpu = ValueIn("/proc/cpuinfo", "model name");
  const std::string memory = ValueIn("/proc/meminfo", "MemTotal");
  const std::vector<std::string> words = absl::StrSplit(memory, ' ');
  int64_t kib = 0;
  if (absl::SimpleAtoi(words[0], &kib)) machine.memory_mib = static_cast<int>(kib / 1024);
  utsname names{};
  if (uname(&names) == 0) machine.kernel = absl::StrCat(names.sysname, " ", names.release);
  machine.compiler = __VERSION__;
  machine.grpc = grpc::Version();
  machine.protobuf = google::protobuf::internal::VersionString(GOOGLE_PROTOBUF_VERSION);
  return machine;
}

absl::StatusOr<Samples> MeasureSync(const std::string& folder, int times) {
  const std::string path = absl::StrCat(folder, "/sync-", getpid(), ".tmp");
  const int file = open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
  if (file < 0) return absl::UnavailableError(absl::StrCat("Cannot write in ", folder, "."));
  const std::string block(4096, 's');
  Samples samples;
  bool ok = true;
  for (int i = 0; i < times && ok; ++i) {
    ok = write(file, block.data(), block.size()) == static_cast<ssize_t>(block.size());
    const int64_t start = NowNanos();
    ok = ok && fdatasync(file) == 0;
    samples.Add(NowNanos() - start);
  }
  close(file);
  unlink(path.c_str());
  if (!ok) return absl::UnavailableError(absl::StrCat("Cannot sync a file in ", folder, "."));
  return samples;
}

}  // namespace scrutiny::bench
