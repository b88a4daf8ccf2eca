#include "ledger/note/signed_note.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/types/optional.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/format/big_endian.h"
#include "ledger/note/base64.h"
#include "ledger/note/cosignature.h"
#include "ledger/note/lines.h"

namespace scrutiny::ledger {
namespace {

constexpr absl::string_view kDash = "\xE2\x80\x94 ";
constexpr absl::string_view kBlankLine = "\n\n";

absl::Status Malformed(absl::string_view sentence) {
  return Error(Reason::kMalformed, sentence)
      .Field("note")
      .Next("Fetch the note again; nothing of it can be trusted.");
}

absl::Status TooMany(absl::string_view sentence) {
  return Error(Reason::kOverLimit, sentence).Field("note").Next("Drop what is not needed of it.");
}

absl::StatusOr<NoteSignature> ParseSignatureLine(absl::string_view line) {
  if (!absl::ConsumePrefix(&line, kDash)) {
    return Malformed("A signature line begins with an em dash and a space; one does not.");
  }
  const size_t space = line.find(' ');
  if (space == absl::string_view::npos || !IsKeyName(line.substr(0, space))) {
    return Malformed("A signature line names its key, which has no space or plus; one does not.");
  }
  const absl::optional<std::string> bytes = DecodeBase64(line.substr(space + 1));
  if (!bytes) return Malformed("A signature is base64 with padding; one is not.");
  NoteSignature signature;
  signature.name = std::string(line.substr(0, space));
  absl::string_view rest = *bytes;
  if (!TakeBigEndian(&rest, &signature.id) || rest.empty()) {
    return Malformed("A signature begins with the four bytes of its key's id; one is too short.");
  }
  signature.signature = std::string(rest);
  return signature;
}

bool IsBy(const VerifierKey& key, const NoteSignature& signature) {
  return key.id == signature.id && key.name == signature.name;
}

// The known key that the signature names; null if there is none.
absl::StatusOr<const VerifierKey*> Find(absl::Span<const VerifierKey> known,
                                        const NoteSignature& signature) {
  const VerifierKey* found = nullptr;
  for (const VerifierKey& key : known) {
    if (!IsBy(key, signature)) continue;
    if (found != nullptr && *found != key) {
      return Error(Reason::kMalformed,
                   absl::StrCat("Two of the known keys share the name ", key.name,
                                " and the id, so the signature could be of either."))
          .Field("keys")
          .Next("Keep only the key that is trusted.");
    }
    found = &key;
  }
  return found;
}

}  // namespace

absl::StatusOr<std::vector<NoteSignature>> ParseSignatureLines(absl::string_view bytes) {
  if (bytes.size() > kNoteBytesMax) {
    return TooMany(absl::StrCat("A note has at most ", kNoteBytesMax, " bytes."));
  }
  if (!IsNoteText(bytes)) {
    return Malformed("A note is UTF-8 without control characters but the newline; this is not.");
  }
  std::vector<NoteSignature> signatures;
  while (!bytes.empty()) {
    const absl::optional<absl::string_view> line = TakeLine(&bytes);
    if (!line) return Malformed("A note ends in a newline; this was cut short.");
    if (signatures.size() == kNoteSignaturesMax) {
      return TooMany(absl::StrCat("A note has at most ", kNoteSignaturesMax, " signatures."));
    }
    SCRUTINY_ASSIGN_OR_RETURN(NoteSignature signature, ParseSignatureLine(*line));
    signatures.push_back(std::move(signature));
  }
  if (signatures.empty()) return Malformed("A note has at least one signature; this has none.");
  return signatures;
}

absl::StatusOr<SignedNote> ParseNote(absl::string_view bytes) {
  if (bytes.size() > kNoteBytesMax) {
    return TooMany(
        absl::StrCat("A note has at most ", kNoteBytesMax, " bytes; this has ", bytes.size(), "."));
  }
  if (!IsNoteText(bytes)) {
    return Malformed("A note is UTF-8 without control characters but the newline; this is not.");
  }
  // The last one: the text may hold empty lines itself.
  const size_t split = bytes.rfind(kBlankLine);
  if (split == absl::string_view::npos) {
    return Malformed("A note's signatures stand behind an empty line; this has none.");
  }
  SignedNote note;
  note.text = std::string(bytes.substr(0, split + 1));
  SCRUTINY_ASSIGN_OR_RETURN(note.signatures,
                            ParseSignatureLines(bytes.substr(split + kBlankLine.size())));
  return note;
}

std::string Format(const NoteSignature& signature) {
  SCRUTINY_CHECK(IsKeyName(signature.name)) << "a signature line would not be read back";
  SCRUTINY_CHECK(!signature.signature.empty()) << "a signature line would not be read back";
  std::string bytes;
  AppendBigEndian(signature.id, &bytes);
  bytes += signature.signature;
  return absl::StrCat(kDash, signature.name, " ", EncodeBase64(bytes), "\n");
}

std::string Format(const SignedNote& note) {
  SCRUTINY_CHECK(absl::EndsWith(note.text, "\n") && IsNoteText(note.text))
      << "a note's text would not be read back";
  SCRUTINY_CHECK(!note.signatures.empty() && note.signatures.size() <= kNoteSignaturesMax)
      << note.signatures.size() << " signatures";
  std::string bytes = absl::StrCat(note.text, "\n");
  for (const NoteSignature& signature : note.signatures) bytes += Format(signature);
  return bytes;
}

NoteSignature SignNote(absl::string_view text, const Signer& signer) {
  SCRUTINY_CHECK(signer.type() == KeyType::kEd25519) << "a cosigner's key signs cosignatures only";
  SCRUTINY_CHECK(absl::EndsWith(text, "\n") && IsNoteText(text)) << "this is no note's text";
  const Signature signature = signer.key().Sign(text);
  return {signer.name(), signer.id(), std::string(AsBytes(signature))};
}

absl::StatusOr<VerifiedSignature> VerifyNoteSignature(absl::string_view text,
                                                      const NoteSignature& signature,
                                                      const VerifierKey& key) {
  bool verifies = IsBy(key, signature);
  VerifiedSignature verified{key, 0};
  if (verifies && key.type == KeyType::kCosignature) {
    const absl::optional<uint64_t> time = VerifyCosignature(text, signature.signature, key.key);
    verifies = time.has_value();
    verified.cosigned_at = time.value_or(0);
  } else if (verifies) {
    verifies = VerifySignature(key.key, text, signature.signature);
  }
  if (verifies) return verified;
  return Error(Reason::kCorrupt, absl::StrCat("The signature of ", key.name,
                                              " does not verify: text or signature was changed, or "
                                              "another key made it."))
      .Field("note")
      .Value(key.name)
      .Next("Trust nothing of this note; ask its publisher, and keep it as evidence.");
}

absl::StatusOr<std::vector<VerifiedSignature>> VerifyNote(const SignedNote& note,
                                                          absl::Span<const VerifierKey> known) {
  std::vector<VerifiedSignature> verified;
  for (const NoteSignature& signature : note.signatures) {
    SCRUTINY_ASSIGN_OR_RETURN(const VerifierKey* key, Find(known, signature));
    if (key == nullptr) continue;
    SCRUTINY_ASSIGN_OR_RETURN(VerifiedSignature one,
                              VerifyNoteSignature(note.text, signature, *key));
    const auto is_same = [&](const VerifiedSignature& other) { return other.key == *key; };
    if (std::none_of(verified.begin(), verified.end(), is_same)) {
      verified.push_back(std::move(one));
    }
  }
  if (!verified.empty()) return verified;
  return Error(Reason::kNotFound, "None of the known keys signed this note.")
      .Field("note")
      .Next("Give the verifier key of the log, or fetch the note of the log you mean.");
}

}  // namespace scrutiny::ledger
