#include "ledger/merkle/bundle.h"

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/format/hash.h"
#include "ledger/merkle/tile.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string BundleOf(const std::vector<std::string>& entries) {
  std::string bundle;
  for (const std::string& entry : entries) AppendBundleEntry(entry, &bundle);
  return bundle;
}

std::vector<std::string> Copy(const std::vector<absl::string_view>& entries) {
  std::vector<std::string> copy;
  for (const absl::string_view entry : entries) copy.emplace_back(entry);
  return copy;
}

TEST(BundleTest, TheBytesAreThoseOfTheFormat) {
  EXPECT_EQ(ToHex(BundleOf({"one", "two", "three", "four", "five"})),
            "00036f6e65"
            "000374776f"
            "00057468726565"
            "0004666f7572"
            "000466697665");
}

TEST(BundleTest, TheBytesOfTheFormatAreRead) {
  const std::string bundle =
      absl::HexStringToBytes("00036f6e65000374776f000574687265650004666f7572000466697665");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto entries, ParseBundle(bundle));
  EXPECT_THAT(entries, ElementsAre("one", "two", "three", "four", "five"));
  EXPECT_EQ(entries[0].data(), bundle.data() + 2);
}

TEST(BundleTest, EmptyAndLargestEntriesAreKept) {
  const std::string largest(kEntryBytesMax, '\xff');
  const std::string bundle = BundleOf({"", largest, "", std::string(256, 'a')});
  EXPECT_EQ(ToHex(bundle.substr(0, 4)), "0000ffff");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto entries, ParseBundle(bundle));
  EXPECT_THAT(entries, ElementsAre("", largest, "", std::string(256, 'a')));
}

TEST(BundleTest, ALongerEntryIsAFaultOfOurs) {
  std::string bundle;
  EXPECT_DEATH(AppendBundleEntry(std::string(kEntryBytesMax + 1, 'x'), &bundle),
               "an entry of 65536 bytes");
}

TEST(BundleTest, NothingHoldsNoEntries) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto entries, ParseBundle(""));
  EXPECT_THAT(entries, IsEmpty());
}

TEST(BundleTest, APartialBundleIsTheFrontOfTheFullOne) {
  std::vector<std::string> entries;
  std::string bundle;
  for (size_t i = 0; i < kTileWidth; ++i) {
    entries.push_back(std::string(i % 7, 'e'));
    AppendBundleEntry(entries.back(), &bundle);
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto parsed, ParseBundle(bundle));
    ASSERT_EQ(Copy(parsed), entries);
  }
}

TEST(BundleTest, MoreEntriesThanATileHasAreRefused) {
  const auto parsed = ParseBundle(BundleOf(std::vector<std::string>(kTileWidth + 1, "x")));
  EXPECT_THAT(parsed, FailsWith(Reason::kMalformed));
  EXPECT_THAT(std::string(parsed.status().message()), HasSubstr("entry 256"));
}

TEST(BundleTest, EveryCutThatIsNotBetweenEntriesIsRefusedAndNamed) {
  const std::string bundle = BundleOf({"one", "", "three"});
  const auto taken = [&](size_t bytes) { return ParseBundle(bundle.substr(0, bytes)); };
  for (const size_t bytes : {0u, 5u, 7u, 14u}) SCRUTINY_EXPECT_OK(taken(bytes));
  for (const size_t bytes : {1u, 2u, 3u, 4u}) {
    EXPECT_THAT(taken(bytes), FailsWith(Reason::kMalformed)) << bytes;
    EXPECT_THAT(std::string(taken(bytes).status().message()), HasSubstr("entry 0"));
  }
  EXPECT_THAT(taken(6), FailsWith(Reason::kMalformed));
  for (const size_t bytes : {8u, 9u, 10u, 11u, 12u, 13u}) {
    EXPECT_THAT(taken(bytes), FailsWith(Reason::kMalformed)) << bytes;
    EXPECT_EQ(InfoOf(taken(bytes).status()).value, "2");
  }
  EXPECT_THAT(ParseBundle(bundle + "x"), FailsWith(Reason::kMalformed));
}

RC_GTEST_PROP(BundlePropertyTest, WhatIsTakenIsWrittenTheSame, (const std::string& bytes)) {
  const auto parsed = ParseBundle(bytes);
  if (parsed.ok()) RC_ASSERT(BundleOf(Copy(*parsed)) == bytes);
}

RC_GTEST_PROP(BundlePropertyTest, EntriesAreReadBack, (const std::vector<std::string>& entries)) {
  const std::string bundle = BundleOf(entries);
  const auto parsed = ParseBundle(bundle);
  RC_ASSERT(parsed.ok());
  RC_ASSERT(Copy(*parsed) == entries);
}

}  // namespace
}  // namespace scrutiny::ledger
