// tools/scrutiny/amend.h
// Corrections and withdrawals: what they are made of.
//
// Guarantees:  a correction names the original and starts from what stands now, so that it keeps
//              what earlier corrections set right.
// Threads:     pure functions.
// Tests:       tests/tools/scrutiny/amend_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINY_AMEND_H_
#define SCRUTINY_TOOLS_SCRUTINY_AMEND_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::tools {

// The entry that stands for `original` in its record's history: the last correction of it that is
// not itself withdrawn, or the original. Null if the original is withdrawn or not there.
const event::v1::Entry* Standing(const std::vector<event::v1::Entry>& history, uint64_t original);

// Sets `field=value`: a field of the fact, or occurred…, effective_from, put_before…, sources…,
// plan_version….
absl::Status SetAssignment(absl::string_view assignment, event::v1::Proposed* proposed);

// Keeps the reason of a correction in the note of its first source; false if it has no source.
bool NoteReason(absl::string_view reason, event::v1::Proposed* proposed);

// What differs, a line a field: `title: "…" becomes "…"`.
std::vector<std::string> Differences(const event::v1::Proposed& before,
                                     const event::v1::Proposed& after);

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SCRUTINY_AMEND_H_
