#include "projections/queries/time_spans.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "ledger/base/status.h"

namespace scrutiny::projections {
namespace {

using ledger::Day;
using ledger::PartialDate;

constexpr absl::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// From 1 to 12.
int MonthOf(Day day) {
  const std::string text = day.ToString();
  return (text[5] - '0') * 10 + (text[6] - '0');
}

// A month of a year, as a date of that precision; months count on beyond the year.
PartialDate Month(int year, int month) {
  const int years = year + (month - 1) / 12;
  const auto date = PartialDate::Parse(
      absl::StrCat(years, "-", absl::Dec((month - 1) % 12 + 1, absl::kZeroPad2)));
  SCRUTINY_CHECK(date.ok()) << date.status().ToString();
  return *date;
}

TimeSpan Months(int year, int month, int count, std::string words) {
  return {Month(year, month).FirstDay(), Month(year, month + count - 1).LastDay(),
          std::move(words)};
}

}  // namespace

TimeSpan SpanAround(register_::v1::AssuranceMapSpan by, Day day) {
  const int year = day.year();
  const int month = MonthOf(day);
  switch (by) {
    case register_::v1::ASSURANCE_MAP_SPAN_MONTH:
      return Months(year, month, 1, absl::StrCat(kMonths[month - 1], " ", year));
    case register_::v1::ASSURANCE_MAP_SPAN_QUARTER: {
      const int first = (month - 1) / 3 * 3 + 1;
      return Months(year, first, 3,
                    absl::StrCat(kMonths[first - 1], "–", kMonths[first + 1], " ", year));
    }
    case register_::v1::ASSURANCE_MAP_SPAN_YEAR:
      return Months(year, 1, 12, absl::StrCat(year));
    case register_::v1::ASSURANCE_MAP_SPAN_FINANCIAL_YEAR: {
      const int first = month < 4 ? year - 1 : year;
      return Months(first, 4, 12,
                    absl::StrCat(first, "/", absl::Dec((first + 1) % 100, absl::kZeroPad2)));
    }
    default:
      return {day, day, IsoInWords(day.ToString())};
  }
}

std::string IsoInWords(const std::string& iso) {
  const absl::StatusOr<PartialDate> date = PartialDate::Parse(iso);
  if (!date.ok() || date->precision() == PartialDate::Precision::kYear) return iso;
  const Day day = date->LastDay();
  const std::string month = absl::StrCat(kMonths[MonthOf(day) - 1], " ", date->year());
  if (date->precision() == PartialDate::Precision::kMonth) return month;
  const std::string text = day.ToString();
  return absl::StrCat(text[8] == '0' ? text.substr(9) : text.substr(8), " ", month);
}

}  // namespace scrutiny::projections
