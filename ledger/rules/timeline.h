// ledger/rules/timeline.h
// A record's history as it stands: corrections and withdrawals applied, in the order in which
// things happened. Lifecycle rules ask it what was so on the day of a fact.
//
// Guarantees:  a correction gives its original another day and keeps its sequence; a withdrawn
//              entry is not on it, nor is any correction of it; undated facts come last.
// Threads:     immutable.
// Cost:        linear in the history, and a sort.
// Tests:       tests/ledger/rules/timeline_test.cc
#ifndef SCRUTINY_LEDGER_RULES_TIMELINE_H_
#define SCRUTINY_LEDGER_RULES_TIMELINE_H_

#include <vector>

#include "absl/types/optional.h"
#include "absl/types/span.h"

#include "ledger/base/date.h"
#include "ledger/base/ids.h"
#include "ledger/format/derive.h"

namespace scrutiny::ledger {

// A place on a timeline: by day, then by sequence of the original.
struct Moment {
  Day day;
  Sequence sequence;

  friend constexpr auto operator<=>(const Moment& a, const Moment& b) = default;
};

// A fact as it stands.
struct TimelineItem {
  Moment moment;
  FactType type;
};

class Timeline {
 public:
  // `history`: oldest first. `left_out`: an original that is about to be replaced.
  Timeline(absl::Span<const HistoryItem> history, absl::optional<Sequence> left_out);

  // In order of moment.
  const std::vector<TimelineItem>& items() const { return items_; }

  // The last item before the moment whose type is one of `types`; null if there is none.
  const TimelineItem* LastBefore(Moment moment, absl::Span<const FactType> types) const;

  // The first item of this type, whenever it happened; null if there is none.
  const TimelineItem* First(FactType type) const;

 private:
  std::vector<TimelineItem> items_;
};

// The entry by which `sequence` is withdrawn: its own withdrawal, or that of the original it
// corrects; none if it stands.
absl::optional<Sequence> WithdrawnBy(absl::Span<const HistoryItem> history, Sequence sequence);

// The history item with this sequence; null if the record has none.
const HistoryItem* FindInHistory(absl::Span<const HistoryItem> history, Sequence sequence);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_RULES_TIMELINE_H_
