// ledger/append/identity_entries.h
// Who a ledger is, out of the entries that say so: its genesis, its incarnations, its keys.
//
// Threads:  functions over what they are given.
// Errors:   kCorrupt naming the entry; FAILED_PRECONDITION with kLedgerChanged for a format that
//           this program does not read.
// Cost:     a look into the index and an entry for each key that may still sign.
// Tests:    tests/ledger/append/ledger_test.cc, tests/ledger/checkpoint/checkpointer_keys_test.cc
#ifndef SCRUTINY_LEDGER_APPEND_IDENTITY_ENTRIES_H_
#define SCRUTINY_LEDGER_APPEND_IDENTITY_ENTRIES_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"

#include "ledger/base/ids.h"
#include "ledger/feed/entry_source.h"
#include "ledger/store/entry_log.h"
#include "ledger/store/index_store.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {

// Version of the entries' format, ledger/FORMAT.md.
inline constexpr uint32_t kFormatVersion = 1;
inline constexpr char kHashAlgorithm[] = "sha256";
// The record that genesis, incarnations, keys and clock confirmations are about.
inline constexpr char kIdentityRecord[] = "ledger/identity";
// Keys that were replaced and may still sign. With the newest and a few witnesses a note stays
// within the 16 signatures that every reader of C2SP signed-note takes.
inline constexpr size_t kKeysBeforeMax = 7;

// An entry that must be there.
absl::StatusOr<event::v1::Entry> ReadEntryAt(EntryLog& log, Sequence sequence);

// As entry 0 says it.
absl::StatusOr<LedgerIdentity> ReadGenesis(EntryLog& log);

// The entry that began the incarnation there is; nothing in the first one.
absl::StatusOr<absl::optional<event::v1::Entry>> ReadIncarnation(EntryLog& log, IndexStore& index);

// As it is now; the index must be complete.
absl::StatusOr<LedgerIdentity> ReadNewestIdentity(EntryLog& log, IndexStore& index);

// The origin of a later incarnation: `example.org/log` becomes `example.org/log/2`, and that
// `example.org/log/3`.
std::string OriginOfNext(const LedgerIdentity& before, uint32_t number);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_APPEND_IDENTITY_ENTRIES_H_
