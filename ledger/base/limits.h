// ledger/base/limits.h
// Every maximum of the ledger, in one place: queues, batches, pages, messages, names, times.
//
// Changing one that bounds stored data (the first group) changes what older ledgers may hold: the
// permanent ones are also in ledger/FORMAT.md.
#ifndef SCRUTINY_LEDGER_BASE_LIMITS_H_
#define SCRUTINY_LEDGER_BASE_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace scrutiny::ledger {

inline constexpr size_t kKiB = 1024;
inline constexpr size_t kMiB = 1024 * kKiB;

// --- What is stored.

// A proposed fact, serialised; leaves room for what the server assigns within an entry.
inline constexpr size_t kFactBytesMax = 60'000;
// An entry: the length field of a bundle has 16 bits.
inline constexpr size_t kEntryBytesMax = 65'535;
// Facts in one append: a whole meeting or spreadsheet fits, one sync group stays bounded.
inline constexpr size_t kAppendFactsMax = 1000;
// Bytes of one append: well under the message limit, and under etcd's when it is replicated.
inline constexpr size_t kAppendBytesMax = 900 * kKiB;
// A record's name: it is part of several keys.
inline constexpr size_t kRecordNameBytesMax = 200;
// A key inside a record (an agenda item, a limb, a priority).
inline constexpr size_t kKeyBytesMax = 64;
// A request id: room for a UUID, a file name and a line number.
inline constexpr size_t kRequestIdBytesMax = 64;
// Sealed parts of one entry.
inline constexpr size_t kSealsMax = 32;
// Guards of one append: records only read.
inline constexpr size_t kGuardsMax = 100;
// Aliases and numbers one entry may claim: each is a read before admission.
inline constexpr size_t kAliasesPerEntryMax = 32;
// The greatest number in a series, such as a year's decisions.
inline constexpr uint64_t kNumberMax = 999'999'999;
// Bytes of an alias as stored.
inline constexpr size_t kAliasBytesMax = 200;

// --- The sequencer.

// Appends waiting; beyond it the client is told to come back (RESOURCE_EXHAUSTED).
inline constexpr size_t kQueueAppendsMax = 4096;
// Bytes of the appends waiting.
inline constexpr size_t kQueueBytesMax = 64 * kMiB;
// Entries committed with one sync: bounds the latency of those that share it.
inline constexpr size_t kGroupEntriesMax = 8192;
// Bytes committed with one sync.
inline constexpr size_t kGroupBytesMax = 4 * kMiB;
// Number series the sequencer remembers.
inline constexpr size_t kNumberSeriesKnownMax = 1024;
// Groups that are synced and not answered yet: beyond it the next commit waits.
inline constexpr size_t kGroupsUnansweredMax = 16;
// How far derived indexes may follow behind the head: what opening must catch up with at most.
inline constexpr size_t kIndexLagEntriesMax = 65'536;
// A wall clock that moves this much against the monotonic one stops appends.
inline constexpr int64_t kClockJumpMaxMicros = int64_t{5} * 60 * 1'000'000;
// How far the wall clock may be behind the last entry when a ledger is opened.
inline constexpr int64_t kClockBehindMaxMicros = int64_t{5} * 1'000'000;

// --- Reading and following.

// Entries of one batch of a read or a subscription.
inline constexpr size_t kReadBatchEntriesMax = 512;
// Bytes of one batch: a few network windows.
inline constexpr size_t kReadBatchBytesMax = 256 * kKiB;
// Entries or rows of one page.
inline constexpr size_t kPageEntriesMax = 1000;
// Record names an alias resolves to in one answer.
inline constexpr size_t kResolveCandidatesMax = 100;
// Appends of one stream that may be under way: the pipeline is full long before.
inline constexpr size_t kStreamAppendsInFlightMax = 64;
// Subscriptions at once: each holds one batch.
inline constexpr size_t kSubscribersMax = 1024;
// Recent committed entries the live feed keeps in memory.
inline constexpr size_t kFeedTailBytesMax = 16 * kMiB;
// Types or record prefixes in one filter.
inline constexpr size_t kFilterTermsMax = 100;

// --- Registers.

// A row of a register; what grows is a child row.
inline constexpr size_t kRowBytesMax = 4096;
// Entries a register folds between two commits while it catches up.
inline constexpr size_t kRegisterBatchEntriesMax = 4096;
// How long a query waits for a minimum sequence before it says so.
inline constexpr int64_t kMinimumSequenceWaitMaxMicros = int64_t{10} * 1'000'000;

// --- Messages.

// A gRPC message in either direction.
inline constexpr size_t kMessageBytesMax = 4 * kMiB;
// An error's sentence.
inline constexpr size_t kErrorMessageBytesMax = 1024;
// An offending value quoted in an error; gRPC bounds all trailers to 8 KiB.
inline constexpr size_t kErrorValueBytesMax = 512;

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_BASE_LIMITS_H_
