// projections/engine/reader.h
// Reads one register in a view: rows as recorded by a position come from the stored versions; rows
// as true on a day or as known to a forum are folded from the entries when they are asked for.
//
// Guarantees:  the same view gives the same rows for ever; what is asked of several registers with
//              one view fits together.
// Threads:     thread-safe; reads on while the register is rebuilt.
// Errors:      kCorrupt, kReadOnly from the files; those of a fold.
// Tests:       tests/projections/queries/views_test.cc
#ifndef SCRUTINY_PROJECTIONS_ENGINE_READER_H_
#define SCRUTINY_PROJECTIONS_ENGINE_READER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include "ledger/base/date.h"
#include "ledger/base/ids.h"
#include "projections/engine/fact.h"
#include "projections/engine/register.h"
#include "projections/engine/table.h"

namespace scrutiny::projections {

// A point of view. Recorded by `last`, a whole append's last entry, and then true on, or known to.
struct ReadView {
  absl::optional<ledger::Sequence> last;  // none: nothing is recorded yet
  ledger::Day true_on = ledger::Day::Max();
  const Knowledge* known_to = nullptr;  // borrowed

  // Everything recorded counts, so the stored versions answer.
  bool IsPlain() const { return true_on == ledger::Day::Max() && known_to == nullptr; }
  StateFilter filter() const { return {true_on, known_to}; }
};

class Reader {
 public:
  Reader(const Register& reg, std::shared_ptr<const Table> table)
      : register_(&reg), table_(std::move(table)) {}

  // Rows by record and key, of all records, or of one.
  absl::Status Rows(const ReadView& view, RowFn fn) const;
  absl::Status RowsOf(absl::string_view record, const ReadView& view, RowFn fn) const;
  // Rows that are not the same in two views, by record and key, from a record on.
  absl::Status Differences(const ReadView& from, const ReadView& to, absl::string_view from_record,
                           ChangeFn fn) const;
  // The entries of a record that the register holds, up to a sequence.
  absl::StatusOr<std::vector<StoredEntry>> EntriesOf(absl::string_view record,
                                                     ledger::Sequence last) const {
    return table_->LogOf(record, last);
  }
  // The digest as of a position.
  absl::StatusOr<ledger::Hash> DigestAt(ledger::Sequence position) const {
    return table_->DigestAt(position);
  }
  // The records that ever mentioned the value; what they say now must be looked at.
  absl::StatusOr<std::vector<std::string>> Indexed(absl::string_view index,
                                                   absl::string_view value) const {
    return table_->Indexed(index, value);
  }

  const Register& definition() const { return *register_; }

 private:
  // The rows of a record in a view, by key.
  absl::StatusOr<absl::btree_map<std::string, std::string>> Fold(
      absl::string_view record, const std::vector<StoredEntry>& stored, const ReadView& view) const;

  const Register* register_;
  std::shared_ptr<const Table> table_;  // shared: a rebuild replaces it while it is being read
};

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_ENGINE_READER_H_
