// The fault-injecting file system itself: a fault model that forgave something would make every
// test built on it worthless.
#include "tests/support/fault_fs.h"

#include <filesystem>
#include <memory>
#include <string>

#include "gtest/gtest.h"

#include "tests/ledger/store/entry_log_support.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::testing {
namespace {

using rocksdb::FileOptions;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

class FaultFsTest : public ::testing::Test {
 protected:
  std::string Path(const std::string& name) const { return dir_.File(name); }
  std::unique_ptr<rocksdb::FSWritableFile> Create(const std::string& name) {
    std::unique_ptr<rocksdb::FSWritableFile> file;
    EXPECT_TRUE(fs_.NewWritableFile(Path(name), FileOptions(), &file, nullptr).ok());
    return file;
  }
  IOStatus SyncFolder() {
    std::unique_ptr<rocksdb::FSDirectory> folder;
    EXPECT_TRUE(fs_.NewDirectory(dir_.path(), IOOptions(), &folder, nullptr).ok());
    return folder->Fsync(IOOptions(), nullptr);
  }
  // A durable file with this content.
  void Put(const std::string& name, const std::string& content) {
    auto file = Create(name);
    ASSERT_TRUE(file->Append(content, IOOptions(), nullptr).ok());
    ASSERT_TRUE(file->Sync(IOOptions(), nullptr).ok());
    ASSERT_TRUE(file->Close(IOOptions(), nullptr).ok());
    ASSERT_TRUE(SyncFolder().ok());
  }
  void LosePower(uint64_t torn_seed = 0) {
    fs_.PowerOff();
    fs_.RestorePower({.torn_seed = torn_seed});
  }
  std::string Content(const std::string& name) const { return ledger::ReadFile(Path(name)); }
  bool Exists(const std::string& name) const { return std::filesystem::exists(Path(name)); }

