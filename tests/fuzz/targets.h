// tests/fuzz/targets.h
// Every fuzz target there is. CMake writes the list from the files NAME_fuzz.cc.
#ifndef SCRUTINY_TESTS_FUZZ_TARGETS_H_
#define SCRUTINY_TESTS_FUZZ_TARGETS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace scrutiny::fuzz {

struct Target {
  const char* name;
  int (*run)(const uint8_t* data, size_t size);
};

const std::vector<Target>& Targets();

}  // namespace scrutiny::fuzz

#endif  // SCRUTINY_TESTS_FUZZ_TARGETS_H_
