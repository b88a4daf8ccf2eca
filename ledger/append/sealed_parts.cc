#include "ledger/append/sealed_parts.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "ledger/append/recovery.h"
#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/status.h"
#include "ledger/format/entry_codec.h"
#include "ledger/seal/fragment.h"
#include "ledger/seal/sealer.h"

namespace scrutiny::ledger {
namespace {

using event::v1::Entry;
using event::v1::Proposed;
using event::v1::SealsErased;

constexpr char kErasuresRecord[] = "ledger/erasures";
// Keys that one SealsErased names at most.
constexpr size_t kErasedKeysPerEntry = 100;
// Rows looked at, deleted or described at a time.
constexpr size_t kRowsAtATime = 1000;

absl::Status Reused(absl::string_view request_id, Sequence first) {
  return Error(
             Reason::kRequestIdReused,
             absl::StrCat("The request id ", request_id,
                          " was used before, with other sealed parts (entry ", first.value(), ")."))
      .Field("request_id")
      .Value(request_id)
      .Next("Give a new append an id of its own.");
}

absl::Status NothingHeld(absl::string_view subject) {
  return Error(Reason::kNotFound, absl::StrCat("Nothing is sealed for ", subject, "."))
      .Record(subject)
      .Next("Look at the name; `scrutiny subject` lists what is held under one.");
}

absl::Span<const uint8_t> IdOf(const Entry& entry) {
  const std::string& id = entry.assigned().entry_id();
  return absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(id.data()), id.size());
}

bool Holds(absl::Span<const SubjectKeyId> ids, const SubjectKeyId& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

SubjectKeyId KeyIdOf(absl::string_view bytes) {
  SubjectKeyId id = {};
  if (bytes.size() == id.size()) std::copy(bytes.begin(), bytes.end(), id.begin());
  return id;
}

// The request id under which an erasure's n-th append is recorded: the same for the same request.
std::string RecordedAs(const ErasureRequest& request, size_t n) {
  const Hash hash =
      Sha256Of(absl::StrCat("ledger-erasure-v1\n", request.principal, "\n", request.request_id));
  const std::string id = absl::StrCat("erasure-", ToHex(AsBytes(hash).substr(0, kErasureIdBytes)));
  return n == 0 ? id : absl::StrCat(id, "-", n);
}

}  // namespace

absl::Status SealedParts::Seal(PreparedAppend& append) {
  if (append.validate_only) return absl::OkStatus();
  std::vector<std::string> subjects;
  for (const PreparedFact& fact : append.facts) {
    for (const SealWish& wish : fact.wishes) subjects.push_back(wish.sealed_for);
  }
  SCRUTINY_RETURN_IF_ERROR(parts_.keys.KeysFor(subjects).status());
  for (PreparedFact& fact : append.facts) {
    SCRUTINY_ASSIGN_OR_RETURN(
        std::vector<MadeSeal> made,
        SealTaken(fact.wishes, fact.payloads, fact.entry_id, parts_.keys, parts_.random));
    Entry seals;
    for (size_t i = 0; i < made.size(); ++i) {
      *seals.add_seals() = std::move(made[i].seal);
      fact.sealed.push_back({{Sequence(), static_cast<uint32_t>(i)},
                             made[i].row.subject,
                             EncodeSealRow(made[i].row)});
      append.sealed_bytes += fact.sealed.back().value.size();
    }
    seals.SerializeToString(&fact.seals);
  }
  return absl::OkStatus();
}

absl::Status SealedParts::CheckSame(const PreparedAppend& append, const RequestRecord& earlier) {
  if (append.validate_only) return absl::OkStatus();  // Its parts are not sealed.
  for (size_t i = 0; i < append.facts.size(); ++i) {
    const PreparedFact& fact = append.facts[i];
    SCRUTINY_ASSIGN_OR_RETURN(const Opened before, Open(earlier.first + i));
    bool same = fact.wishes.size() == before.parts.size();
    for (size_t k = 0; same && k < fact.wishes.size(); ++k) {
      const Part& part = before.parts[k];
      same = part.seal.field_path() == fact.wishes[k].field_path;
      if (part.state != State::kOpened) continue;  // Then principal and request id suffice.
      same = same && part.sealed_for == fact.wishes[k].sealed_for &&
             part.payload.view() == fact.payloads[k].view();
    }
    if (!same) return Reused(append.request_id, earlier.first);
  }
  return absl::OkStatus();
}

absl::Status CheckSameShape(Ledger& ledger, const PreparedAppend& append,
                            const RequestRecord& earlier) {
  if (append.validate_only) return absl::OkStatus();
  for (size_t i = 0; i < append.facts.size(); ++i) {
    const std::vector<SealWish>& wishes = append.facts[i].wishes;
    SCRUTINY_ASSIGN_OR_RETURN(const std::string bytes, ledger.EntryBytes(earlier.first + i));
    SCRUTINY_ASSIGN_OR_RETURN(const Entry entry, ParseEntry(bytes));
    const bool same =
        std::equal(entry.seals().begin(), entry.seals().end(), wishes.begin(), wishes.end(),
                   [](const event::v1::Seal& seal, const SealWish& wish) {
                     return seal.field_path() == wish.field_path;
                   });
    if (!same) return Reused(append.request_id, earlier.first);
  }
  return absl::OkStatus();
}

absl::StatusOr<SealedParts::Opened> SealedParts::Open(Sequence sequence) {
  Opened opened;
  SCRUTINY_ASSIGN_OR_RETURN(opened.entry, parts_.ledger.EntryBytes(sequence));
  SCRUTINY_ASSIGN_OR_RETURN(const Entry entry, ParseEntry(opened.entry));
  opened.merged = entry.proposed();
  bool closed = false;
  for (int i = 0; i < entry.seals_size(); ++i) {
    Part& part = opened.parts.emplace_back();
    part.seal = entry.seals(i);
    const SealPlace place{sequence, static_cast<uint32_t>(i)};
    SCRUTINY_ASSIGN_OR_RETURN(const absl::optional<std::string> value, parts_.store.Get(place));
    closed = closed || !value;
    if (!value) continue;
    SCRUTINY_ASSIGN_OR_RETURN(const SealRow row, ParseSealRow(*value));
    part.sealed_for = row.subject;
    absl::StatusOr<OpenedSeal> content =
        OpenPart(parts_.keys, IdOf(entry), static_cast<uint8_t>(i), part.seal, row);
    if (ReasonOf(content.status()) == Reason::kNotFound) {
      part.state = State::kNoKey;
      continue;
    }
    if (!content.ok()) return content.status();
    SCRUTINY_RETURN_IF_ERROR(
        MergeFragment(part.seal.field_path(), content->payload.view(), &opened.merged));
    part.state = State::kOpened;
    part.salt = std::move(content->salt);
    part.payload = std::move(content->payload);
  }
  if (!closed) return opened;
  SCRUTINY_RETURN_IF_ERROR(ForEachErasure([&](Sequence by, const SealsErased& erased) {
    for (const event::v1::SealPlace& place : erased.seals()) {
      if (place.sequence() != sequence.value() || place.index() >= opened.parts.size()) continue;
      Part& part = opened.parts[place.index()];
      if (part.seal.seal_id() != place.seal_id()) continue;
      part.state = State::kErased;
      part.erased_by = by;
    }
    return absl::OkStatus();
  }));
  return opened;
}

absl::StatusOr<SealedParts::Held> SealedParts::Describe(const SealPlace& place) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::string bytes, parts_.ledger.EntryBytes(place.sequence));
  SCRUTINY_ASSIGN_OR_RETURN(const Entry entry, ParseEntry(bytes));
  Held held;
  held.place = place;
  held.record = entry.proposed().record();
  held.type = FactType(entry.assigned().fact_type());
  held.recorded_at_us = entry.assigned().recorded_at_us();
  if (static_cast<int>(place.index) < entry.seals_size()) {
    const event::v1::Seal& seal = entry.seals(static_cast<int>(place.index));
    held.field_path = seal.field_path();
    held.bytes = seal.ciphertext_bytes();
  }
  return held;
}

