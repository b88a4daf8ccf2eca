// tests/ledger/rules/slips.h
// Every slip a rule refuses: what was recorded before, what is tried, and how it is refused.
#ifndef SCRUTINY_TESTS_LEDGER_RULES_SLIPS_H_
#define SCRUTINY_TESTS_LEDGER_RULES_SLIPS_H_

#include <ostream>
#include <string>
#include <vector>

namespace scrutiny::testing {

struct Slip {
  std::string name;  // of the case
  std::string rule;
  std::vector<std::string> before;
  std::string fact;
  std::string sentence;  // how the refusal begins
  std::string field;
};

inline std::ostream& operator<<(std::ostream& out, const Slip& slip) { return out << slip.name; }

std::vector<Slip> Slips();

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_LEDGER_RULES_SLIPS_H_
