#include "ledger/store/entry_log.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "tests/ledger/store/entry_log_support.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::HasCode;
using ::scrutiny::testing::TempDir;
using ::testing::HasSubstr;

class EntryLogTest : public ::testing::Test {
 protected:
  void SetUp() override { Open(); }

  EntryLogOptions Options() const {
    EntryLogOptions options;
    options.path = dir_.File("data/log");
    return options;
  }
  void Open() {
    log_.reset();
    SCRUTINY_ASSERT_OK_AND_ASSIGN(log_, EntryLog::Open(Options()));
  }
  absl::Status Commit(size_t count, size_t bytes = 100) {
    return log_->Commit(MadeUpGroup(log_->size().value(), count, bytes));
  }
  void ExpectAllThere(uint64_t size) {
    ASSERT_EQ(log_->size(), TreeSize(size));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::vector<std::string> entries, ReadAll(*log_));
    for (uint64_t i = 0; i < size; ++i) {
      const std::string start = absl::StrCat("entry ", i, " ");
      ASSERT_EQ(entries[i].substr(0, start.size()), start);
    }
  }

  TempDir dir_;
  std::unique_ptr<EntryLog> log_;
};

TEST_F(EntryLogTest, ANewLogIsEmpty) {
  EXPECT_EQ(log_->size(), TreeSize(0));
  EXPECT_THAT(log_->Chunks(Sequence(0), TreeSize(0), 1000), FailsWith(Reason::kBeyondHead));
  EXPECT_THAT(log_->ChunksBackwards(Sequence(0), 1000), FailsWith(Reason::kBeyondHead));
}

