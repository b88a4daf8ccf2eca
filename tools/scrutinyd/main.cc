// scrutinyd: the server of the scrutiny ledger. Exit: 0 ended as asked, 1 failed, 2 wrong usage.
#include <exception>
#include <iostream>
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

// How jemalloc keeps what was freed, which RocksDB brings along: in few heaps for many threads, so
// that what one frees another can use, and not for longer than a second. Else resident memory grows
// with every kind of work in turn.
extern "C" const char* malloc_conf;
const char* malloc_conf = "narenas:2,dirty_decay_ms:1000,muzzy_decay_ms:0";

namespace {

// Keys and opened texts are in memory: what dumps it, or attaches to it as the same user, gets
// nothing of them.
void KeepMemoryPrivate() {
  const rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
}

int Run(int argc, char** argv) {
  KeepMemoryPrivate();
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
