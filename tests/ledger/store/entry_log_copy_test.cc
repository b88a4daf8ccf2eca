// What a commit keeps beside the entries, and copies of the store: whole, of one moment, and never
// changed by what the store does later.
#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rocksdb/db.h"
#include "rocksdb/utilities/checkpoint.h"

#include "ledger/base/error.h"
#include "ledger/format/big_endian.h"
#include "ledger/merkle/compact_range.h"
#include "ledger/store/chunk_reader.h"
#include "ledger/store/entry_log.h"
#include "tests/ledger/store/entry_log_support.h"
#include "tests/support/fault_fs.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::ledger {
namespace {

namespace fs = std::filesystem;
using ::scrutiny::testing::Effect;
using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::FaultFs;
using ::scrutiny::testing::FsCall;
using ::scrutiny::testing::HasCode;
using ::scrutiny::testing::TempDir;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Handles = std::vector<rocksdb::ColumnFamilyHandle*>;

class EntryLogExtrasTest : public ::testing::Test {
 protected:
  void SetUp() override { Open(); }

  std::string path() const { return dir_.File("log"); }
  absl::StatusOr<std::unique_ptr<EntryLog>> TryOpen(const std::string& path,
                                                    bool is_copy = false) const {
    EntryLogOptions options;
    options.path = path;
    options.is_copy = is_copy;
    options.create_if_missing = false;
    return EntryLog::Open(options);
  }
  void Open() {
    log_.reset();
    EntryLogOptions options;
    options.path = path();
    options.file_system = fs_;
    SCRUTINY_ASSERT_OK_AND_ASSIGN(log_, EntryLog::Open(options));
  }

  // Commits made-up entries with the edge of the tree over all of them, and a sealed part.
  absl::Status Commit(size_t count) {
    const uint64_t size = log_->size().value();
    const std::vector<ChunkPtr> group = MadeUpGroup(size, count, 100);
    for (size_t i = 0; i < count; ++i) edge_.Append(LeafHash(MadeUpEntry(size + i, 100)));
    const std::vector<SealedRow> rows = {
        {{Sequence(size), 0}, "persons/a", absl::StrCat("sealed ", size)}};
    return log_->Commit(group, {&edge_, rows});
  }
  // The edge of the first made-up entries, computed anew.
  static CompactRange EdgeOf(uint64_t size) {
    CompactRange edge;
    for (uint64_t i = 0; i < size; ++i) edge.Append(LeafHash(MadeUpEntry(i, 100)));
    return edge;
  }
  void Tamper(const std::function<void(rocksdb::DB&, const Handles&)>& change) {
    SCRUTINY_ASSERT_OK(log_->Close());
    log_.reset();
    Handles handles;
    rocksdb::DB* opened = nullptr;
    ASSERT_TRUE(
        rocksdb::DB::Open({}, path(),
                          {{"default", {}}, {"entries", {}}, {"sealed", {}}, {"subjects", {}}},
                          &handles, &opened)
            .ok());
    const std::unique_ptr<rocksdb::DB> db(opened);
    change(*db, handles);
    for (auto* handle : handles) ASSERT_TRUE(db->DestroyColumnFamilyHandle(handle).ok());
    ASSERT_TRUE(db->Close().ok());
  }
  // A copy opens as a store that was closed, and holds exactly the first `size` entries, the sealed
  // parts of theirs and their edge.
  void ExpectCopyOf(const std::string& folder, uint64_t size) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto copy, TryOpen(folder));
    ASSERT_EQ(copy->size(), TreeSize(size));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto entries, ReadAll(*copy, 1 << 20));
    for (uint64_t i = 0; i < size; ++i) ASSERT_EQ(entries[i], MadeUpEntry(i, 100));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto edge, copy->Edge());
    ASSERT_TRUE(edge.has_value());
    EXPECT_TRUE(*edge == EdgeOf(size));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto rows, copy->sealed().From({}, 100'000));
    for (const SealedRow& row : rows) {
      EXPECT_LT(row.place.sequence, Sequence(size));
      EXPECT_EQ(row.value, absl::StrCat("sealed ", row.place.sequence.value()));
    }
    SCRUTINY_ASSERT_OK(copy->Close());
  }

  TempDir dir_;
  std::shared_ptr<FaultFs> fs_;
  CompactRange edge_;
  std::unique_ptr<EntryLog> log_;
};

// --- The tree's right edge.

