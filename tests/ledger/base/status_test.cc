#include "ledger/base/status.h"

#include <memory>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::HasCode;
using ::scrutiny::testing::IsOk;

absl::Status Half(int n, int& out) {
  if (n % 2 != 0) return absl::InvalidArgumentError("odd");
  out = n / 2;
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<int>> Quarter(int n) {
  int half = 0;
  SCRUTINY_RETURN_IF_ERROR(Half(n, half));
  int quarter = 0;
  SCRUTINY_RETURN_IF_ERROR(Half(half, quarter));
  return std::make_unique<int>(quarter);
}

absl::Status Quarters(int a, int b, std::vector<int>& out) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<int> first, Quarter(a));
  SCRUTINY_ASSIGN_OR_RETURN(const auto second, Quarter(b));
  out = {*first, *second};
  return absl::OkStatus();
}

TEST(StatusTest, MacrosPassValuesOn) {
  std::vector<int> out;
  ASSERT_THAT(Quarters(8, 12, out), IsOk());
  EXPECT_THAT(out, ::testing::ElementsAre(2, 3));
}

TEST(StatusTest, MacrosReturnTheFirstError) {
  std::vector<int> out;
  EXPECT_THAT(Quarters(8, 6, out), HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Quarters(7, 12, out), HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_TRUE(out.empty());
}

TEST(StatusTest, CheckPassesWithoutEvaluatingItsMessage) {
  int evaluated = 0;
  SCRUTINY_CHECK(1 + 1 == 2) << ++evaluated;
  SCRUTINY_CHECK_OK(absl::OkStatus());
  EXPECT_EQ(evaluated, 0);
}

TEST(StatusTest, CheckWorksInABranchWithoutBraces) {
  bool other = false;
  if (other)
    SCRUTINY_CHECK(false) << "not reached";
  else
    other = true;
  EXPECT_TRUE(other);
}

TEST(StatusDeathTest, FailedCheckSaysWhereAndWhy) {
  EXPECT_DEATH(SCRUTINY_CHECK(1 > 2) << "one is " << 1,
               "status_test.cc:[0-9]+: check failed: 1 > 2 one is 1");
  EXPECT_DEATH(SCRUTINY_CHECK_OK(absl::DataLossError("torn")), "DATA_LOSS: torn");
}

TEST(StatusTest, IgnoreErrorTakesAnyStatus) {
  IgnoreError(absl::InternalError("lost"), "the test shows that it compiles");
}

}  // namespace
}  // namespace scrutiny::ledger
