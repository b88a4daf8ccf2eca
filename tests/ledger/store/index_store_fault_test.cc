// Power cuts and a full disk under the index: it loses what it says it may lose, and what is left
// belongs together across all its column families.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/store/index_store.h"
#include "tests/support/fault_fs.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::Effect;
using ::scrutiny::testing::FaultFs;
using ::scrutiny::testing::FsCall;
using ::scrutiny::testing::TempDir;

constexpr uint64_t kBatch = 4000;
constexpr int kBatches = 24;  // about three flushes

std::string RecordOf(uint64_t sequence) { return absl::StrCat("actions/", sequence); }

class FaultyIndex {
 public:
  FaultFs& fs() { return *fs_; }
  IndexStore& store() { return *store_; }

  absl::Status Open() {
    IndexOptions options;
    options.path = dir_.File("index");
    options.file_system = fs_;
    options.ledger_id = std::string(16, 'a');
    auto opened = IndexStore::Open(options);
    if (!opened.ok()) return opened.status();
    store_ = *std::move(opened);
    return absl::OkStatus();
  }
  void Drop() { store_.reset(); }

  absl::Status ApplyBatch() {
    const uint64_t begin = store_->position().value();
    std::vector<IndexedEntry> entries;
    for (uint64_t sequence = begin; sequence < begin + kBatch; ++sequence) {
      IndexedEntry entry;
      entry.sequence = Sequence(sequence);
      entry.revision = Revision(1);
      entry.ordinal = Ordinal(sequence + 1);
      entry.record = RecordOf(sequence);
      entry.derived.type = FactType(280);
      entry.derived.cites = {"meetings/a"};
      entries.push_back(std::move(entry));
    }
    return store_->Apply(entries, {}, {}, TreeSize(begin + kBatch));
  }

  absl::Status Run() {
    SCRUTINY_RETURN_IF_ERROR(Open());
    for (int i = 0; i < kBatches; ++i) {
      SCRUTINY_RETURN_IF_ERROR(ApplyBatch());
      flushed_ = store_->flushed();
    }
    return store_->Close();
  }

  // Everything below the position is there, in every family, and nothing else.
  void ExpectConsistent() {
    SCRUTINY_ASSERT_OK(Open());
    EXPECT_GE(store_->position(), flushed_);
    EXPECT_EQ(store_->position(), store_->flushed());
    const uint64_t position = store_->position().value();
    const std::unique_ptr<IndexView> view = store_->View();
    ASSERT_EQ(view->position(), store_->position());
    for (uint64_t sequence = 0; sequence < position; sequence += 97) {
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const RecordHead head, view->Head(RecordOf(sequence)));
      ASSERT_EQ(head.last, Sequence(sequence));
    }
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const RecordHead beyond, view->Head(RecordOf(position)));
    EXPECT_EQ(beyond.revision, Revision(0));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const Ordinal last, view->LastOrdinal(FactType(280)));
    EXPECT_EQ(last, Ordinal(position));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto cited, view->CitedBy("meetings/a", 1'000'000));
    EXPECT_EQ(cited.size(), position);
  }

 private:
  TempDir dir_;
  const std::shared_ptr<FaultFs> fs_ = std::make_shared<FaultFs>();
  std::unique_ptr<IndexStore> store_;
  TreeSize flushed_;  // as it said last
};

TEST(IndexStorePowerTest, WhatWasFlushedIsThereWhateverSyncThePowerFailsAt) {
  for (const FsCall call : {FsCall::kSync, FsCall::kSyncFolder}) {
    for (uint64_t nth = 1;; nth += 3) {
      SCOPED_TRACE(absl::StrCat("power cut at ", FsCallName(call), " ", nth));
      FaultyIndex index;
      index.fs().Inject({.call = call, .nth = nth, .effect = Effect::kPowerOff});
      const absl::Status run = index.Run();
      const bool struck = index.fs().faults_struck() > 0;
      EXPECT_TRUE(run.ok() || struck) << run;
      index.fs().PowerOff();
      index.Drop();
      index.fs().RestorePower({.torn_seed = nth % 2});
      index.ExpectConsistent();
      if (::testing::Test::HasFatalFailure() || !struck) break;
    }
  }
}

TEST(IndexStoreFaultTest, AFullDiskIsAnErrorAndReadingGoesOn) {
  FaultyIndex index;
  SCRUTINY_ASSERT_OK(index.Open());
  SCRUTINY_ASSERT_OK(index.ApplyBatch());
  index.fs().Inject({.call = FsCall::kAppend, .onwards = true, .effect = Effect::kNoSpace});
  const absl::Status failed = index.store().Flush();
  EXPECT_EQ(failed.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(failed.message()), ::testing::HasSubstr("the disk is full"));
  EXPECT_EQ(index.store().flushed(), TreeSize(0));
  EXPECT_FALSE(index.ApplyBatch().ok());
  EXPECT_EQ(index.store().position(), TreeSize(kBatch));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const RecordHead head, index.store().View()->Head(RecordOf(7)));
  EXPECT_EQ(head.last, Sequence(7));
  index.fs().ClearFaults();
  index.Drop();
  index.ExpectConsistent();
}

}  // namespace
}  // namespace scrutiny::ledger
