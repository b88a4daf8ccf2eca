// ledger/format/check.h
// Whether a Proposed is well formed: the limits and meanings written in the proto options, applied
// to every field. The first step of an append, before anything is read; clients may use it too.
//
// Guarantees:  a Proposed that passes has a fact of a known type on a record of a kind that may
//              carry it, no unknown field anywhere, valid UTF-8, dates that exist, names and keys
//              of the right shape, and stays within every limit.
// Threads:     thread-safe.
// Errors:      kMalformed or kOverLimit with the field's path and the offending value;
//              kSealsUnavailable for a sealed fact; kNotAuthorised for facts only the server
//              writes.
// Tests:       tests/ledger/format/check_test.cc
#ifndef SCRUTINY_LEDGER_FORMAT_CHECK_H_
#define SCRUTINY_LEDGER_FORMAT_CHECK_H_

#include "absl/status/status.h"

namespace scrutiny::event::v1 {
class Proposed;
}  // namespace scrutiny::event::v1

namespace scrutiny::ledger {

// Who says it: the server alone may write genesis, incarnations and clock confirmations.
enum class Author { kClient, kServer };

// Checks shape and limits. Paths are relative to the Proposed: `action_raised.due.date`.
absl::Status CheckProposed(const event::v1::Proposed& proposed, Author author = Author::kClient);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_FORMAT_CHECK_H_
