#include "ledger/note/proof_lines.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/note/checkpoint.h"
#include "ledger/note/lines.h"

namespace scrutiny::ledger {
namespace {

absl::Status Malformed(absl::string_view sentence) {
  return Error(Reason::kMalformed, sentence)
      .Field("proof")
      .Next("Ask for the proof again; nothing of it can be trusted.");
}

// Whether the note is well formed, and a checkpoint's.
absl::Status CheckForm(absl::string_view note) {
  SCRUTINY_ASSIGN_OR_RETURN(const SignedNote parsed, ParseNote(note));
  return ParseCheckpoint(parsed.text).status();
}

}  // namespace

absl::StatusOr<ProofTail> ParseProofTail(absl::string_view bytes, size_t hashes_max) {
  ProofTail tail;
  for (;;) {
    const absl::optional<absl::string_view> line = TakeLine(&bytes);
    if (!line) return Malformed("An empty line and a checkpoint end a proof; this has neither.");
    if (line->empty()) break;
    if (tail.hashes.size() == hashes_max) {
      return Error(Reason::kOverLimit,
                   absl::StrCat("A proof has at most ", hashes_max, " hashes; this has more."))
          .Field("proof")
          .Next("No proof needs more: make it again.");
    }
    const absl::optional<Hash> hash = ParseHash(*line);
    if (!hash) return Malformed("A proof's hash is 32 bytes in base64; one is not.");
    tail.hashes.push_back(*hash);
  }
  SCRUTINY_RETURN_IF_ERROR(CheckForm(bytes));
  tail.checkpoint = std::string(bytes);
  return tail;
}

void AppendProofTail(absl::Span<const Hash> hashes, absl::string_view checkpoint, size_t hashes_max,
                     std::string* out) {
  SCRUTINY_CHECK(hashes.size() <= hashes_max) << hashes.size() << " hashes in a proof";
  SCRUTINY_CHECK_OK(CheckForm(checkpoint));
  for (const Hash& hash : hashes) absl::StrAppend(out, FormatHash(hash), "\n");
  absl::StrAppend(out, "\n", checkpoint);
}

}  // namespace scrutiny::ledger
