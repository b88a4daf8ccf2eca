// ledger/store/rocks_status.h
// The one place where a RocksDB status becomes one of ours, in words a person can act on.
//
// Threads:  pure functions.
// Tests:    tests/ledger/store/rocks_status_test.cc
#ifndef SCRUTINY_LEDGER_STORE_ROCKS_STATUS_H_
#define SCRUTINY_LEDGER_STORE_ROCKS_STATUS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "rocksdb/status.h"

namespace scrutiny::ledger {

// What a person does about damage: entries come back from a copy, an index is made again.
inline constexpr absl::string_view kRestoreEntries =
    "Nothing was changed. Restore the ledger from a copy and verify it.";

// A store that could not be opened: kCorrupt where its files are damaged or gone,
// FAILED_PRECONDITION where another process has it. `remedy` is the next step after damage.
absl::Status OpenError(const rocksdb::Status& status, absl::string_view path,
                       absl::string_view remedy);

// A read that failed: kCorrupt or, where the disk did not answer, kInternal with UNAVAILABLE.
// `what` is what was read: "The entries from entry 12 on".
absl::Status ReadError(const rocksdb::Status& status, absl::string_view what,
                       absl::string_view remedy);

// A write or sync that failed: always kOutcomeUnknown, for part of it may be on the disk.
absl::Status WriteError(const rocksdb::Status& status);

// What RocksDB says, printable and short.
std::string DetailOf(const rocksdb::Status& status);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_STORE_ROCKS_STATUS_H_