TEST_F(EntryLogExtrasTest, ThereIsNoEdgeWhereNoneWasKept) {
  EXPECT_FALSE(log_->Edge().value().has_value());
  SCRUTINY_ASSERT_OK(log_->Commit(MadeUpGroup(0, 3, 100)));
  EXPECT_FALSE(log_->Edge().value().has_value());
}

TEST_F(EntryLogExtrasTest, TheEdgeIsThatOfTheLastCommit) {
  for (const size_t count : {1, 1, 254, 1, 700, 3}) {
    SCRUTINY_ASSERT_OK(Commit(count));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto edge, log_->Edge());
    ASSERT_TRUE(edge.has_value());
    EXPECT_TRUE(*edge == edge_);
  }
  Open();
  EXPECT_TRUE(log_->Edge().value() == edge_);
  SCRUTINY_ASSERT_OK(log_->Close());
  Open();
  EXPECT_TRUE(log_->Edge().value() == edge_);
}

TEST_F(EntryLogExtrasTest, AnEdgeOfAnotherSizeIsCorrupt) {
  SCRUTINY_ASSERT_OK(Commit(5));
  SCRUTINY_ASSERT_OK(log_->Commit(MadeUpGroup(5, 1, 100)));
  EXPECT_THAT(log_->Edge(), FailsWith(Reason::kCorrupt));
}

TEST_F(EntryLogExtrasTest, AnEdgeThatIsNoneIsCorrupt) {
  SCRUTINY_ASSERT_OK(Commit(5));  // two roots
  std::string edge;
  AppendBigEndian(uint64_t{5}, &edge);
  for (const std::string& bytes :
       {std::string(), edge.substr(0, 7), edge, edge + std::string(32, 'r'),
        edge + std::string(63, 'r'), edge + std::string(65, 'r'), edge + std::string(96, 'r')}) {
    Tamper([&](rocksdb::DB& db, const Handles& handles) {
      ASSERT_TRUE(db.Put({}, handles[0], "edge", bytes).ok());
    });
    Open();
    EXPECT_THAT(log_->Edge(), FailsWith(Reason::kCorrupt)) << bytes.size();
  }
}

// --- Stores of the format before.

TEST_F(EntryLogExtrasTest, AStoreOfFormat1OpensAndIsOfFormat2FromThenOn) {
  SCRUTINY_ASSERT_OK(Commit(5));
  SCRUTINY_ASSERT_OK(Commit(300));
  // What such a store has not.
  Tamper([](rocksdb::DB& db, const Handles& handles) {
    std::string format;
    AppendBigEndian(uint32_t{1}, &format);
    AppendBigEndian(uint32_t{1}, &format);
    ASSERT_TRUE(db.Put({}, handles[0], "format", format).ok());
    ASSERT_TRUE(db.Delete({}, handles[0], "edge").ok());
    ASSERT_TRUE(db.DropColumnFamily(handles[2]).ok());
    ASSERT_TRUE(db.DropColumnFamily(handles[3]).ok());
  });
  Open();
  EXPECT_EQ(log_->size(), TreeSize(305));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto entries, ReadAll(*log_, 1 << 20));
  for (uint64_t i = 0; i < 305; ++i) ASSERT_EQ(entries[i], MadeUpEntry(i, 100));
  EXPECT_FALSE(log_->Edge().value().has_value());
  EXPECT_THAT(log_->sealed().From({}, 10).value(), IsEmpty());
  // It takes what only format 2 has.
  SCRUTINY_ASSERT_OK(Commit(2));
  EXPECT_TRUE(log_->Edge().value() == EdgeOf(307));
  EXPECT_TRUE(log_->sealed().Get({Sequence(305), 0}).value().has_value());
  Tamper([](rocksdb::DB& db, const Handles& handles) {
    std::string format;
    ASSERT_TRUE(db.Get({}, handles[0], "format", &format).ok());
    EXPECT_EQ(format, std::string("\0\0\0\2\0\0\0\1", 8));
  });
  Open();
  EXPECT_EQ(log_->size(), TreeSize(307));
}

// --- Copies.

TEST_F(EntryLogExtrasTest, ACopyHasWhatIsCommittedAndOpensAsAStoreOfItsOwn) {
  SCRUTINY_ASSERT_OK(Commit(7));
  SCRUTINY_ASSERT_OK(Commit(300));
  SCRUTINY_ASSERT_OK(log_->sealed().SetErasuresFollowed(std::string(32, 'm')));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const TreeSize size, log_->CopyTo(dir_.File("copy")));
  EXPECT_EQ(size, TreeSize(307));
  ExpectCopyOf(dir_.File("copy"), 307);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto copy, TryOpen(dir_.File("copy")));
  EXPECT_EQ(copy->sealed().HeldFor("persons/a", absl::nullopt, 10).value().size(), 2u);
  EXPECT_EQ(copy->sealed().erasures_followed().value(), std::string(32, 'm'));
  // It takes entries of its own.
  SCRUTINY_ASSERT_OK(copy->Commit(MadeUpGroup(307, 1, 100)));
  EXPECT_EQ(log_->size(), TreeSize(307));
}

