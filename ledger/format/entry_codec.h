// ledger/format/entry_codec.h
// An entry's bytes: made once, by putting what the server assigned behind the proposed bytes as
// they are, and read by whoever needs the message. Nothing is ever serialised a second time.
//
// Guarantees:  AppendEntry writes what protobuf itself writes for Entry{proposed, assigned, seals}.
// Threads:     pure functions.
// Errors:      kCorrupt where bytes are no entry.
// Format:      ledger/FORMAT.md, "The entry".   Tests: tests/ledger/format/entry_codec_test.cc
#ifndef SCRUTINY_LEDGER_FORMAT_ENTRY_CODEC_H_
#define SCRUTINY_LEDGER_FORMAT_ENTRY_CODEC_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace scrutiny::event::v1 {
class Assigned;
class Entry;
}  // namespace scrutiny::event::v1

namespace scrutiny::ledger {

// Appends the serialised Entry to `out`. `proposed_bytes` is a serialised Proposed, fields in
// order; `seals` are the entry's Seal fields, serialised as an Entry that has nothing else.
void AppendEntry(std::string* out, absl::string_view proposed_bytes,
                 const event::v1::Assigned& assigned, absl::string_view seals = {});

// The bytes of the Proposed within an entry's bytes, as they were put in; empty if these are no
// entry's bytes.
absl::string_view ProposedBytes(absl::string_view entry);

// The entry in these bytes.
absl::StatusOr<event::v1::Entry> ParseEntry(absl::string_view bytes);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_FORMAT_ENTRY_CODEC_H_
