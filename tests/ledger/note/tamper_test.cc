// Goal: no single change of a checkpoint, a cosignature or a proof file goes unnoticed. Method:
// every byte is replaced by every other, removed and doubled, one at a time, and the whole is
// verified as a reader does.
//
// What the formats let pass by design, and what these tests therefore allow:
//   - A line of a key the reader does not know is ignored, so a change within it that leaves it a
//     well-formed line of an unknown key passes.
//   - A change of the name or key id of a cosignature makes it such a line: the checkpoint still
//     opens by the log's own signature, and the witness is missing from what verified. A reader
//     that asks for a quorum of witnesses finds it there.
//   - The extra bytes of a proof file are vouched for by nobody.
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/merkle/proof.h"
#include "ledger/merkle/tree_hash.h"
#include "ledger/note/checkpoint.h"
#include "ledger/note/cosignature.h"
#include "ledger/note/tlog_proof.h"
#include "tests/ledger/note/support.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using Check = std::function<void(const std::string& changed, size_t at)>;

// Calls `check` with every single change of the bytes at [begin, end).
void ForEachChange(const std::string& bytes, size_t begin, size_t end, const Check& check) {
  for (size_t at = begin; at < end; ++at) {
    std::string changed = bytes;
    for (int byte = 0; byte < 256; ++byte) {
      changed[at] = static_cast<char>(byte);
      if (changed[at] != bytes[at]) check(changed, at);
    }
    changed = bytes;
    changed.erase(at, 1);
    check(changed, at);
    changed = bytes;
    changed.insert(at, 1, bytes[at]);
    check(changed, at);
  }
}

void ForEachChange(const std::string& bytes, const Check& check) {
  ForEachChange(bytes, 0, bytes.size(), check);
}

std::string LogNote() { return absl::StrCat(kLogText, "\n", kLogLine); }

TEST(NoteTamperTest, EachChangeOfASignedCheckpointIsFound) {
  const std::vector<VerifierKey> keys = {KeyOf(kLogVkey)};
  const std::string note = LogNote();
  SCRUTINY_ASSERT_OK(OpenCheckpoint(note, keys));
  ForEachChange(note, [&](const std::string& changed, size_t at) {
    EXPECT_FALSE(OpenCheckpoint(changed, keys).ok()) << "byte " << at << ": " << changed;
  });
}

TEST(NoteTamperTest, EachTruncationOfASignedCheckpointIsFound) {
  const std::string note = LogNote();
  for (size_t size = 0; size < note.size(); ++size) {
    EXPECT_FALSE(OpenCheckpoint(note.substr(0, size), {KeyOf(kLogVkey)}).ok()) << size;
    EXPECT_FALSE(OpenCheckpoint(note.substr(note.size() - size), {KeyOf(kLogVkey)}).ok()) << size;
  }
}

// A cosignature's name or id changed into another key's: either the note is refused, or what was
// opened is unchanged and the witness is no longer counted.
TEST(NoteTamperTest, EachChangeOfACosignatureLineIsFound) {
  const Signer witness = SignerOf("w.example", KeyType::kCosignature, 1);
  const std::vector<VerifierKey> keys = {KeyOf(kLogVkey), witness.verifier()};
  const std::string line = Format(Cosign(kLogText, witness, kMirrorTime));
  const std::string note = LogNote() + line;
  std::vector<VerifiedSignature> verified;
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Checkpoint good, OpenCheckpoint(note, keys, &verified));
  ASSERT_EQ(verified.size(), 2u);
  // Behind the name and the space, base64 of the id: four bytes in six characters.
  const size_t id_end = note.rfind(' ') + 1 + 6;
  size_t ignored = 0;
  ForEachChange(
      note, note.size() - line.size(), note.size(), [&](const std::string& changed, size_t at) {
        const absl::StatusOr<Checkpoint> opened = OpenCheckpoint(changed, keys, &verified);
        if (!opened.ok()) return;
        ++ignored;
        EXPECT_LT(at, id_end) << changed;
        EXPECT_EQ(*opened, good);
        EXPECT_EQ(verified, (std::vector<VerifiedSignature>{{KeyOf(kLogVkey), 0}}))
            << "byte " << at << ": " << changed;
      });
  EXPECT_GT(ignored, 0u);  // The design's gap is there, and it is this one.
}

