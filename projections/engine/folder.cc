#include "projections/engine/folder.h"

#include <algorithm>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/arena.h"
#include "google/protobuf/message.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/status.h"
#include "ledger/format/derive.h"
#include "projections/engine/row_bytes.h"
#include "projections/engine/upcast.h"

namespace scrutiny::projections {
namespace {

using event::v1::Entry;
using ledger::Day;
using ledger::Sequence;

absl::Status Unreadable(Sequence sequence) {
  return ledger::Error(ledger::Reason::kCorrupt,
                       absl::StrCat("Entry ", sequence.value(), " cannot be read."))
      .Value(absl::StrCat(sequence.value()));
}

absl::Status AtEntry(const absl::Status& status, Sequence sequence) {
  return absl::Status(status.code(),
                      absl::StrCat("Entry ", sequence.value(), ": ", status.message()));
}

}  // namespace

// The entries of a record before the run, read when somebody needs them.
class Folder::History {
 public:
  absl::Status Read(const Table& table, absl::string_view record, Sequence before) {
    if (read_) return absl::OkStatus();
    read_ = true;
    if (before.value() == 0) return absl::OkStatus();
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<StoredEntry> stored,
                              table.LogOf(record, before - 1));
    for (const StoredEntry& logged : stored) {
      auto* entry = google::protobuf::Arena::CreateMessage<Entry>(&arena_);
      if (!ReadEntry(logged.bytes, entry)) return Unreadable(logged.sequence);
      entries_.push_back({logged.sequence, entry});
    }
    return absl::OkStatus();
  }
  void SetEmpty() { read_ = true; }
  const std::vector<LoggedEntry>& entries() const { return entries_; }

 private:
  bool read_ = false;
  google::protobuf::Arena arena_;
  std::vector<LoggedEntry> entries_;
};

// Where rows that changed go.
struct Folder::Changed {
  Table::Batch& batch;
  RowChanges& changes;

  void Row(absl::string_view record, absl::string_view key, Sequence position,
           absl::string_view bytes) const {
    batch.PutRow(record, key, position, bytes);
    changes.Add(position, record, key, bytes);
  }
  void Removed(absl::string_view record, absl::string_view key, Sequence position) const {
    batch.RemoveRow(record, key, position);
    changes.Add(position, record, key, "");
  }
};

// Compares the rows a fold gives with those there are, and passes on what differs, if wanted.
class Folder::VersionSink final : public RowSink {
 public:
  VersionSink(absl::string_view record, Sequence position, Live& live, const Changed* changed)
      : record_(record), position_(position), live_(live), changed_(changed) {}

  void Row(absl::string_view key, const google::protobuf::Message& row) override {
    if (!SerialiseRow(row, &bytes_)) {
      Remove(key);
      return;
    }
    const uint64_t fingerprint = absl::HashOf(absl::string_view(bytes_));
    const auto [known, is_new] = live_.rows.try_emplace(std::string(key), fingerprint);
    if (keep_ != nullptr) keep_->try_emplace(std::string(key), fingerprint);
    if (!is_new && known->second == fingerprint) return;
    known->second = fingerprint;
    change_ += is_new ? 1 : 0;
    if (changed_ != nullptr) changed_->Row(record_, key, position_, bytes_);
  }

  // All rows are given between the two; those that were not given are removed.
  void Begin() { keep_ = std::make_unique<absl::btree_map<std::string, uint64_t>>(); }
  void End() {
    for (const auto& [key, fingerprint] : live_.rows) {
      if (keep_->contains(key)) continue;
      --change_;
      if (changed_ != nullptr) changed_->Removed(record_, key, position_);
    }
    live_.rows = std::move(*keep_);
    keep_.reset();
  }

  int64_t change() const { return change_; }

 private:
  // A row that became empty; while all rows are given, End sees to it.
  void Remove(absl::string_view key) {
    if (keep_ != nullptr || live_.rows.erase(std::string(key)) == 0) return;
    --change_;
    if (changed_ != nullptr) changed_->Removed(record_, key, position_);
  }

  const absl::string_view record_;
  const Sequence position_;
  Live& live_;
  const Changed* const changed_;
  std::unique_ptr<absl::btree_map<std::string, uint64_t>> keep_;
  std::string bytes_;
  int64_t change_ = 0;
};

