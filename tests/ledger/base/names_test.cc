#include "ledger/base/names.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::IsOk;
using ::testing::HasSubstr;

TEST(RecordNameTest, TakesKindAndSegments) {
  for (const absl::string_view name :
       {"meetings/spab/2019-03-18", "actions/spab/01jx", "forums/spab", "a/b", "-/-"}) {
    EXPECT_THAT(ValidateRecordName(name), IsOk()) << name;
  }
}

TEST(RecordNameTest, RefusesOtherShapes) {
  for (const absl::string_view name :
       {"", "meetings", "meetings/", "/spab", "a//b", "a/b/", "Meetings/spab", "meetings/SPAB",
        "meetings/18 March", "meetings/5a(i)", "meetings/caf\xC3\xA9", "meetings/\xff", "a/b_c",
        "a/b.c", "a/b\n"}) {
    EXPECT_THAT(ValidateRecordName(name), FailsWith(Reason::kMalformed)) << name;
  }
  EXPECT_THAT(ValidateRecordName(absl::string_view("a/\0b", 4)), FailsWith(Reason::kMalformed));
}

TEST(RecordNameTest, HasAMaximum) {
  const std::string longest = "a/" + std::string(kRecordNameBytesMax - 2, 'b');
  EXPECT_THAT(ValidateRecordName(longest), IsOk());
  EXPECT_THAT(ValidateRecordName(longest + "b"), FailsWith(Reason::kOverLimit));
}

TEST(RecordNameTest, RefusalNamesFieldValueAndShape) {
  const absl::Status status = ValidateRecordName("Meetings/spab", "facts[2].record");
  const ErrorInfo info = InfoOf(status);
  EXPECT_EQ(info.field, "facts[2].record");
  EXPECT_EQ(info.value, "Meetings/spab");
  EXPECT_THAT(info.next, HasSubstr("meetings/spab/2019-03-18"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("\"M\""));
}

TEST(RecordPrefixTest, MayBeAKindAlone) {
  EXPECT_THAT(ValidateRecordPrefix("actions"), IsOk());
  EXPECT_THAT(ValidateRecordPrefix("actions/"), IsOk());
  EXPECT_THAT(ValidateRecordPrefix("actions/spab"), IsOk());
  EXPECT_THAT(ValidateRecordPrefix(""), FailsWith(Reason::kMalformed));
  EXPECT_THAT(ValidateRecordPrefix("/"), FailsWith(Reason::kMalformed));
  EXPECT_THAT(ValidateRecordPrefix("Actions"), FailsWith(Reason::kMalformed));
}

TEST(RecordKindTest, IsTheFirstSegment) {
  EXPECT_EQ(RecordKind("meetings/spab/2019-03-18"), "meetings");
  EXPECT_EQ(RecordKind("meetings"), "meetings");
  EXPECT_EQ(RecordKind(""), "");
}

TEST(KeyTest, IsOneSegment) {
  EXPECT_THAT(ValidateKey("5a-i"), IsOk());
  EXPECT_THAT(ValidateKey(std::string(kKeyBytesMax, 'a')), IsOk());
  EXPECT_THAT(ValidateKey(std::string(kKeyBytesMax + 1, 'a')), FailsWith(Reason::kOverLimit));
  for (const absl::string_view key : {"", "5A", "a/b", "a b", "5a(i)"}) {
    EXPECT_THAT(ValidateKey(key), FailsWith(Reason::kMalformed)) << key;
  }
}

TEST(RequestIdTest, TakesTheNamedCharacters) {
  EXPECT_THAT(ValidateRequestId("Import:003_march.jsonl/12-a"), IsOk());
  EXPECT_THAT(ValidateRequestId(std::string(kRequestIdBytesMax, 'x')), IsOk());
  EXPECT_THAT(ValidateRequestId(std::string(kRequestIdBytesMax + 1, 'x')),
              FailsWith(Reason::kOverLimit));
  for (const absl::string_view id : {"", "a b", "a@b", "a\n", "\xC2\xA3"}) {
    EXPECT_THAT(ValidateRequestId(id), FailsWith(Reason::kMalformed)) << id;
  }
}

TEST(SegmentPrefixTest, MatchesWholeSegments) {
  EXPECT_TRUE(IsSegmentPrefix("actions/spab", "actions/spab"));
  EXPECT_TRUE(IsSegmentPrefix("actions/spab", "actions/spab/1"));
  EXPECT_TRUE(IsSegmentPrefix("actions/spab/", "actions/spab/1"));
  EXPECT_TRUE(IsSegmentPrefix("actions", "actions/spab/1"));
  EXPECT_TRUE(IsSegmentPrefix("", "actions/spab/1"));
  EXPECT_FALSE(IsSegmentPrefix("actions/spab", "actions/spabx"));
  EXPECT_FALSE(IsSegmentPrefix("actions/spab/1", "actions/spab"));
  EXPECT_FALSE(IsSegmentPrefix("action", "actions/spab"));
}

RC_GTEST_PROP(RecordNameTest, NoTextBreaksTheCheck, (const std::string& text)) {
  const absl::Status status = ValidateRecordName(text);
  if (status.ok()) RC_ASSERT(IsSegmentPrefix(RecordKind(text), text));
}

}  // namespace
}  // namespace scrutiny::ledger
