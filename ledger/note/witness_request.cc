#include "ledger/note/witness_request.h"

#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/types/optional.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/note/lines.h"
#include "ledger/note/proof_lines.h"

namespace scrutiny::ledger {
namespace {

constexpr absl::string_view kOldWord = "old ";

}  // namespace

absl::StatusOr<AddCheckpoint> ParseAddCheckpoint(absl::string_view body) {
  if (body.size() > kAddCheckpointBytesMax) {
    return Error(Reason::kOverLimit,
                 absl::StrCat("A request to a witness has at most ", kAddCheckpointBytesMax,
                              " bytes; this has ", body.size(), "."))
        .Field("body")
        .Next("Send the checkpoint with fewer signatures.");
  }
  absl::optional<absl::string_view> line = TakeLine(&body);
  absl::optional<uint64_t> old_size;
  if (line && absl::ConsumePrefix(&*line, kOldWord)) old_size = ParseDecimal(*line);
  if (!old_size) {
    return Error(Reason::kMalformed,
                 "A request to a witness begins with the line: old and a size; this does not.")
        .Field("old")
        .Next("Send the size of the checkpoint that the witness cosigned last, 0 for none.");
  }
  SCRUTINY_ASSIGN_OR_RETURN(ProofTail tail, ParseProofTail(body, kConsistencyHashesMax));
  return AddCheckpoint{TreeSize(*old_size), std::move(tail.hashes), std::move(tail.checkpoint)};
}

std::string Format(const AddCheckpoint& request) {
  std::string body = absl::StrCat(kOldWord, request.old_size.value(), "\n");
  AppendProofTail(request.proof, request.checkpoint, kConsistencyHashesMax, &body);
  return body;
}

}  // namespace scrutiny::ledger
