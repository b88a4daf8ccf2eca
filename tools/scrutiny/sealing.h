// tools/scrutiny/sealing.h
// What of a fact is sealed, and for whom: --sealed-for, --restricted-for and --seal-whole of every
// verb.
//
// Guarantees:  what may only be recorded sealed never goes to the server in the clear: without a
//              subject it is a usage error. What is personal is not sealed for the office.
// Threads:     thread-compatible.
// Errors:      usage errors that name the flag.
// Tests:       tests/tools/scrutiny/sealing_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINY_SEALING_H_
#define SCRUTINY_TOOLS_SCRUTINY_SEALING_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "tools/scrutiny/command_line.h"
#include "tools/scrutiny/flag_value.h"

namespace scrutiny::event::v1 {
class Proposed;
}  // namespace scrutiny::event::v1
namespace scrutiny::ledger::v1 {
class NewFact;
}  // namespace scrutiny::ledger::v1

namespace scrutiny::tools {

struct Verb;

inline constexpr char kSealedGroup[] = "Sealed: encrypted, and erased on request";
inline constexpr char kSealedForFlag[] = "sealed-for";
inline constexpr char kRestrictedForFlag[] = "restricted-for";
inline constexpr char kSealWholeFlag[] = "seal-whole";
// The subject of a fact on a person's own record, whose name may only now be made.
inline constexpr char kSealedForItself[] = "itself";

// --sealed-for, --restricted-for, --seal-whole.
std::vector<Option> SealOptions();

// Whether --sealed-for or --restricted-for is given.
bool AsksForSeals(const Args& args);

// Whether what stands at the path of a fact may be sealed for the office: it is not personal.
bool MayBeForTheOffice(const std::string& path);

// The subject that --sealed-for means: `office`, a person's record, or with `itself` the record of
// the fact.
absl::StatusOr<std::string> ReadSubject(absl::string_view text, const std::string& record,
                                        const ResolveRecord& resolve);

// Adds the seals that the flags ask for: every field that is set and may only be recorded sealed,
// or the whole fact.
absl::Status AddSeals(const Verb& verb, const Args& args, const ResolveRecord& resolve,
                      ledger::v1::NewFact* fact);

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SCRUTINY_SEALING_H_
