#include "tools/support/words.h"

#include <array>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"

#include "ledger/base/date.h"
#include "ledger/base/error.h"
#include "ledger/base/status.h"

namespace scrutiny::tools {
namespace {

using ledger::Error;
using ledger::PartialDate;
using ledger::Reason;

constexpr std::array<absl::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

// 1 to 12; 0 if the word is no month. Three letters or more are enough.
int MonthOf(absl::string_view word) {
  word = absl::StripSuffix(word, ".");
  if (word.size() < 3) return 0;
  for (size_t i = 0; i < kMonths.size(); ++i) {
    if (absl::StartsWithIgnoreCase(kMonths[i], word)) return static_cast<int>(i) + 1;
  }
  return 0;
}

absl::Status NoDate(absl::string_view text) {
  return Error(Reason::kMalformed, absl::StrCat("\"", text,
                                                "\" is not a date; write 2019-03-18, 2019-03, 2019 "
                                                "or 18 March 2019"))
      .Value(text);
}

// An ISO date of the parts, if there is such a day.
absl::StatusOr<std::string> IsoOf(absl::string_view text, int year, int month, int day) {
  const std::string iso = day == 0 ? absl::StrFormat("%04d-%02d", year, month)
                                   : absl::StrFormat("%04d-%02d-%02d", year, month, day);
  if (!PartialDate::Parse(iso).ok()) return NoDate(text);
  return iso;
}

}  // namespace

std::string DateInWords(absl::string_view iso) {
  const auto date = PartialDate::Parse(iso);
  if (!date.ok()) return std::string(iso);
  const std::string text = date->ToString();
  if (date->precision() == PartialDate::Precision::kYear) return text;
  int month = 0;
  if (!absl::SimpleAtoi(text.substr(5, 2), &month) || month < 1 || month > 12) return text;
  const std::string named = absl::StrCat(kMonths[month - 1].substr(0, 3), " ", text.substr(0, 4));
  if (date->precision() == PartialDate::Precision::kMonth) return named;
  return absl::StrCat(absl::StripPrefix(text.substr(8, 2), "0"), " ", named);
}

std::string MomentInWords(int64_t micros) {
  return absl::FormatTime("%e %b %Y %H:%M", absl::FromUnixMicros(micros), absl::LocalTimeZone());
}

std::string MomentAsIso(int64_t micros) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", absl::FromUnixMicros(micros),
                          absl::UTCTimeZone());
}