absl::StatusOr<std::vector<SealedParts::Held>> SealedParts::HeldFor(absl::string_view subject,
                                                                    absl::optional<SealPlace> after,
                                                                    size_t max) {
  SCRUTINY_RETURN_IF_ERROR(ValidateSubject(subject, "subject"));
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<SealPlace> places,
                            parts_.store.HeldFor(subject, after, max));
  std::vector<Held> held;
  for (const SealPlace& place : places) {
    SCRUTINY_ASSIGN_OR_RETURN(held.emplace_back(), Describe(place));
  }
  return held;
}

absl::StatusOr<SealedParts::Erasure> SealedParts::Preview(absl::string_view subject) {
  SCRUTINY_RETURN_IF_ERROR(ValidateSubject(subject, "subject"));
  Erasure erasure;
  absl::optional<Sequence> last;
  for (absl::optional<SealPlace> after;;) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<Held> held, HeldFor(subject, after, kRowsAtATime));
    if (held.empty()) break;
    for (const Held& one : held) {
      ++erasure.seals;
      erasure.bytes += one.bytes;
      if (last != one.place.sequence) ++erasure.entries;
      last = one.place.sequence;
      if (erasure.held.size() < kPageEntriesMax) erasure.held.push_back(one);
    }
    after = held.back().place;
  }
  const uint64_t keys = parts_.keys.stats().keys;
  const bool has_key = HasKey(subject);
  erasure.survivors = keys - (has_key && keys > 0 ? 1 : 0);
  erasure.has_key = has_key;
  if (erasure.seals == 0 && !has_key) return NothingHeld(subject);
  return erasure;
}

