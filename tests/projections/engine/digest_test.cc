#include "projections/engine/digest.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/format/big_endian.h"

namespace scrutiny::projections {
namespace {

using ledger::Hash;
using ledger::Sequence;
using ::testing::ElementsAre;
using ::testing::Pair;

std::string Sized(absl::string_view part) {
  std::string bytes;
  ledger::AppendBigEndian(static_cast<uint32_t>(part.size()), &bytes);
  bytes.append(part.data(), part.size());
  return bytes;
}

std::string Position(uint64_t position) {
  std::string bytes;
  ledger::AppendBigEndian(position, &bytes);
  return bytes;
}

// The digests of changes in this order: position, record, key, row.
struct Change {
  uint64_t position;
  std::string record, key, row;
};
std::vector<std::pair<uint64_t, Hash>> Digests(const std::vector<Change>& changes,
                                               const Hash& before = {}) {
  RowChanges gathered;
  for (const Change& change : changes) {
    gathered.Add(Sequence(change.position), change.record, change.key, change.row);
  }
  std::vector<std::pair<uint64_t, Hash>> digests;
  const Hash last = gathered.Chain(before, [&](Sequence position, const Hash& digest) {
    digests.emplace_back(position.value(), digest);
  });
  EXPECT_EQ(last, digests.empty() ? before : digests.back().second);
  return digests;
}

TEST(DigestTest, IsTheHashOfWhatTheHeaderSays) {
  const Hash zero = {};
  const Hash first = ledger::Sha256Of(std::string(ledger::AsBytes(zero)) + Position(7) +
                                      Sized("actions/a") + Sized("") + Sized("row"));
  const Hash second =
      ledger::Sha256Of(std::string(ledger::AsBytes(first)) + Position(9) + Sized("actions/a") +
                       Sized("k") + Sized("") + Sized("actions/b") + Sized("") + Sized("other"));
  EXPECT_THAT(
      Digests(
          {{7, "actions/a", "", "row"}, {9, "actions/a", "k", ""}, {9, "actions/b", "", "other"}}),
      ElementsAre(Pair(7, first), Pair(9, second)));
}

TEST(DigestTest, TheOrderInWhichChangesAreGatheredDoesNotCount) {
  EXPECT_EQ(
      Digests({{9, "b", "", "2"}, {7, "a", "y", "1"}, {9, "a", "", "3"}, {7, "a", "x", "0"}}),
      Digests({{7, "a", "x", "0"}, {7, "a", "y", "1"}, {9, "a", "", "3"}, {9, "b", "", "2"}}));
}

TEST(DigestTest, SplittingARunChangesNothing) {
  const std::vector<Change> all = {{1, "a", "", "1"}, {2, "a", "", "2"}, {3, "b", "", "3"}};
  const auto whole = Digests(all);
  const auto head = Digests({all[0], all[1]});
  const auto tail = Digests({all[2]}, head.back().second);
  EXPECT_EQ(whole.back(), tail.back());
}

TEST(DigestTest, EveryPartCounts) {
  const Change one = {7, "actions/a", "k", "row"};
  const auto digest = Digests({one});
  for (const Change& other :
       {Change{8, "actions/a", "k", "row"}, Change{7, "actions/b", "k", "row"},
        Change{7, "actions/a", "l", "row"}, Change{7, "actions/a", "k", "rov"},
        Change{7, "actions/a", "k", ""}, Change{7, "actions/ak", "", "row"},
        Change{7, "actions/a", "kr", "ow"}}) {
    EXPECT_NE(Digests({other}).front().second, digest.front().second);
  }
}

TEST(DigestTest, WithoutChangesItStays) {
  Hash before = {};
  before[3] = 42;
  EXPECT_TRUE(Digests({}, before).empty());
}

}  // namespace
}  // namespace scrutiny::projections
