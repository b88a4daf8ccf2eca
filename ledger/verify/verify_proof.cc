#include "ledger/verify/verify_proof.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/format/entry_codec.h"
#include "ledger/merkle/proof.h"
#include "ledger/merkle/tile_nodes.h"
#include "ledger/merkle/tree_hash.h"
#include "ledger/note/lines.h"
#include "ledger/note/tlog_proof.h"
#include "ledger/verify/entry_facts.h"
#include "ledger/verify/log_tiles.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

// More than any consistency proof has: 64 hashes of a line each.
constexpr size_t kProofLinesMax = 64;

absl::Status NotProven(absl::string_view what) {
  return Error(Reason::kCorrupt, what)
      .Next(
          "See that the files belong together and get them anew; if it stays so, keep them and "
          "ask the ledger's operator.");
}

}  // namespace

absl::StatusOr<ProvenEntry> VerifyProof(absl::string_view proof, absl::string_view entry,
                                        const Trust& trust) {
  SCRUTINY_ASSIGN_OR_RETURN(const TlogProof parsed, ParseTlogProof(proof));
  ProvenEntry proven;
  SCRUTINY_ASSIGN_OR_RETURN(proven.signed_by, OpenSignedCheckpoint(parsed.checkpoint, trust));
  const Checkpoint& checkpoint = proven.signed_by.checkpoint;
  if (parsed.index.value() >= checkpoint.size.value()) {
    return NotProven(absl::StrCat("The proof is of entry ", parsed.index.value(),
                                  ", and its checkpoint is of ", checkpoint.size.value(),
                                  " entries."));
  }
  const absl::Status included =
      VerifyInclusion(parsed.index, checkpoint.size, LeafHash(entry), parsed.path, checkpoint.root);
  if (!included.ok()) {
    return NotProven(absl::StrCat("These bytes are not entry ", parsed.index.value(),
                                  " of the ledger that was signed, or the proof was changed."));
  }
  // What a check of the whole log would say of it alone.
  const std::string problem = EntryReader(nullptr).Read(entry).problem;
  if (!problem.empty()) {
    return NotProven(
        absl::StrCat("Entry ", parsed.index.value(), " is in the ledger, and ", problem, "."));
  }
  const absl::StatusOr<event::v1::Entry> message = ParseEntry(entry);
  if (!message.ok()) {
    return NotProven(absl::StrCat("Entry ", parsed.index.value(),
                                  " is in the ledger, and its bytes are no entry."));
  }
  const event::v1::Assigned& assigned = message->assigned();
  if (assigned.sequence() != parsed.index.value()) {
    return NotProven(absl::StrCat("Entry ", parsed.index.value(),
                                  " is in the ledger, and says that it is entry ",
                                  assigned.sequence(), "."));
  }
  proven.index = parsed.index;
  proven.record = message->proposed().record();
  proven.revision = assigned.revision();
  proven.fact_type = assigned.fact_type();
  proven.recorded_at_us = assigned.recorded_at_us();
  return proven;
}

absl::Status VerifyCheckpoints(const Checkpoint& older, const Checkpoint& newer,
                               absl::Span<const Hash> proof) {
  if (older.origin != newer.origin) {
    return Error(Reason::kMalformed, absl::StrCat("The checkpoints are of two ledgers: \"",
                                                  older.origin, "\" and \"", newer.origin, "\"."))
        .Next(
            "Give two checkpoints of one origin. If the ledger was started anew under another "
            "origin, run `scrutiny-verify log` on it: it checks whether the new one goes on from "
            "the old.");
  }
  if (older.size > newer.size) {
    return Error(Reason::kMalformed,
                 absl::StrCat("The older checkpoint is of ", older.size.value(),
                              " entries, the newer one of ", newer.size.value(), "."))
        .Next("Give the smaller one first.");
  }
  if (older.size == newer.size && older.root != newer.root) {
    return NotProven(
        absl::StrCat("The ledger signed two different histories of ", older.size.value(),
                     " entries. Both checkpoints are genuine: keep them as evidence."));
  }
  for (const Checkpoint* checkpoint : {&older, &newer}) {
    if (checkpoint->size == TreeSize(0) && checkpoint->root != EmptyRoot()) {
      return NotProven("A checkpoint of no entries has a root that is not that of none.");
    }
  }
  if (older.size == newer.size || older.size == TreeSize(0)) {
    if (proof.empty()) return absl::OkStatus();
    return NotProven("Nothing needs proving between these checkpoints, and there is a proof.");
  }
  const absl::Status consistent =
      VerifyConsistency(older.size, newer.size, proof, older.root, newer.root);
  if (consistent.ok()) return absl::OkStatus();
  return NotProven(absl::StrCat("It is not proven that the ledger of ", newer.size.value(),
                                " entries begins with that of ", older.size.value(),
                                ": the proof is wrong, or entries were changed or taken out."));
}

absl::StatusOr<std::vector<Hash>> ParseConsistencyProof(absl::string_view text) {
  std::vector<Hash> proof;
  while (!text.empty()) {
    const absl::optional<absl::string_view> line = TakeLine(&text);
    const absl::optional<Hash> hash = line.has_value() ? ParseHash(*line) : absl::nullopt;
    if (!hash.has_value() || proof.size() == kProofLinesMax) {
      return Error(Reason::kMalformed,
                   absl::StrCat("Line ", proof.size() + 1,
                                " of the consistency proof is no hash in base64."))
          .Next("Give a file of at most 64 lines, each a hash of 32 bytes in base64.");
    }
    proof.push_back(*hash);
  }
  return proof;
}

absl::StatusOr<std::vector<Hash>> ConsistencyFromLog(LogReader& log, TreeSize older,
                                                     TreeSize newer) {
  // The tiles that lie there are those of the log's own size; the nodes of a smaller tree are in
  // them.
  SCRUTINY_ASSIGN_OR_RETURN(const std::string bytes, log.Checkpoint());
  SCRUTINY_ASSIGN_OR_RETURN(const SignedNote note, ParseNote(bytes));
  SCRUTINY_ASSIGN_OR_RETURN(const Checkpoint head, ParseCheckpoint(note.text));
  SCRUTINY_RETURN_IF_ERROR(CheckTreeSize(head.size));
  if (head.size < newer) {
    return Error(Reason::kBeyondHead,
                 absl::StrCat("The log given has ", head.size.value(),
                              " entries; the newer checkpoint is of ", newer.value(), "."))
        .Next("Give a log that has grown at least so far.");
  }
  LogTileSource tiles(log);
  TileNodeReader nodes(tiles, head.size);
  return ConsistencyProof(nodes, older, newer);
}

}  // namespace scrutiny::ledger
