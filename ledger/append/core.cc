#include "ledger/append/core.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/status.h"
#include "ledger/format/big_endian.h"
#include "ledger/format/entry_codec.h"
#include "ledger/format/hash.h"

namespace scrutiny::ledger {
namespace {

using event::v1::Number;
using event::v1::NumberSeries;
using event::v1::Proposed;

std::string SeriesPrefix(const AskedNumber& asked) {
  return NumberSeriesPrefix(asked.kind, asked.series, asked.year);
}

// The series and number of a number claim; an empty prefix for any other claim.
absl::string_view SplitNumberClaim(absl::string_view key, uint64_t& number) {
  if (key.size() <= 8) return {};
  number = LoadBigEndian<uint64_t>(key.data() + key.size() - 8);
  return key.substr(0, key.size() - 8);
}

// What was taken out of a fact is never recorded without its ciphertext.
absl::Status CheckSealed(const PreparedAppend& append) {
  for (const PreparedFact& fact : append.facts) {
    if (fact.sealed.size() == fact.wishes.size() || append.validate_only) continue;
    return Error(Reason::kInternal, "A part of this append was not sealed.");
  }
  return absl::OkStatus();
}

}  // namespace

absl::optional<AskedNumber> NumberAskedBy(const Proposed& proposed) {
  const NumberSeries* series = nullptr;
  if (proposed.decision_taken().has_assign()) series = &proposed.decision_taken().assign();
  if (proposed.decision_numbered().has_assign()) series = &proposed.decision_numbered().assign();
  if (series != nullptr) return AskedNumber{"decisions", series->series(), series->year()};
  if (!proposed.minute_numbered().has_assign()) return absl::nullopt;
  series = &proposed.minute_numbered().assign();
  return AskedNumber{"meetings", series->series(), series->year()};
}

bool Core::Series::Use(uint64_t number) {
  if (number < next_free || !used.insert(number).second) return false;
  while (!used.empty() && *used.begin() == next_free) {
    used.erase(used.begin());
    ++next_free;
  }
  return true;
}

void Core::Series::GiveBack(uint64_t number) {
  for (uint64_t n = number + 1; n < next_free; ++n) used.insert(n);
  used.erase(number);
  next_free = std::min(next_free, number);
}

// What the rules see: what was read ahead, up to its position, and recent entries from there on.
class Core::View final : public RuleView {
 public:
  View(const Core& core, const PreparedAppend& append, const std::string& record)
      : core_(core), append_(append), record_(record) {}

  TreeSize size() const override { return core_.size_; }

  bool IsHeld() const override { return core_.HeadOf(append_, record_).revision > Revision(0); }

  absl::Span<const HistoryItem> History() const override {
    if (!history_known_) {
      const auto read = append_.reads.histories.find(record_);
      if (read != append_.reads.histories.end()) history_ = read->second;
      for (const HistoryItem& item : core_.overlay_.History(record_)) {
        if (item.sequence >= NextSequence(append_.reads.position)) history_.push_back(item);
      }
      history_known_ = true;
    }
    return history_;
  }

  std::vector<ClaimHolder> Holders(absl::string_view claim) const override {
    std::vector<ClaimHolder> holders;
    const auto read = append_.reads.claims.find(claim);
    if (read != append_.reads.claims.end()) {
      for (const ClaimHit& hit : read->second) {
        holders.push_back({hit.sequence, hit.record, hit.item});
      }
    }
    for (const ClaimHit& hit : core_.overlay_.Claims(claim)) {
      if (hit.sequence >= NextSequence(append_.reads.position)) {
        holders.push_back({hit.sequence, hit.record, hit.item});
      }
    }
    return holders;
  }

  bool IsWithdrawn(const ClaimHolder& holder) const override {
    return !Holders(WithdrawalClaim(holder.sequence)).empty();
  }

