#include "services/grpc/status.h"

#include <string>

#include "gtest/gtest.h"

#include "ledger/base/error.h"

namespace scrutiny::services {
namespace {

namespace api = ::scrutiny::ledger::v1;
using ledger::Error;
using ledger::Reason;

api::ErrorDetail DetailOf(const grpc::Status& status) {
  api::ErrorStatus wire;
  EXPECT_TRUE(wire.ParseFromString(status.error_details()));
  EXPECT_EQ(wire.code(), static_cast<int>(status.error_code()));
  EXPECT_EQ(wire.details_size(), 1);
  api::ErrorDetail detail;
  EXPECT_TRUE(wire.details(0).UnpackTo(&detail));
  return detail;
}

TEST(StatusTest, CarriesEveryParticular) {
  const grpc::Status status = ToGrpc(Error(Reason::kRuleRefused, "Already completed.")
                                         .Field("facts[2].proposed")
                                         .Record("actions/spab/1")
                                         .Value("2019-03-18")
                                         .Rule("action-already-completed")
                                         .FactIndex(2)
                                         .Next("Add --despite."));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(status.error_message(), "Already completed.");
  const api::ErrorDetail detail = DetailOf(status);
  EXPECT_EQ(detail.reason(), api::ERROR_REASON_RULE_REFUSED);
  EXPECT_EQ(detail.field(), "facts[2].proposed");
  EXPECT_EQ(detail.record(), "actions/spab/1");
  EXPECT_EQ(detail.value(), "2019-03-18");
  EXPECT_EQ(detail.rule(), "action-already-completed");
  EXPECT_EQ(detail.fact_index(), 2u);
  EXPECT_EQ(detail.next(), "Add --despite.");
}

TEST(StatusTest, EveryReasonHasTheNameItHasOnTheWire) {
  for (int i = 1; i <= static_cast<int>(ledger::kReasonLast); ++i) {
    const auto reason = static_cast<Reason>(i);
    const api::ErrorDetail detail = DetailOf(ToGrpc(Error(reason, "x")));
    EXPECT_EQ(api::ErrorReason_Name(detail.reason()),
              "ERROR_REASON_" + std::string(ledger::ReasonName(reason)));
  }
}

TEST(StatusTest, StaysWithinTrailersHoweverLongTheTexts) {
  std::string wide;
  for (int i = 0; i < 5000; ++i) wide += "\xC3\xA9";  // é takes six bytes percent-encoded
  const grpc::Status status = ToGrpc(
      Error(Reason::kMalformed, wide).Field(wide).Record(wide).Value(wide).Rule(wide).Next(wide));
  size_t encoded = 0;
  for (const char c : status.error_message()) encoded += c >= 0x20 && c < 0x7f ? 1 : 3;
  const size_t base64 = (status.error_details().size() + 2) / 3 * 4;
  EXPECT_LT(encoded + base64, 8 * 1024 - 256u);
  EXPECT_EQ(DetailOf(status).reason(), api::ERROR_REASON_MALFORMED);
}

TEST(StatusTest, OkIsOk) { EXPECT_TRUE(ToGrpc(absl::OkStatus()).ok()); }

}  // namespace
}  // namespace scrutiny::services
