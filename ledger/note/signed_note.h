// ledger/note/signed_note.h
// Signed notes: a text and the signatures under it, made and checked.
//
// Guarantees:  Format is the exact inverse of ParseNote. VerifyNote ignores signatures of unknown
//              keys, verifies every one of a known key, and refuses the note if one of those fails
//              or there is none; a key that signed twice counts once, at its first signature.
// Threads:     pure functions.
// Errors:      kMalformed, kOverLimit; kCorrupt for a known key's signature that does not verify;
//              kNotFound if no known key signed.
// Limits:      kNoteBytesMax, kNoteSignaturesMax.
// Format:      C2SP signed-note v1.0.0: text, an empty line, then lines of an em dash, a key's
//              name and base64(key id || signature).
// Tests:       tests/ledger/note/signed_note_test.cc, tamper_test.cc
#ifndef SCRUTINY_LEDGER_NOTE_SIGNED_NOTE_H_
#define SCRUTINY_LEDGER_NOTE_SIGNED_NOTE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "ledger/base/limits.h"
#include "ledger/note/vkey.h"

namespace scrutiny::ledger {

// Signatures under one note; the format asks readers for at least 16, Go stops at 100.
inline constexpr size_t kNoteSignaturesMax = 100;
inline constexpr size_t kNoteBytesMax = 1 * kMiB;

struct NoteSignature {
  std::string name;
  uint32_t id = 0;
  std::string signature;  // without the id; its form is the key type's

  friend bool operator==(const NoteSignature&, const NoteSignature&) = default;
};

struct SignedNote {
  std::string text;  // with its final newline
  std::vector<NoteSignature> signatures;

  friend bool operator==(const SignedNote&, const SignedNote&) = default;
};

absl::StatusOr<SignedNote> ParseNote(absl::string_view bytes);
// The note must be one that ParseNote could have given: text with its newline, a signature.
std::string Format(const SignedNote& note);

// Signature lines alone, as a witness answers them: at least one.
absl::StatusOr<std::vector<NoteSignature>> ParseSignatureLines(absl::string_view bytes);
// One such line, with its newline.
std::string Format(const NoteSignature& signature);

// Signs the text, which must end in a newline, with a key of type 01.
NoteSignature SignNote(absl::string_view text, const Signer& signer);

// A signature that was found right.
struct VerifiedSignature {
  VerifierKey key;
  uint64_t cosigned_at = 0;  // seconds since 1970; 0 for type 01, which bears no time

  friend bool operator==(const VerifiedSignature&, const VerifiedSignature&) = default;
};

// Checks one signature against the key whose name and id it bears.
absl::StatusOr<VerifiedSignature> VerifyNoteSignature(absl::string_view text,
                                                      const NoteSignature& signature,
                                                      const VerifierKey& key);

// The signatures of the known keys, in the note's order, each key once; at least one.
absl::StatusOr<std::vector<VerifiedSignature>> VerifyNote(const SignedNote& note,
                                                          absl::Span<const VerifierKey> known);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_NOTE_SIGNED_NOTE_H_
