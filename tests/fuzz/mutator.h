// tests/fuzz/mutator.h
// Changes inputs at random, the same way for the same seed: what the short form of the fuzz tests
// has instead of a fuzzer that sees which code it reaches.
//
// Threads:  thread-compatible.
#ifndef SCRUTINY_TESTS_FUZZ_MUTATOR_H_
#define SCRUTINY_TESTS_FUZZ_MUTATOR_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace scrutiny::fuzz {

class Mutator {
 public:
  // Inputs to begin with, at least one. Borrows them.
  Mutator(const std::vector<std::string>& corpus, uint64_t seed);

  // One of the inputs, changed once or several times.
  std::string Next();

 private:
  size_t Below(size_t bound);
  void Change(std::string* input);
  void ChangeByte(std::string* input);
  void ChangeNumber(std::string* input);
  void ChangeDigits(std::string* input);
  void Insert(std::string* input);
  void Erase(std::string* input);
  void CopyWithin(std::string* input);
  void Splice(std::string* input);

  const std::vector<std::string>& corpus_;
  std::mt19937_64 random_;
};

}  // namespace scrutiny::fuzz

#endif  // SCRUTINY_TESTS_FUZZ_MUTATOR_H_
