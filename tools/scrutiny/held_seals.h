// tools/scrutiny/held_seals.h
// What is held sealed for somebody, as a list: of `subject`, and before an erasure.
//
// Threads:  confined to main's thread.
#ifndef SCRUTINY_TOOLS_SCRUTINY_HELD_SEALS_H_
#define SCRUTINY_TOOLS_SCRUTINY_HELD_SEALS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "tools/scrutiny/context.h"
#include "tools/support/table.h"

namespace scrutiny::tools {

// The subject that the argument means: `office`, or a person's record or name.
absl::StatusOr<std::string> SubjectOf(Client& client, absl::string_view text);
Option SubjectArgument(bool office);

Table HeldTable();
void AddHeld(const ledger::v1::HeldSeal& held, Table* table);
// `FindingRecorded` of the fact's number.
std::string FactTypeName(uint32_t fact_type);

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SCRUTINY_HELD_SEALS_H_
