// tools/scrutiny-bench/workload.h
// What is appended: actions raised and then updated, about 400 bytes an entry, the same for the
// same seed.
//
// Threads:  thread-compatible; one Workload a client.
#ifndef SCRUTINY_TOOLS_SCRUTINY_BENCH_WORKLOAD_H_
#define SCRUTINY_TOOLS_SCRUTINY_BENCH_WORKLOAD_H_

#include <cstdint>
#include <string>

#include "scrutiny/ledger/v1/ledger.pb.h"

namespace scrutiny::bench {

class Workload {
 public:
  // `name` sets the records and request ids of one client and run apart from all others. Of so many
  // facts the first raises an action and the others update it; 1 where appends may overtake each
  // other.
  Workload(uint64_t seed, std::string name, int facts_of_an_action = 5);

  // The next append, of so many facts.
  void Next(int facts, ::scrutiny::ledger::v1::AppendRequest* request);

 private:
  uint64_t Random();

  const std::string name_;
  const uint64_t facts_of_an_action_;
  uint64_t state_;
  uint64_t appends_ = 0;
  uint64_t facts_ = 0;
};

}  // namespace scrutiny::bench

#endif  // SCRUTINY_TOOLS_SCRUTINY_BENCH_WORKLOAD_H_
