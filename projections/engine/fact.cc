#include "projections/engine/fact.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"

#include "ledger/format/derive.h"

namespace scrutiny::projections {
namespace {

using event::v1::Entry;
using event::v1::Proposed;
using ledger::Day;
using ledger::Sequence;

uint32_t TypeOf(const Entry& entry) { return static_cast<uint32_t>(entry.proposed().fact_case()); }

bool Withdraws(const Entry& entry) { return entry.proposed().has_withdrawn(); }

// Looks entries of the record up by sequence, and sees through corrections to what they correct.
class Family {
 public:
  explicit Family(absl::Span<const LoggedEntry> entries) {
    for (const LoggedEntry& logged : entries) {
      by_sequence_.emplace(logged.sequence.value(), logged.entry);
    }
  }

  const Entry* Find(uint64_t sequence) const {
    const auto found = by_sequence_.find(sequence);
    return found == by_sequence_.end() ? nullptr : found->second;
  }

  // The original behind a correction. A correction always names the original; one that names a
  // correction is read as meaning what that one corrects.
  uint64_t OriginalOf(const Entry& correction) const {
    uint64_t sequence = correction.proposed().corrects();
    for (const Entry* named = Find(sequence);
         named != nullptr && named->proposed().has_corrects() && !Withdraws(*named) &&
         named->proposed().corrects() < sequence;
         named = Find(sequence)) {
      sequence = named->proposed().corrects();
    }
    return sequence;
  }

