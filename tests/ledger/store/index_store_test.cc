#include "ledger/store/index_store.h"

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/format/big_endian.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::TempDir;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr FactType kRaised(280);

class IndexStoreTest : public ::testing::Test {
 protected:
  void SetUp() override { Open(); }

  IndexOptions Options() const {
    IndexOptions options;
    options.path = dir_.File("data/index");
    options.ledger_id = std::string(16, 'a');
    return options;
  }
  void Open() {
    store_.reset();
    SCRUTINY_ASSERT_OK_AND_ASSIGN(store_, IndexStore::Open(Options()));
  }
  void Reopen() {
    SCRUTINY_ASSERT_OK(store_->Close());
    Open();
  }

  // The next entry of a record.
  IndexedEntry Entry(const std::string& record, uint64_t revision) {
    IndexedEntry entry;
    entry.sequence = Sequence(next_++);
    entry.revision = Revision(revision);
    entry.ordinal = Ordinal(++ordinal_);
    entry.record = record;
    entry.derived.type = kRaised;
    entry.derived.day = Day(17'973);
    return entry;
  }
  absl::Status Apply(const std::vector<IndexedEntry>& entries,
                     const std::vector<IndexedRequest>& requests = {}) {
    return store_->Apply(entries, requests, {}, TreeSize(next_));
  }

  TempDir dir_;
  std::unique_ptr<IndexStore> store_;
  uint64_t next_ = 0;
  uint64_t ordinal_ = 0;
};

std::string NumberKey(const std::string& series, uint64_t number) {
  std::string key = series;
  AppendBigEndian(number, &key);
  return key;
}

TEST_F(IndexStoreTest, AnEmptyIndexHoldsNothing) {
  const std::unique_ptr<IndexView> view = store_->View();
  EXPECT_EQ(view->position(), TreeSize(0));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const RecordHead head, view->Head("actions/1"));
  EXPECT_EQ(head.revision, Revision(0));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto history, view->History("actions/1", Revision(1), 10));
  EXPECT_THAT(history, IsEmpty());
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto request, view->Request("p", "r"));
  EXPECT_FALSE(request.has_value());
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto numbers, view->NumbersUsed("series"));
  EXPECT_THAT(numbers, IsEmpty());
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Ordinal ordinal, view->LastOrdinal(kRaised));
  EXPECT_EQ(ordinal, Ordinal(0));
}

TEST_F(IndexStoreTest, ARecordsHeadAndHistoryAreFound) {
  std::vector<IndexedEntry> entries = {Entry("actions/1", 1), Entry("actions/10", 1),
                                       Entry("actions/1", 2), Entry("actions/1", 3)};
  entries[3].derived.corrects = Sequence(0);
  SCRUTINY_ASSERT_OK(Apply(entries));
  for (const bool reopened : {false, true}) {
    if (reopened) Reopen();
    const std::unique_ptr<IndexView> view = store_->View();
    EXPECT_EQ(view->position(), TreeSize(4));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const RecordHead head, view->Head("actions/1"));
    EXPECT_EQ(head.revision, Revision(3));
    EXPECT_EQ(head.last, Sequence(3));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const RecordHead other, view->Head("actions/10"));
    EXPECT_EQ(other.revision, Revision(1));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const RecordHead none, view->Head("actions"));
    EXPECT_EQ(none.revision, Revision(0));

    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto history, view->History("actions/1", Revision(2), 9));
    ASSERT_EQ(history.size(), 2u);
    EXPECT_EQ(history[0].sequence, Sequence(2));
    EXPECT_EQ(history[0].type, kRaised);
    EXPECT_EQ(history[0].day, Day(17'973));
    EXPECT_FALSE(history[0].corrects.has_value());
    EXPECT_EQ(history[1].corrects, Sequence(0));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto one, view->History("actions/1", Revision(1), 1));
    EXPECT_EQ(one.size(), 1u);
  }
}

