// ledger/note/cosignature.h
// A witness's word on a checkpoint: that at this time it was the largest it had seen of that log,
// and consistent with all before.
//
// Guarantees:  the time is signed with the text; a key of type 04 signs nothing else.
// Threads:     pure functions.
// Format:      C2SP tlog-cosignature v1.0.1, cosignature/v1: uint64 seconds, big-endian, then the
//              Ed25519 signature of "cosignature/v1\ntime <seconds>\n" and the checkpoint's text.
// Tests:       tests/ledger/note/cosignature_test.cc, tamper_test.cc
#ifndef SCRUTINY_LEDGER_NOTE_COSIGNATURE_H_
#define SCRUTINY_LEDGER_NOTE_COSIGNATURE_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include "ledger/note/signed_note.h"

namespace scrutiny::ledger {

// The latest time a cosignature may bear.
inline constexpr uint64_t kCosignedAtMax = (uint64_t{1} << 63) - 1;

// Cosigns the text of a checkpoint, which must end in a newline, with a key of type 04.
NoteSignature Cosign(absl::string_view checkpoint_text, const Signer& signer, uint64_t seconds);

// The time at which the key cosigned the text; nothing if `signature` is not its cosignature.
absl::optional<uint64_t> VerifyCosignature(absl::string_view checkpoint_text,
                                           absl::string_view signature, const PublicKey& key);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_NOTE_COSIGNATURE_H_
