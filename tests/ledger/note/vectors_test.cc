// What others published, byte for byte: Ed25519 is deterministic, so that our signature must be the
// same bytes as theirs.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/note/checkpoint.h"
#include "ledger/note/cosignature.h"
#include "ledger/note/signed_note.h"
#include "tests/ledger/note/support.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

TEST(NoteVectorsTest, TheLogsKeyIsTesseras) {
  const Signer signer = LogSigner();
  EXPECT_EQ(ToHex(absl::string_view(reinterpret_cast<const char*>(signer.key().public_key().data()),
                                    kPublicKeyBytes)),
            kLogPublicHex);
  EXPECT_EQ(signer.id(), 0x33d7b496u);
  EXPECT_EQ(ToString(signer.verifier()), kLogVkey);
  EXPECT_EQ(KeyOf(kLogVkey), signer.verifier());
}

TEST(NoteVectorsTest, TheLogsSignatureIsTesseras) {
  EXPECT_EQ(Format(SignNote(kLogText, LogSigner())), kLogLine);
  const SignedNote note{kLogText, {SignNote(kLogText, LogSigner())}};
  EXPECT_EQ(Format(note), absl::StrCat(kLogText, "\n", kLogLine));
}

TEST(NoteVectorsTest, TheLogsCheckpointOpens) {
  std::vector<VerifiedSignature> verified;
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const Checkpoint checkpoint,
      OpenCheckpoint(absl::StrCat(kLogText, "\n", kLogLine), {KeyOf(kLogVkey)}, &verified));
  EXPECT_EQ(checkpoint.origin, kLogName);
  EXPECT_EQ(checkpoint.size, TreeSize(5));
  EXPECT_EQ(EncodeBase64(AsBytes(checkpoint.root)), "gy5gl3aksFyiCO95a/1vLXz88A3dRq+0l9Sxte8ZqZQ=");
  EXPECT_EQ(Format(checkpoint), kLogText);
  EXPECT_EQ(verified, (std::vector<VerifiedSignature>{{KeyOf(kLogVkey), 0}}));
}

TEST(NoteVectorsTest, TheCosignatureIsSunlights) {
  const Signer signer = MirrorSigner();
  EXPECT_EQ(ToString(signer.verifier()), kMirrorVkey);
  EXPECT_EQ(Format(Cosign(kMirrorText, signer, kMirrorTime)), kMirrorLine);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SignedNote note,
                                ParseNote(absl::StrCat(kMirrorText, "\n", kMirrorLine)));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::vector<VerifiedSignature> verified,
                                VerifyNote(note, {KeyOf(kMirrorVkey)}));
  EXPECT_EQ(verified, (std::vector<VerifiedSignature>{{KeyOf(kMirrorVkey), kMirrorTime}}));
}

TEST(NoteVectorsTest, TheExampleOfTheSpecificationVerifies) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SignedNote note, ParseNote(kSpecNote));
  EXPECT_EQ(note.text, "This is an example message.\n");
  SCRUTINY_EXPECT_OK(VerifyNote(note, {KeyOf(kSpecVkey)}));
  EXPECT_EQ(Format(note), kSpecNote);
}

}  // namespace
}  // namespace scrutiny::ledger
