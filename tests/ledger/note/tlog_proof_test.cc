#include "ledger/note/tlog_proof.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/note/signed_note.h"
#include "tests/ledger/note/support.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;

const char* const kHashLine = "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n";

std::string Note() { return absl::StrCat(kLogText, "\n", kLogLine); }

std::string ProofOf(absl::string_view middle) {
  return absl::StrCat("c2sp.org/tlog-proof@v1\n", middle, "\n", Note());
}

TEST(TlogProofTest, TheFormIsThatOfTheSpecification) {
  const std::string text = ProofOf(absl::StrCat("extra YWdl\nindex 73894\n", kHashLine,
                                                "B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=\n"));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const TlogProof proof, ParseTlogProof(text));
  EXPECT_EQ(proof.extra, "age");
  EXPECT_EQ(proof.index, Sequence(73894));
  ASSERT_EQ(proof.path.size(), 2u);
  EXPECT_EQ(ToHex(AsBytes(proof.path[0])),
            "8122b25e861952067a8ddb9662b9033804629ce30626f7978e032405371d3e54");
  EXPECT_EQ(proof.checkpoint, Note());
  EXPECT_EQ(Format(proof), text);
}

TEST(TlogProofTest, ExtraAndPathMayBeMissing) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const TlogProof proof, ParseTlogProof(ProofOf("index 0\n")));
  EXPECT_EQ(proof.extra, absl::nullopt);
  EXPECT_TRUE(proof.path.empty());
  EXPECT_EQ(Format(proof), ProofOf("index 0\n"));
  // Empty extra bytes are none: the line is left out.
  TlogProof empty = proof;
  empty.extra = "";
  EXPECT_EQ(Format(empty), ProofOf("index 0\n"));
}

TEST(TlogProofTest, MalformedProofsAreRefused) {
  const std::string good = ProofOf(absl::StrCat("index 5\n", kHashLine));
  SCRUTINY_ASSERT_OK(ParseTlogProof(good));
  for (const std::string& bad :
       {std::string(),
        std::string("c2sp.org/tlog-proof@v1"),
        std::string("c2sp.org/tlog-proof@v1\n"),
        absl::StrCat("\n", good),
        absl::StrReplaceAll(good, {{"@v1", "@v2"}}),
        absl::StrReplaceAll(good, {{"@v1", "@v1 "}}),
        absl::StrReplaceAll(good, {{"index 5", "index 05"}}),
        absl::StrReplaceAll(good, {{"index 5", "index  5"}}),
        absl::StrReplaceAll(good, {{"index 5", "index"}}),
        absl::StrReplaceAll(good, {{"index 5", "index "}}),
        absl::StrReplaceAll(good, {{"index 5", "Index 5"}}),
        absl::StrReplaceAll(good, {{"index 5", "index 5\nindex 5"}}),
        absl::StrReplaceAll(good, {{"index 5", "index 18446744073709551616"}}),
        absl::StrReplaceAll(good, {{"index 5", "extra YWdl"}}),
        absl::StrReplaceAll(good, {{"index 5", "extra YWdl\nextra YWdl\nindex 5"}}),
        absl::StrReplaceAll(good, {{"index 5", "index 5\nextra YWdl"}}),
        absl::StrReplaceAll(good, {{"index 5", "extra\nindex 5"}}),
        absl::StrReplaceAll(good, {{"index 5", "extra \nindex 5"}}),
        absl::StrReplaceAll(good, {{"index 5", "extra YWd\nindex 5"}}),
        absl::StrReplaceAll(good, {{"gSKy", "gSK"}}),
        absl::StrReplaceAll(good, {{"PlQ=", "PlR="}}),
        absl::StrReplaceAll(good, {{"PlQ=\n", "PlQ= \n"}}),
        absl::StrReplaceAll(good, {{"PlQ=\n\n", "PlQ=\n"}}),      // no empty line
        absl::StrReplaceAll(good, {{"PlQ=\n\n", "PlQ=\n\n\n"}}),  // two of them
        absl::StrReplaceAll(good, {{"\n", "\r\n"}}),
        good.substr(0, good.size() - 1),
        absl::StrCat(good, "\n"),
        absl::StrReplaceAll(good, {{kLogLine, ""}}),
        absl::StrReplaceAll(good, {{"testdata\n5\n", "testdata\n05\n"}})}) {
    EXPECT_THAT(ParseTlogProof(bad), FailsWith(Reason::kMalformed)) << bad;
  }
}

TEST(TlogProofTest, APathIsAsLongAsATreeIsDeep) {
  std::string middle = "index 5\n";
  for (size_t i = 0; i < kInclusionHashesMax; ++i) middle += kHashLine;
  SCRUTINY_EXPECT_OK(ParseTlogProof(ProofOf(middle)));
  EXPECT_THAT(ParseTlogProof(ProofOf(middle + kHashLine)), FailsWith(Reason::kOverLimit));
}

TEST(TlogProofTest, ALargerFileIsRefused) {
  const std::string extra = EncodeBase64(std::string(kTlogProofBytesMax / 4 * 3, 'x'));
  EXPECT_THAT(ParseTlogProof(ProofOf(absl::StrCat("extra ", extra, "\nindex 5\n"))),
              FailsWith(Reason::kOverLimit));
}

TEST(TlogProofDeathTest, WhatWouldNotBeReadBackIsNotWritten) {
  EXPECT_DEATH(Format(TlogProof{{}, Sequence(1), {}, "no checkpoint"}), "an empty line");
  EXPECT_DEATH(Format(TlogProof{{}, Sequence(1), std::vector<Hash>(65), Note()}), "65 hashes");
}

}  // namespace
}  // namespace scrutiny::ledger
