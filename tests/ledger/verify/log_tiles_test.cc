#include "ledger/verify/log_tiles.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/merkle/bundle.h"
#include "ledger/merkle/compact_range.h"
#include "tests/ledger/verify/test_log.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::MemoryLog;

// The roots of trees over "record <i>", as an implementation of others computed them.
TEST(LogTilesTest, TheRootOfAnEdgeIsThatOfTheTree) {
  const std::vector<std::pair<uint64_t, std::string>> vectors = {
      {1, "3b367d6db7bc51726d918b18e9a79e0fce53f867fbe38671f609e6bb59d46035"},
      {255, "12d20e0393b2b10464b55a5269dd066f0b836ea9512a34f13e3ad5c72575f43b"},
      {256, "dc9349f9787ed0086da6d97f679c51a5198f98e456e95b1d87fa3abc012fec31"},
      {257, "7bc95338d9eb756fddd6fcde386a6cd7692116c13bf5abef15dfb7e5358e68ae"},
      {300, "830df5c90aea65909c10e3ebcd7f9ba72de727a4209e04ca9fc1b59b48badae5"},
      {70000, "db95a5c3802aae796452d22b34d53e749c9bc06fbe9ad229954d80d8eaa3ee16"},
  };
  std::vector<std::vector<Hash>> levels(3);
  CompactRange range;
  for (const auto& [size, root] : vectors) {
    while (range.size().value() < size) {
      range.Append(LeafHash(absl::StrCat("record ", range.size().value())),
                   [&](uint8_t level, uint64_t, const Hash& hash) {
                     if (level % kTileHeight == 0) levels[level / kTileHeight].push_back(hash);
                   });
    }
    TreeEdge edge;
    for (const std::vector<Hash>& level : levels) {
      edge.emplace_back(level.end() - static_cast<std::ptrdiff_t>(level.size() % kTileWidth),
                        level.end());
    }
    EXPECT_EQ(ToHex(AsBytes(RootOfEdge(TreeSize(size), edge))), root) << size;
  }
}

TEST(LogTilesTest, ABundleIsCutIntoItsEntries) {
  std::string bundle;
  AppendBundleEntry("one", &bundle);
  AppendBundleEntry("", &bundle);
  AppendBundleEntry("three", &bundle);
  const CutBundle cut = Cut(bundle, 3);
  ASSERT_TRUE(cut.whole);
  EXPECT_EQ(bundle.substr(cut.entries[0].offset, cut.entries[0].size), "one");
  EXPECT_EQ(cut.entries[1].size, 0u);
  EXPECT_EQ(bundle.substr(cut.entries[2].offset, cut.entries[2].size), "three");
}

TEST(LogTilesTest, WhatIsTooShortOrTooLongIsCutAsFarAsItGoes) {
  std::string bundle;
  AppendBundleEntry("one", &bundle);
  AppendBundleEntry("two", &bundle);
  for (size_t size = 0; size < bundle.size(); ++size) {
    const CutBundle cut = Cut(absl::string_view(bundle).substr(0, size), 2);
    EXPECT_FALSE(cut.whole);
    EXPECT_EQ(cut.entries.size(), size < 5 ? 0u : 1u) << size;
  }
  EXPECT_FALSE(Cut(bundle + "x", 2).whole);
  EXPECT_EQ(Cut(bundle + "x", 2).entries.size(), 2u);
  EXPECT_FALSE(Cut(bundle, 1).whole);
  EXPECT_FALSE(Cut(bundle, 3).whole);
}

TEST(LogTilesTest, ATileOfAnotherLengthIsDamage) {
  MemoryLog log({{"tile/0/000.p/2", std::string(63, 'x')}});
  EXPECT_THAT(ReadTile(log, {0, 0}, 2), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(ReadTile(log, {0, 1}, 2), FailsWith(Reason::kNotFound));
  log.files()["tile/0/000.p/2"] += "x";
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::vector<Hash> hashes, ReadTile(log, {0, 0}, 2));
  EXPECT_EQ(hashes.size(), 2u);
}

}  // namespace
}  // namespace scrutiny::ledger
