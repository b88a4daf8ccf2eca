#include "ledger/verify/signed_checkpoint.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/merkle/tree_hash.h"

namespace scrutiny::ledger {
namespace {

// The names under a note, for a message.
std::string SignersOf(absl::string_view bytes) {
  const absl::StatusOr<SignedNote> note = ParseNote(bytes);
  if (!note.ok()) return "nobody";
  return absl::StrJoin(note->signatures, ", ", [](std::string* out, const NoteSignature& line) {
    absl::StrAppend(out, line.name, "+", absl::Hex(line.id, absl::kZeroPad8));
  });
}

absl::Status Unsigned(const absl::Status& why, absl::string_view note) {
  const Reason reason = ReasonOf(why);
  if (reason == Reason::kNotFound) {
    return Error(reason, absl::StrCat("No key you gave signed the checkpoint; it is signed by ",
                                      SignersOf(note), "."))
        .Next(
            "Check that the key is this ledger's. If the ledger changed its key since, ask "
            "whoever gave you the old one for the new one.");
  }
  if (reason == Reason::kCorrupt) {
    return Error(reason, absl::StrCat("A signature under the checkpoint is wrong: ", why.message()))
        .Next(
            "The checkpoint was changed, or is not what the ledger signed. Get it anew; if it "
            "stays so, keep a copy and ask the ledger's operator.");
  }
  return why;
}

}  // namespace

absl::Status CheckTrust(const Trust& trust) {
  if (trust.log_keys.empty()) {
    return Error(Reason::kMalformed, "No verifier key of the ledger is given.")
        .Next("Give one with --vkey.");
  }
  for (const VerifierKey& key : trust.log_keys) {
    if (key.type == KeyType::kEd25519) continue;
    return Error(Reason::kMalformed, absl::StrCat("The key of ", key.name, " is a witness's."))
        .Value(ToString(key))
        .Next("Give it with --witness, and the ledger's own key with --vkey.");
  }
  for (const VerifierKey& key : trust.witness_keys) {
    if (key.type == KeyType::kCosignature) continue;
    return Error(Reason::kMalformed, absl::StrCat("The key of ", key.name, " is no witness's."))
        .Value(ToString(key))
        .Next("Give the ledger's key with --vkey, a witness's with --witness.");
  }
  // Whoever has one key must not count as two.
  for (size_t i = 0; i < trust.witness_keys.size(); ++i) {
    const VerifierKey& key = trust.witness_keys[i];
    const auto is_same = [&key](const VerifierKey& other) { return other.key == key.key; };
    if (std::any_of(trust.log_keys.begin(), trust.log_keys.end(), is_same)) {
      return Error(Reason::kMalformed,
                   absl::StrCat("The witness ", key.name, " has the same key as the ledger."))
          .Value(ToString(key))
          .Next("Name witnesses that are not the ledger's own.");
    }
    const auto begin = trust.witness_keys.begin();
    const auto other = std::find_if(begin, begin + static_cast<std::ptrdiff_t>(i), is_same);
    if (other != begin + static_cast<std::ptrdiff_t>(i)) {
      return Error(Reason::kMalformed, absl::StrCat("The witnesses ", other->name, " and ",
                                                    key.name, " have the same key."))
          .Value(ToString(key))
          .Next("Give one of the two: they are the same witness.");
    }
  }
  if (trust.witnesses_required > trust.witness_keys.size()) {
    return Error(Reason::kMalformed,
                 absl::StrCat(trust.witnesses_required, " witnesses are required, and keys of ",
                              trust.witness_keys.size(), " are given."))
        .Next("Give the key of each witness with --witness.");
  }
  return absl::OkStatus();
}

absl::StatusOr<SignedCheckpoint> OpenSignedCheckpoint(absl::string_view note, const Trust& trust) {
  SCRUTINY_RETURN_IF_ERROR(CheckTrust(trust));
  std::vector<VerifierKey> known = trust.log_keys;
  known.insert(known.end(), trust.witness_keys.begin(), trust.witness_keys.end());
  SignedCheckpoint opened;
  absl::StatusOr<Checkpoint> checkpoint = OpenCheckpoint(note, known, &opened.signatures);
  if (!checkpoint.ok()) return Unsigned(checkpoint.status(), note);
  SCRUTINY_RETURN_IF_ERROR(CheckTreeSize(checkpoint->size));
  opened.checkpoint = *std::move(checkpoint);
  const auto witnesses = static_cast<size_t>(std::count_if(
      opened.signatures.begin(), opened.signatures.end(), [](const VerifiedSignature& signature) {
        return signature.key.type == KeyType::kCosignature;
      }));
  if (witnesses < trust.witnesses_required) {
    return Error(Reason::kNotFound, absl::StrCat("Of the witnesses you know, ", witnesses,
                                                 " cosigned the checkpoint, and ",
                                                 trust.witnesses_required, " are required."))
        .Next("Wait for a checkpoint that more of them cosigned, or require fewer.");
  }
  return opened;
}

}  // namespace scrutiny::ledger
