#include "ledger/papers/paper_store.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <vector>

#include "gmock/gmock.h"

#include "ledger/base/error.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::ledger {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class PaperStoreTest : public ::testing::Test {
 protected:
  void SetUp() override { Reopen(); }
  void Reopen() {
    store_.reset();
    absl::StatusOr<std::unique_ptr<PaperStore>> store = PaperStore::Open(dir_.File("papers"));
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }
  absl::StatusOr<HeldPaper> Add(const std::string& bytes, const std::string& said = "",
                                const absl::optional<Hash>& expected = absl::nullopt) {
    absl::StatusOr<std::unique_ptr<PaperStore::Upload>> upload = store_->Begin();
    if (!upload.ok()) return upload.status();
    for (size_t at = 0; at < bytes.size(); at += 7) {
      const absl::Status added = (*upload)->Add(absl::string_view(bytes).substr(at, 7));
      if (!added.ok()) return added;
    }
    return (*upload)->Finish(said, expected, &held_already_);
  }
  absl::StatusOr<std::string> Get(const Hash& sha256) {
    absl::StatusOr<std::unique_ptr<PaperStore::Reading>> reading = store_->Read(sha256);
    if (!reading.ok()) return reading.status();
    std::string bytes;
    for (;;) {
      absl::StatusOr<std::string> piece = (*reading)->Next(5);
      if (!piece.ok()) return piece.status();
      if (piece->empty()) return bytes;
      bytes += *piece;
    }
  }
  std::string FileOf(const std::string& bytes, const std::string& ending = ".txt") {
    const std::string hex = ToHex(AsBytes(Sha256Of(bytes)));
    return dir_.File("papers/" + hex.substr(0, 2) + "/" + hex + ending);
  }
  size_t FilesIn(const std::string& folder) {
    size_t files = 0;
    for (const auto& at : fs::recursive_directory_iterator(folder)) {
      files += at.is_regular_file() ? 1 : 0;
    }
    return files;
  }

  testing::TempDir dir_;
  std::unique_ptr<PaperStore> store_;
  bool held_already_ = false;
};

TEST_F(PaperStoreTest, WhatIsAddedIsGivenBackByItsHash) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const HeldPaper paper, Add("Minutes.\n"));
  EXPECT_EQ(paper.sha256, Sha256Of("Minutes.\n"));
  EXPECT_EQ(paper.bytes, 9u);
  EXPECT_EQ(paper.type->name, "text/plain");
  EXPECT_FALSE(held_already_);
  EXPECT_EQ(Get(paper.sha256).value(), "Minutes.\n");
  EXPECT_EQ(FilesIn(dir_.File("papers")), 1u);
  EXPECT_TRUE(fs::exists(FileOf("Minutes.\n")));
}

TEST_F(PaperStoreTest, ItIsThereAfterARestart) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const HeldPaper paper, Add("%PDF-1.7\nx"));
  Reopen();
  ASSERT_TRUE(store_->Find(paper.sha256));
  EXPECT_EQ(store_->Find(paper.sha256)->type->name, "application/pdf");
  EXPECT_EQ(store_->bytes(), 10u);
  EXPECT_EQ(Get(paper.sha256).value(), "%PDF-1.7\nx");
}

TEST_F(PaperStoreTest, TheSamePaperIsHeldOnceUnderItsFirstType) {
  ASSERT_TRUE(Add("a,b\n1,2\n", "text/csv").ok());
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const HeldPaper again, Add("a,b\n1,2\n", "text/plain"));
  EXPECT_TRUE(held_already_);
  EXPECT_EQ(again.type->name, "text/csv");
  EXPECT_EQ(store_->count(), 1u);
  EXPECT_EQ(FilesIn(dir_.File("papers")), 1u);
}

TEST_F(PaperStoreTest, AnotherHashThanAnnouncedIsRefusedAndNothingIsKept) {
  const absl::Status other = Add("Minutes.\n", "", Sha256Of("Minutes")).status();
  EXPECT_EQ(ReasonOf(other), Reason::kMalformed);
  EXPECT_EQ(InfoOf(other).field, "sha256");
  EXPECT_EQ(store_->count(), 0u);
  EXPECT_EQ(FilesIn(dir_.File("papers")), 0u);
  EXPECT_TRUE(Add("Minutes.\n", "", Sha256Of("Minutes.\n")).ok());
}

TEST_F(PaperStoreTest, WhatIsLeftUnfinishedGoes) {
  {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto upload, store_->Begin());
    ASSERT_TRUE(upload->Add("half").ok());
    EXPECT_EQ(FilesIn(dir_.File("papers")), 1u);
  }
  EXPECT_EQ(FilesIn(dir_.File("papers")), 0u);
  // A server that was killed leaves it; the next one removes it.
  std::ofstream(dir_.File("papers/incoming/0")) << "half";
  Reopen();
  EXPECT_EQ(FilesIn(dir_.File("papers")), 0u);
}

