// tools/support/seals.h
// Sealed parts as a client sees them: which fields must be sealed, what is left of a fact without
// them, how an entry with sealed parts reads.
//
// Guarantees:  nothing here puts a sealed text into words; what is said of a fact is what everybody
//              may read.
// Threads:     pure functions.
// Errors:      kMalformed and kOverLimit with the field's path, as ledger::CheckProposed.
// Tests:       tests/tools/support/seals_test.cc
#ifndef SCRUTINY_TOOLS_SUPPORT_SEALS_H_
#define SCRUTINY_TOOLS_SUPPORT_SEALS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "scrutiny/event/v1/options.pb.h"

namespace google::protobuf {
class FieldDescriptor;
}  // namespace google::protobuf
namespace scrutiny::event::v1 {
class Entry;
class Proposed;
}  // namespace scrutiny::event::v1
namespace scrutiny::ledger::v1 {
class NewFact;
}  // namespace scrutiny::ledger::v1

namespace scrutiny::tools {

// For whom restricted parts are sealed that are not about one person.
inline constexpr char kSealedForOffice[] = "office";

// Who may read the field; UNSPECIFIED: everybody.
event::v1::Privacy PrivacyOf(const google::protobuf::FieldDescriptor* field);

// The fields of the fact that are set and may only be recorded sealed, by their paths:
// `finding_recorded.personal_detail`.
std::vector<std::string> MarkedFields(const event::v1::Proposed& proposed);

// What everybody may read of the fact once its seals are made: without the sealed fields; of one
// that is sealed as a whole, nothing but that.
event::v1::Proposed PublicPart(const ledger::v1::NewFact& fact);

// Whether the fact is well formed, as far as that can be told without a ledger, and whether
// everything that must be sealed is.
absl::Status CheckNewFact(const ledger::v1::NewFact& fact);

// `personal detail` of `finding_recorded.personal_detail`; `the whole fact` of an empty path.
std::string PartInWords(absl::string_view field_path);

// The entry's fact in words with its sealed parts marked: `Finding, concern: Meals were late
// [sealed: personal detail and restricted detail]`.
std::string Describe(const event::v1::Entry& entry);

// The fact in words with what is to be sealed named, and for whom.
std::string Describe(const ledger::v1::NewFact& fact);

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SUPPORT_SEALS_H_