TEST_F(EntryLogExtrasTest, AnEmptyStoreCanBeCopied) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const TreeSize size, log_->CopyTo(dir_.File("copy")));
  EXPECT_EQ(size, TreeSize(0));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto copy, TryOpen(dir_.File("copy")));
  EXPECT_EQ(copy->size(), TreeSize(0));
}

TEST_F(EntryLogExtrasTest, WhatTheStoreDoesLaterDoesNotChangeACopy) {
  SCRUTINY_ASSERT_OK(Commit(7));
  SCRUTINY_ASSERT_OK(log_->Close());
  Open();  // The entries lie in tables, which copies share.
  SCRUTINY_ASSERT_OK(Commit(3));
  SCRUTINY_ASSERT_OK(log_->CopyTo(dir_.File("copy")));
  SCRUTINY_ASSERT_OK(Commit(5));
  const std::vector<SealedRow> erased = {{{Sequence(0), 0}, "persons/a", ""}};
  SCRUTINY_ASSERT_OK(log_->sealed().Erase(erased));
  SCRUTINY_ASSERT_OK(log_->sealed().Compact());
  ExpectCopyOf(dir_.File("copy"), 10);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto copy, TryOpen(dir_.File("copy")));
  EXPECT_EQ(copy->sealed().Get({Sequence(0), 0}).value(), std::string("sealed 0"));
  EXPECT_FALSE(log_->sealed().Get({Sequence(0), 0}).value().has_value());
}

TEST_F(EntryLogExtrasTest, ACutTailOfACopyIsNoticed) {
  SCRUTINY_ASSERT_OK(Commit(10));
  SCRUTINY_ASSERT_OK(Commit(10));
  SCRUTINY_ASSERT_OK(log_->CopyTo(dir_.File("copy")));
  SCRUTINY_ASSERT_OK(log_->Close());
  fs::remove_all(path());
  fs::copy(dir_.File("copy"), path(), fs::copy_options::recursive);
  Open();
  Tamper([](rocksdb::DB& db, const Handles& handles) {
    ASSERT_TRUE(db.Delete({}, handles[1], ChunkKey(Sequence(10))).ok());
  });
  const auto opened = TryOpen(path());
  EXPECT_THAT(opened, FailsWith(Reason::kCorrupt));
  EXPECT_THAT(std::string(opened.status().message()), HasSubstr("entries 10 to 19 are gone"));
}

TEST_F(EntryLogExtrasTest, ACopyIsNeverMadeOverWhatIsThere) {
  SCRUTINY_ASSERT_OK(Commit(1));
  fs::create_directory(dir_.File("there"));
  WriteFile(dir_.File("there/file"), "kept");
  for (const std::string& folder : {dir_.File("there"), path()}) {
    const absl::Status status = log_->CopyTo(folder).status();
    EXPECT_THAT(status, HasCode(absl::StatusCode::kUnavailable));
    EXPECT_THAT(InfoOf(status).next, HasSubstr("does not exist"));
  }
  EXPECT_EQ(ReadFile(dir_.File("there/file")), "kept");
  SCRUTINY_EXPECT_OK(Commit(1)) << "the store goes on";
}

// Goal: a copy made while the store is in use is of one moment. Method: many copies beside a thread
// that commits groups of different sizes.
TEST_F(EntryLogExtrasTest, ACopyMadeWhileTheStoreIsInUseIsOfOneMoment) {
  std::atomic<bool> stop{false};
  std::atomic<uint64_t> committed{0};
  std::vector<uint64_t> ends = {0};
  std::thread writer([&] {
    for (size_t count = 1; !stop; count = count % 7 + 1) {
      ends.push_back(ends.back() + count);
      SCRUTINY_ASSERT_OK(Commit(count));
      committed = ends.back();
    }
  });
  std::vector<TreeSize> sizes;
  while (committed == 0) std::this_thread::yield();  // an empty store has no edge
  for (int i = 0; i < 5; ++i) {
    const uint64_t before = committed;
    const auto size = log_->CopyTo(dir_.File(absl::StrCat("copy", i)));
    SCRUTINY_EXPECT_OK(size);
    sizes.push_back(size.value_or(TreeSize()));
    EXPECT_GE(sizes.back(), TreeSize(before)) << "all that was committed before is in it";
  }
  stop = true;
  writer.join();
  for (size_t i = 0; i < sizes.size(); ++i) {
    SCOPED_TRACE(i);
    EXPECT_THAT(ends, ::testing::Contains(sizes[i].value())) << "whole groups";
    ExpectCopyOf(dir_.File(absl::StrCat("copy", i)), sizes[i].value());
  }
}

