// ledger/base/date.h
// Days, and dates as papers give them: a day, a month or a year, in ISO text.
//
// Guarantees:  a PartialDate holds a date that exists, of the years 1000 to 9999, and its text
//              reads back to itself.
// Threads:     values; thread-compatible.
// Errors:      Reason::kMalformed with the text at fault.
// Tests:       tests/ledger/base/date_test.cc
#ifndef SCRUTINY_LEDGER_BASE_DATE_H_
#define SCRUTINY_LEDGER_BASE_DATE_H_

#include <compare>
#include <cstdint>
#include <limits>
#include <ostream>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace scrutiny::ledger {

// A day of the Gregorian calendar, as days since 1970-01-01.
class Day {
 public:
  constexpr Day() = default;
  constexpr explicit Day(int32_t days) : days_(days) {}

  // The day in UTC that holds the moment.
  static Day FromUnixMicros(int64_t micros);
  // Reads YYYY-MM-DD and nothing else.
  static absl::StatusOr<Day> Parse(absl::string_view text);
  // Before and after every day: "no bound".
  static constexpr Day Min() { return Day(std::numeric_limits<int32_t>::min()); }
  static constexpr Day Max() { return Day(std::numeric_limits<int32_t>::max()); }

  constexpr int32_t value() const { return days_; }
  // YYYY-MM-DD.
  std::string ToString() const;
  int year() const;

  friend constexpr bool operator==(Day a, Day b) = default;
  friend constexpr auto operator<=>(Day a, Day b) = default;
  friend constexpr Day operator+(Day a, int32_t days) { return Day(a.days_ + days); }
  friend constexpr Day operator-(Day a, int32_t days) { return Day(a.days_ - days); }
  friend constexpr int32_t operator-(Day a, Day b) { return a.days_ - b.days_; }

  template <typename H>
  friend H AbslHashValue(H h, Day day) {
    return H::combine(std::move(h), day.days_);
  }
  friend std::ostream& operator<<(std::ostream& out, Day day) { return out << day.ToString(); }

 private:
  int32_t days_ = 0;
};

// A date of reduced precision: `2019`, `2019-03` or `2019-03-18`.
class PartialDate {
 public:
  enum class Precision : uint8_t { kYear, kMonth, kDay };

  // Strict: no spaces, no missing zeros, no date that does not exist.
  static absl::StatusOr<PartialDate> Parse(absl::string_view text);
  static PartialDate OfDay(Day day);

  Precision precision() const { return precision_; }
  int year() const { return year_; }
  // The first and the last day it may mean; the same one where it names a day.
  Day FirstDay() const;
  Day LastDay() const;
  std::string ToString() const;

  friend bool operator==(const PartialDate& a, const PartialDate& b) = default;
  // By the last day it may mean, then by the first: the order in which entries are folded.
  friend std::strong_ordering operator<=>(const PartialDate& a, const PartialDate& b) {
    if (const auto by_last = a.LastDay() <=> b.LastDay(); by_last != 0) return by_last;
    return a.FirstDay() <=> b.FirstDay();
  }

 private:
  PartialDate(Precision precision, int year, int month, int day)
      : precision_(precision), year_(year), month_(month), day_(day) {}

  Precision precision_;
  int year_;
  int month_;  // 1 where the precision is a year.
  int day_;    // 1 where it is a month or a year.
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_BASE_DATE_H_