// By itself, as a witness answers it, no change passes at all.
TEST(NoteTamperTest, EachChangeOfAWitnessesAnswerIsFound) {
  const VerifierKey key = KeyOf(kMirrorVkey);
  ForEachChange(kMirrorLine, [&](const std::string& changed, size_t at) {
    const absl::StatusOr<std::vector<NoteSignature>> lines = ParseSignatureLines(changed);
    if (!lines.ok()) return;
    for (const NoteSignature& line : *lines) {
      EXPECT_FALSE(VerifyNoteSignature(kMirrorText, line, key).ok()) << at << ": " << changed;
    }
  });
}

// A line of a key nobody knows may be anything: what is opened stays the same.
TEST(NoteTamperTest, AChangeOfAnUnknownKeysLineChangesNothing) {
  const std::string line = Format(SignNote(kLogText, SignerOf("u", KeyType::kEd25519, 1)));
  const std::string note = LogNote() + line;
  const std::vector<VerifierKey> keys = {KeyOf(kLogVkey)};
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Checkpoint good, OpenCheckpoint(note, keys));
  size_t passed = 0;
  ForEachChange(note, LogNote().size(), note.size(), [&](const std::string& changed, size_t) {
    const absl::StatusOr<Checkpoint> opened = OpenCheckpoint(changed, keys);
    if (!opened.ok()) return;
    ++passed;
    EXPECT_EQ(*opened, good);
  });
  EXPECT_GT(passed, 0u);
}

// The tree of the vector: one, two, three, four, five.
std::string ProofOfThree() {
  const Hash one_two = NodeHash(LeafHash("one"), LeafHash("two"));
  TlogProof proof;
  proof.index = Sequence(2);
  proof.path = {LeafHash("four"), one_two, LeafHash("five")};
  proof.checkpoint = LogNote();
  return Format(proof);
}

// As a reader with the entry and the log's key does.
absl::Status VerifyProof(const std::string& file, absl::string_view entry) {
  SCRUTINY_ASSIGN_OR_RETURN(const TlogProof proof, ParseTlogProof(file));
  SCRUTINY_ASSIGN_OR_RETURN(const Checkpoint checkpoint,
                            OpenCheckpoint(proof.checkpoint, {KeyOf(kLogVkey)}));
  return VerifyInclusion(proof.index, checkpoint.size, LeafHash(entry), proof.path,
                         checkpoint.root);
}

TEST(NoteTamperTest, EachChangeOfAProofFileIsFound) {
  const std::string file = ProofOfThree();
  SCRUTINY_ASSERT_OK(VerifyProof(file, "three"));
  EXPECT_FALSE(VerifyProof(file, "Three").ok());
  ForEachChange(file, [&](const std::string& changed, size_t at) {
    EXPECT_FALSE(VerifyProof(changed, "three").ok()) << "byte " << at << ": " << changed;
  });
}

// Nobody signed the extra bytes: a change there may pass, and alters nothing else.
TEST(NoteTamperTest, TheExtraBytesOfAProofAreNotProved) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(TlogProof proof, ParseTlogProof(ProofOfThree()));
  proof.extra = "note";
  const std::string file = Format(proof);
  const size_t begin = file.find('\n') + 1;
  const size_t end = file.find('\n', begin) + 1;
  size_t passed = 0;
  ForEachChange(file, begin, end, [&](const std::string& changed, size_t) {
    if (!VerifyProof(changed, "three").ok()) return;
    ++passed;
    absl::StatusOr<TlogProof> read = ParseTlogProof(changed);
    EXPECT_NE(read->extra, proof.extra);
    read->extra = proof.extra;
    EXPECT_EQ(*read, proof);
  });
  EXPECT_GT(passed, 0u);
}

}  // namespace
}  // namespace scrutiny::ledger
