#include "ledger/store/index_keys.h"

#include <algorithm>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace scrutiny::ledger {
namespace {

using std::string_literals::operator""s;

std::string ClaimKey(const std::string& claim, uint64_t sequence) {
  std::string key;
  AppendClaimKey(claim, Sequence(sequence), &key);
  return key;
}

TEST(IndexKeysTest, ARecordsKeysSortByRevisionAndApartFromLongerNames) {
  const auto key = [](const std::string& record, uint64_t revision) {
    std::string out;
    AppendRecordKey(record, Revision(revision), &out);
    return out;
  };
  const std::vector<std::string> keys = {key("a/b", 1),   key("a/b", 2),   key("a/b", 256),
                                         key("a/b-c", 1), key("a/b/c", 1), key("a/bc", 1)};
  EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
  absl::string_view record;
  Revision revision;
  ASSERT_TRUE(ReadRecordKey(keys[2], &record, &revision));
  EXPECT_EQ(record, "a/b");
  EXPECT_EQ(revision, Revision(256));
}

// Goal: any claim's bytes come back, and keys keep the order of claims. Method: claims made of the
// bytes that mean something in a key, every pair compared.
TEST(IndexKeysTest, ClaimsOfAnyBytesKeepTheirOrderAndComeBack) {
  const std::vector<std::string> parts = {"", "\0"s, "\x01", "\xff", "a", "\xfe"};
  std::vector<std::string> claims;
  for (const std::string& a : parts) {
    for (const std::string& b : parts) {
      for (const std::string& c : parts) claims.push_back(a + b + c);
    }
  }
  for (const std::string& a : claims) {
    std::string claim;
    Sequence sequence;
    ASSERT_TRUE(ReadClaimKey(ClaimKey(a, 77), &claim, &sequence));
    EXPECT_EQ(claim, a);
    EXPECT_EQ(sequence, Sequence(77));
    for (const std::string& b : claims) {
      if (a < b) {
        EXPECT_LT(ClaimKey(a, ~uint64_t{0}), ClaimKey(b, 0));
      }
      const bool is_prefix = b.compare(0, a.size(), a) == 0;
      const std::string escaped = EscapedClaim(a);
      EXPECT_EQ(ClaimKey(b, 5).compare(0, escaped.size(), escaped) == 0, is_prefix);
      const std::string exact = ClaimPrefix(a);
      EXPECT_EQ(ClaimKey(b, 5).compare(0, exact.size(), exact) == 0, a == b);
    }
  }
}

TEST(IndexKeysTest, ValuesComeBack) {
  IndexedEntry entry;
  entry.sequence = Sequence(12);
  entry.derived.type = FactType(280);
  entry.derived.day = Day(-5);
  std::string value;
  AppendHistoryValue(entry, &value);
  absl::optional<HistoryItem> item = ReadHistoryValue(value);
  ASSERT_TRUE(item.has_value());
  EXPECT_EQ(item->sequence, Sequence(12));
  EXPECT_EQ(item->type, FactType(280));
  EXPECT_EQ(item->day, Day(-5));
  EXPECT_FALSE(item->corrects.has_value());

  entry.derived.corrects = Sequence(0);
  value.clear();
  AppendHistoryValue(entry, &value);
  item = ReadHistoryValue(value);
  ASSERT_TRUE(item.has_value());
  EXPECT_EQ(item->corrects, Sequence(0));

  std::string claim_value;
  AppendClaimValue("decisions/1", Claim{"key", "item", "2019/13"}, &claim_value);
  ClaimHit hit;
  ASSERT_TRUE(ReadClaimValue(claim_value, &hit));
  EXPECT_EQ(hit.record, "decisions/1");
  EXPECT_EQ(hit.item, "item");
  EXPECT_EQ(hit.printed, "2019/13");
}

TEST(IndexKeysTest, BytesOfOtherShapesAreRefused) {
  absl::string_view record;
  Revision revision;
  Sequence sequence;
  Ordinal ordinal;
  ClaimHit hit;
  std::string claim;
  for (const std::string& bytes : {""s, "a"s, "\0"s, "\0\0"s, "abcdefghijkl"s,
                                   "\0\x02"
                                   "12345678"s}) {
    EXPECT_FALSE(ReadRecordKey(bytes, &record, &revision));
    EXPECT_FALSE(ReadClaimKey(bytes, &claim, &sequence));
    EXPECT_FALSE(ReadCitationKey(bytes, &sequence));
    EXPECT_FALSE(ReadHistoryValue(bytes).has_value());
    EXPECT_FALSE(ReadRequestValue(bytes).has_value());
    EXPECT_FALSE(ReadClaimValue(bytes, &hit));
  }
  EXPECT_FALSE(ReadTypeKey("short", &ordinal));
}

TEST(IndexKeysTest, AfterPrefixIsTheFirstBeyond) {
  EXPECT_EQ(AfterPrefix("ab"), "ac");
  EXPECT_EQ(AfterPrefix("a\xff"), "b");
  EXPECT_EQ(AfterPrefix("\xff\xff"), "");
  EXPECT_EQ(AfterPrefix(""), "");
}

}  // namespace
}  // namespace scrutiny::ledger
