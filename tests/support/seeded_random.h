// tests/support/seeded_random.h
// Randomness that a seed repeats.
//
// Threads:  thread-compatible.
#ifndef SCRUTINY_TESTS_SUPPORT_SEEDED_RANDOM_H_
#define SCRUTINY_TESTS_SUPPORT_SEEDED_RANDOM_H_

#include <cstdint>
#include <random>
#include <span>

#include "ledger/base/random.h"

namespace scrutiny::testing {

class SeededRandom final : public ledger::RandomSource {
 public:
  explicit SeededRandom(uint64_t seed) : engine_(seed) {}

  void Fill(std::span<uint8_t> bytes) override {
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(engine_());
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_SUPPORT_SEEDED_RANDOM_H_
