// ledger/base/names.h
// The shapes of the names clients choose: records, keys inside them, request ids.
//
// Guarantees:  a name that passed is ASCII and free of zero bytes, so it may stand in a key.
// Threads:     pure functions.
// Errors:      kMalformed or kOverLimit, with the field, the value and what is allowed.
// Limits:      kRecordNameBytesMax, kKeyBytesMax, kRequestIdBytesMax.
// Tests:       tests/ledger/base/names_test.cc
#ifndef SCRUTINY_LEDGER_BASE_NAMES_H_
#define SCRUTINY_LEDGER_BASE_NAMES_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace scrutiny::ledger {

// kind/segment(/segment)*, segments of [a-z0-9-]: "meetings/spab/2019-03-18".
absl::Status ValidateRecordName(absl::string_view name, absl::string_view field = "record");

// The first part of a filter: one or more whole segments, "actions" or "actions/spab"; a closing
// slash is allowed.
absl::Status ValidateRecordPrefix(absl::string_view prefix, absl::string_view field = "record");

// A key inside a record, [a-z0-9-]{1,64}: "5a-i".
absl::Status ValidateKey(absl::string_view key, absl::string_view field = "key");

// 1 to 64 of [A-Za-z0-9._:/-].
absl::Status ValidateRequestId(absl::string_view id, absl::string_view field = "request_id");

// The kind of a record, the segment before its first slash: "meetings".
absl::string_view RecordKind(absl::string_view name);

// Whether the record lies under the prefix, which matches whole segments: "actions/spab" takes
// "actions/spab" and "actions/spab/1", not "actions/spabx". An empty prefix takes everything.
bool IsSegmentPrefix(absl::string_view prefix, absl::string_view record);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_BASE_NAMES_H_
