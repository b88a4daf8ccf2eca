#include "ledger/note/signed_note.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/note/cosignature.h"
#include "tests/ledger/note/support.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char kText[] = "A note.\n";
constexpr char kDash[] = "\xE2\x80\x94 ";

Signer Alice() { return SignerOf("alice.example", KeyType::kEd25519, 1); }
Signer Bob() { return SignerOf("bob.example", KeyType::kEd25519, 2); }
Signer Witness() { return SignerOf("witness.example", KeyType::kCosignature, 3); }

std::string NoteOf(const std::string& text, const std::vector<std::string>& lines) {
  std::string note = absl::StrCat(text, "\n");
  for (const std::string& line : lines) note += line;
  return note;
}

auto ByKey(const Signer& signer) { return Field(&VerifiedSignature::key, signer.verifier()); }

TEST(SignedNoteTest, TheTextEndsAtTheLastEmptyLine) {
  const std::string line = Format(SignNote("one\n\ntwo\n", Alice()));
  const std::string inner = absl::StrCat("one\n\n", line);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(SignedNote note, ParseNote(NoteOf("one\n\ntwo\n", {line})));
  EXPECT_EQ(note.text, "one\n\ntwo\n");
  SCRUTINY_EXPECT_OK(VerifyNote(note, {Alice().verifier()}));
  // A whole note may be the text of another.
  SCRUTINY_ASSERT_OK_AND_ASSIGN(note, ParseNote(NoteOf(inner, {Format(SignNote(inner, Bob()))})));
  EXPECT_EQ(note.text, inner);
  EXPECT_THAT(note.signatures, ElementsAre(Field(&NoteSignature::name, "bob.example")));
  // The text of an empty line, and of several.
  SCRUTINY_ASSERT_OK_AND_ASSIGN(note, ParseNote(NoteOf("\n", {line})));
  EXPECT_EQ(note.text, "\n");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(note, ParseNote(NoteOf("a\n\n\n", {line})));
  EXPECT_EQ(note.text, "a\n\n\n");
}

TEST(SignedNoteTest, ANoteWithoutASignatureIsRefused) {
  EXPECT_THAT(ParseNote("A note.\n\n"), FailsWith(Reason::kMalformed));
  EXPECT_THAT(ParseNote("A note.\n"), FailsWith(Reason::kMalformed));
  EXPECT_THAT(ParseNote(""), FailsWith(Reason::kMalformed));
  EXPECT_THAT(ParseNote("\n\n"), FailsWith(Reason::kMalformed));
  EXPECT_THAT(ParseSignatureLines(""), FailsWith(Reason::kMalformed));
}

TEST(SignedNoteTest, MalformedNotesAreRefused) {
  const std::string line = Format(SignNote(kText, Alice()));
  const std::string base64 = line.substr(line.rfind(' ') + 1);
  for (const std::string& bad :
       {line.substr(0, line.size() - 1),                         // no newline at the end
        absl::StrCat(line, "\n"),                                // an empty line behind
        absl::StrCat(line, "note\n"),                            // something else behind
        absl::StrCat("- alice.example ", base64),                // a hyphen
        absl::StrCat("\xE2\x80\x93 alice.example ", base64),     // an en dash
        absl::StrCat("\xE2\x80\x94", "alice.example ", base64),  // no space behind the dash
        absl::StrCat(" ", line),
        absl::StrCat(kDash, " alice.example ", base64),
        absl::StrCat(kDash, "alice.example  ", base64),  // two spaces
        absl::StrCat(kDash, "alice+example ", base64),   // a plus in the name
        absl::StrCat(kDash,
                     "alice\xC2\xA0"
                     "example ",
                     base64),                             // a space of Unicode in the name
        absl::StrCat(kDash, base64),                      // no name
        absl::StrCat(kDash, " ", base64),                 // an empty name
        absl::StrCat(kDash, "alice.example\n"),           // no signature
        absl::StrCat(kDash, "alice.example \n"),          // an empty one
        absl::StrCat(kDash, "alice.example AAAA\n"),      // three bytes
        absl::StrCat(kDash, "alice.example AAAAAA==\n"),  // an id and no signature
        absl::StrCat(kDash, "alice.example AAAAAAA\n"),   // no padding
        absl::StrCat(kDash, "alice.example AAAAAAB=\n"),  // stray bits
        absl::StrCat(line.substr(0, line.size() - 1), "\r\n"),
        absl::StrCat(line.substr(0, line.size() - 1), " \n")}) {
    EXPECT_THAT(ParseNote(NoteOf(kText, {bad})), FailsWith(Reason::kMalformed)) << bad;
  }
  // The shortest that a line can be.
  SCRUTINY_EXPECT_OK(ParseNote(NoteOf(kText, {absl::StrCat(kDash, "a AAAAAAA=\n")})));
}

