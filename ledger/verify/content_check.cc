#include "ledger/verify/content_check.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "ledger/format/entry_codec.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

constexpr char kErasuresRecord[] = "ledger/erasures";

std::string Told(const absl::optional<Sequence>& sequence) {
  return sequence.has_value() ? absl::StrCat("entry ", sequence->value()) : "none";
}

}  // namespace

void ContentChecker::Add(Sequence index, absl::string_view bytes, const EntryFacts& facts) {
  bytes_ = bytes;
  last_bytes_.assign(bytes.data(), bytes.size());
  ++entries_;
  entry_bytes_ += bytes.size();
  CheckAlone(index, facts);
  if (!facts.parsed) {
    // What its append, record and type make of it is not known; the append goes on behind it.
    append_end_ = std::max(append_end_, index + 1);
    return;
  }
  CheckRecord(index, facts);
  CheckOrdinal(index, facts);
  CheckAppend(index, facts);
  CheckTime(index, facts);
  CheckSeals(index, facts);
  if (facts.unknown_type) ++unknown_types_;
  if (facts.about_ledger) {
    const absl::StatusOr<event::v1::Entry> entry = ParseEntry(bytes);
    if (entry.ok()) CheckLedger(index, entry->proposed());
  }
  constexpr FactType kLedgerStarted(event::v1::Proposed::kLedgerStartedFieldNumber);
  if (index == Sequence(0) && facts.type != kLedgerStarted) {
    Say(index, "it is the first and does not start the ledger");
  }
}

void ContentChecker::CheckAlone(Sequence index, const EntryFacts& facts) {
  if (!facts.problem.empty()) Say(index, facts.problem);
  if (facts.parsed && facts.sequence != index) {
    Say(index, absl::StrCat("it says that it is entry ", facts.sequence.value()));
  }
}

void ContentChecker::CheckRecord(Sequence index, const EntryFacts& facts) {
  Head& head = heads_[facts.record];
  const absl::optional<Sequence> previous =
      head.revision == Revision(0) ? absl::nullopt : absl::make_optional(head.last);
  if (facts.revision != head.revision + 1) {
    Say(index, absl::StrCat("its revision is ", facts.revision.value(), ", and ",
                            head.revision.value() + 1, " is the next of its record"));
  }
  if (facts.previous != previous) {
    Say(index, absl::StrCat("the entry before it in its record is said to be ",
                            Told(facts.previous), ", and is ", Told(previous)));
  }
  head = {.revision = facts.revision, .last = index};
}

void ContentChecker::CheckOrdinal(Sequence index, const EntryFacts& facts) {
  Ordinal& last = ordinals_[facts.type.value()];
  if (facts.ordinal != last + 1) {
    Say(index, absl::StrCat("it is said to be number ", facts.ordinal.value(), " of type ",
                            facts.type.value(), ", and number ", last.value() + 1, " is the next"));
  }
  last = facts.ordinal;
}

void ContentChecker::CheckAppend(Sequence index, const EntryFacts& facts) {
  const bool goes_on = index < append_end_;
  if (goes_on && facts.append_first == append_first_ && facts.append_count == append_count_) {
    if (facts.request != append_request_) {
      Say(index, absl::StrCat("it is of another request than entry ", append_first_.value(),
                              ", with which it was appended"));
    }
    return;
  }
  if (goes_on) {
    Say(index, absl::StrCat("the append of ", append_count_, " entries from entry ",
                            append_first_.value(), " on is cut short before it"));
  }
  if (facts.append_first != index) {
    Say(index, absl::StrCat("its append is said to begin at entry ", facts.append_first.value(),
                            ", and begins with it"));
  }
  append_first_ = facts.append_first;
  append_count_ = facts.append_count;
  append_request_ = facts.request;
  // Never behind the entry itself, whatever is said; a count beyond all bounds is a problem told.
  append_end_ = std::max(append_first_ + append_count_, index + 1);
}

void ContentChecker::CheckTime(Sequence index, const EntryFacts& facts) {
  if (facts.recorded_at_us < last_recorded_at_us_) {
    Say(index,
        absl::StrCat("it is said to be recorded on ", TimeInWords(facts.recorded_at_us),
                     ", before the entry in front of it, of ", TimeInWords(last_recorded_at_us_)));
  }
  last_recorded_at_us_ = facts.recorded_at_us;
}

void ContentChecker::CheckSeals(Sequence index, const EntryFacts& facts) {
  for (uint32_t i = 0; i < facts.seals.size(); ++i) {
    const auto [known, fresh] =
        seals_.emplace(facts.seals[i], SealPlaceOf{.entry = index, .index = i});
    if (!fresh) {
      Say(index, absl::StrCat("seal ", i, " has the id of seal ", known->second.index, " of entry ",
                              known->second.entry.value()));
    }
  }
}

void ContentChecker::CheckLedger(Sequence index, const event::v1::Proposed& proposed) {
  const bool erases = proposed.has_seals_erased();
  const absl::string_view record = erases ? kErasuresRecord : kIdentityRecord;
  if (proposed.record() != record) {
    Say(index, absl::StrCat("it is of the ledger itself and not on ", record));
  }
  if (erases) {
    CheckErasure(index, proposed.seals_erased());
  } else {
    identity_.Add(index, proposed, [this](Sequence at, absl::string_view what) { Say(at, what); });
  }
}

void ContentChecker::CheckErasure(Sequence index, const event::v1::SealsErased& erased) {
  for (const event::v1::SealPlace& place : erased.seals()) {
    SealId id{};
    const bool whole = place.seal_id().size() == id.size();
    if (whole) std::copy_n(place.seal_id().begin(), id.size(), id.begin());
    const auto known = whole ? seals_.find(id) : seals_.end();
    if (known == seals_.end() || known->second.entry != Sequence(place.sequence()) ||
        known->second.index != place.index()) {
      Say(index, absl::StrCat("it erases seal ", place.index(), " of entry ", place.sequence(),
                              ", and no seal of that id stands there"));
      continue;
    }
    // Once more is no slip: a ledger that was restored from an older copy records it again.
    if (!known->second.erased) ++seals_erased_;
    known->second.erased = true;
  }
}

void ContentChecker::Finish(const LogReport& report, const SignedNote& note) {
  bytes_ = last_bytes_;
  if (entries_ == 0) return;
  const Sequence last(entries_ - 1);
  if (append_end_ > last + 1) {
    Say(last, absl::StrCat("the append of ", append_count_, " entries from entry ",
                           append_first_.value(), " on is cut short behind it"));
  }
  identity_.Finish(last, last_recorded_at_us_, report, note,
                   [this](Sequence at, absl::string_view what) { Say(at, what); });
}

void ContentChecker::Count(LogReport* report) const {
  report->entries = entries_;
  report->entry_bytes = entry_bytes_;
  report->records = heads_.size();
  report->seals = seals_.size();
  report->seals_erased = seals_erased_;
  report->unknown_types = unknown_types_;
  report->ledger_id = identity_.ledger_id();
  report->incarnation = identity_.incarnation();
  report->last_recorded_at_us = last_recorded_at_us_;
}

void ContentChecker::Say(Sequence index, absl::string_view what) {
  if (damages_.size() >= kDamagesMax) {
    ++untold_;
    return;
  }
  damages_.push_back({.kind = DamageKind::kContent,
                      .what = absl::StrCat(NameOfEntry(index, bytes_), ": ", what, "."),
                      .entry = index,
                      .record = RecordOf(bytes_)});
}

}  // namespace scrutiny::ledger
