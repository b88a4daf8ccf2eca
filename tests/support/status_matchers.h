// tests/support/status_matchers.h
// Matchers for Status and StatusOr, which Abseil 20220623 does not bring:
//   EXPECT_THAT(status, IsOk());
//   EXPECT_THAT(status_or, FailsWith(Reason::kMalformed));
//   SCRUTINY_ASSERT_OK_AND_ASSIGN(auto value, F());
#ifndef SCRUTINY_TESTS_SUPPORT_STATUS_MATCHERS_H_
#define SCRUTINY_TESTS_SUPPORT_STATUS_MATCHERS_H_

#include <ostream>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"

namespace scrutiny::testing {

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

// Succeeds for an OK status; shows the whole status otherwise.
MATCHER(IsOk, negation ? "is an error" : "is OK") {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).ok();
}

// An error of this reason, whatever its code.
MATCHER_P(FailsWith, reason,
          std::string("fails with ") + std::string(::scrutiny::ledger::ReasonName(reason))) {
  *result_listener << StatusOf(arg).ToString();
  return ::scrutiny::ledger::ReasonOf(StatusOf(arg)) == reason;
}

// An error of this status code.
MATCHER_P(HasCode, code, "has code " + absl::StatusCodeToString(code)) {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).code() == code;
}

}  // namespace scrutiny::testing

#define SCRUTINY_ASSERT_OK(...) ASSERT_THAT((__VA_ARGS__), ::scrutiny::testing::IsOk())
#define SCRUTINY_EXPECT_OK(...) EXPECT_THAT((__VA_ARGS__), ::scrutiny::testing::IsOk())

#define SCRUTINY_ASSERT_OK_AND_ASSIGN(lhs, ...) \
  SCRUTINY_ASSERT_OK_AND_ASSIGN_AS_(SCRUTINY_CONCAT_(scrutiny_test_or_, __LINE__), lhs, __VA_ARGS__)
#define SCRUTINY_ASSERT_OK_AND_ASSIGN_AS_(result, lhs, ...) \
  auto result = (__VA_ARGS__);                              \
  ASSERT_THAT(result, ::scrutiny::testing::IsOk());         \
  lhs = std::move(result).value()

#endif  // SCRUTINY_TESTS_SUPPORT_STATUS_MATCHERS_H_
