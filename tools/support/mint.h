// tools/support/mint.h
// Names and request ids that programs make where the user gives none.
//
// Guarantees:  random ones never meet in practice (80 random bits within a millisecond); derived
//              ones are the same for the same text, so that doing a thing again is a no-op.
// Threads:     thread-safe.
// Tests:       tests/tools/support/mint_test.cc
#ifndef SCRUTINY_TOOLS_SUPPORT_MINT_H_
#define SCRUTINY_TOOLS_SUPPORT_MINT_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace scrutiny::tools {

// A ULID in lower case, 26 characters that sort by time: `01jxk3…`.
std::string MintUlid();
// The same from given parts: the moment and 10 bytes.
std::string UlidOf(int64_t unix_millis, absl::string_view ten_bytes);

// `cli/<ulid>`.
std::string MintRequestId();

// `prefix/` and 32 hexadecimal digits of the text's SHA-256.
std::string DerivedId(absl::string_view prefix, absl::string_view text);

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SUPPORT_MINT_H_
