// tools/scrutiny/proofs.h
// Proofs as they come from the server: turned into hashes, followed to the checkpoint's root, and
// written into files that others can check.
//
// Guarantees:  no proof is passed on whose path does not lead to the root of its checkpoint. Who
//              signed the checkpoint is not looked at here: the key to judge that by must come from
//              somewhere else, and scrutiny-verify takes it.
// Threads:     pure functions; the files: confined to one thread.
// Errors:      kCorrupt where a proof does not hold.
// Tests:       tests/tools/scrutiny/proofs_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINY_PROOFS_H_
#define SCRUTINY_TOOLS_SCRUTINY_PROOFS_H_

#include <cstdint>
#include <map>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_ptr_field.h"

#include "ledger/base/ids.h"
#include "ledger/format/hash.h"
#include "ledger/note/checkpoint.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "tools/scrutiny/context.h"

namespace scrutiny::tools {

using ByteFields = google::protobuf::RepeatedPtrField<std::string>;

absl::StatusOr<ledger::Hash> ReadHash(absl::string_view bytes);
absl::StatusOr<std::vector<ledger::Hash>> ReadHashes(const ByteFields& hashes);
// What a signed note says, whoever signed it.
absl::StatusOr<ledger::Checkpoint> ReadCheckpoint(absl::string_view note);

// Follows the path from the leaf to the checkpoint's root.
absl::Status CheckInclusion(uint64_t sequence, absl::string_view leaf_hash, const ByteFields& path,
                            const ledger::Checkpoint& checkpoint);
// Every proof against the checkpoint they share.
absl::Status CheckProofs(const ledger::v1::Proofs& proofs);

// A tlog-proof file (C2SP) of an entry under a checkpoint.
absl::StatusOr<std::string> TlogProofOf(uint64_t sequence, const ByteFields& path,
                                        absl::string_view checkpoint);

// --receipt FILE of what records.
Option ReceiptOption();
// The file of one entry's receipt; with `several`, one of many, its sequence stands before the
// suffix: `april.tlog-proof` becomes `april.212.tlog-proof`.
std::string ReceiptFile(const std::string& file, uint64_t sequence, bool several);
// Whether a receipt could be written there; asked before anything is recorded. A file that is there
// is refused unless it may be replaced.
absl::Status CheckReceiptFile(const std::string& file, bool replace);
// Writes a receipt of each entry and says where.
absl::Status WriteReceipts(const ledger::v1::Receipt& receipt, const std::string& file,
                           bool several, bool replace, std::ostream& said);

// Behind commands that name KEY.
inline constexpr char kAboutKey[] =
    "KEY is the ledger's public key as the office publishes it; `scrutiny key` prints the one "
    "that\n"
    "this server says it has.\n";

// How to check the file, in lines to be typed; `entry` is the file with the entry's bytes, empty if
// it is still to be written.
std::string HowToCheck(const std::string& file, uint64_t sequence, absl::string_view entry);

// Proofs of a page of rows or a batch of entries, for JSON: each row gets those it rests on.
class ProofsBySequence {
 public:
  // Checks all of them.
  static absl::StatusOr<ProofsBySequence> From(const ledger::v1::Proofs& proofs);

  // The row's JSON with one more field, `proofs`: those of all entries that its RowMeta name.
  // kCorrupt where one is missing.
  absl::StatusOr<std::string> RowWithProofs(const google::protobuf::Message& row) const;
  // The entry's JSON with two more fields: `stored`, its bytes in base64, and `proofs`.
  absl::StatusOr<std::string> EntryWithProof(const event::v1::Entry& entry,
                                             absl::string_view stored) const;

 private:
  absl::StatusOr<ledger::v1::Proofs> Of(const std::set<uint64_t>& sequences) const;

  std::map<uint64_t, ledger::v1::EntryProof> proofs_;
  std::string checkpoint_;
};

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SCRUTINY_PROOFS_H_