Folder::Folder(const Register& reg, std::shared_ptr<Table> table, const TableHead& head)
    : register_(reg),
      table_(std::move(table)),
      head_(head),
      settled_(head),
      started_(head.applied),
      saved_(head.applied),
      batches_{Table::Batch(*table_), Table::Batch(*table_)},
      writer_(*table_) {}

absl::Status Folder::Take(absl::Span<const IncomingEntry* const> entries, ledger::TreeSize next,
                          bool write_behind) {
  if (entries.empty() && next.value() - saved_.value() < kUnsavedEntriesMax) {
    SCRUTINY_RETURN_IF_ERROR(Settle());
    head_.applied = settled_.applied = next;
    return absl::OkStatus();
  }
  ++run_;
  row_change_ = 0;
  failed_append_ = entries.empty() ? Sequence(next.value()) : entries.front()->append_first;
  for (const IncomingEntry* incoming : entries) {
    if (incoming->entry != nullptr) continue;
    failed_append_ = incoming->append_first;
    return Unreadable(incoming->sequence);
  }
  // Record by record: a record's state is looked up once, and what is written comes in the order in
  // which it is kept.
  by_record_.assign(entries.begin(), entries.end());
  std::sort(by_record_.begin(), by_record_.end(),
            [](const IncomingEntry* a, const IncomingEntry* b) {
              const int order = a->record.compare(b->record);
              return order != 0 ? order < 0 : a->sequence < b->sequence;
            });
  batch().Clear();
  changes_.Clear();
  for (size_t from = 0; from < by_record_.size();) {
    size_t to = from + 1;
    while (to < by_record_.size() && by_record_[to]->record == by_record_[from]->record) ++to;
    const absl::Status folded = FoldRecord(
        by_record_[from]->record, absl::MakeConstSpan(by_record_).subspan(from, to - from));
    if (!folded.ok()) {
      ForgetAll();  // States may be ahead of the rows.
      return folded;
    }
    from = to;
  }
  TableHead head = head_;
  head.version = register_.version;
  head.applied = next;
  head.rows = static_cast<uint64_t>(static_cast<int64_t>(head_.rows) + row_change_);
  head.digest = changes_.Chain(head_.digest, [&](Sequence position, const ledger::Hash& digest) {
    batch().PutDigest(position, digest);
  });
  batch().PutHead(head);
  SCRUTINY_RETURN_IF_ERROR(Commit(head, write_behind));
  ForgetOldest();
  return absl::OkStatus();
}

absl::Status Folder::Commit(const TableHead& head, bool write_behind) {
  SCRUTINY_RETURN_IF_ERROR(Settle());  // What was started before.
  head_ = head;
  started_ = head.applied;
  if (write_behind) {
    writer_.Start(batch());
    filling_ = 1 - filling_;
    return absl::OkStatus();
  }
  return Settled(table_->Write(batch()));
}

absl::Status Folder::Settle() { return Settled(writer_.Finish()); }

absl::Status Folder::Settled(const absl::Status& written) {
  if (written.ok()) {
    settled_ = head_;
    saved_ = started_;
  } else {
    head_ = settled_;
    started_ = saved_;
    ForgetAll();
  }
  return written;
}

absl::Status Folder::SaveHead() {
  SCRUTINY_RETURN_IF_ERROR(Settle());
  if (saved_ == head_.applied) return absl::OkStatus();
  batch().Clear();
  head_.version = register_.version;
  batch().PutHead(head_);
  return Commit(head_, /*write_behind=*/false);
}

absl::Status Folder::FoldRecord(absl::string_view record,
                                absl::Span<const IncomingEntry* const> group) {
  failed_append_ = group.front()->append_first;
  History history;
  SCRUTINY_ASSIGN_OR_RETURN(Live* const live, Load(record, *group.front(), history));
  for (size_t from = 0; from < group.size();) {
    const Sequence position = group[from]->append_last;
    failed_append_ = group[from]->append_first;
    bool refold = false;
    size_t to = from;
    for (; to < group.size() && group[to]->append_last == position; ++to) {
      const IncomingEntry& incoming = *group[to];
      batch().PutEntry(record, incoming.sequence, incoming.bytes);
      if (register_.index != nullptr) {
        register_.index(incoming.entry->proposed(),
                        [&](absl::string_view index, absl::string_view value) {
                          batch().PutIndex(index, value, record);
                        });
      }
      const Day day = ledger::LastPossibleDay(incoming.entry->proposed().occurred());
      refold = refold || Amends(*incoming.entry) || day < live->last_day;
      if (!refold) SCRUTINY_RETURN_IF_ERROR(Extend(record, *live, incoming, day));
    }
    if (refold) {
      SCRUTINY_RETURN_IF_ERROR(Refold(record, *live, history, group.subspan(0, to)));
    } else {
      const Changed changed{batch(), changes_};
      VersionSink sink(record, position, *live, &changed);
      live->fold->Rows(/*only_changed=*/true, sink);
      row_change_ += sink.change();
    }
    from = to;
  }
  Count(*live);
  return absl::OkStatus();
}

