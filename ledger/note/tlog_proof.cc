#include "ledger/note/tlog_proof.h"

#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/note/base64.h"
#include "ledger/note/lines.h"
#include "ledger/note/proof_lines.h"

namespace scrutiny::ledger {
namespace {

constexpr absl::string_view kFirstLine = "c2sp.org/tlog-proof@v1";
constexpr absl::string_view kExtraWord = "extra ";
constexpr absl::string_view kIndexWord = "index ";

absl::Status Malformed(absl::string_view sentence) {
  return Error(Reason::kMalformed, sentence)
      .Field("proof")
      .Next("Ask for the proof again; nothing of it can be trusted.");
}

}  // namespace

absl::StatusOr<TlogProof> ParseTlogProof(absl::string_view bytes) {
  if (bytes.size() > kTlogProofBytesMax) {
    return Error(Reason::kOverLimit, absl::StrCat("A proof has at most ", kTlogProofBytesMax,
                                                  " bytes; this has ", bytes.size(), "."))
        .Field("proof")
        .Next("Give the proof file alone.");
  }
  absl::optional<absl::string_view> line = TakeLine(&bytes);
  if (line != kFirstLine) {
    return Malformed("A proof begins with the line c2sp.org/tlog-proof@v1; this does not.");
  }
  TlogProof proof;
  line = TakeLine(&bytes);
  if (line && absl::ConsumePrefix(&*line, kExtraWord)) {
    proof.extra = DecodeBase64(*line);
    if (!proof.extra || proof.extra->empty()) {
      return Malformed("A proof's extra line holds bytes in base64; this does not.");
    }
    line = TakeLine(&bytes);
  }
  if (!line || !absl::ConsumePrefix(&*line, kIndexWord)) {
    return Malformed("A proof has a line with the entry's index; this has none.");
  }
  const absl::optional<uint64_t> index = ParseDecimal(*line);
  if (!index) return Malformed("A proof's index is a number without leading zeros; this is not.");
  proof.index = Sequence(*index);
  SCRUTINY_ASSIGN_OR_RETURN(ProofTail tail, ParseProofTail(bytes, kInclusionHashesMax));
  proof.path = std::move(tail.hashes);
  proof.checkpoint = std::move(tail.checkpoint);
  return proof;
}

std::string Format(const TlogProof& proof) {
  std::string text = absl::StrCat(kFirstLine, "\n");
  if (proof.extra && !proof.extra->empty()) {
    absl::StrAppend(&text, kExtraWord, EncodeBase64(*proof.extra), "\n");
  }
  absl::StrAppend(&text, kIndexWord, proof.index.value(), "\n");
  AppendProofTail(proof.path, proof.checkpoint, kInclusionHashesMax, &text);
  return text;
}

}  // namespace scrutiny::ledger
