#include "projections/performance/spans.h"

#include "absl/strings/numbers.h"

namespace scrutiny::projections {
namespace {

using ledger::Day;
using ledger::PartialDate;

// Months since year 0, and the day of the month.
struct MonthAndDay {
  int month = 0;
  int day = 0;
};

MonthAndDay Split(Day day) {
  const std::string text = day.ToString();
  int month = 0;
  int in_month = 0;
  // Always digits: ToString wrote them.
  if (!absl::SimpleAtoi(text.substr(text.size() - 5, 2), &month) ||
      !absl::SimpleAtoi(text.substr(text.size() - 2), &in_month)) {
    return {};
  }
  return {day.year() * 12 + month, in_month};
}

// Whole months; 0: it is not made of whole months.
int MonthsOf(const Span& span) {
  const MonthAndDay first = Split(span.first);
  const MonthAndDay after = Split(span.last + 1);
  return first.day == after.day ? after.month - first.month : 0;
}

}  // namespace

absl::optional<Span> SpanOf(const event::v1::Period& period) {
  const auto from = PartialDate::Parse(period.from());
  const auto to = PartialDate::Parse(period.to());
  if (!from.ok() || !to.ok() || to->LastDay() < from->FirstDay()) return absl::nullopt;
  return Span{from->FirstDay(), to->LastDay()};
}

std::string LastDayOf(const event::v1::Period& period) {
  const auto to = PartialDate::Parse(period.to());
  return to.ok() ? to->LastDay().ToString() : std::string();
}

bool SameLength(const Span& a, const Span& b) {
  const int months = MonthsOf(a);
  if (months > 0 || MonthsOf(b) > 0) return months == MonthsOf(b);
  return a.last - a.first == b.last - b.first;
}

}  // namespace scrutiny::projections
