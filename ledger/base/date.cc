#include "ledger/base/date.h"

#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"

#include "ledger/base/error.h"

namespace scrutiny::ledger {
namespace {

constexpr absl::CivilDay kEpoch(1970, 1, 1);
constexpr int64_t kMicrosPerDay = int64_t{24} * 60 * 60 * 1'000'000;
constexpr int kYearMin = 1000;
constexpr absl::string_view kMonths[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};

// Lengths of the three forms.
constexpr size_t kYearLength = 4;
constexpr size_t kMonthLength = 7;
constexpr size_t kDayLength = 10;

Day DayOf(absl::CivilDay civil) { return Day(static_cast<int32_t>(civil - kEpoch)); }

// The number in `digits`, -1 where one of them is none.
int Number(absl::string_view digits) {
  int number = 0;
  for (const char c : digits) {
    if (!absl::ascii_isdigit(c)) return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

absl::Status BadDate(absl::string_view text, absl::string_view why) {
  return Error(Reason::kMalformed, absl::StrCat("\"", text, "\" is not a date: ", why, "."))
      .Value(text)
      .Next("Give the date as 2019-03-18, 2019-03 or 2019.");
}

}  // namespace

Day Day::FromUnixMicros(int64_t micros) {
  int64_t days = micros / kMicrosPerDay;
  if (micros % kMicrosPerDay < 0) --days;
  return Day(static_cast<int32_t>(days));
}

absl::StatusOr<Day> Day::Parse(absl::string_view text) {
  absl::StatusOr<PartialDate> date = PartialDate::Parse(text);
  if (!date.ok()) return std::move(date).status();
  if (date->precision() != PartialDate::Precision::kDay) {
    return BadDate(text, "the day is missing");
  }
  return date->FirstDay();
}

std::string Day::ToString() const {
  const absl::CivilDay civil = kEpoch + days_;
  return absl::StrFormat("%04d-%02d-%02d", civil.year(), civil.month(), civil.day());
}

int Day::year() const { return static_cast<int>((kEpoch + days_).year()); }

absl::StatusOr<PartialDate> PartialDate::Parse(absl::string_view text) {
  const size_t length = text.size();
  if (length != kYearLength && length != kMonthLength && length != kDayLength) {
    return BadDate(text, "a date is written 2019-03-18, 2019-03 or 2019");
  }
  if ((length >= kMonthLength && text[4] != '-') || (length == kDayLength && text[7] != '-')) {
    return BadDate(text, "year, month and day are joined by hyphens, as in 2019-03-18");
  }
  const int year = Number(text.substr(0, 4));
  const int month = length >= kMonthLength ? Number(text.substr(5, 2)) : 1;
  const int day = length == kDayLength ? Number(text.substr(8, 2)) : 1;
  if (year < 0 || month < 0 || day < 0) {
    return BadDate(text, "a date is written in digits, as in 2019-03-18");
  }
  if (year < kYearMin) return BadDate(text, "the year must be from 1000 to 9999");
  if (month < 1 || month > 12) return BadDate(text, absl::StrCat("there is no month ", month));
  const absl::CivilDay civil(year, month, day);
  if (civil.month() != month || civil.day() != day) {
    const int days = (absl::CivilDay(absl::CivilMonth(year, month) + 1) - 1).day();
    return BadDate(text, absl::StrCat(kMonths[month - 1], " ", year, " has ", days, " days"));
  }
  const Precision precision = length == kDayLength     ? Precision::kDay
                              : length == kMonthLength ? Precision::kMonth
                                                       : Precision::kYear;
  return PartialDate(precision, year, month, day);
}

PartialDate PartialDate::OfDay(Day day) {
  const absl::CivilDay civil = kEpoch + day.value();
  return PartialDate(Precision::kDay, static_cast<int>(civil.year()), civil.month(), civil.day());
}

Day PartialDate::FirstDay() const { return DayOf(absl::CivilDay(year_, month_, day_)); }

Day PartialDate::LastDay() const {
  switch (precision_) {
    case Precision::kYear:
      return DayOf(absl::CivilDay(year_, 12, 31));
    case Precision::kMonth:
      return DayOf(absl::CivilDay(year_, month_ + 1, 1) - 1);
    case Precision::kDay:
      break;
  }
  return FirstDay();
}

std::string PartialDate::ToString() const {
  switch (precision_) {
    case Precision::kYear:
      return absl::StrFormat("%04d", year_);
    case Precision::kMonth:
      return absl::StrFormat("%04d-%02d", year_, month_);
    case Precision::kDay:
      break;
  }
  return absl::StrFormat("%04d-%02d-%02d", year_, month_, day_);
}

}  // namespace scrutiny::ledger
