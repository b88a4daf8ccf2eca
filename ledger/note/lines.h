// ledger/note/lines.h
// The pieces every text format here is read from: lines, decimal numbers, hashes.
//
// Guarantees:  one way to write a thing: a number has no sign and no leading zero, a hash is 44
//              characters of padded base64, a line ends in a newline.
// Threads:     pure functions.
// Tests:       tests/ledger/note/lines_test.cc
#ifndef SCRUTINY_LEDGER_NOTE_LINES_H_
#define SCRUTINY_LEDGER_NOTE_LINES_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include "ledger/format/hash.h"

namespace scrutiny::ledger {

// Takes the first line off the front of `rest`, without its newline; nothing if none ends there.
absl::optional<absl::string_view> TakeLine(absl::string_view* rest);

// A number up to 2^64-1, written as std::to_string does; nothing for any other form.
absl::optional<uint64_t> ParseDecimal(absl::string_view text);

// A hash of 32 bytes in base64.
absl::optional<Hash> ParseHash(absl::string_view text);
std::string FormatHash(const Hash& hash);

// Whether the text is UTF-8 without control characters below U+0020 other than the newline: what a
// note may hold.
bool IsNoteText(absl::string_view text);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_NOTE_LINES_H_
