// projections/engine/folder.h
// Folds one register: takes runs of whole appends, record by record, and writes the versions of the
// rows they change. A fact that sorts last is applied to the state kept of its record; one that is
// late or amends another folds the record again.
//
// Guarantees:  after Take returns OK, the table is as if every record had been folded anew as of
//              each append; after an error, nothing of the run is written. The head in the table
//              may be behind by entries that do not concern the register, never ahead.
// Threads:     confined to the thread that follows.
// Errors:      of a fold or the table, naming the entry.
// Limits:      the states of kLiveRecordsMax records are kept; others are folded from their
//              entries.
// Cost:        one write per entry and changed row; no read for a new record or one whose state is
//              kept.
// Tests:       tests/projections/engine/engine_test.cc
#ifndef SCRUTINY_PROJECTIONS_ENGINE_FOLDER_H_
#define SCRUTINY_PROJECTIONS_ENGINE_FOLDER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "ledger/base/date.h"
#include "ledger/base/ids.h"
#include "projections/engine/batch_writer.h"
#include "projections/engine/digest.h"
#include "projections/engine/register.h"
#include "projections/engine/table.h"

namespace scrutiny::projections {

// Records whose state is kept in memory, per register, and the rows they may have together (about a
// kilobyte each); those of the run under way are kept whatever they have.
inline constexpr size_t kLiveRecordsMax = 16'384;
inline constexpr size_t kLiveRowsMax = 65'536;

// Entries that do not concern a register, after which its head is written all the same.
inline constexpr uint64_t kUnsavedEntriesMax = 65'536;

// An entry on its way into the registers; everything in it outlives the run.
struct IncomingEntry {
  ledger::Sequence sequence;
  ledger::Sequence append_first;
  ledger::Sequence append_last;
  absl::string_view record;
  absl::string_view bytes;
  const event::v1::Entry* entry;  // null: the bytes cannot be read
};

class Folder {
 public:
  // `reg` and what it points to must outlive this.
  Folder(const Register& reg, std::shared_ptr<Table> table, const TableHead& head);

  // Folds entries of whole appends, all that the register wants before `next`. With `write_behind`
  // the last run may still be on its way to the table when this returns: for catching up.
  absl::Status Take(absl::Span<const IncomingEntry* const> entries, ledger::TreeSize next,
                    bool write_behind = false);

  // Waits until everything taken is in the table.
  absl::Status Settle();
  // Settles, and writes how far it is where Take left that for later.
  absl::Status SaveHead();

  // Where an error left off: the first entry of the append that could not be folded.
  ledger::Sequence failed_append() const { return failed_append_; }

  // What has been taken.
  const TableHead& head() const { return head_; }
  // What of it is in the table.
  const TableHead& settled() const { return settled_; }
  const std::shared_ptr<Table>& table() const { return table_; }

 private:
  // What is kept of a record.
  struct Live {
    explicit Live(absl::string_view name) : record(name) {}

    const std::string record;
    std::unique_ptr<Fold> fold;  // null: nothing counts
    ledger::Day last_day = ledger::Day::Min();
    absl::btree_map<std::string, uint64_t> rows;  // key to a fingerprint of the row
    uint64_t used = 0;                            // the run that used it last
    size_t counted = 0;                           // its part of live_rows_
  };
  class History;
  struct Changed;
  class VersionSink;

  absl::Status FoldRecord(absl::string_view record, absl::Span<const IncomingEntry* const> group);
  absl::StatusOr<Live*> Load(absl::string_view record, const IncomingEntry& first,
                             History& history);
  absl::Status Extend(absl::string_view record, Live& live, const IncomingEntry& incoming,
                      ledger::Day day);
  absl::Status Refold(absl::string_view record, Live& live, History& history,
                      absl::Span<const IncomingEntry* const> incoming);
  absl::Status FoldState(absl::string_view record, absl::Span<const Fact> facts, Live& live) const;
  Table::Batch& batch() { return batches_[filling_]; }
  absl::Status Commit(const TableHead& head, bool write_behind);
  absl::Status Settled(const absl::Status& written);
  void Count(Live& live);
  void ForgetOldest();
  void ForgetAll();

  const Register& register_;
  const std::shared_ptr<Table> table_;
  TableHead head_;
  TableHead settled_;
  ledger::TreeSize started_;  // applied, as the last batch started says
  ledger::TreeSize saved_;    // applied, as the table says
  // The one being filled, and one that may be on its way to the table.
  Table::Batch batches_[2];
  size_t filling_ = 0;
  BatchWriter writer_;
  absl::flat_hash_map<absl::string_view, std::unique_ptr<Live>> live_;  // by Live::record
  // In the order in which they were first used, or looked at again when they came to the front:
  // with the run that had used them then.
  std::deque<std::pair<Live*, uint64_t>> oldest_;
  size_t live_rows_ = 0;
  std::vector<const IncomingEntry*> by_record_;
  RowChanges changes_;  // of the run under way
  uint64_t run_ = 0;
  int64_t row_change_ = 0;  // in the run under way
  ledger::Sequence failed_append_;
};

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_ENGINE_FOLDER_H_
