// ledger/verify/content_check.h
// Whether the entries hang together: what each says of its place must be what the entries before it
// make of it. Hashes show that nothing was changed since it was signed; this shows that what was
// signed leaves nothing out.
//
// Guarantees:  every entry's sequence, revision, previous entry, type ordinal, append and time
//              follow from the entries before it; entry 0 starts the ledger; seals named as erased
//              exist; what is said of incarnations and keys goes together (identity_check.h). After
//              a contradiction the checker goes on from what the entry says, so that one slip is
//              told once.
// Threads:     thread-compatible; entries come in order.
// Limits:      memory: some 60 bytes a record and as many a seal (hash tables of 32-byte rows).
// Cost:        two look-ups an entry.
// Format:      ledger/FORMAT.md, "The entry".   Tests: tests/ledger/verify/content_check_test.cc
#ifndef SCRUTINY_LEDGER_VERIFY_CONTENT_CHECK_H_
#define SCRUTINY_LEDGER_VERIFY_CONTENT_CHECK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

#include "ledger/base/ids.h"
#include "ledger/note/signed_note.h"
#include "ledger/verify/entry_facts.h"
#include "ledger/verify/identity_check.h"
#include "ledger/verify/report.h"

namespace scrutiny::event::v1 {
class Proposed;
class SealsErased;
}  // namespace scrutiny::event::v1

namespace scrutiny::ledger {

class ContentChecker {
 public:
  // The entry at this place, its bytes and what was read out of them.
  void Add(Sequence index, absl::string_view bytes, const EntryFacts& facts);

  // After the last entry: whether the last append is whole, and whether the checkpoint goes with
  // what the entries say of origin and keys. `note` is the checkpoint with its signatures.
  void Finish(const LogReport& report, const SignedNote& note);

  // What was found, in order.
  const std::vector<Damage>& damages() const { return damages_; }
  // Those beyond kDamagesMax.
  uint64_t untold() const { return untold_; }
  // What the entries say of incarnations and keys.
  const IdentityCheck& identity() const { return identity_; }

  // Puts the counts into a report.
  void Count(LogReport* report) const;

 private:
  struct Head {
    Revision revision;
    Sequence last;
  };
  struct SealPlaceOf {
    Sequence entry;
    uint32_t index = 0;
    bool erased = false;
  };

  void CheckAlone(Sequence index, const EntryFacts& facts);
  void CheckRecord(Sequence index, const EntryFacts& facts);
  void CheckOrdinal(Sequence index, const EntryFacts& facts);
  void CheckAppend(Sequence index, const EntryFacts& facts);
  void CheckTime(Sequence index, const EntryFacts& facts);
  void CheckSeals(Sequence index, const EntryFacts& facts);
  void CheckLedger(Sequence index, const event::v1::Proposed& proposed);
  void CheckErasure(Sequence index, const event::v1::SealsErased& erased);
  void Say(Sequence index, absl::string_view what);

  std::vector<Damage> damages_;
  uint64_t untold_ = 0;
  absl::string_view bytes_;  // of the entry that is looked at
  std::string last_bytes_;   // of the last one added

  uint64_t entries_ = 0;
  uint64_t entry_bytes_ = 0;
  uint64_t seals_erased_ = 0;
  uint64_t unknown_types_ = 0;
  absl::flat_hash_map<RecordKey, Head> heads_;
  absl::flat_hash_map<uint32_t, Ordinal> ordinals_;
  absl::flat_hash_map<SealId, SealPlaceOf> seals_;
  int64_t last_recorded_at_us_ = 0;

  // The append that is under way.
  Sequence append_first_;
  uint32_t append_count_ = 0;
  uint64_t append_request_ = 0;
  Sequence append_end_;

  IdentityCheck identity_;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_VERIFY_CONTENT_CHECK_H_
