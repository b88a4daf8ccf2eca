// ledger/format/derive.h
// What follows from one fact alone and is indexed: its date, the records it cites, the names,
// numbers and agenda items it claims. A pure function of the entry, so that every index can be
// derived again from the entries.
//
// Threads:  pure functions.
// Tests:    tests/ledger/format/derive_test.cc
#ifndef SCRUTINY_LEDGER_FORMAT_DERIVE_H_
#define SCRUTINY_LEDGER_FORMAT_DERIVE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include "ledger/base/date.h"
#include "ledger/base/ids.h"

namespace scrutiny::event::v1 {
class Number;
class Occurred;
class Proposed;
}  // namespace scrutiny::event::v1

namespace scrutiny::ledger {

// Something an entry lays hold of, under which it is found again.
struct Claim {
  std::string key;      // as one of the functions below makes it
  std::string item;     // the agenda item's key, for a minute number
  std::string printed;  // as printed, for showing what matched
};

// A number: unique per kind, series and year.
std::string NumberClaim(const event::v1::Number& number);
// All numbers of one kind, series and year start so; what follows is the number, 8 bytes
// big-endian.
std::string NumberSeriesPrefix(absl::string_view kind, absl::string_view series, uint32_t year);
// A name or printed number that finds a record, in any case and spacing.
std::string AliasClaim(absl::string_view text);
// An agenda item on a meeting. An empty item stands for the agenda itself: whatever is placed on it
// claims it, so that it can be asked whether anything of an agenda is held.
std::string ItemClaim(absl::string_view meeting, absl::string_view item);
// The withdrawal of an entry: a Withdrawn fact lays hold of it.
std::string WithdrawalClaim(Sequence withdrawn);

// An entry as its record's history remembers it: what lifecycle rules need.
struct HistoryItem {
  Sequence sequence;
  FactType type;
  Day day;                            // last possible day; Day::Max() if not dated
  absl::optional<Sequence> corrects;  // the original it corrects or withdraws
};

// What follows from a fact.
struct Derived {
  FactType type;
  Day day;  // last possible day of occurred; Day::Max() if not dated
  absl::optional<Sequence> corrects;
  std::vector<std::string> cites;  // records cited, without its own, each once
  std::vector<Claim> claims;
};

// The last possible day of an occurred; Day::Max() if it has none.
Day LastPossibleDay(const event::v1::Occurred& occurred);

// `assigned`: the numbers the server gave it. The fact must have passed CheckProposed.
Derived DeriveFrom(const event::v1::Proposed& proposed,
                   absl::Span<const event::v1::Number> assigned);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_FORMAT_DERIVE_H_
