#include "ledger/base/names.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/status.h"
#include "ledger/base/text.h"

namespace scrutiny::ledger {
namespace {

// How much of a bad name a message quotes.
constexpr size_t kQuotedBytesMax = 80;

bool IsSegmentCharacter(char c) {
  return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-';
}

bool IsRequestIdCharacter(char c) {
  return absl::ascii_isalnum(c) || c == '.' || c == '_' || c == ':' || c == '/' || c == '-';
}

absl::Status Bad(Reason reason, absl::string_view what, absl::string_view text,
                 absl::string_view field, absl::string_view why, absl::string_view next) {
  return Error(reason, absl::StrCat(what, " \"", Printable(text, kQuotedBytesMax), "\" ", why, "."))
      .Field(field)
      .Value(text)
      .Next(next);
}

absl::Status BadRecord(Reason reason, absl::string_view name, absl::string_view field,
                       absl::string_view why) {
  return Bad(reason, "Record name", name, field, why,
             "Name it as kind/part, parts of lower-case letters, digits and hyphens, "
             "as in meetings/spab/2019-03-18.");
}

absl::Status ValidateSegments(absl::string_view name, size_t segments_min,
                              absl::string_view field) {
  if (name.empty()) return BadRecord(Reason::kMalformed, name, field, "is empty");
  if (name.size() > kRecordNameBytesMax) {
    return BadRecord(
        Reason::kOverLimit, name, field,
        absl::StrCat("has ", name.size(), " bytes; at most ", kRecordNameBytesMax, " are allowed"));
  }
  size_t segments = 1;
  char before = '/';
  for (const char c : name) {
    if (c == '/') {
      if (before == '/') return BadRecord(Reason::kMalformed, name, field, "has an empty part");
      ++segments;
    } else if (!IsSegmentCharacter(c)) {
      return BadRecord(Reason::kMalformed, name, field,
                       absl::StrCat("holds \"", Printable(absl::string_view(&c, 1), 8),
                                    "\", which is not a lower-case letter, digit or hyphen"));
    }
    before = c;
  }
  if (before == '/') return BadRecord(Reason::kMalformed, name, field, "ends in a slash");
  if (segments < segments_min) {
    return BadRecord(Reason::kMalformed, name, field, "has a kind but nothing after it");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ValidateRecordName(absl::string_view name, absl::string_view field) {
  return ValidateSegments(name, 2, field);
}

absl::Status ValidateRecordPrefix(absl::string_view prefix, absl::string_view field) {
  return ValidateSegments(absl::StripSuffix(prefix, "/"), 1, field);
}

absl::Status ValidateKey(absl::string_view key, absl::string_view field) {
  constexpr absl::string_view kNext = "Use lower-case letters, digits and hyphens, as in 5a-i.";
  if (key.empty()) return Bad(Reason::kMalformed, "Key", key, field, "is empty", kNext);
  if (key.size() > kKeyBytesMax) {
    return Bad(Reason::kOverLimit, "Key", key, field,
               absl::StrCat("has ", key.size(), " bytes; at most ", kKeyBytesMax, " are allowed"),
               kNext);
  }
  if (!std::all_of(key.begin(), key.end(), IsSegmentCharacter)) {
    return Bad(Reason::kMalformed, "Key", key, field,
               "holds something other than lower-case letters, digits and hyphens", kNext);
  }
  return absl::OkStatus();
}

absl::Status ValidateRequestId(absl::string_view id, absl::string_view field) {
  constexpr absl::string_view kNext =
      "Choose an id of your own for each request, such as a UUID, and keep it for retries.";
  if (id.empty()) return Bad(Reason::kMalformed, "Request id", id, field, "is empty", kNext);
  if (id.size() > kRequestIdBytesMax) {
    return Bad(
        Reason::kOverLimit, "Request id", id, field,
        absl::StrCat("has ", id.size(), " bytes; at most ", kRequestIdBytesMax, " are allowed"),
        kNext);
  }
  if (!std::all_of(id.begin(), id.end(), IsRequestIdCharacter)) {
    return Bad(Reason::kMalformed, "Request id", id, field,
               "holds something other than letters, digits and . _ : / -", kNext);
  }
  return absl::OkStatus();
}

absl::string_view RecordKind(absl::string_view name) { return name.substr(0, name.find('/')); }

bool IsSegmentPrefix(absl::string_view prefix, absl::string_view record) {
  prefix = absl::StripSuffix(prefix, "/");
  if (prefix.empty()) return true;
  if (!absl::StartsWith(record, prefix)) return false;
  return record.size() == prefix.size() || record[prefix.size()] == '/';
}

}  // namespace scrutiny::ledger
