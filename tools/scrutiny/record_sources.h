// tools/scrutiny/record_sources.h
// What the verbs ask of the server while they fill a fact, and the check before it is sent.
//
// Threads:  confined to main's thread.
#ifndef SCRUTINY_TOOLS_SCRUTINY_RECORD_SOURCES_H_
#define SCRUTINY_TOOLS_SCRUTINY_RECORD_SOURCES_H_

#include "absl/status/status.h"

#include "tools/scrutiny/context.h"
#include "tools/scrutiny/verb.h"

namespace scrutiny::tools {

// Answers come from the server and are remembered; borrows `client`.
FillSources SourcesFrom(Client& client, bool date_today);

// Whether the fact is well formed, in terms of the verb's flags: `--due: …`.
absl::Status CheckFact(const Verb& verb, const ledger::v1::NewFact& fact);

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SCRUTINY_RECORD_SOURCES_H_
