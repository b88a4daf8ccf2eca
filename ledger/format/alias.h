// ledger/format/alias.h
// One form for a name or printed number however it is typed, so that `PCC/ Mr Dale` is found again.
//
// Guarantees:  idempotent; holds no zero byte; well-formed UTF-8 stays well-formed.
// Threads:     pure function.
// Limits:      at most kAliasBytesMax bytes, cut between characters.
// Format:      part of what indexes are derived by: a change makes them be derived again.
// Tests:       tests/ledger/format/derive_test.cc
#ifndef SCRUTINY_LEDGER_FORMAT_ALIAS_H_
#define SCRUTINY_LEDGER_FORMAT_ALIAS_H_

#include <string>

#include "absl/strings/string_view.h"

namespace scrutiny::ledger {

// ASCII and Latin-1 letters in lower case; runs of spaces of any kind as one, none at the ends;
// typographic quotes and dashes as those of ASCII; invisible characters left out.
std::string NormaliseAlias(absl::string_view text);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_FORMAT_ALIAS_H_