TEST_F(IndexStoreTest, ClaimsAreFoundExactlyAndInOrder) {
  std::vector<IndexedEntry> entries = {Entry("decisions/a", 1), Entry("decisions/b", 1),
                                       Entry("decisions/c", 1)};
  entries[0].derived.claims = {{"alias", "", "2019/13"}};
  entries[1].derived.claims = {{"alias", "5a", "2019/13"}, {"aliases", "", "x"}};
  entries[2].derived.claims = {{std::string("alias\0", 6), "", "zero"}};
  SCRUTINY_ASSERT_OK(Apply(entries));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto hits, store_->View()->Claims("alias", 10));
  ASSERT_EQ(hits.size(), 2u);
  EXPECT_EQ(hits[0].sequence, Sequence(0));
  EXPECT_EQ(hits[0].record, "decisions/a");
  EXPECT_EQ(hits[1].record, "decisions/b");
  EXPECT_EQ(hits[1].item, "5a");
  EXPECT_EQ(hits[1].printed, "2019/13");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto one, store_->View()->Claims("alias", 1));
  EXPECT_EQ(one.size(), 1u);
}

TEST_F(IndexStoreTest, TheNumbersUsedAreThoseOfTheSeriesAlone) {
  std::vector<IndexedEntry> entries;
  for (const uint64_t number : {7u, 255u, 256u, 12u, 0u}) {
    entries.push_back(Entry(absl::StrCat("decisions/", number), 1));
    entries.back().derived.claims = {{NumberKey("2019", number), "", ""}};
  }
  entries.push_back(Entry("decisions/later", 1));
  entries.back().derived.claims = {{NumberKey("2020", 3), "", ""},
                                   {NumberKey("2018", 9999), "", ""},
                                   {"2019 and something that is no number", "", ""}};
  SCRUTINY_ASSERT_OK(Apply(entries));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto of_2019, store_->View()->NumbersUsed("2019"));
  EXPECT_THAT(of_2019, ElementsAre(0u, 7u, 12u, 255u, 256u));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto none, store_->View()->NumbersUsed("2021"));
  EXPECT_THAT(none, IsEmpty());
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto used, store_->View()->Claims(NumberKey("2019", 12), 1));
  EXPECT_EQ(used.size(), 1u);
}

TEST_F(IndexStoreTest, TypesCountFromOne) {
  std::vector<IndexedEntry> entries = {Entry("actions/1", 1), Entry("actions/2", 1),
                                       Entry("actions/3", 1)};
  entries[1].derived.type = FactType(281);
  entries[1].ordinal = Ordinal(1);
  entries[2].ordinal = Ordinal(2);
  SCRUTINY_ASSERT_OK(Apply(entries));
  const std::unique_ptr<IndexView> view = store_->View();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto raised, view->OfType(kRaised, Ordinal(1), 10));
  EXPECT_THAT(raised, ElementsAre(Sequence(0), Sequence(2)));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto second, view->OfType(kRaised, Ordinal(2), 10));
  EXPECT_THAT(second, ElementsAre(Sequence(2)));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Ordinal last, view->LastOrdinal(kRaised));
  EXPECT_EQ(last, Ordinal(2));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Ordinal none, view->LastOrdinal(FactType(279)));
  EXPECT_EQ(none, Ordinal(0));
}

TEST_F(IndexStoreTest, CitationsAreFoundInOrder) {
  std::vector<IndexedEntry> entries = {Entry("actions/1", 1), Entry("actions/2", 1)};
  entries[0].derived.cites = {"meetings/spab/2019-03-18", "papers/x"};
  entries[1].derived.cites = {"meetings/spab/2019-03-18", "meetings/spab/2019-03-180"};
  SCRUTINY_ASSERT_OK(Apply(entries));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto cited,
                                store_->View()->CitedBy("meetings/spab/2019-03-18", 10));
  EXPECT_THAT(cited, ElementsAre(Sequence(0), Sequence(1)));
}

