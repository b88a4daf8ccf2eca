// ledger/base/random.h
// Randomness as an input: ids come from a RandomSource, so that a seed can replay a run.
//
// Threads:  SystemRandom is thread-safe; other sources say for themselves.
// Tests:    tests/ledger/base/clock_test.cc
#ifndef SCRUTINY_LEDGER_BASE_RANDOM_H_
#define SCRUTINY_LEDGER_BASE_RANDOM_H_

#include <cstdint>
#include <span>

namespace scrutiny::ledger {

class RandomSource {
 public:
  virtual ~RandomSource() = default;

  // Fills every byte. It cannot fail: a machine without randomness must not write a ledger.
  virtual void Fill(std::span<uint8_t> bytes) = 0;
};

// The kernel's generator, fit for keys.
class SystemRandom final : public RandomSource {
 public:
  void Fill(std::span<uint8_t> bytes) override;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_BASE_RANDOM_H_