  TempDir dir_;
  FaultFs fs_;
};

TEST_F(FaultFsTest, UnsyncedBytesAreLost) {
  Put("file", "durable");
  std::unique_ptr<rocksdb::FSWritableFile> file;
  ASSERT_TRUE(fs_.ReopenWritableFile(Path("file"), FileOptions(), &file, nullptr).ok());
  ASSERT_TRUE(file->Append(" and not", IOOptions(), nullptr).ok());
  ASSERT_TRUE(file->Flush(IOOptions(), nullptr).ok());
  file.reset();
  EXPECT_EQ(Content("file"), "durable and not");
  LosePower();
  EXPECT_EQ(Content("file"), "durable");
}

TEST_F(FaultFsTest, ATornTailIsAPartOfTheUnsyncedBytes) {
  bool torn = false;
  for (uint64_t seed = 1; seed < 20; ++seed) {
    Put("file", "durable");
    std::unique_ptr<rocksdb::FSWritableFile> file;
    ASSERT_TRUE(fs_.ReopenWritableFile(Path("file"), FileOptions(), &file, nullptr).ok());
    ASSERT_TRUE(file->Append("0123456789", IOOptions(), nullptr).ok());
    ASSERT_TRUE(file->Flush(IOOptions(), nullptr).ok());
    file.reset();
    LosePower(seed);
    const std::string content = Content("file");
    EXPECT_EQ(content, std::string("durable0123456789").substr(0, content.size()));
    EXPECT_GE(content.size(), 7u);
    torn = torn || (content.size() > 7 && content.size() < 17);
  }
  EXPECT_TRUE(torn);
}

TEST_F(FaultFsTest, ANewFileIsLostUntilItsFolderIsSynced) {
  auto file = Create("file");
  ASSERT_TRUE(file->Append("x", IOOptions(), nullptr).ok());
  ASSERT_TRUE(file->Sync(IOOptions(), nullptr).ok());
  file.reset();
  LosePower();
  EXPECT_FALSE(Exists("file"));
  Put("file", "x");
  LosePower();
  EXPECT_EQ(Content("file"), "x");
}

TEST_F(FaultFsTest, ARenameIsUndoneUntilItsFolderIsSynced) {
  Put("old", "old content");
  Put("new", "new content");
  ASSERT_TRUE(fs_.RenameFile(Path("new"), Path("old"), IOOptions(), nullptr).ok());
  LosePower();
  EXPECT_EQ(Content("old"), "old content");
  EXPECT_EQ(Content("new"), "new content");
  ASSERT_TRUE(fs_.RenameFile(Path("new"), Path("old"), IOOptions(), nullptr).ok());
  ASSERT_TRUE(SyncFolder().ok());
  LosePower();
  EXPECT_EQ(Content("old"), "new content");
  EXPECT_FALSE(Exists("new"));
}

TEST_F(FaultFsTest, ADeletedFileComesBackUntilItsFolderIsSynced) {
  Put("file", "x");
  ASSERT_TRUE(fs_.DeleteFile(Path("file"), IOOptions(), nullptr).ok());
  LosePower();
  EXPECT_EQ(Content("file"), "x");
  ASSERT_TRUE(fs_.DeleteFile(Path("file"), IOOptions(), nullptr).ok());
  ASSERT_TRUE(SyncFolder().ok());
  LosePower();
  EXPECT_FALSE(Exists("file"));
}

TEST_F(FaultFsTest, AReplacedFileComesBack) {
  Put("file", "first");
  auto file = Create("file");
  ASSERT_TRUE(file->Append("second", IOOptions(), nullptr).ok());
  file.reset();
  LosePower();
  EXPECT_EQ(Content("file"), "first");
}

TEST_F(FaultFsTest, ANewFolderIsLostUntilTheOneAboveIsSynced) {
  ASSERT_TRUE(fs_.CreateDir(Path("folder"), IOOptions(), nullptr).ok());
  LosePower();
  EXPECT_FALSE(Exists("folder"));
}

TEST_F(FaultFsTest, AfterAFailedSyncTheBytesStayLostThoughTheNextSucceeds) {
  auto file = Create("file");
  ASSERT_TRUE(SyncFolder().ok());
  ASSERT_TRUE(file->Append("x", IOOptions(), nullptr).ok());
  fs_.Inject({.call = FsCall::kSync});
  EXPECT_FALSE(file->Sync(IOOptions(), nullptr).ok());
  EXPECT_TRUE(file->Sync(IOOptions(), nullptr).ok());
  file.reset();
  LosePower();
  EXPECT_EQ(Content("file"), "");
}

TEST_F(FaultFsTest, AFaultStrikesTheNthCallOrAllFromThere) {
  auto file = Create("file");
  fs_.Inject({.call = FsCall::kAppend, .nth = 2});
  EXPECT_TRUE(file->Append("1", IOOptions(), nullptr).ok());
  EXPECT_FALSE(file->Append("2", IOOptions(), nullptr).ok());
  EXPECT_TRUE(file->Append("3", IOOptions(), nullptr).ok());
  EXPECT_EQ(fs_.faults_struck(), 1u);
  EXPECT_EQ(fs_.count(FsCall::kAppend), 3u);
  fs_.Inject({.call = FsCall::kAppend, .nth = 2, .onwards = true});
  EXPECT_TRUE(file->Append("4", IOOptions(), nullptr).ok());
  EXPECT_FALSE(file->Append("5", IOOptions(), nullptr).ok());
  EXPECT_FALSE(file->Append("6", IOOptions(), nullptr).ok());
  fs_.Inject({.call = FsCall::kAppend, .path_part = "other"});
  EXPECT_TRUE(file->Append("7", IOOptions(), nullptr).ok());
  ASSERT_TRUE(file->Close(IOOptions(), nullptr).ok());
  EXPECT_EQ(Content("file"), "1347");
}

TEST_F(FaultFsTest, AFullDiskTakesHalfOfAnAppend) {
  auto file = Create("file");
  fs_.Inject({.call = FsCall::kAppend, .effect = Effect::kNoSpace});
  const IOStatus full = file->Append("12345678", IOOptions(), nullptr);
  EXPECT_TRUE(full.IsNoSpace());
  ASSERT_TRUE(file->Close(IOOptions(), nullptr).ok());
  EXPECT_EQ(Content("file"), "1234");
}

TEST_F(FaultFsTest, WithoutPowerNothingChanges) {
  Put("file", "x");
  auto file = Create("other");
  fs_.PowerOff();
  EXPECT_FALSE(file->Append("y", IOOptions(), nullptr).ok());
  EXPECT_FALSE(fs_.DeleteFile(Path("file"), IOOptions(), nullptr).ok());
  EXPECT_FALSE(SyncFolder().ok());
  file.reset();
  fs_.RestorePower();
  EXPECT_TRUE(Exists("file"));
  EXPECT_FALSE(Exists("other"));
}

}  // namespace
}  // namespace scrutiny::testing