TEST(SignedNoteTest, ControlCharactersAndOtherEncodingsAreRefused) {
  const std::string line = Format(SignNote(kText, Alice()));
  for (char c = 0; c < 0x20; ++c) {
    const std::string note = NoteOf(absl::StrCat("A", std::string(1, c), "note.\n"), {line});
    if (c == '\n') continue;
    EXPECT_THAT(ParseNote(note), FailsWith(Reason::kMalformed)) << int{c};
  }
  EXPECT_THAT(ParseNote(NoteOf("caf\xE9\n", {line})), FailsWith(Reason::kMalformed));
  EXPECT_THAT(ParseNote(NoteOf("\xC0\x8A\n", {line})), FailsWith(Reason::kMalformed));
  SCRUTINY_EXPECT_OK(ParseNote(NoteOf("caf\xC3\xA9\n", {line})));
}

TEST(SignedNoteTest, SixteenAndAHundredSignaturesAreTaken) {
  std::vector<std::string> lines;
  for (uint64_t i = 0; i < kNoteSignaturesMax; ++i) {
    lines.push_back(Format(SignNote(kText, SignerOf("many.example", KeyType::kEd25519, i))));
    if (i != 15 && i != kNoteSignaturesMax - 1) continue;
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const SignedNote note, ParseNote(NoteOf(kText, lines)));
    EXPECT_THAT(note.signatures, SizeIs(i + 1));
    EXPECT_THAT(
        VerifyNote(note, {SignerOf("many.example", KeyType::kEd25519, i).verifier()}).value(),
        SizeIs(1));
  }
  lines.push_back(Format(SignNote(kText, Alice())));
  EXPECT_THAT(ParseNote(NoteOf(kText, lines)), FailsWith(Reason::kOverLimit));
}

TEST(SignedNoteTest, ALargeNoteIsTakenAndALargerOneRefused) {
  const std::string line = Format(SignNote(kText, Alice()));
  const size_t text_bytes = kNoteBytesMax - line.size() - 1;
  const std::string text = std::string(text_bytes - 1, 'x') + "\n";
  SCRUTINY_EXPECT_OK(ParseNote(NoteOf(text, {line})));
  EXPECT_THAT(ParseNote(NoteOf("x" + text, {line})), FailsWith(Reason::kOverLimit));
}

TEST(SignedNoteTest, UnknownKeysAreIgnored) {
  const NoteSignature alice = SignNote(kText, Alice());
  const NoteSignature bob = SignNote(kText, Bob());
  const SignedNote note{kText, {bob, alice}};
  EXPECT_THAT(VerifyNote(note, {Alice().verifier()}).value(), ElementsAre(ByKey(Alice())));
  EXPECT_THAT(VerifyNote(note, {Alice().verifier(), Bob().verifier()}).value(),
              ElementsAre(ByKey(Bob()), ByKey(Alice())));
  EXPECT_THAT(VerifyNote(note, {Witness().verifier()}), FailsWith(Reason::kNotFound));
  EXPECT_THAT(VerifyNote(note, {}), FailsWith(Reason::kNotFound));
  // Whatever stands in an unknown key's line.
  SCRUTINY_EXPECT_OK(
      VerifyNote({kText, {{"other.example", 7, "nonsense"}, alice}}, {Alice().verifier()}));
}

// Name and id together are the key: a line that shares only one of them is another's.
TEST(SignedNoteTest, AKeyIsKnownByNameAndIdTogether) {
  const NoteSignature alice = SignNote(kText, Alice());
  NoteSignature name_only = alice;
  name_only.id ^= 1;
  NoteSignature id_only = alice;
  id_only.name = "alice.exampl";
  SCRUTINY_EXPECT_OK(VerifyNote({kText, {name_only, id_only, alice}}, {Alice().verifier()}));
  EXPECT_THAT(VerifyNote({kText, {name_only, id_only}}, {Alice().verifier()}),
              FailsWith(Reason::kNotFound));
  EXPECT_THAT(VerifyNoteSignature(kText, name_only, Alice().verifier()),
              FailsWith(Reason::kCorrupt));
}

