#include "ledger/append/overlay.h"

#include "gtest/gtest.h"

#include "ledger/append/prepared.h"
#include "tests/support/facts.h"

namespace scrutiny::ledger {
namespace {

IndexedEntry EntryOf(uint64_t sequence, uint64_t revision, const std::string& record,
                     const std::string& claim = "") {
  IndexedEntry entry;
  entry.sequence = Sequence(sequence);
  entry.revision = Revision(revision);
  entry.ordinal = Ordinal(sequence + 1);
  entry.record = record;
  entry.derived.type = FactType(280);
  entry.derived.day = Day(0);
  if (!claim.empty()) entry.derived.claims.push_back({claim, "", ""});
  return entry;
}

TEST(OverlayTest, ShowsWhatTheFormingGroupAdds) {
  Overlay overlay{TreeSize(10)};
  overlay.Add(EntryOf(10, 4, "actions/a", "claim"));
  overlay.Add(EntryOf(11, 5, "actions/a"));
  ASSERT_NE(overlay.Head("actions/a"), nullptr);
  EXPECT_EQ(overlay.Head("actions/a")->revision, Revision(5));
  EXPECT_EQ(overlay.Head("actions/a")->last, Sequence(11));
  EXPECT_EQ(overlay.Head("actions/b"), nullptr);
  EXPECT_EQ(overlay.History("actions/a").size(), 2u);
  ASSERT_EQ(overlay.Claims("claim").size(), 1u);
  EXPECT_EQ(overlay.Claims("claim")[0].sequence, Sequence(10));
}

TEST(OverlayTest, TakingBackRestoresWhatWasBefore) {
  Overlay overlay{TreeSize(0)};
  overlay.Add(EntryOf(0, 1, "actions/a", "claim"));
  overlay.Add(EntryOf(1, 2, "actions/a", "claim"));
  overlay.Add(EntryOf(2, 1, "actions/b"));
  overlay.TakeBack(1);
  EXPECT_EQ(overlay.forming(), 1u);
  EXPECT_EQ(overlay.Head("actions/a")->revision, Revision(1));
  EXPECT_EQ(overlay.Head("actions/a")->last, Sequence(0));
  EXPECT_EQ(overlay.Claims("claim").size(), 1u);
  EXPECT_EQ(overlay.Head("actions/b"), nullptr);
}

TEST(OverlayTest, LetsGoOfIndexedGroupsOnly) {
  Overlay overlay{TreeSize(0)};
  for (uint64_t i = 0; i < 6; ++i) {
    overlay.Add(EntryOf(i, i + 1, "actions/a", "claim"));
    overlay.AddRequest({"local", absl::StrCat("r", i), {Sequence(i), 1, {}}});
    overlay.Close(TreeSize(i + 1));
  }
  overlay.LetGo(TreeSize(4), 0);
  EXPECT_EQ(overlay.base(), TreeSize(4));
  EXPECT_EQ(overlay.History("actions/a").size(), 2u);
  EXPECT_EQ(overlay.History("actions/a")[0].sequence, Sequence(4));
  EXPECT_EQ(overlay.Claims("claim").size(), 2u);
  EXPECT_EQ(overlay.Request(RequestKey("local", "r3")), nullptr);
  EXPECT_NE(overlay.Request(RequestKey("local", "r4")), nullptr);
}

TEST(OverlayTest, KeepsTheNewestEvenIfIndexed) {
  Overlay overlay{TreeSize(0)};
  for (uint64_t i = 0; i < 6; ++i) {
    overlay.Add(EntryOf(i, 1, testing::ActionName(i)));
    overlay.Close(TreeSize(i + 1));
  }
  overlay.LetGo(TreeSize(6), 2);
  EXPECT_EQ(overlay.base(), TreeSize(4));
  EXPECT_EQ(overlay.Head(testing::ActionName(3)), nullptr);
  EXPECT_NE(overlay.Head(testing::ActionName(4)), nullptr);
}

}  // namespace
}  // namespace scrutiny::ledger
