#include "ledger/base/error.h"

#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/limits.h"
#include "ledger/base/text.h"

namespace scrutiny::ledger {
namespace {

absl::Status Whole() {
  return Error(Reason::kRuleRefused, "Action already completed on 18 March 2019 (entry 212).")
      .Field("fact.action_completed")
      .Record("actions/spab/form-188")
      .Value("2019-05-20")
      .Rule("action-completed-once")
      .FactIndex(3)
      .Next("To record this all the same, add --despite with a reason.");
}

TEST(ErrorTest, EverythingPutInIsReadBack) {
  const absl::Status status = Whole();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message(), "Action already completed on 18 March 2019 (entry 212).");
  const ErrorInfo info = InfoOf(status);
  EXPECT_EQ(info.reason, Reason::kRuleRefused);
  EXPECT_EQ(info.field, "fact.action_completed");
  EXPECT_EQ(info.record, "actions/spab/form-188");
  EXPECT_EQ(info.value, "2019-05-20");
  EXPECT_EQ(info.rule, "action-completed-once");
  EXPECT_EQ(info.next, "To record this all the same, add --despite with a reason.");
  ASSERT_TRUE(info.fact_index.has_value());
  EXPECT_EQ(*info.fact_index, 3u);
}

TEST(ErrorTest, IsAResultOfAStatusOr) {
  const auto refuse = []() -> absl::StatusOr<int> {
    return Error(Reason::kNotFound, "No such record.").Record("actions/spab/none");
  };
  const absl::StatusOr<int> result = refuse();
  EXPECT_EQ(result.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReasonOf(result.status()), Reason::kNotFound);
}

TEST(ErrorTest, AStatusMadeOtherwiseHasNoReason) {
  const ErrorInfo info = InfoOf(absl::UnavailableError("gone"));
  EXPECT_EQ(info.reason, Reason::kUnspecified);
  EXPECT_EQ(info.field, "");
  EXPECT_FALSE(info.fact_index.has_value());
  EXPECT_EQ(ReasonOf(absl::OkStatus()), Reason::kUnspecified);
}

TEST(ErrorTest, EveryReasonHasItsOwnNameAndAnErrorCode) {
  std::set<std::string> names;
  for (int i = 0; i <= static_cast<int>(kReasonLast); ++i) {
    const auto reason = static_cast<Reason>(i);
    names.insert(std::string(ReasonName(reason)));
    EXPECT_NE(CodeOf(reason), absl::StatusCode::kOk);
    EXPECT_EQ(ReasonOf(Error(reason, "x")), reason);
  }
  EXPECT_EQ(names.size(), static_cast<size_t>(kReasonLast) + 1);
}

TEST(ErrorTest, CodesAreThoseClientsActOn) {
  EXPECT_EQ(CodeOf(Reason::kWrongRevision), absl::StatusCode::kAborted);
  EXPECT_EQ(CodeOf(Reason::kGuardNotMet), absl::StatusCode::kAborted);
  EXPECT_EQ(CodeOf(Reason::kRequestIdReused), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(CodeOf(Reason::kLedgerChanged), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(Reason::kMalformed), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(Reason::kOverLimit), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(Reason::kBeyondHead), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(CodeOf(Reason::kSealsUnavailable), absl::StatusCode::kUnimplemented);
  EXPECT_EQ(CodeOf(Reason::kClock), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(Reason::kCorrupt), absl::StatusCode::kDataLoss);
  EXPECT_EQ(CodeOf(Reason::kQueueFull), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(CodeOf(Reason::kOutcomeUnknown), absl::StatusCode::kUnavailable);
  EXPECT_EQ(CodeOf(Reason::kAfterRefusal), absl::StatusCode::kAborted);
  EXPECT_EQ(ReasonName(Reason::kOutcomeUnknown), "OUTCOME_UNKNOWN");
  EXPECT_EQ(ReasonName(Reason::kLedgerChanged), "LEDGER_CHANGED");
}

TEST(ErrorTest, ValuesAreCutAndMadePrintable) {
  const std::string bad = std::string(100'000, 'x') + "\xff";
  const ErrorInfo info = InfoOf(Error(Reason::kMalformed, bad).Value(bad).Field("\xff"));
  EXPECT_LE(info.value.size(), kErrorValueBytesMax);
  EXPECT_TRUE(IsValidUtf8(info.value));
  EXPECT_EQ(info.field, "\\xff");
  EXPECT_LE(absl::Status(Error(Reason::kMalformed, bad)).message().size(), kErrorMessageBytesMax);
}

TEST(ErrorTest, AtFactSaysWhichFact) {
  const absl::Status status = Error(Reason::kMalformed, "Bad date.").Field("occurred.on");
  const ErrorInfo info = InfoOf(AtFact(status, 12));
  EXPECT_EQ(info.field, "facts[12].occurred.on");
  EXPECT_EQ(info.fact_index.value_or(0), 12u);
  EXPECT_EQ(InfoOf(AtFact(Error(Reason::kMalformed, "Empty."), 0)).field, "facts[0]");
  EXPECT_TRUE(AtFact(absl::OkStatus(), 1).ok());
}

}  // namespace
}  // namespace scrutiny::ledger