 private:
  absl::flat_hash_map<uint64_t, const Entry*> by_sequence_;
};

bool IsKnown(const Entry& entry, uint32_t type, const StateFilter& filter) {
  return filter.known_to == nullptr || IsReferenceFact(type) || filter.known_to->Covers(entry);
}

bool Counts(const Fact& fact, const StateFilter& filter) {
  if (fact.day > filter.true_on) return false;
  return filter.known_to == nullptr || !IsReferenceFact(TypeOf(*fact.current)) ||
         fact.day <= filter.known_to->on;
}

// What counts of a record in which something was corrected or withdrawn.
std::vector<Fact> Amended(absl::Span<const LoggedEntry> entries, const StateFilter& filter) {
  const Family family(entries);
  // From the last: a withdrawal that is itself withdrawn no longer counts.
  absl::flat_hash_set<uint64_t> withdrawn;
  for (auto logged = entries.rbegin(); logged != entries.rend(); ++logged) {
    const Entry& entry = *logged->entry;
    if (!Withdraws(entry) || withdrawn.contains(logged->sequence.value())) continue;
    const Entry* target = family.Find(entry.proposed().corrects());
    if (target != nullptr && IsKnown(entry, TypeOf(*target), filter)) {
      withdrawn.insert(entry.proposed().corrects());
    }
  }

  std::vector<Fact> facts;
  absl::flat_hash_map<uint64_t, size_t> place;
  for (const LoggedEntry& logged : entries) {
    const Entry& entry = *logged.entry;
    const uint64_t sequence = logged.sequence.value();
    if (Withdraws(entry) || withdrawn.contains(sequence)) continue;
    const bool corrects = entry.proposed().has_corrects();
    const uint64_t original = corrects ? family.OriginalOf(entry) : sequence;
    if (withdrawn.contains(original) || !IsKnown(entry, TypeOf(entry), filter)) continue;
    const auto [found, is_new] = place.try_emplace(original, facts.size());
    if (is_new) {
      facts.push_back(
          {Sequence(original), Day(), &entry, corrects ? family.Find(original) : &entry});
    } else {
      facts[found->second].current = &entry;
    }
  }
  return facts;
}

}  // namespace

std::string Fact::DayText() const {
  if (day == Day::Max()) return std::string();
  // A date that names its day is its own text; only others have to be written out.
  const event::v1::Occurred& occurred = proposed().occurred();
  const std::string& text = occurred.on().empty() ? occurred.latest() : occurred.on();
  constexpr size_t kDayBytes = 10;
  return text.size() == kDayBytes ? text : day.ToString();
}

const event::v1::Number* Fact::AssignedNumber() const {
  if (current->assigned().numbers_size() > 0) return &current->assigned().numbers(0);
  if (original != nullptr && original->assigned().numbers_size() > 0) {
    return &original->assigned().numbers(0);
  }
  return nullptr;
}

bool Knowledge::Covers(const Entry& entry) const {
  for (const std::string& meeting : entry.proposed().put_before()) {
    if (meetings.contains(meeting)) return true;
  }
  return entries.contains(entry.assigned().sequence());
}

bool IsReferenceFact(uint32_t fact_type) {
  // Blocks of numbers: offices from 80, forums from 100, persons from 120, plans from 140.
  if (fact_type >= Proposed::kOfficeEstablished && fact_type < Proposed::kMeetingScheduled) {
    return true;
  }
  return fact_type == Proposed::kMeetingScheduled || fact_type == Proposed::kMeetingThemeSet ||
         fact_type == Proposed::kMeetingRescheduled || fact_type == Proposed::kMeetingCancelled;
}

bool Amends(const Entry& entry) { return entry.proposed().has_corrects() || Withdraws(entry); }

std::vector<Fact> StateOf(absl::Span<const LoggedEntry> entries, const StateFilter& filter) {
  std::vector<Fact> facts;
  const bool amended = std::any_of(entries.begin(), entries.end(),
                                   [](const LoggedEntry& logged) { return Amends(*logged.entry); });
  if (amended) {
    facts = Amended(entries, filter);
  } else {
    facts.reserve(entries.size());
    for (const LoggedEntry& logged : entries) {
      if (!IsKnown(*logged.entry, TypeOf(*logged.entry), filter)) continue;
      facts.push_back({logged.sequence, Day(), logged.entry, logged.entry});
    }
  }
  for (Fact& fact : facts) fact.day = ledger::LastPossibleDay(fact.proposed().occurred());
  facts.erase(std::remove_if(facts.begin(), facts.end(),
                             [&](const Fact& fact) { return !Counts(fact, filter); }),
              facts.end());
  std::sort(facts.begin(), facts.end(), [](const Fact& a, const Fact& b) {
    return a.day != b.day ? a.day < b.day : a.sequence < b.sequence;
  });
  return facts;
}

std::vector<EntryPart> PartsOf(absl::Span<const LoggedEntry> entries, const StateFilter& filter) {
  absl::flat_hash_map<uint64_t, uint64_t> original_of;  // of entries that count
  absl::flat_hash_map<uint64_t, uint64_t> current_of;   // of originals
  for (const Fact& fact : StateOf(entries, filter)) {
    const uint64_t current = fact.current->assigned().sequence();
    original_of.emplace(current, fact.sequence.value());
    current_of.emplace(fact.sequence.value(), current);
  }
  // From the last, as in Amended: a withdrawal that is itself withdrawn does nothing.
  const Family family(entries);
  absl::flat_hash_map<uint64_t, uint64_t> withdrawn_by;
  for (auto logged = entries.rbegin(); logged != entries.rend(); ++logged) {
    const uint64_t sequence = logged->sequence.value();
    if (!Withdraws(*logged->entry) || withdrawn_by.contains(sequence)) continue;
    const uint64_t target = logged->entry->proposed().corrects();
    const Entry* const held = family.Find(target);
    if (held != nullptr && IsKnown(*logged->entry, TypeOf(*held), filter)) {
      withdrawn_by.emplace(target, sequence);
    }
  }
  const auto part_of = [&](const LoggedEntry& logged) -> EntryPart {
    const uint64_t sequence = logged.sequence.value();
    const event::v1::Proposed& proposed = logged.entry->proposed();
    if (const auto found = withdrawn_by.find(sequence); found != withdrawn_by.end()) {
      return {logged.sequence, Part::kWithdrawn, Sequence(found->second)};
    }
    if (Withdraws(*logged.entry)) {
      return {logged.sequence, Part::kWithdraws, Sequence(proposed.corrects())};
    }
    if (const auto counts = original_of.find(sequence); counts != original_of.end()) {
      if (counts->second == sequence) return {logged.sequence, Part::kCounts, absl::nullopt};
      return {logged.sequence, Part::kCorrects, Sequence(counts->second)};
    }
    if (const auto corrected = current_of.find(sequence); corrected != current_of.end()) {
      return {logged.sequence, Part::kCorrected, Sequence(corrected->second)};
    }
    if (!IsKnown(*logged.entry, TypeOf(*logged.entry), filter)) {
      return {logged.sequence, Part::kNotKnown, absl::nullopt};
    }
    if (proposed.has_corrects()) {
      const uint64_t original = family.OriginalOf(*logged.entry);
      if (current_of.contains(original) || withdrawn_by.contains(original)) {
        return {logged.sequence, Part::kReplaced, Sequence(original)};
      }
    }
    const Part why = filter.known_to == nullptr ? Part::kNotYetTrue : Part::kNotKnown;
    return {logged.sequence, why, absl::nullopt};
  };
  std::vector<EntryPart> parts;
  parts.reserve(entries.size());
  for (const LoggedEntry& logged : entries) parts.push_back(part_of(logged));
  return parts;
}

}  // namespace scrutiny::projections
