// tools/scrutiny-verify/verdict.h
// What a check came to, told to people or to programs.
//
// Guarantees:  what is printed of a ledger has no character that a terminal obeys (printable.h).
// Threads:  values.
// Tests:    tests/tools/scrutiny-verify/verdict_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINY_VERIFY_VERDICT_H_
#define SCRUTINY_TOOLS_SCRUTINY_VERIFY_VERDICT_H_

#include <cstdint>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"

#include "ledger/verify/report.h"
#include "ledger/verify/signed_checkpoint.h"

namespace scrutiny::tools::verify {

// Damages that people are shown; programs get all that are kept.
inline constexpr size_t kDamagesShownMax = 20;

struct Verdict {
  bool verified = false;
  // All was said while it worked; nothing is printed.
  bool told = false;
  // One sentence in plain English, without the word in front.
  std::string sentence;
  // A name and a value each.
  std::vector<std::pair<std::string, std::string>> details;
  // Lines behind the details, such as a list of entries.
  std::vector<std::string> list;
  std::vector<ledger::Damage> damages;
  uint64_t damages_total = 0;
  std::vector<std::string> notices;
  // The same for programs.
  nlohmann::ordered_json facts = nlohmann::ordered_json::object();
};

// Prints it; the verdict comes first.
void Print(const Verdict& verdict, bool json, std::ostream& out);
// What could not be verified, or not even be read.
void PrintError(const absl::Status& status, bool json, std::ostream& out);

// A mistake in the command line rather than in what is checked: exit code 2.
absl::Status UsageError(absl::Status status);
bool IsUsageError(const absl::Status& status);
// The sentence and what to do, for a terminal.
std::string InWords(const absl::Status& status);

// Size, root and signatures of a checkpoint that was verified.
void Describe(const ledger::SignedCheckpoint& signed_by, Verdict* verdict);
// The same, the counts, the damages and the notices of a report.
void Describe(const ledger::LogReport& report, Verdict* verdict);

// That a ledger was found damaged, in a sentence.
std::string Contradicted(const ledger::LogReport& report);
// What a verdict must add that would say that nothing is missing: the end of a sentence on what was
// signed under an earlier origin; empty where the ledger never had another.
std::string Reservation(const ledger::LogReport& report);

// "1,234,567".
std::string WithCommas(uint64_t number);
// "1,234 entries", "1 entry".
std::string Counted(uint64_t number, absl::string_view one, absl::string_view many);
// "18 March 2019 at 10:00:00 UTC".
std::string TimeInWords(int64_t micros);

}  // namespace scrutiny::tools::verify

#endif  // SCRUTINY_TOOLS_SCRUTINY_VERIFY_VERDICT_H_
