// tools/scrutiny-verify/printable.h
// Text of a ledger that is checked, for a terminal: whoever wrote the ledger must not write the
// verdict too.
//
// Guarantees:  what comes out is one line of UTF-8 without control characters, without characters
//              that turn the direction of text, and without those that are not seen.
// Threads:     pure function.
// Tests:       tests/tools/scrutiny-verify/printable_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINY_VERIFY_PRINTABLE_H_
#define SCRUTINY_TOOLS_SCRUTINY_VERIFY_PRINTABLE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace scrutiny::tools::verify {

// Bytes that are no UTF-8 and control characters of one byte as \xNN, other characters that a
// terminal obeys as \uNNNN.
std::string ForTerminal(absl::string_view text);

}  // namespace scrutiny::tools::verify

#endif  // SCRUTINY_TOOLS_SCRUTINY_VERIFY_PRINTABLE_H_
