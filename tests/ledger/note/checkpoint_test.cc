#include "ledger/note/checkpoint.h"

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
using ::testing::IsEmpty;

constexpr char kRoot[] = "gy5gl3aksFyiCO95a/1vLXz88A3dRq+0l9Sxte8ZqZQ=";

std::string TextOf(absl::string_view origin, absl::string_view size, absl::string_view root) {
  return absl::StrCat(origin, "\n", size, "\n", root, "\n");
}

TEST(CheckpointTest, SizesUpToTheLargestAreRead) {
  for (const uint64_t size : {uint64_t{0}, uint64_t{1}, uint64_t{1} << 63, UINT64_MAX}) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(
        const Checkpoint checkpoint,
        ParseCheckpoint(TextOf("a.example", std::to_string(size), kRoot)));
    EXPECT_EQ(checkpoint.size, TreeSize(size));
    EXPECT_EQ(Format(checkpoint), TextOf("a.example", std::to_string(size), kRoot));
  }
}

TEST(CheckpointTest, MalformedTextsAreRefused) {
  const std::string good = TextOf("a.example", "5", kRoot);
  SCRUTINY_ASSERT_OK(ParseCheckpoint(good));
  for (const std::string& bad :
       {std::string(),
        std::string("a.example\n"),
        std::string("a.example\n5\n"),
        TextOf("", "5", kRoot),
        TextOf("a.example", "", kRoot),
        TextOf("a.example", "05", kRoot),
        TextOf("a.example", "00", kRoot),
        TextOf("a.example", "+5", kRoot),
        TextOf("a.example", "-5", kRoot),
        TextOf("a.example", " 5", kRoot),
        TextOf("a.example", "5 ", kRoot),
        TextOf("a.example", "0x5", kRoot),
        TextOf("a.example", "18446744073709551616", kRoot),
        TextOf("a.example", "5", ""),
        TextOf("a.example", "5", "AAAA"),
        TextOf("a.example", "5", absl::StrCat(kRoot, "=")),
        TextOf("a.example", "5", "gy5gl3aksFyiCO95a/1vLXz88A3dRq+0l9Sxte8ZqZR="),  // stray bits
        TextOf("a.example", "5",
               "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="),  // 31 bytes
        TextOf("a.example", "5",
               "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),  // 33 bytes
        good.substr(0, good.size() - 1),
        absl::StrCat(good, "\n"),
        absl::StrCat("\n", good),
        absl::StrCat(good, "more"),
        absl::StrCat(good, "more\n\n"),
        absl::StrCat(good, "\nmore\n"),
        TextOf("a.example\r", "5", kRoot),
        TextOf("a.example", "5\r", kRoot),
        TextOf("a\tb", "5", kRoot),
        TextOf("caf\xE9", "5", kRoot)}) {
    EXPECT_THAT(ParseCheckpoint(bad), FailsWith(Reason::kMalformed)) << bad;
  }
}

// The specification lets other logs add lines, and a witness cosigns them as they stand; ours add
// none.
TEST(CheckpointTest, LinesThatOthersAddAreKept) {
  const std::string text = TextOf("a.example", "5", kRoot) + "one more\nand another\n";
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Checkpoint checkpoint, ParseCheckpoint(text));
  EXPECT_THAT(checkpoint.extensions, ElementsAre("one more", "and another"));
  EXPECT_EQ(Format(checkpoint), text);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Checkpoint plain, ParseCheckpoint(kLogText));
  EXPECT_THAT(plain.extensions, IsEmpty());
}

TEST(CheckpointTest, AnOriginMayBeAnyLine) {
  const std::string text = TextOf("go.sum database tree", "5", kRoot);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Checkpoint checkpoint, ParseCheckpoint(text));
  EXPECT_EQ(checkpoint.origin, "go.sum database tree");
}

TEST(CheckpointTest, OnlyAKeyOfTheLogItselfOpensIt) {
  const Signer log = LogSigner();
  const Signer other = SignerOf("other.example", KeyType::kEd25519, 1);
  const Signer witness = SignerOf("witness.example", KeyType::kCosignature, 2);
  // A cosigner of the log's own name is no key of the log.
  const Signer namesake = SignerOf(kLogName, KeyType::kCosignature, 3);
  const auto note = [](std::vector<NoteSignature> signatures) {
    return Format(SignedNote{kLogText, std::move(signatures)});
  };
  const std::string by_log = note({SignNote(kLogText, log)});
  SCRUTINY_EXPECT_OK(OpenCheckpoint(by_log, {log.verifier(), other.verifier()}));
  EXPECT_THAT(OpenCheckpoint(by_log, {other.verifier()}), FailsWith(Reason::kNotFound));
  EXPECT_THAT(OpenCheckpoint(by_log, {}), FailsWith(Reason::kNotFound));
  EXPECT_THAT(OpenCheckpoint(note({SignNote(kLogText, other)}), {other.verifier()}),
              FailsWith(Reason::kNotFound));
  EXPECT_THAT(OpenCheckpoint(note({Cosign(kLogText, witness, 1), Cosign(kLogText, namesake, 1)}),
                             {witness.verifier(), namesake.verifier()}),
              FailsWith(Reason::kNotFound));
}

TEST(CheckpointTest, AllThatVerifiedIsTold) {
  const Signer log = LogSigner();
  const Signer older = SignerOf(kLogName, KeyType::kEd25519, 1);
  const Signer witness = SignerOf("witness.example", KeyType::kCosignature, 2);
  const Signer unknown = SignerOf("unknown.example", KeyType::kCosignature, 3);
  const std::string note =
      Format(SignedNote{kLogText,
                        {SignNote(kLogText, older), SignNote(kLogText, log),
                         Cosign(kLogText, unknown, 8), Cosign(kLogText, witness, 9)}});
  std::vector<VerifiedSignature> verified;
  SCRUTINY_ASSERT_OK(
      OpenCheckpoint(note, {witness.verifier(), log.verifier(), older.verifier()}, &verified));
  EXPECT_THAT(verified, ElementsAre(VerifiedSignature{older.verifier(), 0},
                                    VerifiedSignature{log.verifier(), 0},
                                    VerifiedSignature{witness.verifier(), 9}));
  // After a change of keys the newest alone is enough.
  SCRUTINY_EXPECT_OK(OpenCheckpoint(note, {log.verifier()}));
}

TEST(CheckpointTest, ASignedNoteThatIsNoCheckpointIsRefused) {
  EXPECT_THAT(OpenCheckpoint(kSpecNote, {KeyOf(kSpecVkey)}), FailsWith(Reason::kMalformed));
}

TEST(CheckpointDeathTest, AnOriginOfTwoLinesIsNotWritten) {
  EXPECT_DEATH(Format(Checkpoint{"evil\n999", TreeSize(1), Hash{}, {}}), "read back");
  EXPECT_DEATH(Format(Checkpoint{"", TreeSize(1), Hash{}, {}}), "read back");
  EXPECT_DEATH(Format(Checkpoint{"a", TreeSize(1), Hash{}, {""}}), "read back");
}

}  // namespace
}  // namespace scrutiny::ledger
