// ledger/append/recovery.h
// What an open reads back from the entries: the index of the tail, the receipt of a request.
//
// Threads:  pure functions over what they are given.
// Errors:   kCorrupt naming the entry.
// Cost:     CompleteIndex: the entries behind the index, at most kIndexLagEntriesMax after a
//           crash; all of them once the index was deleted.
// Tests:    tests/ledger/append/ledger_test.cc, tests/crash/crash_test.cc
#ifndef SCRUTINY_LEDGER_APPEND_RECOVERY_H_
#define SCRUTINY_LEDGER_APPEND_RECOVERY_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "ledger/append/ledger.h"
#include "ledger/base/ids.h"
#include "ledger/feed/entry_source.h"
#include "ledger/format/chunk.h"
#include "ledger/merkle/tile_builder.h"
#include "ledger/store/entry_log.h"
#include "ledger/store/index_store.h"

namespace scrutiny::ledger {

// Indexes the entries that the index does not hold yet, and returns the tree over all of them; it
// is held against the edge that the log keeps.
absl::StatusOr<TileBuilder> CompleteIndex(EntryLog& log, IndexStore& index);

// The receipt of an earlier request, from its entries.
absl::StatusOr<Receipt> ReadReceipt(EntrySource& source, const RequestRecord& request);

// One entry.
absl::StatusOr<event::v1::Entry> ReadEntry(const Chunk& chunk, size_t i);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_APPEND_RECOVERY_H_
