// tools/scrutiny-bench/settings.h
// The benchmark's command line.
#ifndef SCRUTINY_TOOLS_SCRUTINY_BENCH_SETTINGS_H_
#define SCRUTINY_TOOLS_SCRUTINY_BENCH_SETTINGS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/optional.h"

namespace scrutiny::bench {

struct Settings {
  std::vector<std::string> what;  // append-single, …; `all` is spelt out
  std::string server;             // empty: one of our own
  std::string program;            // the scrutinyd to start
  std::string folder;             // where its data goes
  uint64_t entries = 1'000'000;   // of the bulk append
  std::vector<int> clients = {1, 8, 64};
  int connections = 8;  // that the clients share, at most
  int batch = 100;
  int seconds = 4;  // a round of single appends, of subscribing
  int rounds = 3;
  uint64_t seed = 1;
  std::string json;
};

// `exit` is set where the program is to end with that.
Settings ReadSettings(int argc, char** argv, absl::optional<int>* exit);

}  // namespace scrutiny::bench

#endif  // SCRUTINY_TOOLS_SCRUTINY_BENCH_SETTINGS_H_