absl::StatusOr<std::vector<SealedParts::Found>> SealedParts::RowsOf(
    absl::string_view subject, absl::Span<const SubjectKeyId> key_ids) {
  std::vector<Found> rows;
  for (absl::optional<SealPlace> after;;) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<SealPlace> places,
                              parts_.store.HeldFor(subject, after, kRowsAtATime));
    if (places.empty()) return rows;
    for (const SealPlace& place : places) {
      SCRUTINY_ASSIGN_OR_RETURN(const absl::optional<std::string> value, parts_.store.Get(place));
      if (!value) continue;
      SCRUTINY_ASSIGN_OR_RETURN(SealRow content, ParseSealRow(*value));
      // A key made after the erasure began is another one. One that is not here opens nothing, but
      // who has a copy of it could: what it sealed goes too.
      if (!Holds(key_ids, content.key_id) && parts_.keys.Find(content.key_id).ok()) continue;
      content.sealed.clear();
      rows.push_back({{place, std::string(subject), ""}, std::move(content)});
    }
    after = places.back();
  }
}

absl::Status SealedParts::WaitForQueue() {
  NewAppend nothing;
  nothing.principal = ServerPrincipal();
  nothing.request_id = "erasure-barrier";
  nothing.validate_only = true;
  Proposed& proposed = nothing.facts.emplace_back().proposed;
  proposed.set_record(kErasuresRecord);
  SealsErased& erased = *proposed.mutable_seals_erased();
  erased.set_erasure_id(std::string(kErasureIdBytes, '\0'));
  erased.set_reason("barrier");
  erased.set_authority("barrier");
  return parts_.append_as_server(std::move(nothing)).status();
}

absl::Status SealedParts::CheckCanRecord() const {
  const LedgerStatus status = parts_.ledger.status();
  if (status.read_only_because.empty() && !status.clock_unconfirmed) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition,
               status.clock_unconfirmed ? Reason::kClock : Reason::kReadOnly,
               absl::StrCat(
                   "Nothing was erased, since it could not be recorded: ",
                   status.clock_unconfirmed ? status.clock_message : status.read_only_because))
      .Next("Put that right first.");
}