absl::StatusOr<Folder::Live*> Folder::Load(absl::string_view record, const IncomingEntry& first,
                                           History& history) {
  if (const auto kept = live_.find(record); kept != live_.end()) {
    kept->second->used = run_;
    return kept->second.get();
  }
  auto made = std::make_unique<Live>(record);
  Live* const live = made.get();
  live->used = run_;
  live_.emplace(live->record, std::move(made));
  oldest_.emplace_back(live, run_);
  if (first.entry->assigned().revision() == 1) {
    history.SetEmpty();  // The record begins here.
    return live;
  }
  SCRUTINY_RETURN_IF_ERROR(Settle());
  SCRUTINY_RETURN_IF_ERROR(history.Read(*table_, record, first.sequence));
  SCRUTINY_RETURN_IF_ERROR(FoldState(record, StateOf(history.entries()), *live));
  if (live->fold != nullptr) {
    VersionSink sink(record, Sequence(0), *live, nullptr);
    live->fold->Rows(/*only_changed=*/false, sink);
  }
  return live;
}

absl::Status Folder::Extend(absl::string_view record, Live& live, const IncomingEntry& incoming,
                            Day day) {
  if (live.fold == nullptr) live.fold = register_.new_fold(record);
  const Fact fact{incoming.sequence, day, incoming.entry, incoming.entry};
  live.last_day = fact.day;
  const absl::Status applied = live.fold->Apply(fact);
  return applied.ok() ? applied : AtEntry(applied, incoming.sequence);
}

absl::Status Folder::Refold(absl::string_view record, Live& live, History& history,
                            absl::Span<const IncomingEntry* const> incoming) {
  SCRUTINY_RETURN_IF_ERROR(Settle());
  SCRUTINY_RETURN_IF_ERROR(history.Read(*table_, record, incoming.front()->sequence));
  std::vector<LoggedEntry> entries = history.entries();
  for (const IncomingEntry* entry : incoming) entries.push_back({entry->sequence, entry->entry});
  SCRUTINY_RETURN_IF_ERROR(FoldState(record, StateOf(entries), live));
  const Changed changed{batch(), changes_};
  VersionSink sink(record, incoming.back()->append_last, live, &changed);
  sink.Begin();
  if (live.fold != nullptr) live.fold->Rows(/*only_changed=*/false, sink);
  sink.End();
  row_change_ += sink.change();
  return absl::OkStatus();
}

absl::Status Folder::FoldState(absl::string_view record, absl::Span<const Fact> facts,
                               Live& live) const {
  live.fold.reset();
  live.last_day = Day::Min();
  if (facts.empty()) return absl::OkStatus();
  live.fold = register_.new_fold(record);
  for (const Fact& fact : facts) {
    const absl::Status applied = live.fold->Apply(fact);
    if (!applied.ok()) return AtEntry(applied, fact.sequence);
  }
  live.last_day = facts.back().day;
  return absl::OkStatus();
}

void Folder::Count(Live& live) {
  live_rows_ += live.rows.size();
  live_rows_ -= live.counted;
  live.counted = live.rows.size();
}

void Folder::ForgetOldest() {
  // Each is looked at once at most: what the run under way used stays.
  for (size_t looks = oldest_.size();
       looks > 0 && (live_.size() > kLiveRecordsMax || live_rows_ > kLiveRowsMax); --looks) {
    const auto [live, used] = oldest_.front();
    oldest_.pop_front();
    if (live->used == used && used != run_) {
      live_rows_ -= live->counted;
      live_.erase(live_.find(live->record));
    } else {
      oldest_.emplace_back(live, live->used);
    }
  }
}

void Folder::ForgetAll() {
  oldest_.clear();
  live_.clear();
  live_rows_ = 0;
}

}  // namespace scrutiny::projections
