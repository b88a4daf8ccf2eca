// tools/support/words.h
// How the programs say things to people: dates, enum values, counts, lists, and the other way round
// dates as people write them.
//
// Threads:  pure functions.
// Tests:    tests/tools/support/words_test.cc
#ifndef SCRUTINY_TOOLS_SUPPORT_WORDS_H_
#define SCRUTINY_TOOLS_SUPPORT_WORDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace scrutiny::tools {

// `2019-03-18` as `18 Mar 2019`, `2019-03` as `Mar 2019`; what is no ISO date comes back as it is.
std::string DateInWords(absl::string_view iso);

// A moment on the machine's own clock face: `18 Mar 2019 14:02`.
std::string MomentInWords(int64_t micros);
// The same in UTC to the microsecond, for programs: `2019-03-18T14:02:00.000001Z`.
std::string MomentAsIso(int64_t micros);

// How long ago or how much longer, roughly: `12 seconds`, `3 hours`, `5 days`.
std::string SpanInWords(int64_t micros);

// An ISO date from what a clerk writes: `2019-03-18`, `2019-03`, `2019`, `18 March 2019`,
// `18 Mar 2019`, `March 2019`, `18/03/2019`. Errors name the text and what would be right.
absl::StatusOr<std::string> ReadDate(absl::string_view text);
// A 24-hour time from `14:00`, `2pm`, `2.30 pm`.
absl::StatusOr<std::string> ReadTimeOfDay(absl::string_view text);
// A moment from `2019-03-18T14:00Z`, `2019-03-18 14:00` (the machine's time zone), or a date, which
// means the end of that day. Microseconds.
absl::StatusOr<int64_t> ReadMoment(absl::string_view text);

// `ITEM_CLASS_TO_NOTE` of the enum `ItemClass` as `to note`; UNSPECIFIED is empty.
std::string EnumInWords(absl::string_view enum_name, absl::string_view value_name);
// `put_before` as `put before`, `ActionRaised` as `Action raised`.
std::string FieldInWords(absl::string_view field_name);
std::string TypeInWords(absl::string_view message_name);
// A name as clerks and protos write it, for comparison: lower case, without `-`, `_`, ` `.
std::string Folded(absl::string_view name);

// `1 entry`, `2 entries`, `1,204 entries`.
std::string Count(uint64_t n, absl::string_view one, absl::string_view many);
// `512 bytes`, `14 KiB`, `3 MiB`.
std::string SizeInWords(uint64_t bytes);
// `a`, `a and b`, `a, b and c`.
std::string JoinWithAnd(const std::vector<std::string>& parts);
// First letter a capital.
std::string Capitalised(absl::string_view text);

// A key or a segment of a record's name from a title: `5A (i)` as `5a-i`; at most `bytes_max`, cut
// between words.
std::string Slug(absl::string_view text, size_t bytes_max = 64);

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SUPPORT_WORDS_H_
