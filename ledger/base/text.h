// ledger/base/text.h
// Text that comes from outside: whether it is UTF-8, and a form of it fit for an error message.
//
// Threads:  pure functions.
// Tests:    tests/ledger/base/text_test.cc
#ifndef SCRUTINY_LEDGER_BASE_TEXT_H_
#define SCRUTINY_LEDGER_BASE_TEXT_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace scrutiny::ledger {

// Whether the bytes are well-formed UTF-8: no overlong form, no surrogate, nothing above U+10FFFF.
bool IsValidUtf8(absl::string_view text);

// The text for a message: well-formed UTF-8, each byte that is not (and each control character but
// the newline) written as \xNN, at most `bytes_max` bytes, an ellipsis where it was cut.
std::string Printable(absl::string_view text, size_t bytes_max);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_BASE_TEXT_H_
