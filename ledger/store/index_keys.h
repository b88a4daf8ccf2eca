// ledger/store/index_keys.h
// The index's keys and values as bytes. Keys sort so that every question is one seek and a run.
//
// Guarantees:  what was made is read back; keys of one record, claim or type stand together, in
//              the order of revision, sequence or ordinal.
// Threads:     pure functions.
// Errors:      readers return false or nothing for bytes that are none of theirs.
// Format:      ledger/FORMAT.md, "The index".   Tests: tests/ledger/store/index_keys_test.cc
#ifndef SCRUTINY_LEDGER_STORE_INDEX_KEYS_H_
#define SCRUTINY_LEDGER_STORE_INDEX_KEYS_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include "ledger/base/ids.h"
#include "ledger/format/derive.h"
#include "ledger/merkle/tile.h"
#include "ledger/store/index_store.h"

namespace scrutiny::ledger {

// records: record 00 revision -> sequence, type, day, corrects.
void AppendRecordKey(absl::string_view record, Revision revision, std::string* out);
// Every key of the record starts so.
std::string RecordPrefix(absl::string_view record);
bool ReadRecordKey(absl::string_view key, absl::string_view* record, Revision* revision);
void AppendHistoryValue(const IndexedEntry& entry, std::string* out);
absl::optional<HistoryItem> ReadHistoryValue(absl::string_view value);

// claims: escaped claim 00 01 sequence -> record, item, printed. Claims hold any byte, so a zero in
// one is written 00 FF; the order of claims and of their prefixes stays as it is.
void AppendClaimKey(absl::string_view claim, Sequence sequence, std::string* out);
// Every key of exactly this claim starts so.
std::string ClaimPrefix(absl::string_view claim);
// Every key of a claim that starts with this starts so.
std::string EscapedClaim(absl::string_view claim_prefix);
bool ReadClaimKey(absl::string_view key, std::string* claim, Sequence* sequence);
void AppendClaimValue(absl::string_view record, const Claim& claim, std::string* out);
bool ReadClaimValue(absl::string_view value, ClaimHit* hit);

// citations: cited record 00 sequence -> nothing.
void AppendCitationKey(absl::string_view record, Sequence sequence, std::string* out);
bool ReadCitationKey(absl::string_view key, Sequence* sequence);

// types: type ordinal -> sequence.
void AppendTypeKey(FactType type, Ordinal ordinal, std::string* out);
std::string TypePrefix(FactType type);
bool ReadTypeKey(absl::string_view key, Ordinal* ordinal);

// requests: principal 00 request id -> first, count, digest. No request id holds a zero.
void AppendRequestKey(absl::string_view principal, absl::string_view request_id, std::string* out);
void AppendRequestValue(const RequestRecord& request, std::string* out);
absl::optional<RequestRecord> ReadRequestValue(absl::string_view value);

// tiles: level tile -> 256 hashes. Only full tiles.
std::string TileKey(TileId id);

// The first string after every one that starts with this; empty: there is none.
std::string AfterPrefix(absl::string_view prefix);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_STORE_INDEX_KEYS_H_