absl::StatusOr<SealedParts::Erasure> SealedParts::Erase(const ErasureRequest& request) {
  SCRUTINY_RETURN_IF_ERROR(ValidateSubject(request.subject, "subject"));
  MutexLock one_at_a_time(erasing_);
  SCRUTINY_RETURN_IF_ERROR(CheckCanRecord());
  SCRUTINY_ASSIGN_OR_RETURN(const absl::optional<Receipt> before,
                            parts_.ledger.FindReceipt(ServerPrincipal(), RecordedAs(request, 0)));
  const std::vector<PendingErasure> unfinished = parts_.keys.pending();
  const bool interrupted =
      std::any_of(unfinished.begin(), unfinished.end(),
                  [&](const PendingErasure& there) { return there.request == request; });
  if (before && !interrupted) return Recorded(request);
  if (!followed_) SCRUTINY_RETURN_IF_ERROR(FollowAll());
  PendingErasure pending;
  {
    WriterLock nobody_seals(sealing_);
    SCRUTINY_ASSIGN_OR_RETURN(pending, Begin(request));
  }
  SCRUTINY_ASSIGN_OR_RETURN(Erasure erasure, Complete(pending));
  SCRUTINY_RETURN_IF_ERROR(MarkFollowed());
  return erasure;
}

absl::StatusOr<PendingErasure> SealedParts::Begin(const ErasureRequest& request) {
  absl::StatusOr<PendingErasure> begun = parts_.keys.BeginErasure(request);
  if (ReasonOf(begun.status()) != Reason::kNotFound) return begun;
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<SealPlace> held,
                            parts_.store.HeldFor(request.subject, absl::nullopt, 1));
  if (held.empty()) return NothingHeld(request.subject);
  // Sealed under a key that is not here: one made now is destroyed in its place, so that this
  // erasure is remembered as any other.
  SCRUTINY_RETURN_IF_ERROR(parts_.keys.KeyFor(request.subject).status());
  return parts_.keys.BeginErasure(request);
}

absl::Status SealedParts::MarkFollowed() {
  const std::string destroyed = parts_.keys.ErasedMark();
  SCRUTINY_ASSIGN_OR_RETURN(const std::string followed, parts_.store.erasures_followed());
  return followed == destroyed ? absl::OkStatus() : parts_.store.SetErasuresFollowed(destroyed);
}

// The keys are gone. What follows may be interrupted anywhere and done again.
absl::StatusOr<SealedParts::Erasure> SealedParts::Complete(const PendingErasure& pending) {
  // Else they may not be: nothing says that they are before the key store is opened again.
  SCRUTINY_RETURN_IF_ERROR(parts_.keys.CheckTakesChanges());
  // What was sealed under the key and waits is in its place before the rows are counted.
  SCRUTINY_RETURN_IF_ERROR(WaitForQueue());
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<Found> rows,
                            RowsOf(pending.request.subject, pending.key_ids));
  Erasure erasure;
  SCRUTINY_ASSIGN_OR_RETURN(erasure.sequence, Record(pending, rows));
  absl::optional<Sequence> last;
  std::vector<SealedRow> gone;
  for (const Found& found : rows) {
    SCRUTINY_ASSIGN_OR_RETURN(Held held, Describe(found.row.place));
    ++erasure.seals;
    erasure.bytes += held.bytes;
    if (last != found.row.place.sequence) ++erasure.entries;
    last = found.row.place.sequence;
    if (erasure.held.size() < kPageEntriesMax) erasure.held.push_back(std::move(held));
    gone.push_back(found.row);
  }
  SCRUTINY_RETURN_IF_ERROR(parts_.store.Erase(gone));
  SCRUTINY_RETURN_IF_ERROR(parts_.store.Compact());
  SCRUTINY_RETURN_IF_ERROR(parts_.keys.FinishErasure(pending.erasure_id));
  erasure.erased_at_us = pending.erased_at_us;
  erasure.unrecoverable_by_us = pending.erased_at_us + key_backups_micros_;
  erasure.survivors = pending.survivors;
  return erasure;
}

