// tools/scrutiny/view_flags.h
// The three questions every register answers, as flags: recorded by, true on, known to.
//
// Threads:  confined to main's thread.
// Tests:    tests/tools/scrutiny/view_flags_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINY_VIEW_FLAGS_H_
#define SCRUTINY_TOOLS_SCRUTINY_VIEW_FLAGS_H_

#include <string>

#include "absl/status/statusor.h"

#include "tools/scrutiny/context.h"

namespace scrutiny::tools {

// --recorded-by, --true-on, --known-to with --on, --judged-on, --with-proofs, --format.
void AddViewFlags(Command* command);

// --with-proofs, for what prints JSON.
Option WithProofsOption();
// Whether proofs are asked for; a usage error where the format has no place for them.
absl::StatusOr<bool> WantsProofs(const Args& args);

// The view the flags ask for. A forum may be an alias, which `client` is asked for.
absl::StatusOr<register_::v1::View> ReadView(const Args& args, Client& client);

// What an answer rests on: `As recorded up to entry 412; overdue judged on 20 May 2019.`
std::string BasisInWords(const register_::v1::Basis& basis);

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SCRUTINY_VIEW_FLAGS_H_
