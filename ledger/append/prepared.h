// ledger/append/prepared.h
// An append made ready for the sequencer: checked, serialised, digested, with what its admission
// will look at read ahead. All of it happens on the caller's thread, before the queue.
//
// Threads:  pure functions; a PreparedAppend is passed from thread to thread, never shared.
// Errors:   see Ledger::Append; everything here is about shape and limits.
// Tests:    tests/ledger/append/ledger_test.cc, sealed_parts_test.cc
#ifndef SCRUTINY_LEDGER_APPEND_PREPARED_H_
#define SCRUTINY_LEDGER_APPEND_PREPARED_H_

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"

#include "ledger/append/ledger.h"
#include "ledger/base/ids.h"
#include "ledger/base/random.h"
#include "ledger/format/check.h"
#include "ledger/format/derive.h"
#include "ledger/format/hash.h"
#include "ledger/rules/rules.h"
#include "ledger/seal/sealer.h"
#include "ledger/seal/secret.h"
#include "ledger/store/index_store.h"
#include "ledger/store/sealed_store.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {

inline constexpr size_t kEntryIdBytes = 16;

// What an append's admission looks at, as it stood when everything below `position` was recorded.
struct ReadSet {
  TreeSize position;
  absl::flat_hash_map<std::string, RecordHead> heads;
  absl::flat_hash_map<std::string, std::vector<HistoryItem>> histories;
  absl::flat_hash_map<std::string, std::vector<ClaimHit>> claims;
  absl::optional<RequestRecord> request;
};

struct PreparedFact {
  event::v1::Proposed proposed;
  std::string bytes;  // the Proposed, serialised: these bytes are stored
  Derived derived;    // without the numbers the server will assign
  RuleNeeds needs;
  absl::optional<Revision> expected_revision;
  std::vector<SealWish> wishes;   // what of it is sealed, and for whom
  std::vector<Secret> payloads;   // those parts, taken out of `proposed`
  std::string seals;              // the Seal fields of its Entry, serialised
  std::vector<SealedRow> sealed;  // their ciphertexts; the sequence is the sequencer's to fill in
  std::array<uint8_t, kEntryIdBytes> entry_id;
};

struct PreparedAppend {
  event::v1::Principal principal;
  std::string request_id;
  std::vector<PreparedFact> facts;
  std::vector<Guard> guards;
  bool validate_only = false;
  std::shared_ptr<StreamGate> gate;
  Hash digest;              // of the list of Proposed
  size_t bytes = 0;         // of all Proposed
  size_t sealed_bytes = 0;  // of what was taken out of them, and of its ciphertexts
  bool by_server = false;
  ReadSet reads;
};

// The key under which a request is remembered.
std::string RequestKey(absl::string_view principal, absl::string_view request_id);

// The digest of a request's list of Proposed: SHA-256 over u32be(length) || bytes of each.
class RequestDigest {
 public:
  void Add(absl::string_view proposed);
  Hash Finish() { return sha_.Finish(); }

 private:
  Sha256 sha_;
};

// Whether an append may have so many facts and guards.
absl::Status CheckCounts(size_t facts, size_t guards);

// Checks shape and limits, takes out what is to be sealed, and serialises the rest. Entry ids come
// from `random`. Needs no keys: SealedParts::Seal seals, once it is known that it must be.
absl::StatusOr<std::unique_ptr<PreparedAppend>> Prepare(NewAppend append, Author author,
                                                        RandomSource& random);

// Whether anything of it is sealed.
bool HasSealed(const PreparedAppend& append);

// Whether admission refuses it for certain, as what was read ahead shows: its request id was used
// for something else, or a record is past the revision it expects, and revisions only grow.
bool IsRefusedForCertain(const PreparedAppend& append);

// Reads what the append's admission will look at.
absl::StatusOr<ReadSet> ReadAhead(const PreparedAppend& append, const IndexView& index);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_APPEND_PREPARED_H_