absl::StatusOr<SealedParts::Erasure> SealedParts::Recorded(const ErasureRequest& request) {
  Erasure erasure;
  erasure.repeated = true;
  absl::optional<uint64_t> last;
  for (size_t n = 0;; ++n) {
    SCRUTINY_ASSIGN_OR_RETURN(const absl::optional<Receipt> receipt,
                              parts_.ledger.FindReceipt(ServerPrincipal(), RecordedAs(request, n)));
    if (!receipt) return erasure;
    if (n == 0) erasure.sequence = receipt->first;
    for (const EntryReceipt& part : receipt->entries) {
      SCRUTINY_ASSIGN_OR_RETURN(const std::string bytes, parts_.ledger.EntryBytes(part.sequence));
      SCRUTINY_ASSIGN_OR_RETURN(const Entry entry, ParseEntry(bytes));
      const SealsErased& erased = entry.proposed().seals_erased();
      SCRUTINY_RETURN_IF_ERROR(CheckSameErasure(request, erased, receipt->first));
      erasure.erased_at_us = erased.erased_at_us();
      erasure.unrecoverable_by_us = erased.unrecoverable_by_us();
      for (const event::v1::SealPlace& place : erased.seals()) {
        SCRUTINY_ASSIGN_OR_RETURN(Held held, Describe({Sequence(place.sequence()), place.index()}));
        ++erasure.seals;
        erasure.bytes += held.bytes;
        if (last != place.sequence()) ++erasure.entries;
        last = place.sequence();
        if (erasure.held.size() < kPageEntriesMax) erasure.held.push_back(std::move(held));
      }
    }
  }
}

// The entry does not name the subject; the key store knows whose keys it destroyed.
absl::Status SealedParts::CheckSameErasure(const ErasureRequest& request, const SealsErased& erased,
                                           Sequence first) const {
  bool same = erased.reason() == request.reason && erased.authority() == request.authority;
  for (const std::string& id : erased.key_ids()) {
    const absl::optional<Tombstone> key = parts_.keys.ErasedKey(KeyIdOf(id));
    same = same && (!key || key->subject.empty() || key->subject == request.subject);
  }
  if (same) return absl::OkStatus();
  return Error(Reason::kRequestIdReused,
               absl::StrCat("The request id ", request.request_id,
                            " was used before, for another erasure (entry ", first.value(),
                            "). Nothing was erased now."))
      .Field("request_id")
      .Value(request.request_id)
      .Next("Give this erasure an id of its own.");
}

absl::StatusOr<SealsErased> SealedParts::Describe(const PendingErasure& pending,
                                                  absl::Span<const Found> rows) {
  SealsErased erased;
  erased.set_erasure_id(pending.erasure_id.data(), pending.erasure_id.size());
  std::vector<SubjectKeyId> ids = pending.key_ids;
  for (const Found& found : rows) {
    if (!Holds(ids, found.content.key_id) && ids.size() < kErasedKeysPerEntry) {
      ids.push_back(found.content.key_id);
    }
  }
  for (const SubjectKeyId& id : ids) erased.add_key_ids(id.data(), id.size());
  erased.set_reason(pending.request.reason);
  erased.set_authority(pending.request.authority);
  erased.set_erased_at_us(pending.erased_at_us);
  erased.set_unrecoverable_by_us(pending.erased_at_us + key_backups_micros_);
  for (const Found& found : rows) {
    const SealPlace& place = found.row.place;
    SCRUTINY_ASSIGN_OR_RETURN(const std::string bytes, parts_.ledger.EntryBytes(place.sequence));
    SCRUTINY_ASSIGN_OR_RETURN(const Entry entry, ParseEntry(bytes));
    event::v1::SealPlace* const out = erased.add_seals();
    out->set_sequence(place.sequence.value());
    out->set_index(place.index);
    if (static_cast<int>(place.index) < entry.seals_size()) {
      out->set_seal_id(entry.seals(static_cast<int>(place.index)).seal_id());
    }
  }
  return erased;
}

