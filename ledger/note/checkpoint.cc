#include "ledger/note/checkpoint.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/note/lines.h"

namespace scrutiny::ledger {
namespace {

absl::Status Malformed(absl::string_view sentence) {
  return Error(Reason::kMalformed, sentence)
      .Field("checkpoint")
      .Next("Fetch the checkpoint again; nothing of it can be trusted.");
}

bool IsOneLine(absl::string_view text) {
  return !text.empty() && text.find('\n') == absl::string_view::npos && IsNoteText(text);
}

}  // namespace

absl::StatusOr<Checkpoint> ParseCheckpoint(absl::string_view text) {
  if (!IsNoteText(text)) {
    return Malformed("A checkpoint is UTF-8 without control characters; this is not.");
  }
  const absl::optional<absl::string_view> origin = TakeLine(&text);
  if (!origin || origin->empty()) {
    return Malformed("A checkpoint's first line names its log; this has none.");
  }
  const absl::optional<absl::string_view> size_line = TakeLine(&text);
  const absl::optional<uint64_t> size =
      size_line ? ParseDecimal(*size_line) : absl::optional<uint64_t>();
  if (!size) return Malformed("A checkpoint's second line is its size as a number; this is not.");
  const absl::optional<absl::string_view> root_line = TakeLine(&text);
  const absl::optional<Hash> root = root_line ? ParseHash(*root_line) : absl::optional<Hash>();
  if (!root) return Malformed("A checkpoint's third line is a hash in base64; this is not.");

  Checkpoint checkpoint{std::string(*origin), TreeSize(*size), *root, {}};
  while (!text.empty()) {
    const absl::optional<absl::string_view> line = TakeLine(&text);
    if (!line || line->empty()) {
      return Malformed("A checkpoint's lines are not empty and end in a newline; one does not.");
    }
    checkpoint.extensions.emplace_back(*line);
  }
  return checkpoint;
}

std::string Format(const Checkpoint& checkpoint) {
  SCRUTINY_CHECK(IsOneLine(checkpoint.origin)) << "a checkpoint would not be read back";
  SCRUTINY_CHECK(std::all_of(checkpoint.extensions.begin(), checkpoint.extensions.end(), IsOneLine))
      << "a checkpoint would not be read back";
  std::string text = absl::StrCat(checkpoint.origin, "\n", checkpoint.size.value(), "\n",
                                  FormatHash(checkpoint.root), "\n");
  for (const std::string& line : checkpoint.extensions) absl::StrAppend(&text, line, "\n");
  return text;
}

absl::StatusOr<Checkpoint> OpenCheckpoint(absl::string_view note,
                                          absl::Span<const VerifierKey> log_keys,
                                          std::vector<VerifiedSignature>* verified) {
  SCRUTINY_ASSIGN_OR_RETURN(const SignedNote parsed, ParseNote(note));
  SCRUTINY_ASSIGN_OR_RETURN(Checkpoint checkpoint, ParseCheckpoint(parsed.text));
  SCRUTINY_ASSIGN_OR_RETURN(std::vector<VerifiedSignature> signatures,
                            VerifyNote(parsed, log_keys));
  const auto is_the_logs = [&](const VerifiedSignature& signature) {
    return signature.key.type == KeyType::kEd25519 && signature.key.name == checkpoint.origin;
  };
  if (std::none_of(signatures.begin(), signatures.end(), is_the_logs)) {
    return Error(Reason::kNotFound, absl::StrCat("The checkpoint of ", checkpoint.origin,
                                                 " is not signed by a known key of that log."))
        .Field("checkpoint")
        .Value(checkpoint.origin)
        .Next("Give the verifier key of the log, or fetch the checkpoint of the log you mean.");
  }
  if (verified != nullptr) *verified = std::move(signatures);
  return checkpoint;
}

}  // namespace scrutiny::ledger
