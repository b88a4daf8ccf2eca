// tests/ledger/note/generators.h
// Any notes, checkpoints, proofs and requests, for properties.
#ifndef SCRUTINY_TESTS_LEDGER_NOTE_GENERATORS_H_
#define SCRUTINY_TESTS_LEDGER_NOTE_GENERATORS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "rapidcheck/gtest.h"

#include "ledger/note/checkpoint.h"
#include "ledger/note/signed_note.h"
#include "ledger/note/tlog_proof.h"
#include "ledger/note/witness_request.h"
#include "tests/ledger/note/support.h"

namespace scrutiny::ledger {

// Up to `pieces_max` of these, one behind the other.
inline std::string AnyOf(const std::vector<std::string>& pieces, size_t pieces_max,
                         size_t pieces_min = 0) {
  std::string text;
  const size_t count = *rc::gen::inRange<size_t>(pieces_min, pieces_max + 1);
  for (size_t i = 0; i < count; ++i) text += *rc::gen::elementOf(pieces);
  return text;
}

inline std::string AnyKeyName() {
  return AnyOf({"a", "Z", "9", ".", "/", "-", "\xE2\x80\x94", "\xC3\xA9", "\xF0\x9F\x8F\x9B", "="},
               12, 1);
}

// One line of a text; what looks like a signature line may stand in it.
inline std::string AnyLine(size_t pieces_min = 0) {
  return AnyOf({"a", "Z", "0", " ", "+", "/", "=", "\xE2\x80\x94 ", "\xC3\xA9", "\x7F",
                "\xE2\x80\x94 a AAAAAAA=", "old 1", "index 2"},
               10, pieces_min);
}

inline std::string AnyBytes(size_t bytes_min, size_t bytes_max) {
  const size_t size = *rc::gen::inRange<size_t>(bytes_min, bytes_max + 1);
  return *rc::gen::container<std::string>(size, rc::gen::arbitrary<char>());
}

inline uint64_t AnyNumber() {
  return *rc::gen::oneOf(
      rc::gen::arbitrary<uint64_t>(),
      rc::gen::elementOf(std::vector<uint64_t>{0, 1, 9, 10, UINT64_MAX - 1, UINT64_MAX}));
}

inline Hash AnyHash() { return ArrayOf<Hash>(AnyBytes(32, 32)); }

inline std::vector<Hash> AnyHashes(size_t hashes_max) {
  std::vector<Hash> hashes(*rc::gen::inRange<size_t>(0, hashes_max + 1));
  for (Hash& hash : hashes) hash = AnyHash();
  return hashes;
}

inline std::vector<NoteSignature> AnySignatures() {
  std::vector<NoteSignature> signatures(*rc::gen::inRange<size_t>(1, 6));
  for (NoteSignature& signature : signatures) {
    signature = {AnyKeyName(), *rc::gen::arbitrary<uint32_t>(), AnyBytes(1, 80)};
  }
  return signatures;
}

inline SignedNote AnyNote() {
  SignedNote note;
  const size_t lines = *rc::gen::inRange<size_t>(1, 6);
  for (size_t i = 0; i < lines; ++i) note.text += AnyLine() + "\n";
  note.signatures = AnySignatures();
  return note;
}

inline Checkpoint AnyCheckpoint() {
  Checkpoint checkpoint{AnyLine(1), TreeSize(AnyNumber()), AnyHash(), {}};
  checkpoint.extensions.resize(*rc::gen::inRange<size_t>(0, 3));
  for (std::string& line : checkpoint.extensions) line = AnyLine(1);
  return checkpoint;
}

inline std::string AnySignedCheckpoint() {
  return Format(SignedNote{Format(AnyCheckpoint()), AnySignatures()});
}

inline TlogProof AnyProof() {
  TlogProof proof;
  if (*rc::gen::arbitrary<bool>()) proof.extra = AnyBytes(1, 40);
  proof.index = Sequence(AnyNumber());
  proof.path = AnyHashes(*rc::gen::elementOf(std::vector<size_t>{3, kInclusionHashesMax}));
  proof.checkpoint = AnySignedCheckpoint();
  return proof;
}

inline AddCheckpoint AnyRequest() {
  return {TreeSize(AnyNumber()),
          AnyHashes(*rc::gen::elementOf(std::vector<size_t>{3, kConsistencyHashesMax})),
          AnySignedCheckpoint()};
}

// The bytes with one to three small changes, of the kind that a lax reader would overlook.
inline std::string AnyChange(std::string bytes) {
  const size_t changes = *rc::gen::inRange<size_t>(1, 4);
  for (size_t i = 0; i < changes; ++i) {
    const size_t at = *rc::gen::inRange<size_t>(0, bytes.size() + 1);
    const std::string piece = *rc::gen::elementOf(std::vector<std::string>{
        "\n", " ", "0", "=", "\r", "\t", "A", "+", "\xE2\x80\x94 ", "\n\n", std::string(1, '\0')});
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        bytes.insert(at, piece);
        break;
      case 1:
        bytes.erase(at, 1);
        break;
      case 2:
        if (at < bytes.size()) bytes.replace(at, 1, piece);
        break;
      default:
        if (at < bytes.size()) bytes[at] = *rc::gen::arbitrary<char>();
        break;
    }
  }
  return bytes;
}

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_TESTS_LEDGER_NOTE_GENERATORS_H_