absl::StatusOr<Sequence> SealedParts::Record(const PendingErasure& pending,
                                             absl::Span<const Found> rows) {
  absl::optional<Sequence> first;
  constexpr size_t kSealsAnAppend = kErasedSealsPerEntry * kErasureEntriesPerAppend;
  for (size_t n = 0; n == 0 || n * kSealsAnAppend < rows.size(); ++n) {
    NewAppend append;
    append.principal = ServerPrincipal();
    append.request_id = RecordedAs(pending.request, n);
    // Recorded before an interruption: no row is deleted before all of it is recorded.
    SCRUTINY_ASSIGN_OR_RETURN(const absl::optional<Receipt> before,
                              parts_.ledger.FindReceipt(append.principal, append.request_id));
    if (before) {
      if (!first) first = before->first;
      continue;
    }
    const absl::Span<const Found> part = rows.subspan(n * kSealsAnAppend, kSealsAnAppend);
    for (size_t at = 0; at == 0 || at < part.size(); at += kErasedSealsPerEntry) {
      Proposed& proposed = append.facts.emplace_back().proposed;
      proposed.set_record(kErasuresRecord);
      SCRUTINY_ASSIGN_OR_RETURN(*proposed.mutable_seals_erased(),
                                Describe(pending, part.subspan(at, kErasedSealsPerEntry)));
    }
    SCRUTINY_ASSIGN_OR_RETURN(const Receipt receipt, parts_.append_as_server(std::move(append)));
    if (!first) first = receipt.first;
  }
  return *first;
}

absl::Status SealedParts::ForEachErasure(
    const std::function<absl::Status(Sequence, const SealsErased&)>& visit) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<IndexView> view, parts_.ledger.Index());
  const FactType type(Proposed::kSealsErasedFieldNumber);
  for (Ordinal from(1);;) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<Sequence> found,
                              view->OfType(type, from, kRowsAtATime));
    if (found.empty()) return absl::OkStatus();
    for (const Sequence sequence : found) {
      SCRUTINY_ASSIGN_OR_RETURN(const std::string bytes, parts_.ledger.EntryBytes(sequence));
      SCRUTINY_ASSIGN_OR_RETURN(const Entry entry, ParseEntry(bytes));
      SCRUTINY_RETURN_IF_ERROR(visit(sequence, entry.proposed().seals_erased()));
    }
    from = from + found.size();
  }
}

// A key store from an older copy may hold keys that this ledger says were destroyed, and a ledger's
// store from an older copy their ciphertexts.
absl::Status SealedParts::FollowRecordedErasures(std::vector<SealedRow>* gone) {
  std::vector<Tombstone> destroyed;
  SCRUTINY_RETURN_IF_ERROR(ForEachErasure([&](Sequence, const SealsErased& erased) -> absl::Status {
    std::vector<SubjectKeyId> ids;
    for (const std::string& id : erased.key_ids()) ids.push_back(KeyIdOf(id));
    for (const event::v1::SealPlace& place : erased.seals()) {
      const SealPlace at{Sequence(place.sequence()), place.index()};
      SCRUTINY_ASSIGN_OR_RETURN(const absl::optional<std::string> value, parts_.store.Get(at));
      if (!value) continue;
      SCRUTINY_ASSIGN_OR_RETURN(const SealRow row, ParseSealRow(*value));
      if (Holds(ids, row.key_id)) gone->push_back({at, row.subject, ""});
    }
    for (const SubjectKeyId& id : ids) destroyed.push_back({id, "", erased.erased_at_us()});
    return absl::OkStatus();
  }));
  return parts_.keys.DestroyKeys(destroyed);
}