TEST_F(PaperStoreTest, APaperHasALimit) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto upload, store_->Begin());
  const std::string mebibyte(size_t{1} << 20, 'a');
  for (uint64_t i = 0; i < kPaperBytesMax >> 20; ++i) ASSERT_TRUE(upload->Add(mebibyte).ok());
  EXPECT_EQ(ReasonOf(upload->Add("b")), Reason::kOverLimit);
}

TEST_F(PaperStoreTest, SoManyAtOnceAndNoMore) {
  std::vector<std::unique_ptr<PaperStore::Upload>> uploads;
  for (size_t i = 0; i < kUploadsMax; ++i) uploads.push_back(store_->Begin().value());
  EXPECT_EQ(ReasonOf(store_->Begin().status()), Reason::kQueueFull);
  uploads.pop_back();
  EXPECT_TRUE(store_->Begin().ok());
}

TEST_F(PaperStoreTest, AFileThatWasChangedIsNotGivenOut) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const HeldPaper paper, Add("Minutes.\n"));
  std::ofstream(FileOf("Minutes.\n")) << "Minutez.\n";
  EXPECT_EQ(ReasonOf(Get(paper.sha256).status()), Reason::kCorrupt);
  std::ofstream(FileOf("Minutes.\n"), std::ios::app) << "more";
  EXPECT_EQ(ReasonOf(Get(paper.sha256).status()), Reason::kCorrupt);
}

TEST_F(PaperStoreTest, RemovedIsGone) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const HeldPaper paper, Add("Minutes.\n"));
  ASSERT_TRUE(store_->Remove(paper.sha256).ok());
  EXPECT_FALSE(store_->Find(paper.sha256));
  EXPECT_EQ(store_->bytes(), 0u);
  EXPECT_EQ(FilesIn(dir_.File("papers")), 0u);
  EXPECT_EQ(ReasonOf(store_->Remove(paper.sha256)), Reason::kNotFound);
  EXPECT_EQ(ReasonOf(Get(paper.sha256).status()), Reason::kNotFound);
}

TEST_F(PaperStoreTest, WhatSomebodyElsePutThereIsLeftAndNotServed) {
  fs::create_directories(dir_.File("papers/ab"));
  std::ofstream(dir_.File("papers/README")) << "mine";
  std::ofstream(dir_.File("papers/ab/" + std::string(64, 'c') + ".pdf")) << "in the wrong folder";
  Reopen();
  EXPECT_EQ(store_->count(), 0u);
  EXPECT_TRUE(fs::exists(dir_.File("papers/README")));
}

TEST_F(PaperStoreTest, ListedInTheOrderOfTheirHashes) {
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(Add("paper " + std::to_string(i)).ok());
  std::vector<Hash> seen;
  absl::optional<Hash> after;
  for (;;) {
    const std::vector<HeldPaper> page = store_->List(after, 3);
    if (page.empty()) break;
    for (const HeldPaper& paper : page) seen.push_back(paper.sha256);
    after = seen.back();
  }
  EXPECT_THAT(seen, SizeIs(10));
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
}

TEST_F(PaperStoreTest, CopiesAreWhole) {
  ASSERT_TRUE(Add("one").ok());
  ASSERT_TRUE(Add("two").ok());
  EXPECT_EQ(store_->CopyTo(dir_.File("copy")).value(), 2u);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto copy, PaperStore::Open(dir_.File("copy")));
  EXPECT_EQ(copy->count(), 2u);
  // One that was changed is not copied as if it were whole.
  std::ofstream(FileOf("one")) << "0ne";
  EXPECT_EQ(ReasonOf(store_->CopyTo(dir_.File("other")).status()), Reason::kCorrupt);
}

TEST_F(PaperStoreTest, AddedAtOnceFromSeveralSides) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this] {
      for (int i = 0; i < 25; ++i) {
        auto upload = store_->Begin();
        ASSERT_TRUE(upload.ok()) << upload.status();
        ASSERT_TRUE((*upload)->Add("paper " + std::to_string(i)).ok());
        bool held = false;
        const auto paper = (*upload)->Finish("", absl::nullopt, &held);
        ASSERT_TRUE(paper.ok()) << paper.status();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(store_->count(), 25u);
  EXPECT_EQ(FilesIn(dir_.File("papers")), 25u);
}

TEST(ParseSha256Test, SixtyFourHexadecimalDigits) {
  const std::string hex = ToHex(AsBytes(Sha256Of("x")));
  EXPECT_EQ(ParseSha256(hex), Sha256Of("x"));
  EXPECT_FALSE(ParseSha256(hex.substr(1)));
  EXPECT_FALSE(ParseSha256("g" + hex.substr(1)));
  EXPECT_FALSE(ParseSha256(""));
}

}  // namespace
}  // namespace scrutiny::ledger