TEST_F(IndexStoreTest, RequestsAreRememberedByPrincipal) {
  IndexedRequest request;
  request.principal = "secretary";
  request.request_id = "r-1";
  request.record = {Sequence(0), 1, Sha256Of("content")};
  SCRUTINY_ASSERT_OK(Apply({Entry("actions/1", 1)}, {request}));
  Reopen();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto found, store_->View()->Request("secretary", "r-1"));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->first, Sequence(0));
  EXPECT_EQ(found->count, 1u);
  EXPECT_EQ(found->digest, Sha256Of("content"));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto other, store_->View()->Request("clerk", "r-1"));
  EXPECT_FALSE(other.has_value());
}

TEST_F(IndexStoreTest, RecordsAreListedOnceAndPageByPage) {
  SCRUTINY_ASSERT_OK(Apply({Entry("actions/b", 1), Entry("actions/b", 2), Entry("actions/b-1", 1),
                            Entry("actions/a", 1), Entry("meetings/x", 1)}));
  const std::unique_ptr<IndexView> view = store_->View();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto all, view->Records("", "", 10));
  EXPECT_THAT(all, ElementsAre("actions/a", "actions/b", "actions/b-1", "meetings/x"));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto page, view->Records("actions/", "actions/a", 1));
  EXPECT_THAT(page, ElementsAre("actions/b"));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto rest, view->Records("actions/", "actions/b", 10));
  EXPECT_THAT(rest, ElementsAre("actions/b-1"));
}

TEST_F(IndexStoreTest, AViewStaysAsItWas) {
  SCRUTINY_ASSERT_OK(Apply({Entry("actions/1", 1)}));
  const std::unique_ptr<IndexView> before = store_->View();
  SCRUTINY_ASSERT_OK(Apply({Entry("actions/1", 2)}));
  EXPECT_EQ(before->position(), TreeSize(1));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const RecordHead old_head, before->Head("actions/1"));
  EXPECT_EQ(old_head.revision, Revision(1));
  const std::unique_ptr<IndexView> after = store_->View();
  EXPECT_EQ(after->position(), TreeSize(2));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const RecordHead new_head, after->Head("actions/1"));
  EXPECT_EQ(new_head.revision, Revision(2));
}

// A view taken at any moment holds what its position says, in every family, while rows are added
// and flushed beside it.
TEST_F(IndexStoreTest, ViewsAreConsistentWhileTheIndexGrows) {
  std::atomic<bool> done{false};
  std::thread reader([this, &done] {
    while (!done.load()) {
      const std::unique_ptr<IndexView> view = store_->View();
      const uint64_t position = view->position().value();
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const Ordinal last, view->LastOrdinal(kRaised));
      ASSERT_EQ(last, Ordinal(position));
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const RecordHead beyond,
                                    view->Head(absl::StrCat("actions/", position)));
      ASSERT_EQ(beyond.revision, Revision(0));
      if (position == 0) continue;
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const RecordHead newest,
                                    view->Head(absl::StrCat("actions/", position - 1)));
      ASSERT_EQ(newest.last, Sequence(position - 1));
    }
  });
  for (int batch = 0; batch < 100; ++batch) {
    std::vector<IndexedEntry> entries;
    for (int i = 0; i < 1000; ++i) entries.push_back(Entry(absl::StrCat("actions/", next_), 1));
    SCRUTINY_EXPECT_OK(Apply(entries));
  }
  done = true;
  reader.join();
}

TEST_F(IndexStoreTest, EntriesThatDoNotFollowAreRefused) {
  SCRUTINY_ASSERT_OK(Apply({Entry("actions/1", 1)}));
  const std::vector<IndexedEntry> one = {Entry("actions/2", 1)};
  EXPECT_THAT(store_->Apply(one, {}, {}, TreeSize(3)), FailsWith(Reason::kInternal));
  EXPECT_THAT(store_->Apply({}, {}, {}, TreeSize(2)), FailsWith(Reason::kInternal));
  std::vector<IndexedEntry> late = one;
  late[0].sequence = Sequence(2);
  EXPECT_THAT(store_->Apply(late, {}, {}, TreeSize(2)), FailsWith(Reason::kInternal));
  SCRUTINY_EXPECT_OK(store_->Apply(one, {}, {}, TreeSize(2)));
}

