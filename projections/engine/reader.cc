#include "projections/engine/reader.h"

#include <utility>

#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/arena.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "projections/engine/row_bytes.h"

namespace scrutiny::projections {
namespace {

// Keeps rows in the order in which the table gives them.
class OrderedRows final : public RowSink {
 public:
  void Row(absl::string_view key, const google::protobuf::Message& row) override {
    std::string bytes;
    if (SerialiseRow(row, &bytes)) rows_[std::string(key)] = std::move(bytes);
  }
  const absl::btree_map<std::string, std::string>& rows() const { return rows_; }

 private:
  absl::btree_map<std::string, std::string> rows_;
};

}  // namespace

absl::Status Reader::Rows(const ReadView& view, RowFn fn) const {
  if (!view.last.has_value()) return absl::OkStatus();
  if (view.IsPlain()) return table_->Rows(*view.last, fn);
  absl::Status folded;
  bool stopped = false;
  SCRUTINY_RETURN_IF_ERROR(table_->Log(
      *view.last, [&](absl::string_view record, const std::vector<StoredEntry>& entries) {
        folded = Fold(record, entries, view, fn, &stopped);
        return folded.ok() && !stopped;
      }));
  return folded;
}

absl::Status Reader::RowsOf(absl::string_view record, const ReadView& view, RowFn fn) const {
  if (!view.last.has_value()) return absl::OkStatus();
  if (view.IsPlain()) return table_->RowsOf(record, *view.last, fn);
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<StoredEntry> entries,
                            table_->LogOf(record, *view.last));
  bool stopped = false;
  return Fold(record, entries, view, fn, &stopped);
}

absl::Status Reader::Fold(absl::string_view record, const std::vector<StoredEntry>& stored,
                          const ReadView& view, RowFn fn, bool* stopped) const {
  google::protobuf::Arena arena;
  std::vector<LoggedEntry> entries;
  entries.reserve(stored.size());
  for (const StoredEntry& logged : stored) {
    auto* entry = google::protobuf::Arena::CreateMessage<event::v1::Entry>(&arena);
    if (!entry->ParseFromString(logged.bytes)) {
      return ledger::Error(ledger::Reason::kCorrupt,
                           absl::StrCat("A register's copy of entry ", logged.sequence.value(),
                                        " cannot be read."))
          .Record(record)
          .Next("Rebuild the register.");
    }
    entries.push_back({logged.sequence, entry});
  }
  const std::vector<Fact> facts = StateOf(entries, view.filter());
  if (facts.empty()) return absl::OkStatus();
  const std::unique_ptr<projections::Fold> fold = register_->new_fold(record);
  for (const Fact& fact : facts) SCRUTINY_RETURN_IF_ERROR(fold->Apply(fact));
  OrderedRows rows;
  fold->Rows(/*only_changed=*/false, rows);
  for (const auto& [key, bytes] : rows.rows()) {
    if (!fn(record, key, bytes)) {
      *stopped = true;
      break;
    }
  }
  return absl::OkStatus();
}

}  // namespace scrutiny::projections
