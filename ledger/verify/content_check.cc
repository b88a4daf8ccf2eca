#include "ledger/verify/content_check.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "ledger/format/entry_codec.h"
#include "ledger/note/vkey.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

constexpr char kIdentityRecord[] = "ledger/identity";
constexpr uint32_t kFormatVersion = 1;
constexpr char kHashAlgorithm[] = "sha256";

// "18 March 2019 at 10:00:00 UTC".
std::string InWords(int64_t micros) {
  return absl::FormatTime("%-d %B %Y at %H:%M:%S UTC", absl::FromUnixMicros(micros),
                          absl::UTCTimeZone());
}

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
  if (facts.about_ledger) {
    const absl::StatusOr<event::v1::Entry> entry = ParseEntry(bytes);
    if (entry.ok()) CheckLedger(index, *entry);
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
        absl::StrCat("it is said to be recorded on ", InWords(facts.recorded_at_us),
                     ", before the entry in front of it, of ", InWords(last_recorded_at_us_)));
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

void ContentChecker::CheckLedger(Sequence index, const event::v1::Entry& entry) {
  const event::v1::Proposed& proposed = entry.proposed();
  if (!proposed.has_seals_erased() && proposed.record() != kIdentityRecord) {
    Say(index, absl::StrCat("it is of the ledger itself and not on ", kIdentityRecord));
  }
  if (proposed.has_ledger_started()) {
    if (index != Sequence(0)) Say(index, "it starts the ledger and is not the first");
    Identify(index, proposed.ledger_started());
  } else if (proposed.has_incarnation_started()) {
    Identify(index, proposed.incarnation_started());
  } else if (proposed.has_log_key_rotated()) {
    const event::v1::LogKeyRotated& rotated = proposed.log_key_rotated();
    const std::string current = keys_.empty() ? "" : keys_.back().vkey;
    if (rotated.old_key() != current) {
      Say(index, absl::StrCat("it replaces the key ", rotated.old_key(), ", and the ledger's is ",
                              current.empty() ? "not named yet" : current));
    }
    NameKey(index, rotated.new_key(), rotated.both_sign_until_us());
  } else if (proposed.has_seals_erased()) {
    CheckErasure(index, proposed.seals_erased());
  }
}

template <typename Identity>
void ContentChecker::Identify(Sequence index, const Identity& identity) {
  if (identity.ledger_id().size() != 16) Say(index, "its ledger id is not of 16 bytes");
  if (!ledger_id_.empty() && identity.ledger_id() != ledger_id_) {
    Say(index, "it is of another ledger");
  }
  if (identity.incarnation() <= incarnation_) {
    Say(index, absl::StrCat("it is of incarnation ", identity.incarnation(),
                            ", which is not after incarnation ", incarnation_));
  }
  if (identity.format_version() != kFormatVersion || identity.hash_algorithm() != kHashAlgorithm) {
    Say(index,
        absl::StrCat("it names version ", identity.format_version(), " of the format and the hash ",
                     identity.hash_algorithm(), ", which this program does not know"));
  }
  ledger_id_ = identity.ledger_id();
  incarnation_ = identity.incarnation();
  origin_ = identity.origin();
  if (!identity.log_key().empty()) NameKey(index, identity.log_key(), 0);
}

void ContentChecker::NameKey(Sequence index, const std::string& vkey, int64_t old_signs_until_us) {
  if (!ParseVerifierKey(vkey).ok()) Say(index, "the verifier key that it names is none");
  keys_.push_back({.vkey = vkey, .named_by = index, .old_signs_until_us = old_signs_until_us});
}

void ContentChecker::CheckErasure(Sequence index, const event::v1::SealsErased& erased) {
  for (const event::v1::SealPlace& place : erased.seals()) {
    ++seals_erased_;
    SealId id{};
    const bool whole = place.seal_id().size() == id.size();
    if (whole) std::copy_n(place.seal_id().begin(), id.size(), id.begin());
    const auto known = whole ? seals_.find(id) : seals_.end();
    if (known == seals_.end() || known->second.entry != Sequence(place.sequence()) ||
        known->second.index != place.index()) {
      Say(index, absl::StrCat("it erases seal ", place.index(), " of entry ", place.sequence(),
                              ", and no seal of that id stands there"));
    }
  }
}

void ContentChecker::Finish(const LogReport& report) {
  bytes_ = last_bytes_;
  if (entries_ == 0) return;
  const Sequence last(entries_ - 1);
  if (append_end_ > last + 1) {
    Say(last, absl::StrCat("the append of ", append_count_, " entries from entry ",
                           append_first_.value(), " on is cut short behind it"));
  }
  if (origin_ != report.checkpoint.origin) {
    Say(last, absl::StrCat("up to here the entries say that their origin is \"", origin_,
                           "\", and the checkpoint is of \"", report.checkpoint.origin, "\""));
  }
  NoticeKeys(report);
}

void ContentChecker::NoticeKeys(const LogReport& report) {
  if (keys_.empty()) return;
  const NamedKey& current = keys_.back();
  bool named = false;
  std::string given;
  for (const VerifiedSignature& signature : report.signatures) {
    if (signature.key.type != KeyType::kEd25519) continue;
    given = ToString(signature.key);
    if (given == current.vkey) return;
    named = named || std::any_of(keys_.begin(), keys_.end(),
                                 [&](const NamedKey& key) { return key.vkey == given; });
  }
  std::string notice =
      absl::StrCat("There is a newer key: entry ", current.named_by.value(), " names ",
                   current.vkey, " as the one that signs from then on. ");
  if (!named) {
    absl::StrAppend(&notice, "The key you gave, ", given,
                    ", is none that the ledger's own entries name. Ask whoever gave it to you.");
  } else if (current.old_signs_until_us > 0) {
    absl::StrAppend(&notice, "The key you gave signs until ", InWords(current.old_signs_until_us),
                    "; use the newer one next time.");
  } else {
    absl::StrAppend(&notice, "The key you gave is an older one; use the newer one next time.");
  }
  notices_.push_back(std::move(notice));
}

void ContentChecker::Count(LogReport* report) const {
  report->entries = entries_;
  report->entry_bytes = entry_bytes_;
  report->records = heads_.size();
  report->seals = seals_.size();
  report->seals_erased = seals_erased_;
  report->ledger_id = ledger_id_;
  report->incarnation = incarnation_;
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
