// ledger/base/error.h
// The errors a client can meet, each with a reason, what it is about and what to do next; they
// travel as absl::Status across every room and become error details in `services`.
//
// Guarantees:  what an Error was built with, InfoOf reads back from the Status; values are cut to
//              kErrorValueBytesMax and made printable UTF-8, so that any of them may go on the
//              wire.
// Threads:     values; thread-compatible.
// Tests:       tests/ledger/base/error_test.cc
#ifndef SCRUTINY_LEDGER_BASE_ERROR_H_
#define SCRUTINY_LEDGER_BASE_ERROR_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace scrutiny::ledger {

// Why a request failed. Each has one status code, CodeOf.
enum class Reason : uint8_t {
  kUnspecified = 0,
  kMalformed,         // MALFORMED: not well formed; the field says where.
  kOverLimit,         // OVER_LIMIT: well formed, but larger than a limit of limits.h.
  kWrongRevision,     // WRONG_REVISION: the record has moved on; read again and decide again.
  kGuardNotMet,       // GUARD_NOT_MET: a record only read has moved on.
  kRequestIdReused,   // REQUEST_ID_REUSED: the same request id with other content.
  kRuleRefused,       // RULE_REFUSED: a domain rule refuses the fact; it can be recorded despite.
  kLedgerChanged,     // LEDGER_CHANGED: a cursor or token of another ledger or incarnation.
  kBeyondHead,        // BEYOND_HEAD: a sequence that does not exist yet.
  kNotFound,          // NOT_FOUND: no such record, register or entry.
  kNotAuthorised,     // NOT_AUTHORISED: the caller may not do this.
  kSealsUnavailable,  // SEALS_UNAVAILABLE: this ledger does not take sealed parts.
  kClock,             // CLOCK: the clock jumped; an operator must confirm it.
  kCorrupt,           // CORRUPT: a checksum, hash or proof does not match.
  kQueueFull,         // QUEUE_FULL: too much waits already; try again later.
  kOutcomeUnknown,    // OUTCOME_UNKNOWN: the write may or may not have been kept; retry the same.
  kReadOnly,          // READ_ONLY: a write failed earlier; nothing is written until reopened.
  kAfterRefusal,      // AFTER_REFUSAL: an earlier request of the stream was refused.
  kInternal,          // INTERNAL: a fault of ours.
};

// The largest value, since switches and tables run over all of them.
inline constexpr Reason kReasonLast = Reason::kInternal;

// The name a reason has on the wire, e.g. "OUTCOME_UNKNOWN".
absl::string_view ReasonName(Reason reason);

// The status code that goes with a reason.
absl::StatusCode CodeOf(Reason reason);

// What an error says besides code and message; empty where it does not apply.
struct ErrorInfo {
  Reason reason = Reason::kUnspecified;
  std::string field;                    // path of the field at fault, e.g. "facts[3].record"
  std::string record;                   // record concerned
  std::string value;                    // the offending value, printable
  std::string rule;                     // id of the rule that refused
  std::string next;                     // what the client does next, a sentence
  absl::optional<uint32_t> fact_index;  // which fact of the request, from 0
};

// Builds a Status: return Error(Reason::kNotFound, "No such record.").Record(name);
class Error {
 public:
  // The code is the reason's own.
  Error(Reason reason, absl::string_view message);
  // For the rare case where the code differs.
  Error(absl::StatusCode code, Reason reason, absl::string_view message);

  Error& Field(absl::string_view path);
  Error& Record(absl::string_view name);
  Error& Value(absl::string_view offending);
  Error& Rule(absl::string_view id);
  Error& FactIndex(uint32_t index);
  Error& Next(absl::string_view sentence);

  operator absl::Status() const { return status_; }  // NOLINT(google-explicit-constructor)

 private:
  Error& Set(absl::string_view key, absl::string_view value);

  absl::Status status_;
};

// Reads back what an Error put in; a Status made otherwise gives kUnspecified and empty fields.
ErrorInfo InfoOf(const absl::Status& status);

// The reason alone.
Reason ReasonOf(const absl::Status& status);

// The same error with the fact's index and its field path under "facts[index].", for a check that
// looked at one fact without knowing which of the request it was. OK stays OK.
absl::Status AtFact(const absl::Status& status, uint32_t index);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_BASE_ERROR_H_
