// ledger/format/check.h
// Whether a Proposed is well formed: the limits and meanings written in the proto options, applied
// to every field. The first step of an append, before anything is read; clients may use it too.
//
// Guarantees:  a Proposed that passes has a fact of a known type on a record of a kind that may
//              carry it, no unknown field anywhere, valid UTF-8, dates that exist, names and keys
//              of the right shape, and stays within every limit.
//              What is personal or restricted is in it only where it is going to be sealed.
// Threads:     thread-safe.
// Errors:      kMalformed or kOverLimit with the field's path and the offending value, but never
//              the value of what is private; kNotAuthorised for facts only the server writes, the
//              public part of a sealed one among them.
// Tests:       tests/ledger/format/check_test.cc
#ifndef SCRUTINY_LEDGER_FORMAT_CHECK_H_
#define SCRUTINY_LEDGER_FORMAT_CHECK_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace scrutiny::event::v1 {
class Proposed;
}  // namespace scrutiny::event::v1

namespace scrutiny::ledger {

// Who says it: the server alone may write genesis, incarnations, clock confirmations, keys,
// erasures, and what stands for a sealed fact.
enum class Author { kClient, kServer };

// The kind of record that stands for a fact sealed as a whole: `sealed/<32 hexadecimal digits>`.
inline constexpr absl::string_view kSealedKind = "sealed";

struct CheckOptions {
  Author author = Author::kClient;
  // Paths of the fields that will be taken out and sealed once this has passed; an empty one stands
  // for the whole fact. There alone may private fields be; everything else is checked as always.
  absl::Span<const absl::string_view> to_be_sealed = {};
};

// Checks shape and limits. Paths are relative to the Proposed: `action_raised.due.date`.
absl::Status CheckProposed(const event::v1::Proposed& proposed, const CheckOptions& options);

// The same with nothing to be sealed.
absl::Status CheckProposed(const event::v1::Proposed& proposed, Author author = Author::kClient);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_FORMAT_CHECK_H_
