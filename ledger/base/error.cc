#include "ledger/base/error.h"

#include <array>
#include <cstddef>
#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "ledger/base/limits.h"
#include "ledger/base/text.h"

namespace scrutiny::ledger {
namespace {

struct ReasonRow {
  Reason reason;
  absl::string_view name;
  absl::StatusCode code;
};

constexpr size_t kReasonCount = static_cast<size_t>(kReasonLast) + 1;

constexpr std::array<ReasonRow, kReasonCount> kReasons = {{
    {Reason::kUnspecified, "REASON_UNSPECIFIED", absl::StatusCode::kUnknown},
    {Reason::kMalformed, "MALFORMED", absl::StatusCode::kInvalidArgument},
    {Reason::kOverLimit, "OVER_LIMIT", absl::StatusCode::kInvalidArgument},
    {Reason::kWrongRevision, "WRONG_REVISION", absl::StatusCode::kAborted},
    {Reason::kGuardNotMet, "GUARD_NOT_MET", absl::StatusCode::kAborted},
    {Reason::kRequestIdReused, "REQUEST_ID_REUSED", absl::StatusCode::kAlreadyExists},
    {Reason::kRuleRefused, "RULE_REFUSED", absl::StatusCode::kFailedPrecondition},
    {Reason::kLedgerChanged, "LEDGER_CHANGED", absl::StatusCode::kFailedPrecondition},
    {Reason::kBeyondHead, "BEYOND_HEAD", absl::StatusCode::kOutOfRange},
    {Reason::kNotFound, "NOT_FOUND", absl::StatusCode::kNotFound},
    {Reason::kNotAuthorised, "NOT_AUTHORISED", absl::StatusCode::kPermissionDenied},
    {Reason::kSealsUnavailable, "SEALS_UNAVAILABLE", absl::StatusCode::kUnimplemented},
    {Reason::kClock, "CLOCK", absl::StatusCode::kFailedPrecondition},
    {Reason::kCorrupt, "CORRUPT", absl::StatusCode::kDataLoss},
    {Reason::kQueueFull, "QUEUE_FULL", absl::StatusCode::kResourceExhausted},
    {Reason::kOutcomeUnknown, "OUTCOME_UNKNOWN", absl::StatusCode::kUnavailable},
    {Reason::kReadOnly, "READ_ONLY", absl::StatusCode::kUnavailable},
    {Reason::kAfterRefusal, "AFTER_REFUSAL", absl::StatusCode::kAborted},
    {Reason::kInternal, "INTERNAL", absl::StatusCode::kInternal},
}};

constexpr bool InOrder() {
  for (size_t i = 0; i < kReasons.size(); ++i) {
    if (static_cast<size_t>(kReasons[i].reason) != i) return false;
  }
  return true;
}
static_assert(InOrder(), "the table is indexed by the reason");

const ReasonRow& RowOf(Reason reason) {
  const auto index = static_cast<size_t>(reason);
  return kReasons[index < kReasonCount ? index : 0];
}

// Keys of the status payloads. They never leave the process.
constexpr absl::string_view kReasonKey = "scrutiny/reason";
constexpr absl::string_view kFieldKey = "scrutiny/field";
constexpr absl::string_view kRecordKey = "scrutiny/record";
constexpr absl::string_view kValueKey = "scrutiny/value";
constexpr absl::string_view kRuleKey = "scrutiny/rule";
constexpr absl::string_view kFactIndexKey = "scrutiny/fact_index";
constexpr absl::string_view kNextKey = "scrutiny/next";

std::string PayloadOf(const absl::Status& status, absl::string_view key) {
  const absl::optional<absl::Cord> payload = status.GetPayload(key);
  return payload.has_value() ? std::string(*payload) : std::string();
}

}  // namespace

absl::string_view ReasonName(Reason reason) { return RowOf(reason).name; }

absl::StatusCode CodeOf(Reason reason) { return RowOf(reason).code; }

Error::Error(Reason reason, absl::string_view message) : Error(CodeOf(reason), reason, message) {}

Error::Error(absl::StatusCode code, Reason reason, absl::string_view message)
    : status_(code, Printable(message, kErrorMessageBytesMax)) {
  Set(kReasonKey, absl::StrCat(static_cast<int>(reason)));
}

Error& Error::Field(absl::string_view path) { return Set(kFieldKey, path); }
Error& Error::Record(absl::string_view name) { return Set(kRecordKey, name); }
Error& Error::Value(absl::string_view offending) { return Set(kValueKey, offending); }
Error& Error::Rule(absl::string_view id) { return Set(kRuleKey, id); }
Error& Error::FactIndex(uint32_t index) { return Set(kFactIndexKey, absl::StrCat(index)); }
Error& Error::Next(absl::string_view sentence) { return Set(kNextKey, sentence); }

Error& Error::Set(absl::string_view key, absl::string_view value) {
  status_.SetPayload(key, absl::Cord(Printable(value, kErrorValueBytesMax)));
  return *this;
}

Reason ReasonOf(const absl::Status& status) {
  int number = 0;
  if (!absl::SimpleAtoi(PayloadOf(status, kReasonKey), &number)) return Reason::kUnspecified;
  return RowOf(static_cast<Reason>(number)).reason;
}

ErrorInfo InfoOf(const absl::Status& status) {
  ErrorInfo info;
  info.reason = ReasonOf(status);
  info.field = PayloadOf(status, kFieldKey);
  info.record = PayloadOf(status, kRecordKey);
  info.value = PayloadOf(status, kValueKey);
  info.rule = PayloadOf(status, kRuleKey);
  info.next = PayloadOf(status, kNextKey);
  uint32_t index = 0;
  if (absl::SimpleAtoi(PayloadOf(status, kFactIndexKey), &index)) info.fact_index = index;
  return info;
}

absl::Status AtFact(const absl::Status& status, uint32_t index) {
  if (status.ok()) return status;
  absl::Status located = status;
  const std::string field = PayloadOf(status, kFieldKey);
  const std::string path = field.empty() ? absl::StrCat("facts[", index, "]")
                                         : absl::StrCat("facts[", index, "].", field);
  located.SetPayload(kFieldKey, absl::Cord(path));
  located.SetPayload(kFactIndexKey, absl::Cord(absl::StrCat(index)));
  return located;
}

}  // namespace scrutiny::ledger