std::string SpanInWords(int64_t micros) {
  const auto seconds = static_cast<uint64_t>(std::max<int64_t>(micros, 0) / 1'000'000);
  if (seconds < 120) return Count(seconds, "second", "seconds");
  if (seconds < 120 * 60) return Count(seconds / 60, "minute", "minutes");
  if (seconds < 48 * 3600) return Count(seconds / 3600, "hour", "hours");
  return Count(seconds / 86'400, "day", "days");
}

absl::StatusOr<std::string> ReadDate(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  if (PartialDate::Parse(text).ok()) return std::string(text);
  const std::vector<std::string> parts =
      absl::StrSplit(text, absl::ByAnyChar(" /"), absl::SkipEmpty());
  int year = 0;
  if (parts.size() < 2 || parts.size() > 3 || parts.back().size() != 4 ||
      !absl::SimpleAtoi(parts.back(), &year)) {
    return NoDate(text);
  }
  int month = 0;
  if (absl::StrContains(text, '/')) {
    if (!absl::SimpleAtoi(parts[parts.size() - 2], &month)) return NoDate(text);
  } else {
    month = MonthOf(parts[parts.size() - 2]);
  }
  if (month == 0) return NoDate(text);
  if (parts.size() == 2) return IsoOf(text, year, month, 0);
  int day = 0;
  absl::string_view day_text = parts[0];
  for (absl::string_view ending : {"st", "nd", "rd", "th"}) absl::ConsumeSuffix(&day_text, ending);
  if (!absl::SimpleAtoi(day_text, &day) || day < 1) return NoDate(text);
  return IsoOf(text, year, month, day);
}

absl::StatusOr<std::string> ReadTimeOfDay(absl::string_view text) {
  const absl::Status wrong =
      Error(Reason::kMalformed,
            absl::StrCat("\"", text, "\" is not a time of day; write 14:00 or 2pm"))
          .Value(text);
  std::string lower = absl::AsciiStrToLower(absl::StripAsciiWhitespace(text));
  absl::string_view rest = lower;
  const bool pm = absl::ConsumeSuffix(&rest, "pm");
  const bool am = !pm && absl::ConsumeSuffix(&rest, "am");
  rest = absl::StripAsciiWhitespace(rest);
  const std::vector<std::string> parts = absl::StrSplit(rest, absl::ByAnyChar(":."));
  int hour = 0;
  int minute = 0;
  if (parts.size() > 2 || (parts.size() == 1 && !am && !pm) || !absl::SimpleAtoi(parts[0], &hour)) {
    return wrong;
  }
  if (parts.size() == 2 && (parts[1].size() != 2 || !absl::SimpleAtoi(parts[1], &minute))) {
    return wrong;
  }
  if (am || pm) {
    if (hour < 1 || hour > 12) return wrong;
    hour = hour % 12 + (pm ? 12 : 0);
  }
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return wrong;
  return absl::StrFormat("%02d:%02d", hour, minute);
}

absl::StatusOr<int64_t> ReadMoment(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  absl::Time time;
  std::string ignored;
  for (absl::string_view format :
       {"%Y-%m-%dT%H:%M:%E*S%Ez", "%Y-%m-%dT%H:%M%Ez", "%Y-%m-%d %H:%M:%E*S", "%Y-%m-%dT%H:%M:%E*S",
        "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"}) {
    if (absl::ParseTime(format, text, absl::LocalTimeZone(), &time, &ignored)) {
      return absl::ToUnixMicros(time);
    }
  }
  auto date = ReadDate(text);
  if (!date.ok()) {
    return Error(Reason::kMalformed,
                 absl::StrCat("\"", text,
                              "\" is neither an entry's sequence nor a time; write 212, "
                              "2019-03-18 or 2019-03-18T14:00Z"))
        .Value(text);
  }
  SCRUTINY_ASSIGN_OR_RETURN(const PartialDate day, PartialDate::Parse(*date));
  const std::string next = (day.LastDay() + 1).ToString();
  std::string error;
  if (!absl::ParseTime("%Y-%m-%d", next, absl::LocalTimeZone(), &time, &error)) return NoDate(text);
  return absl::ToUnixMicros(time) - 1;
}

std::string EnumInWords(absl::string_view enum_name, absl::string_view value_name) {
  std::string prefix;  // ItemClass -> ITEM_CLASS_
  for (const char c : enum_name) {
    if (absl::ascii_isupper(c) && !prefix.empty()) prefix += '_';
    prefix += absl::ascii_toupper(c);
  }
  absl::ConsumePrefix(&value_name, prefix + "_");
  if (value_name == "UNSPECIFIED") return "";
  return FieldInWords(absl::AsciiStrToLower(value_name));
}

std::string FieldInWords(absl::string_view field_name) {
  std::string words(field_name);
  for (char& c : words) {
    if (c == '_' || c == '-') c = ' ';
  }
  return words;
}

std::string TypeInWords(absl::string_view message_name) {
  std::string words;
  for (const char c : message_name) {
    if (absl::ascii_isupper(c) && !words.empty()) words += ' ';
    words += words.empty() ? c : absl::ascii_tolower(c);
  }
  return words;
}

std::string Folded(absl::string_view name) {
  std::string folded;
  for (const char c : name) {
    if (c != '-' && c != '_' && c != ' ') folded += absl::ascii_tolower(c);
  }
  return folded;
}

std::string Count(uint64_t n, absl::string_view one, absl::string_view many) {
  std::string digits = absl::StrCat(n);
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) digits.insert(at, ",");
  return absl::StrCat(digits, " ", n == 1 ? one : many);
}

std::string SizeInWords(uint64_t bytes) {
  constexpr uint64_t kKi = 1024;
  if (bytes < 10 * kKi) return Count(bytes, "byte", "bytes");
  if (bytes < 10 * kKi * kKi) return Count(bytes / kKi, "KiB", "KiB");
  return Count(bytes / kKi / kKi, "MiB", "MiB");
}

std::string JoinWithAnd(const std::vector<std::string>& parts) {
  std::string text;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? " and " : ", ";
    text += parts[i];
  }
  return text;
}

std::string Capitalised(absl::string_view text) {
  std::string capital(text);
  if (!capital.empty()) capital[0] = absl::ascii_toupper(capital[0]);
  return capital;
}

std::string Slug(absl::string_view text, size_t bytes_max) {
  std::string slug;
  for (const char c : text) {
    if (c == '\'') continue;
    if (absl::ascii_isalnum(c)) {
      slug += absl::ascii_tolower(c);
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
  }
  if (slug.size() > bytes_max) {
    const size_t cut = slug.rfind('-', bytes_max);
    slug.resize(cut == std::string::npos || cut == 0 ? bytes_max : cut);
  }
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  return slug;
}

}  // namespace scrutiny::tools