// While a copy is made no file is deleted: erasing waits until it is done.
TEST_F(EntryLogExtrasTest, WhatIsErasedWhileCopiesAreMadeIsGoneAllTheSame) {
  std::atomic<bool> stop{false};
  std::thread copier([&] {
    for (int i = 0; !stop; ++i) {
      const std::string copy = dir_.File(absl::StrCat("copy", i));
      SCRUTINY_EXPECT_OK(log_->CopyTo(copy));
      fs::remove_all(copy);
    }
  });
  for (int i = 0; i < 5; ++i) {
    const Sequence at(log_->size().value());
    SCRUTINY_ASSERT_OK(Commit(1));
    const std::string value = absl::StrCat("sealed ", at.value());
    const std::vector<SealedRow> erased = {{{at, 0}, "persons/a", ""}};
    EXPECT_TRUE(log_->sealed().Erase(erased).ok());
    EXPECT_TRUE(log_->sealed().Compact().ok());
    for (const char* ending : {".sst", ".log"}) {
      for (const std::string& file : FilesEnding(path(), ending)) {
        EXPECT_EQ(ReadFile(file).find(value), std::string::npos) << file;
      }
    }
  }
  stop = true;
  copier.join();
}

// What CopyTo does before it opens the copy: such a folder has no log, and was not closed either.
TEST_F(EntryLogExtrasTest, ACopyThatWasNeverOpenIsTakenForOneOnlyWhenSaidSo) {
  SCRUTINY_ASSERT_OK(Commit(5));
  SCRUTINY_ASSERT_OK(log_->Close());
  Open();
  log_.reset();  // in use, and crashed
  Handles handles;
  rocksdb::DB* opened = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(
                  {}, path(), {{"default", {}}, {"entries", {}}, {"sealed", {}}, {"subjects", {}}},
                  &handles, &opened)
                  .ok());
  {
    const std::unique_ptr<rocksdb::DB> db(opened);
    rocksdb::Checkpoint* made = nullptr;
    ASSERT_TRUE(rocksdb::Checkpoint::Create(db.get(), &made).ok());
    const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
    ASSERT_TRUE(checkpoint->CreateCheckpoint(dir_.File("copy")).ok());
    for (auto* handle : handles) ASSERT_TRUE(db->DestroyColumnFamilyHandle(handle).ok());
  }
  for (const std::string& file : FilesEnding(dir_.File("copy"), ".log")) fs::remove(file);
  EXPECT_THAT(TryOpen(dir_.File("copy")), FailsWith(Reason::kCorrupt));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto copy, TryOpen(dir_.File("copy"), true));
  EXPECT_EQ(copy->size(), TreeSize(5));
}

// Goal: a copy that could not be made whole is an error, and the store goes on. Method: each kind
// of call fails in turn while it is made.
TEST_F(EntryLogExtrasTest, ACopyThatFailsIsAnErrorAndTheStoreGoesOn) {
  fs_ = std::make_shared<FaultFs>();
  log_.reset();
  fs::remove_all(path());
  Open();
  int copies = 0;
  for (const FsCall call : {FsCall::kMakeFolder, FsCall::kCreate, FsCall::kRename, FsCall::kSync}) {
    SCRUTINY_ASSERT_OK(Commit(3));
    const std::string copy = dir_.File(absl::StrCat("copy", ++copies));
    fs_->Inject({.call = call, .nth = 1, .onwards = true, .path_part = "copy"});
    EXPECT_FALSE(log_->CopyTo(copy).ok()) << FsCallName(call);
    EXPECT_GT(fs_->faults_struck(), 0u) << FsCallName(call);
    fs_->ClearFaults();
    SCRUTINY_ASSERT_OK(Commit(1)) << FsCallName(call);
    const std::string second = dir_.File(absl::StrCat("second", copies));
    SCRUTINY_ASSERT_OK(log_->CopyTo(second)) << FsCallName(call);
    ExpectCopyOf(second, log_->size().value());
  }
}

}  // namespace
}  // namespace scrutiny::ledger
