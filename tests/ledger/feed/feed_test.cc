#include "ledger/feed/feed.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

#include "ledger/base/limits.h"

namespace scrutiny::ledger {
namespace {

std::vector<ChunkPtr> Group(uint64_t first, size_t count, size_t entry_bytes = 10) {
  ChunkBuilder builder{Sequence(first)};
  for (size_t i = 0; i < count; ++i) {
    const std::string entry(entry_bytes, 'x');
    builder.Add(entry, LeafHash(entry), FactType(280));
  }
  return builder.Build();
}

TEST(FeedTest, ShowsNothingBeforeItIsPublished) {
  Feed feed{TreeSize(0)};
  EXPECT_EQ(feed.size(), TreeSize(0));
  EXPECT_TRUE(feed.Tail(Sequence(0), 1).empty());
  feed.Publish(Group(0, 3));
  EXPECT_EQ(feed.size(), TreeSize(3));
  ASSERT_EQ(feed.Tail(Sequence(2), 1).size(), 1u);
  EXPECT_TRUE(feed.Tail(Sequence(2), 1)[0]->Contains(Sequence(2)));
  EXPECT_TRUE(feed.Tail(Sequence(3), 1).empty());
}

TEST(FeedTest, TailStartsAtTheChunkThatHoldsTheSequence) {
  Feed feed{TreeSize(0)};
  feed.Publish(Group(0, 4));
  feed.Publish(Group(4, 4));
  feed.Publish(Group(8, 4));
  const std::vector<ChunkPtr> chunks = feed.Tail(Sequence(5), 1'000'000);
  ASSERT_EQ(chunks.size(), 2u);
  EXPECT_EQ(chunks[0]->first(), Sequence(4));
  EXPECT_EQ(chunks[1]->first(), Sequence(8));
}

TEST(FeedTest, KeepsABoundedTailAndSaysSoForWhatIsOlder) {
  Feed feed{TreeSize(0)};
  uint64_t next = 0;
  for (size_t bytes = 0; bytes < 2 * kFeedTailBytesMax; bytes += 100 * 60'000) {
    feed.Publish(Group(next, 100, 60'000));
    next += 100;
  }
  EXPECT_TRUE(feed.Tail(Sequence(0), 1).empty());
  EXPECT_FALSE(feed.Tail(Sequence(next - 1), 1).empty());
}

TEST(FeedTest, WaitEndsWhenThereIsMoreOrTimeIsUpOrItCloses) {
  Feed feed{TreeSize(0)};
  EXPECT_FALSE(feed.WaitForMoreThan(TreeSize(0), 1'000));
  std::thread publisher([&feed] { feed.Publish(Group(0, 1)); });
  EXPECT_TRUE(feed.WaitForMoreThan(TreeSize(0), 60'000'000));
  publisher.join();
  std::thread closer([&feed] { feed.Close(); });
  EXPECT_FALSE(feed.WaitForMoreThan(TreeSize(1), 60'000'000));
  closer.join();
}

TEST(FeedTest, ListenersHearOfEveryCommitUntilRemoved) {
  Feed feed{TreeSize(0)};
  std::vector<uint64_t> heard;
  const uint64_t id = feed.AddListener([&heard](TreeSize size) { heard.push_back(size.value()); });
  feed.Publish(Group(0, 2));
  feed.Publish(Group(2, 1));
  feed.RemoveListener(id);
  feed.Publish(Group(3, 1));
  EXPECT_EQ(heard, (std::vector<uint64_t>{2, 3}));
}

}  // namespace
}  // namespace scrutiny::ledger
