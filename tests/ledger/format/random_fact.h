// tests/ledger/format/random_fact.h
// Facts of every type with every field, made from the descriptors and the proto options alone, and
// ways to break one of them: an independent reading of what ledger/format/check.h enforces.
//
// Threads:  confined to one test.
#ifndef SCRUTINY_TESTS_LEDGER_FORMAT_RANDOM_FACT_H_
#define SCRUTINY_TESTS_LEDGER_FORMAT_RANDOM_FACT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::testing {

// What a fact may hold besides what everybody may read.
enum class Private { kNone, kSome };

// A fact within every limit, of any type a client may record.
event::v1::Proposed RandomFact(uint64_t seed, Private kept = Private::kNone);

// The paths of the private fields that are set in a fact, in order.
std::vector<std::string> PrivatePaths(const event::v1::Proposed& fact);

// A way to break a fact.
struct Breakage {
  std::string path;  // what the refusal must name
  std::string what;  // for the reader of a failure
};

// Breaks one place of the fact, chosen by the seed.
Breakage BreakFact(uint64_t seed, event::v1::Proposed* fact);

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_LEDGER_FORMAT_RANDOM_FACT_H_