TEST_F(EntryLogTest, WhatIsCommittedIsReadBackAfterReopening) {
  SCRUTINY_ASSERT_OK(Commit(1));
  SCRUTINY_ASSERT_OK(Commit(700));
  SCRUTINY_ASSERT_OK(Commit(3, 60'000));
  ExpectAllThere(704);
  SCRUTINY_ASSERT_OK(log_->Close());
  Open();
  ExpectAllThere(704);
  SCRUTINY_ASSERT_OK(Commit(2));
  ExpectAllThere(706);
}

TEST_F(EntryLogTest, WhatIsCommittedIsReadBackWithoutAClose) {
  SCRUTINY_ASSERT_OK(Commit(10));
  Open();
  ExpectAllThere(10);
  SCRUTINY_ASSERT_OK(Commit(10));
  Open();
  ExpectAllThere(20);
}

TEST_F(EntryLogTest, AnEmptyLogMayBeClosedAndOpenedAgain) {
  SCRUTINY_ASSERT_OK(log_->Close());
  SCRUTINY_EXPECT_OK(log_->Close());
  Open();
  ExpectAllThere(0);
}

TEST_F(EntryLogTest, ChunksContainTheFirstAndStopAtTheBytesAndTheEnd) {
  for (int i = 0; i < 5; ++i) SCRUTINY_ASSERT_OK(Commit(10, 1000));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(auto chunks, log_->Chunks(Sequence(13), TreeSize(50), 1));
  ASSERT_EQ(chunks.size(), 1u);
  EXPECT_EQ(chunks[0]->first(), Sequence(10));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(chunks, log_->Chunks(Sequence(13), TreeSize(50), 15'000));
  EXPECT_EQ(chunks.size(), 2u);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(chunks, log_->Chunks(Sequence(13), TreeSize(40), 1 << 20));
  ASSERT_EQ(chunks.size(), 3u);
  EXPECT_EQ(chunks.back()->end(), TreeSize(40));
  // An end beyond what is stored ends where the entries do.
  SCRUTINY_ASSERT_OK_AND_ASSIGN(chunks, log_->Chunks(Sequence(0), TreeSize(1000), 1 << 20));
  EXPECT_EQ(chunks.back()->end(), TreeSize(50));
  EXPECT_THAT(log_->Chunks(Sequence(40), TreeSize(40), 1), FailsWith(Reason::kBeyondHead));
  EXPECT_THAT(log_->Chunks(Sequence(50), TreeSize(60), 1), FailsWith(Reason::kBeyondHead));
}

// The index is completed append by append, and the tree goes on from there: within a chunk.
TEST_F(EntryLogTest, LeafHashesAreReadFromAndToAnyEntry) {
  constexpr uint64_t kEntries = 50;
  for (uint64_t i = 0; i < kEntries; i += 10) SCRUTINY_ASSERT_OK(Commit(10));
  for (uint64_t end = 0; end <= kEntries; ++end) {
    for (uint64_t from = 0; from <= end; from += 7) {
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::vector<Hash> hashes,
                                    log_->LeafHashes(Sequence(from), TreeSize(end)));
      ASSERT_EQ(hashes.size(), end - from);
      for (uint64_t i = from; i < end; ++i) {
        ASSERT_EQ(hashes[i - from], LeafHash(MadeUpEntry(i, 100)));
      }
    }
  }
}

TEST_F(EntryLogTest, ReadingBackwardsJoinsOn) {
  for (int i = 0; i < 5; ++i) SCRUTINY_ASSERT_OK(Commit(10, 1000));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(auto chunks, log_->ChunksBackwards(Sequence(33), 1 << 20));
  ASSERT_EQ(chunks.size(), 4u);
  EXPECT_TRUE(chunks[0]->Contains(Sequence(33)));
  for (size_t i = 1; i < chunks.size(); ++i) {
    EXPECT_EQ(NextSequence(chunks[i]->end()), chunks[i - 1]->first());
  }
  EXPECT_EQ(chunks.back()->first(), Sequence(0));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(chunks, log_->ChunksBackwards(Sequence(49), 1));
  EXPECT_EQ(chunks.size(), 1u);
  EXPECT_THAT(log_->ChunksBackwards(Sequence(50), 1), FailsWith(Reason::kBeyondHead));
}

TEST_F(EntryLogTest, ACommitThatDoesNotFollowIsRefused) {
  SCRUTINY_ASSERT_OK(Commit(3));
  EXPECT_THAT(log_->Commit(MadeUpGroup(2, 1, 50)), FailsWith(Reason::kInternal));
  EXPECT_THAT(log_->Commit(MadeUpGroup(4, 1, 50)), FailsWith(Reason::kInternal));
  SCRUTINY_EXPECT_OK(log_->Commit({}));
  SCRUTINY_EXPECT_OK(Commit(1));
  ExpectAllThere(4);
}

TEST_F(EntryLogTest, OnlyOneServerHasALedgerOpen) {
  const auto second = EntryLog::Open(Options());
  EXPECT_THAT(second, HasCode(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(std::string(second.status().message()),
              HasSubstr("Another server has this ledger open"));
  SCRUTINY_EXPECT_OK(Commit(1));
}

TEST_F(EntryLogTest, AMissingLedgerIsNotMadeUnlessAsked) {
  EntryLogOptions options = Options();
  options.path = dir_.File("elsewhere/log");
  options.create_if_missing = false;
  EXPECT_THAT(EntryLog::Open(options), FailsWith(Reason::kNotFound));
  EXPECT_FALSE(std::filesystem::exists(dir_.File("elsewhere")));
}

// Readers see only whole commits, in order, while the log grows beside them.
TEST_F(EntryLogTest, ReadingRunsBesideCommitting) {
  std::atomic<bool> done{false};
  const auto read = [this, &done] {
    uint64_t at = 0;
    while (!done.load() || at < log_->size().value()) {
      const TreeSize size = log_->size();
      if (at == size.value()) continue;
      const auto chunks = log_->Chunks(Sequence(at), size, 64 << 10);
      SCRUTINY_ASSERT_OK(chunks);
      for (const ChunkPtr& chunk : *chunks) {
        ASSERT_EQ(chunk->first(), Sequence(at));
        at = chunk->end().value();
      }
      SCRUTINY_ASSERT_OK(log_->ChunksBackwards(Sequence(at - 1), 64 << 10));
    }
    EXPECT_EQ(at, 3000u);
  };
  std::thread one(read);
  std::thread other(read);
  for (int i = 0; i < 300; ++i) SCRUTINY_EXPECT_OK(Commit(10, 200));
  done = true;
  one.join();
  other.join();
}

TEST_F(EntryLogTest, TheFilesHaveASize) {
  const uint64_t before = log_->bytes_on_disk();
  SCRUTINY_ASSERT_OK(Commit(10, 10'000));
  EXPECT_GE(log_->bytes_on_disk(), before + 100'000);
}

}  // namespace
}  // namespace scrutiny::ledger
