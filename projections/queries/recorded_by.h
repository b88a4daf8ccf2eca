// projections/queries/recorded_by.h
// Finds where the ledger stood at a sequence or a time, at the end of a whole append.
//
// Threads:  thread-safe, as the source is.
// Errors:   kBeyondHead; those of the source.
// Cost:     one chunk for a sequence; for a time, one chunk each halving of the ledger.
// Tests:    tests/projections/queries
#ifndef SCRUTINY_PROJECTIONS_QUERIES_RECORDED_BY_H_
#define SCRUTINY_PROJECTIONS_QUERIES_RECORDED_BY_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"

#include "ledger/base/ids.h"
#include "ledger/feed/entry_source.h"

namespace scrutiny::projections {

struct RecordedBy {
  absl::optional<ledger::Sequence> last;  // none: nothing was recorded yet
  int64_t recorded_at_us = 0;             // of the last entry
  bool rounded = false;                   // down, to the last whole append
};

absl::StatusOr<RecordedBy> RecordedBySequence(ledger::EntrySource& source,
                                              ledger::Sequence sequence);
absl::StatusOr<RecordedBy> RecordedByTime(ledger::EntrySource& source, int64_t time_us);

// When the entry was recorded, microseconds UTC.
absl::StatusOr<int64_t> RecordedAt(ledger::EntrySource& source, ledger::Sequence sequence);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_RECORDED_BY_H_
