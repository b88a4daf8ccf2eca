// scrutinyd: the server of the scrutiny ledger. Exit: 0 ended as asked, 1 failed, 2 wrong usage.
#include <exception>
#include <iostream>
#include <malloc.h>
#include <string>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "absl/status/status.h"
#include "absl/types/optional.h"

#include "ledger/base/error.h"
#include "tools/scrutinyd/daemon.h"
#include "tools/scrutinyd/logging.h"
#include "tools/scrutinyd/options.h"

namespace {

// Few heaps for many threads: what one frees another can use, and resident memory stays bounded.
constexpr int kHeapsMax = 4;

// Keys and opened texts are in memory: what dumps it, or attaches to it as the same user, gets
// nothing of them.
void KeepMemoryPrivate() {
  const rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
}

int Run(int argc, char** argv) {
  KeepMemoryPrivate();
  mallopt(M_ARENA_MAX, kHeapsMax);
  absl::optional<int> exit;
  const scrutiny::tools::DaemonOptions options = scrutiny::tools::ReadOptions(argc, argv, &exit);
  if (exit.has_value()) return *exit;
  // What is made here is for who runs the server: sealed parts lie in the data folder.
  umask(077);
  scrutiny::tools::BlockSignals();
  scrutiny::tools::SetUpLog(options.log_level, options.log_format);
  const absl::Status status = scrutiny::tools::RunDaemon(options);
  if (status.ok()) return 0;
  const std::string next = scrutiny::ledger::InfoOf(status).next;
  std::cerr << "scrutinyd: " << std::string(status.message()) << (next.empty() ? "" : " ") << next
            << std::endl;
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "scrutinyd: " << error.what() << std::endl;
    return 1;
  }
}