 private:
  const Core& core_;
  const PreparedAppend& append_;
  const std::string& record_;
  mutable bool history_known_ = false;
  mutable std::vector<HistoryItem> history_;
};

Core::Core(CoreState state)
    : size_(state.size),
      ordinals_(std::move(state.ordinals)),
      overlay_(state.indexed),
      builder_(NextSequence(state.size)),
      tree_(std::move(state.tree)),
      without_tree_(state.without_tree) {
  SCRUTINY_CHECK(tree_.size() == size_) << "the tree must be that of the entries";
}

std::vector<std::string> Core::UnknownSeries(const PreparedAppend& append) {
  // Also what is only tried is learned; what is forgotten can be learned again.
  if (series_.size() > kNumberSeriesKnownMax) series_.clear();
  std::vector<std::string> unknown;
  for (const PreparedFact& fact : append.facts) {
    const absl::optional<AskedNumber> asked = NumberAskedBy(fact.proposed);
    if (!asked) continue;
    std::string prefix = SeriesPrefix(*asked);
    if (!series_.contains(prefix)) unknown.push_back(std::move(prefix));
  }
  return unknown;
}

void Core::KnowSeries(const std::string& series_prefix, const std::vector<uint64_t>& used) {
  auto [it, added] = series_.try_emplace(series_prefix);
  if (!added) return;
  for (const uint64_t number : used) it->second.Use(number);
  for (const uint64_t number : overlay_.UsedNumbers(series_prefix)) it->second.Use(number);
}

RecordHead Core::HeadOf(const PreparedAppend& append, const std::string& record) const {
  if (const RecordHead* recent = overlay_.Head(record)) return *recent;
  const auto read = append.reads.heads.find(record);
  return read == append.reads.heads.end() ? RecordHead{} : read->second;
}

absl::Status Core::CheckRevisions(const PreparedAppend& append) const {
  for (size_t i = 0; i < append.facts.size(); ++i) {
    const PreparedFact& fact = append.facts[i];
    if (!fact.expected_revision) continue;
    const Revision held = HeadOf(append, fact.proposed.record()).revision;
    if (held != *fact.expected_revision) {
      return Error(Reason::kWrongRevision,
                   absl::StrCat(fact.proposed.record(), " is at revision ", held.value(), ", not ",
                                fact.expected_revision->value(), "."))
          .Field(absl::StrCat("facts[", i, "].expected_revision"))
          .Record(fact.proposed.record())
          .Value(fact.expected_revision->ToString())
          .FactIndex(static_cast<uint32_t>(i))
          .Next("Read the record again and decide again.");
    }
  }
  for (size_t i = 0; i < append.guards.size(); ++i) {
    const Guard& guard = append.guards[i];
    const Revision held = HeadOf(append, guard.record).revision;
    if (held != guard.revision) {
      return Error(Reason::kGuardNotMet,
                   absl::StrCat(guard.record, " is at revision ", held.value(), ", not ",
                                guard.revision.value(), "."))
          .Field(absl::StrCat("guards[", i, "].revision"))
          .Record(guard.record)
          .Value(guard.revision.ToString())
          .Next("Read the record again and decide again.");
    }
  }
  return absl::OkStatus();
}

std::vector<Number> Core::AssignNumbers(const PreparedFact& fact) {
  const absl::optional<AskedNumber> asked = NumberAskedBy(fact.proposed);
  if (!asked) return {};
  const auto series = series_.find(SeriesPrefix(*asked));
  SCRUTINY_CHECK(series != series_.end()) << "KnowSeries comes before Admit";
  Number number;
  number.set_kind(asked->kind);
  number.set_series(asked->series);
  number.set_year(asked->year);
  number.set_number(series->second.next_free);
  number.set_printed(asked->year == 0 ? absl::StrCat(number.number())
                                      : absl::StrCat(asked->year, "/", number.number()));
  return {number};
}

void Core::UseNumbers(const Derived& derived) {
  for (const Claim& claim : derived.claims) {
    uint64_t number = 0;
    const absl::string_view prefix = SplitNumberClaim(claim.key, number);
    if (prefix.empty()) continue;
    const auto series = series_.find(prefix);
    if (series != series_.end() && series->second.Use(number)) {
      newly_used_.emplace_back(&series->second, number);
    }
  }
}

void Core::WriteEntry(const PreparedAppend& append, const PreparedFact& fact,
                      const IndexedEntry& indexed, absl::optional<Sequence> previous,
                      Sequence first, const std::vector<Number>& numbers) {
  assigned_.Clear();
  assigned_.set_sequence(indexed.sequence.value());
  assigned_.set_entry_id(fact.entry_id.data(), fact.entry_id.size());
  assigned_.set_revision(indexed.revision.value());
  if (previous) assigned_.set_previous(previous->value());
  assigned_.set_fact_type(indexed.derived.type.value());
  assigned_.set_type_ordinal(indexed.ordinal.value());
  assigned_.set_recorded_at_us(recorded_at_us_);
  *assigned_.mutable_principal() = append.principal;
  assigned_.set_request_id(append.request_id);
  assigned_.set_append_first(first.value());
  assigned_.set_append_count(static_cast<uint32_t>(append.facts.size()));
  for (const Number& number : numbers) *assigned_.add_numbers() = number;
  entry_bytes_.clear();
  AppendEntry(&entry_bytes_, fact.bytes, assigned_, fact.seals);
}

absl::Status Core::AdmitFact(const PreparedAppend& append, size_t i, Sequence first,
                             EntryReceipt& receipt) {
  const PreparedFact& fact = append.facts[i];
  const std::string& record = fact.proposed.record();
  SCRUTINY_RETURN_IF_ERROR(Judge(fact.proposed, fact.derived, Day::FromUnixMicros(recorded_at_us_),
                                 View(*this, append, record)));
  const RecordHead head = HeadOf(append, record);
  receipt.numbers = AssignNumbers(fact);

  IndexedEntry indexed;
  indexed.sequence = NextSequence(size_);
  indexed.revision = head.revision + 1;
  indexed.record = record;
  indexed.derived =
      receipt.numbers.empty() ? fact.derived : DeriveFrom(fact.proposed, receipt.numbers);
  indexed.ordinal = ordinals_[indexed.derived.type] + 1;

  absl::optional<Sequence> previous;
  if (head.revision > Revision(0)) previous = head.last;
  WriteEntry(append, fact, indexed, previous, first, receipt.numbers);
  if (entry_bytes_.size() > kEntryBytesMax) {
    return Error(Reason::kOverLimit,
                 absl::StrCat("An entry has at most ", kEntryBytesMax,
                              " bytes; this one would have ", entry_bytes_.size(), "."));
  }
  receipt.sequence = indexed.sequence;
  receipt.record = record;
  receipt.revision = indexed.revision;
  receipt.leaf_hash = LeafHash(entry_bytes_);

  builder_.Add(entry_bytes_, receipt.leaf_hash, indexed.derived.type);
  for (const SealedRow& row : fact.sealed) {
    forming_sealed_.push_back(row);
    forming_sealed_.back().place.sequence = indexed.sequence;
  }
  ordinals_[indexed.derived.type] = indexed.ordinal;
  UseNumbers(indexed.derived);
  overlay_.Add(std::move(indexed));
  size_ += 1;
  return absl::OkStatus();
}

void Core::TakeBack(size_t forming_before) {
  const size_t taken = overlay_.forming() - forming_before;
  for (size_t i = forming_before; i < overlay_.forming(); ++i) {
    Ordinal& ordinal = ordinals_[overlay_.forming_entry(i).derived.type];
    ordinal = ordinal - 1;
  }
  overlay_.TakeBack(forming_before);
  size_ = TreeSize(size_.value() - taken);
  builder_.Truncate(NextSequence(size_));
  while (!forming_sealed_.empty() && forming_sealed_.back().place.sequence >= NextSequence(size_)) {
    forming_sealed_.pop_back();
  }
  for (auto used = newly_used_.rbegin(); used != newly_used_.rend(); ++used) {
    used->first->GiveBack(used->second);
  }
}

absl::StatusOr<Admitted> Core::Admit(const PreparedAppend& append, int64_t recorded_at_us) {
  Admitted admitted;
  const RequestRecord* earlier =
      overlay_.Request(RequestKey(append.principal.id(), append.request_id));
  if (earlier == nullptr && append.reads.request) earlier = &*append.reads.request;
  if (earlier != nullptr) {
    if (earlier->digest != append.digest) {
      return Error(Reason::kRequestIdReused,
                   absl::StrCat("The request id ", append.request_id,
                                " was used before, for something else (entry ",
                                earlier->first.value(), ")."))
          .Field("request_id")
          .Value(append.request_id)
          .Next("Give a new append an id of its own.");
    }
    admitted.repeats = *earlier;
    return admitted;
  }
  SCRUTINY_RETURN_IF_ERROR(CheckRevisions(append));
  SCRUTINY_RETURN_IF_ERROR(CheckSealed(append));

  recorded_at_us_ = recorded_at_us;
  newly_used_.clear();
  const Sequence first = NextSequence(size_);
  const size_t forming_before = overlay_.forming();
  admitted.receipt.request_id = append.request_id;
  admitted.receipt.first = first;
  admitted.receipt.recorded_at_us = recorded_at_us;
  admitted.receipt.entries.resize(append.facts.size());
  for (size_t i = 0; i < append.facts.size(); ++i) {
    if (absl::Status status = AdmitFact(append, i, first, admitted.receipt.entries[i]);
        !status.ok()) {
      TakeBack(forming_before);
      return AtFact(status, static_cast<uint32_t>(i));
    }
  }
  if (append.validate_only) {
    TakeBack(forming_before);
    return admitted;
  }
  overlay_.AddRequest({append.principal.id(),
                       append.request_id,
                       {first, static_cast<uint32_t>(append.facts.size()), append.digest}});
  forming_recorded_at_us_ = recorded_at_us;
  return admitted;
}

Group Core::TakeGroup() {
  Group group;
  for (size_t i = 0; i < builder_.count() && !without_tree_; ++i) {
    tree_.Append(builder_.leaf_hash(i));
  }
  group.tree = {tree_.edge(), tree_.open(), tree_.TakeFull()};
  group.sealed = std::exchange(forming_sealed_, {});
  group.chunks = builder_.Build();
  group.index = overlay_.Close(size_);
  group.recorded_at_us = forming_recorded_at_us_;
  return group;
}

void Core::Indexed(TreeSize indexed) { overlay_.LetGo(indexed, kIndexLagEntriesMax); }

}  // namespace scrutiny::ledger
