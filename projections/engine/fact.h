// projections/engine/fact.h
// State(S, D): which facts of a record count, and in what order, once corrections, withdrawals and
// dates are taken into account. What every fold is given.
//
// Guarantees:  a pure function of the entries; the same order whatever order they were late in.
// Threads:     pure functions; a Fact borrows its entries.
// Tests:       tests/projections/engine/fact_test.cc
#ifndef SCRUTINY_PROJECTIONS_ENGINE_FACT_H_
#define SCRUTINY_PROJECTIONS_ENGINE_FACT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include "ledger/base/date.h"
#include "ledger/base/ids.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::projections {

// An entry of a record, as it stands in the ledger.
struct LoggedEntry {
  ledger::Sequence sequence;
  const event::v1::Entry* entry;
};

// A fact that counts.
struct Fact {
  // The original's sequence: a correction folds under it.
  ledger::Sequence sequence;
  // The last possible day; Day::Max() if not dated.
  ledger::Day day;
  // What counts: the original or the last correction of it.
  const event::v1::Entry* current;
  // The original; null where it is not held.
  const event::v1::Entry* original;

  const event::v1::Proposed& proposed() const { return current->proposed(); }
  bool corrected() const { return current != original; }
  // ISO; empty if not dated.
  std::string DayText() const;
  // The number the server gave the fact, which a correction keeps; null if none.
  const event::v1::Number* AssignedNumber() const;
};

// What a forum knew on a day.
struct Knowledge {
  absl::flat_hash_set<std::string> meetings;  // the forum's meetings held by then
  absl::flat_hash_set<uint64_t> entries;      // put before one of them by a later fact
  ledger::Day on;

  // The entry itself had come before the forum.
  bool Covers(const event::v1::Entry& entry) const;
};

// Which facts count.
struct StateFilter {
  ledger::Day true_on = ledger::Day::Max();  // dated on or before; undated only at Max
  const Knowledge* known_to = nullptr;       // null: whatever is recorded
};

// A fact about offices, forums, persons, plans or the calendar of meetings: it counts as known from
// its own date, without having been put before a forum.
bool IsReferenceFact(uint32_t fact_type);

// The facts that count, by day and then by sequence, those not dated last. `entries` are all of one
// record, by sequence; what they do not hold is taken as not recorded.
std::vector<Fact> StateOf(absl::Span<const LoggedEntry> entries, const StateFilter& filter = {});

// What an entry does in a state of its record.
enum class Part {
  kCounts,
  kCorrected,   // `other` is the correction that counts in its place
  kCorrects,    // `other` is what it stands in place of
  kReplaced,    // a correction of `other` that does not count: a later one does, or it fell with it
  kWithdrawn,   // by `other`
  kWithdraws,   // `other`
  kNotYetTrue,  // dated after the day, or not dated
  kNotKnown,    // not before the forum by the day
};
struct EntryPart {
  ledger::Sequence sequence;
  Part part = Part::kCounts;
  absl::optional<ledger::Sequence> other;
};

// What each of the entries does in StateOf, in their order.
std::vector<EntryPart> PartsOf(absl::Span<const LoggedEntry> entries,
                               const StateFilter& filter = {});

// Whether the entry corrects or withdraws another.
bool Amends(const event::v1::Entry& entry);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_ENGINE_FACT_H_
