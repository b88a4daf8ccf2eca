#include "ledger/note/witness_request.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "tests/ledger/note/support.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::testing::IsEmpty;

// The example of the specification.
const char* const kExample =
    "old 20852014\n"
    "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"
    "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n"
    "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n"
    "/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n"
    "\n"
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "\xE2\x80\x94 example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "\xE2\x80\x94 example.com/behind-the-sofa "
    "opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/"
    "V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=\n";

TEST(WitnessRequestTest, TheExampleOfTheSpecificationIsReadAndWritten) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const AddCheckpoint request, ParseAddCheckpoint(kExample));
  EXPECT_EQ(request.old_size, TreeSize(20852014));
  ASSERT_EQ(request.proof.size(), 4u);
  EXPECT_EQ(EncodeBase64(AsBytes(request.proof[2])),
            "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=");
  EXPECT_EQ(request.checkpoint.substr(0, 37), "example.com/behind-the-sofa\n20852163\n");
  EXPECT_EQ(Format(request), kExample);
}

TEST(WitnessRequestTest, AFirstRequestHasNoProof) {
  const std::string body = absl::StrCat("old 0\n\n", kLogText, "\n", kLogLine);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const AddCheckpoint request, ParseAddCheckpoint(body));
  EXPECT_EQ(request.old_size, TreeSize(0));
  EXPECT_THAT(request.proof, IsEmpty());
  EXPECT_EQ(Format(request), body);
}

TEST(WitnessRequestTest, SixtyThreeHashesAreTheMost) {
  AddCheckpoint request{TreeSize(1), std::vector<Hash>(kConsistencyHashesMax),
                        absl::StrCat(kLogText, "\n", kLogLine)};
  std::string body = Format(request);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const AddCheckpoint read, ParseAddCheckpoint(body));
  EXPECT_EQ(read, request);
  body.insert(6, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
  EXPECT_THAT(ParseAddCheckpoint(body), FailsWith(Reason::kOverLimit));
}

TEST(WitnessRequestTest, MalformedRequestsAreRefused) {
  const std::string good = kExample;
  for (const std::string& bad :
       {std::string(), std::string("old 0"), std::string("old 0\n"), std::string("old 0\n\n"),
        absl::StrCat("\n", good), absl::StrReplaceAll(good, {{"old 2", "old 02"}}),
        absl::StrReplaceAll(good, {{"old 2", "old -2"}}),
        absl::StrReplaceAll(good, {{"old 2", "old  2"}}),
        absl::StrReplaceAll(good, {{"old 2", "Old 2"}}),
        absl::StrReplaceAll(good, {{"old 20852014\n", ""}}),
        absl::StrReplaceAll(good, {{"old 20852014", "old 18446744073709551616"}}),
        absl::StrReplaceAll(good, {{"old 20852014", "old"}}),
        absl::StrReplaceAll(good, {{"PlRN", "PlR"}}), absl::StrReplaceAll(good, {{"\n", "\r\n"}}),
        absl::StrReplaceAll(good, {{"Kj/0=\n\n", "Kj/0=\n"}}),
        absl::StrReplaceAll(good, {{"Kj/0=\n\n", "Kj/0=\n\n\n"}}), good.substr(0, good.size() - 1),
        absl::StrCat(good, "\n"), absl::StrReplaceAll(good, {{"\n20852163\n", "\n020852163\n"}})}) {
    EXPECT_THAT(ParseAddCheckpoint(bad), FailsWith(Reason::kMalformed)) << bad;
  }
}

TEST(WitnessRequestTest, ALargerBodyIsRefused) {
  EXPECT_THAT(ParseAddCheckpoint(std::string(kAddCheckpointBytesMax + 1, 'x')),
              FailsWith(Reason::kOverLimit));
}

}  // namespace
}  // namespace scrutiny::ledger