TEST(SignedNoteTest, AKnownKeysBadSignatureRefusesTheNote) {
  const NoteSignature alice = SignNote(kText, Alice());
  NoteSignature bad = SignNote("Another note.\n", Bob());
  const std::vector<VerifierKey> both = {Alice().verifier(), Bob().verifier()};
  EXPECT_THAT(VerifyNote({kText, {alice, bad}}, both), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(VerifyNote({kText, {bad, alice}}, both), FailsWith(Reason::kCorrupt));
  bad.signature = "short";
  const absl::Status status = VerifyNote({kText, {alice, bad}}, both).status();
  EXPECT_THAT(status, FailsWith(Reason::kCorrupt));
  EXPECT_THAT(std::string(status.message()), HasSubstr("bob.example"));
  SCRUTINY_EXPECT_OK(VerifyNote({kText, {alice, bad}}, {Alice().verifier()}));
}

// The specification leaves repeated signatures open. Each of them is verified, so that none slips
// in unseen, and the key counts once, so that no quorum is reached by repeating a line.
TEST(SignedNoteTest, AKeyThatSignedTwiceCountsOnce) {
  const NoteSignature alice = SignNote(kText, Alice());
  EXPECT_THAT(VerifyNote({kText, {alice, alice}}, {Alice().verifier()}).value(),
              ElementsAre(ByKey(Alice())));
  const NoteSignature bad = SignNote("Another note.\n", Alice());
  EXPECT_THAT(VerifyNote({kText, {alice, bad}}, {Alice().verifier()}), FailsWith(Reason::kCorrupt));
  // A witness may cosign again later; its first line counts.
  const std::vector<NoteSignature> twice = {Cosign(kText, Witness(), 20),
                                            Cosign(kText, Witness(), 10)};
  EXPECT_THAT(VerifyNote({kText, twice}, {Witness().verifier()}).value(),
              ElementsAre(VerifiedSignature{Witness().verifier(), 20}));
}

TEST(SignedNoteTest, TwoKnownKeysOfOneNameAndIdAreRefused) {
  VerifierKey other = Bob().verifier();
  other.name = Alice().name();
  other.id = Alice().id();
  const SignedNote note{kText, {SignNote(kText, Alice())}};
  EXPECT_THAT(VerifyNote(note, {Alice().verifier(), other}), FailsWith(Reason::kMalformed));
  // The same key given twice is no doubt.
  EXPECT_THAT(VerifyNote(note, {Alice().verifier(), Alice().verifier()}).value(), SizeIs(1));
}

// One secret used for both types, which the specification allows: neither signature passes for the
// other.
TEST(SignedNoteTest, ASignatureOfOneTypeIsNotOneOfTheOther) {
  const Signer plain = SignerOf("same.example", KeyType::kEd25519, 9);
  const Signer cosigner = SignerOf("same.example", KeyType::kCosignature, 9);
  ASSERT_EQ(plain.key().public_key(), cosigner.key().public_key());
  EXPECT_NE(plain.id(), cosigner.id());
  NoteSignature as_cosignature = SignNote(kText, plain);
  as_cosignature.id = cosigner.id();
  EXPECT_THAT(VerifyNote({kText, {as_cosignature}}, {cosigner.verifier()}),
              FailsWith(Reason::kCorrupt));
  as_cosignature.signature.insert(0, 8, '\0');
  EXPECT_THAT(VerifyNote({kText, {as_cosignature}}, {cosigner.verifier()}),
              FailsWith(Reason::kCorrupt));
  NoteSignature as_plain = Cosign(kText, cosigner, 5);
  as_plain.id = plain.id();
  EXPECT_THAT(VerifyNote({kText, {as_plain}}, {plain.verifier()}), FailsWith(Reason::kCorrupt));
  as_plain.signature.erase(0, 8);
  EXPECT_THAT(VerifyNote({kText, {as_plain}}, {plain.verifier()}), FailsWith(Reason::kCorrupt));
}

TEST(SignedNoteTest, SignatureLinesAloneAreAWitnessesAnswer) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const std::vector<NoteSignature> lines,
      ParseSignatureLines(absl::StrCat(kMirrorLine, Format(SignNote(kText, Alice())))));
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_EQ(Format(lines[0]), kMirrorLine);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const VerifiedSignature verified,
                                VerifyNoteSignature(kMirrorText, lines[0], KeyOf(kMirrorVkey)));
  EXPECT_EQ(verified.cosigned_at, kMirrorTime);
  EXPECT_THAT(ParseSignatureLines(absl::StrCat("\n", kMirrorLine)), FailsWith(Reason::kMalformed));
}

// What was never read cannot be written: a bug of ours is stopped before it signs nonsense.
TEST(SignedNoteDeathTest, WhatWouldNotBeReadBackIsNotWritten) {
  const NoteSignature alice = SignNote(kText, Alice());
  EXPECT_DEATH(Format(SignedNote{"no newline", {alice}}), "read back");
  EXPECT_DEATH(Format(SignedNote{"a\tb\n", {alice}}), "read back");
  EXPECT_DEATH(Format(SignedNote{kText, {}}), "0 signatures");
  EXPECT_DEATH(Format(NoteSignature{"two words", 1, "x"}), "read back");
  EXPECT_DEATH(Format(NoteSignature{"a", 1, ""}), "read back");
  EXPECT_DEATH(SignNote("no newline", Alice()), "no note's text");
  EXPECT_DEATH(SignNote(kText, Witness()), "cosignatures only");
}

}  // namespace
}  // namespace scrutiny::ledger
