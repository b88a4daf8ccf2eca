// ledger/base/status.h
// What Abseil 20220623 lacks for working with Status: early returns, a deliberate drop, a check.
//
// Errors:  SCRUTINY_CHECK is for our own bugs alone and stays on in release builds; bytes from disk
//          or wire are never checked with it, they return a Status.
// Tests:   tests/ledger/base/status_test.cc
#ifndef SCRUTINY_LEDGER_BASE_STATUS_H_
#define SCRUTINY_LEDGER_BASE_STATUS_H_

#include <sstream>
#include <utility>

#include "absl/base/optimization.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// Returns from the function when the Status is not OK.
#define SCRUTINY_RETURN_IF_ERROR(...)                                        \
  do {                                                                       \
    absl::Status scrutiny_status_ = (__VA_ARGS__);                           \
    if (ABSL_PREDICT_FALSE(!scrutiny_status_.ok())) return scrutiny_status_; \
  } while (false)

// SCRUTINY_ASSIGN_OR_RETURN(auto x, F(a, b)): assigns the value of a StatusOr, or returns its
// error.
#define SCRUTINY_ASSIGN_OR_RETURN(lhs, ...) \
  SCRUTINY_ASSIGN_OR_RETURN_AS_(SCRUTINY_CONCAT_(scrutiny_or_, __LINE__), lhs, (__VA_ARGS__))

#define SCRUTINY_ASSIGN_OR_RETURN_AS_(result, lhs, expr)                   \
  auto result = expr;                                                      \
  if (ABSL_PREDICT_FALSE(!result.ok())) return std::move(result).status(); \
  lhs = std::move(result).value()
#define SCRUTINY_CONCAT_(a, b) SCRUTINY_CONCAT_AGAIN_(a, b)
#define SCRUTINY_CONCAT_AGAIN_(a, b) a##b

// SCRUTINY_CHECK(a < b) << "why that must hold": aborts with file and line when it does not.
#define SCRUTINY_CHECK(condition)               \
  ABSL_PREDICT_TRUE(condition)                  \
  ? (void)0                                     \
  : ::scrutiny::ledger::internal::CheckVoid() & \
          ::scrutiny::ledger::internal::CheckFailure(__FILE__, __LINE__, #condition).stream()

// The same for a Status that only a bug of ours could fail.
#define SCRUTINY_CHECK_OK(...)                                              \
  do {                                                                      \
    const absl::Status scrutiny_checked_ = (__VA_ARGS__);                   \
    SCRUTINY_CHECK(scrutiny_checked_.ok()) << scrutiny_checked_.ToString(); \
  } while (false)

namespace scrutiny::ledger {

// Drops a status on purpose; `why` tells the reader the reason and is not used otherwise.
inline void IgnoreError(const absl::Status& /*status*/, absl::string_view /*why*/) {}

namespace internal {

// Collects the message of a failed check; its destructor prints it and aborts.
class CheckFailure {
 public:
  CheckFailure(const char* file, int line, const char* condition);
  CheckFailure(const CheckFailure&) = delete;
  CheckFailure& operator=(const CheckFailure&) = delete;
  [[noreturn]] ~CheckFailure();

  std::ostream& stream() { return message_; }

 private:
  std::ostringstream message_;
};

// Binds looser than << and tighter than ?:, and makes the whole check a void expression.
class CheckVoid {
 public:
  void operator&(std::ostream&) const {}
};

}  // namespace internal
}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_BASE_STATUS_H_