// Keys were destroyed of which this ledger, restored from an older copy, does not know: it is told,
// in an entry of its own.
absl::Status SealedParts::FollowDestroyedKeys(std::vector<SealedRow>* gone) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::string followed, parts_.store.erasures_followed());
  if (followed == parts_.keys.ErasedMark()) return absl::OkStatus();
  std::set<SealPlace> known;
  for (const SealedRow& row : *gone) known.insert(row.place);
  std::vector<Found> unrecorded;
  for (SealPlace from;;) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<SealedRow> rows,
                              parts_.store.From(from, kRowsAtATime));
    if (rows.empty()) break;
    for (const SealedRow& row : rows) {
      SCRUTINY_ASSIGN_OR_RETURN(SealRow content, ParseSealRow(row.value));
      const SealedRow found{row.place, content.subject, ""};
      if (known.count(row.place) > 0 || !parts_.keys.IsErased(content.key_id)) continue;
      content.sealed.clear();
      gone->push_back(found);
      unrecorded.push_back({found, std::move(content)});
    }
    from = {rows.back().place.sequence, rows.back().place.index + 1};
  }
  // Key by key: an entry that says what was erased says it of whole keys.
  std::sort(unrecorded.begin(), unrecorded.end(), [](const Found& a, const Found& b) {
    return std::tie(a.content.key_id, a.row.place) < std::tie(b.content.key_id, b.row.place);
  });
  for (auto at = unrecorded.begin(); at != unrecorded.end();) {
    const auto end = std::find_if(at, unrecorded.end(), [&](const Found& found) {
      return found.content.key_id != at->content.key_id;
    });
    PendingErasure again;
    parts_.random.Fill(again.erasure_id);
    again.key_ids = {at->content.key_id};
    again.request.request_id = absl::StrCat(
        "again-", ToHex(absl::string_view(reinterpret_cast<const char*>(again.erasure_id.data()),
                                          again.erasure_id.size())));
    again.request.reason = "Erased before this ledger was restored from an older copy; done again.";
    again.request.authority = "The erasure that destroyed the keys";
    const absl::optional<Tombstone> key = parts_.keys.ErasedKey(at->content.key_id);
    again.erased_at_us = key ? key->erased_at_us : parts_.clock.WallMicros();
    SCRUTINY_RETURN_IF_ERROR(
        Record(again, absl::MakeConstSpan(&*at, static_cast<size_t>(end - at))).status());
    at = end;
  }
  return absl::OkStatus();
}

absl::Status SealedParts::CompletePending() {
  MutexLock one_at_a_time(erasing_);
  SCRUTINY_RETURN_IF_ERROR(parts_.keys.CheckTakesChanges());
  if (!followed_) return FollowAll();
  if (parts_.keys.stats().pending_erasures == 0) return absl::OkStatus();
  SCRUTINY_RETURN_IF_ERROR(CheckCanRecord());
  for (const PendingErasure& pending : parts_.keys.pending()) {
    SCRUTINY_RETURN_IF_ERROR(Complete(pending).status());
  }
  return MarkFollowed();
}

absl::Status SealedParts::Follow() {
  MutexLock one_at_a_time(erasing_);
  if (CheckCanRecord().ok()) return FollowAll();
  // What needs no entry, at once: nothing that was erased is opened. The rest when it can be
  // recorded: see CompletePending.
  std::vector<SealedRow> gone;
  SCRUTINY_RETURN_IF_ERROR(FollowRecordedErasures(&gone));
  SCRUTINY_RETURN_IF_ERROR(parts_.store.Erase(gone));
  return gone.empty() ? absl::OkStatus() : parts_.store.Compact();
}

absl::Status SealedParts::FollowAll() {
  SCRUTINY_RETURN_IF_ERROR(CheckCanRecord());
  SCRUTINY_RETURN_IF_ERROR(parts_.keys.CheckTakesChanges());
  for (const PendingErasure& pending : parts_.keys.pending()) {
    SCRUTINY_RETURN_IF_ERROR(Complete(pending).status());
  }
  std::vector<SealedRow> gone;
  SCRUTINY_RETURN_IF_ERROR(FollowRecordedErasures(&gone));
  SCRUTINY_RETURN_IF_ERROR(FollowDestroyedKeys(&gone));
  SCRUTINY_RETURN_IF_ERROR(parts_.store.Erase(gone));
  SCRUTINY_ASSIGN_OR_RETURN(const std::string followed, parts_.store.erasures_followed());
  // Also where an interruption came between deleting and this.
  if (!gone.empty() || followed != parts_.keys.ErasedMark()) {
    SCRUTINY_RETURN_IF_ERROR(parts_.store.Compact());
  }
  SCRUTINY_RETURN_IF_ERROR(MarkFollowed());
  followed_ = true;
  return absl::OkStatus();
}

absl::Status SealTakenOut(SealedParts* seals, PreparedAppend& append) {
  if (!HasSealed(append) || IsRefusedForCertain(append)) return absl::OkStatus();
  if (seals != nullptr) return seals->Seal(append);
  return Error(Reason::kSealsUnavailable,
               "Nothing can be sealed: this server has no key store at hand.")
      .Field("seals")
      .Next("Ask the operator; `scrutiny status` says why there is none.");
}

}  // namespace scrutiny::ledger
