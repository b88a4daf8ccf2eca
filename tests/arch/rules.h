// tests/arch/rules.h
// The rules of the house that a machine can check in one source file: which room may include what,
// and how large a file may grow.
//
// Threads:  pure functions over constant tables.
// Tests:    tests/arch/rules_test.cc (a seeded breach of each), tests/arch/house_test.cc (the tree)
#ifndef SCRUTINY_TESTS_ARCH_RULES_H_
#define SCRUTINY_TESTS_ARCH_RULES_H_

#include <ostream>
#include <string>
#include <vector>

namespace scrutiny::arch {

// A place where a file breaks a rule.
struct Breach {
  std::string path;
  int line = 0;  // from 1; 0 means the file as a whole
  std::string why;
};

std::ostream& operator<<(std::ostream& out, const Breach& breach);

// One #include of a file.
struct Include {
  int line = 0;
  std::string path;
  bool quoted = false;
};

std::vector<Include> IncludesOf(const std::string& text);

// Every breach of the file with this path (from the root, as in "ledger/base/ids.h") and text.
std::vector<Breach> BreachesOf(const std::string& path, const std::string& text);

}  // namespace scrutiny::arch

#endif  // SCRUTINY_TESTS_ARCH_RULES_H_
