#include "projections/engine/reader.h"

#include <algorithm>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/arena.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "projections/engine/row_bytes.h"
#include "projections/engine/upcast.h"

namespace scrutiny::projections {
namespace {

using RowsByKey = absl::btree_map<std::string, std::string>;

// Keeps rows in the order in which the table gives them.
class OrderedRows final : public RowSink {
 public:
  void Row(absl::string_view key, const google::protobuf::Message& row) override {
    std::string bytes;
    if (SerialiseRow(row, &bytes)) rows_[std::string(key)] = std::move(bytes);
  }
  RowsByKey Take() { return std::move(rows_); }

 private:
  RowsByKey rows_;
};

// False once `fn` wants no more.
bool Give(absl::string_view record, const RowsByKey& rows, RowFn fn) {
  for (const auto& [key, bytes] : rows) {
    if (!fn(record, key, bytes)) return false;
  }
  return true;
}

// Calls `fn` for what differs, by key; false once it wants no more.
bool GiveDifferences(absl::string_view record, const RowsByKey& from, const RowsByKey& to,
                     ChangeFn fn) {
  auto before = from.begin();
  auto after = to.begin();
  while (before != from.end() || after != to.end()) {
    const bool only_before =
        after == to.end() || (before != from.end() && before->first < after->first);
    const bool only_after =
        before == from.end() || (after != to.end() && after->first < before->first);
    if (only_before) {
      if (!fn(record, before->first, before->second, "")) return false;
    } else if (only_after) {
      if (!fn(record, after->first, "", after->second)) return false;
    } else if (before->second != after->second &&
               !fn(record, before->first, before->second, after->second)) {
      return false;
    }
    if (!only_after) ++before;
    if (!only_before) ++after;
  }
  return true;
}

}  // namespace

absl::Status Reader::Rows(const ReadView& view, RowFn fn) const {
  if (!view.last.has_value()) return absl::OkStatus();
  if (view.IsPlain()) return table_->Rows(*view.last, fn);
  absl::Status folded;
  SCRUTINY_RETURN_IF_ERROR(
      table_->Log(*view.last, /*from_record=*/"",
                  [&](absl::string_view record, const std::vector<StoredEntry>& entries) {
                    const absl::StatusOr<RowsByKey> rows = Fold(record, entries, view);
                    folded = rows.status();
                    return rows.ok() && Give(record, *rows, fn);
                  }));
  return folded;
}

absl::Status Reader::RowsOf(absl::string_view record, const ReadView& view, RowFn fn) const {
  if (!view.last.has_value()) return absl::OkStatus();
  if (view.IsPlain()) return table_->RowsOf(record, *view.last, fn);
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<StoredEntry> entries,
                            table_->LogOf(record, *view.last));
  SCRUTINY_ASSIGN_OR_RETURN(const RowsByKey rows, Fold(record, entries, view));
  Give(record, rows, fn);
  return absl::OkStatus();
}

absl::Status Reader::Differences(const ReadView& from, const ReadView& to,
                                 absl::string_view from_record, ChangeFn fn) const {
  if (from.IsPlain() && to.IsPlain() && from.last.has_value() && to.last.has_value()) {
    return table_->Changes(*from.last, *to.last, from_record, fn);
  }
  const absl::optional<ledger::Sequence> last = std::max(from.last, to.last);
  if (!last.has_value()) return absl::OkStatus();
  absl::Status folded;
  SCRUTINY_RETURN_IF_ERROR(table_->Log(
      *last, from_record, [&](absl::string_view record, const std::vector<StoredEntry>& entries) {
        const absl::StatusOr<RowsByKey> before = Fold(record, entries, from);
        const absl::StatusOr<RowsByKey> after = Fold(record, entries, to);
        folded = before.ok() ? after.status() : before.status();
        return folded.ok() && GiveDifferences(record, *before, *after, fn);
      }));
  return folded;
}

absl::StatusOr<RowsByKey> Reader::Fold(absl::string_view record,
                                       const std::vector<StoredEntry>& stored,
                                       const ReadView& view) const {
  google::protobuf::Arena arena;
  std::vector<LoggedEntry> entries;
  entries.reserve(stored.size());
  for (const StoredEntry& logged : stored) {
    if (!view.last.has_value() || logged.sequence > *view.last) break;
    auto* entry = google::protobuf::Arena::CreateMessage<event::v1::Entry>(&arena);
    if (!ReadEntry(logged.bytes, entry)) {
      return ledger::Error(ledger::Reason::kCorrupt,
                           absl::StrCat("A register's copy of entry ", logged.sequence.value(),
                                        " cannot be read."))
          .Record(record)
          .Next("Rebuild the register.");
    }
    entries.push_back({logged.sequence, entry});
  }
  const std::vector<Fact> facts = StateOf(entries, view.filter());
  if (facts.empty()) return RowsByKey();
  const std::unique_ptr<projections::Fold> fold = register_->new_fold(record);
  for (const Fact& fact : facts) SCRUTINY_RETURN_IF_ERROR(fold->Apply(fact));
  OrderedRows rows;
  fold->Rows(/*only_changed=*/false, rows);
  return rows.Take();
}

}  // namespace scrutiny::projections
