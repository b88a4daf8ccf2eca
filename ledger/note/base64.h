// ledger/note/base64.h
// Base 64 as notes write it: RFC 4648 §4, padded, without line breaks.
//
// Guarantees:  strict: DecodeBase64 takes exactly what EncodeBase64 gives, so that bytes have one
//              written form and a changed character never decodes to the same bytes.
// Threads:     pure functions.
// Tests:       tests/ledger/note/base64_test.cc
#ifndef SCRUTINY_LEDGER_NOTE_BASE64_H_
#define SCRUTINY_LEDGER_NOTE_BASE64_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace scrutiny::ledger {

std::string EncodeBase64(absl::string_view bytes);

// Nothing if the text is not what EncodeBase64 writes for some bytes.
absl::optional<std::string> DecodeBase64(absl::string_view text);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_NOTE_BASE64_H_