// A crash is a store that goes away without Close: there is no log to recover from.
TEST_F(IndexStoreTest, ACrashLosesWhatWasNotFlushedAndNothingElse) {
  SCRUTINY_ASSERT_OK(Apply({Entry("actions/1", 1)}));
  EXPECT_EQ(store_->flushed(), TreeSize(0));
  SCRUTINY_ASSERT_OK(store_->Flush());
  EXPECT_EQ(store_->flushed(), TreeSize(1));
  SCRUTINY_ASSERT_OK(Apply({Entry("actions/1", 2)}));
  EXPECT_EQ(store_->position(), TreeSize(2));
  EXPECT_EQ(store_->flushed(), TreeSize(1));
  Open();
  EXPECT_EQ(store_->position(), TreeSize(1));
  EXPECT_EQ(store_->flushed(), TreeSize(1));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const RecordHead head, store_->View()->Head("actions/1"));
  EXPECT_EQ(head.revision, Revision(1));
}

TEST_F(IndexStoreTest, TheLagBehindTheDiskStaysBounded) {
  constexpr size_t kBatch = 8192;
  for (int batch = 0; batch < 30; ++batch) {
    std::vector<IndexedEntry> entries;
    for (size_t i = 0; i < kBatch; ++i) entries.push_back(Entry(absl::StrCat("a/", next_), 1));
    SCRUTINY_ASSERT_OK(Apply(entries));
    EXPECT_LE(store_->position() - store_->flushed(), kIndexLagEntriesMax);
  }
  const TreeSize flushed = store_->flushed();
  Open();
  EXPECT_GE(store_->position(), flushed);
  EXPECT_EQ(store_->position(), store_->flushed());
}

TEST_F(IndexStoreTest, AnIndexOfAnotherLedgerIsRefused) {
  SCRUTINY_ASSERT_OK(store_->Close());
  store_.reset();
  IndexOptions options = Options();
  options.ledger_id = std::string(16, 'b');
  EXPECT_THAT(IndexStore::Open(options), FailsWith(Reason::kLedgerChanged));
}

TEST_F(IndexStoreTest, ADamagedIndexSaysThatItCanBeDeleted) {
  SCRUTINY_ASSERT_OK(Apply({Entry("actions/1", 1)}));
  SCRUTINY_ASSERT_OK(store_->Close());
  store_.reset();
  std::vector<std::filesystem::path> tables;
  for (const auto& file : std::filesystem::directory_iterator(Options().path)) {
    if (file.path().extension() == ".sst") tables.push_back(file.path());
  }
  ASSERT_FALSE(tables.empty());
  for (const auto& table : tables) std::filesystem::remove(table);
  const auto opened = IndexStore::Open(Options());
  EXPECT_THAT(opened, FailsWith(Reason::kCorrupt));
  EXPECT_THAT(InfoOf(opened.status()).next, ::testing::HasSubstr("delete the folder"));
  std::filesystem::remove_all(Options().path);
  next_ = 0;
  Open();
  EXPECT_EQ(store_->position(), TreeSize(0));
}

TEST_F(IndexStoreTest, AnIndexWithoutItsCurrentFileIsRefused) {
  SCRUTINY_ASSERT_OK(store_->Close());
  store_.reset();
  std::filesystem::remove(Options().path + "/CURRENT");
  EXPECT_THAT(IndexStore::Open(Options()), FailsWith(Reason::kCorrupt));
}

TEST_F(IndexStoreTest, TheFolderHasASize) {
  SCRUTINY_ASSERT_OK(Apply({Entry("actions/1", 1)}));
  SCRUTINY_ASSERT_OK(store_->Flush());
  EXPECT_GT(store_->bytes_on_disk(), 0u);
}

}  // namespace
}  // namespace scrutiny::ledger
