#include "ledger/verify/folder_log.h"

#include <filesystem>
#include <string>
#include <sys/stat.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/verify/files.h"
#include "tests/ledger/verify/test_log.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::HasCode;
using ::scrutiny::testing::LogFiles;
using ::scrutiny::testing::TempDir;
using ::scrutiny::testing::TestLog;
using ::scrutiny::testing::WriteFile;
using ::scrutiny::testing::WriteFiles;

class FolderLogTest : public ::testing::Test {
 protected:
  FolderLogTest() : log_(dir_.path()) {
    written_.FillTo(300);
    files_ = written_.Files();
    WriteFiles(files_, dir_.path());
  }

  TempDir dir_;
  TestLog written_;
  LogFiles files_;
  FolderLog log_;
};

TEST_F(FolderLogTest, ReadsWhatLiesThere) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string checkpoint, log_.Checkpoint());
  EXPECT_EQ(checkpoint, files_["checkpoint"]);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string tile, log_.Tile({0, 1}, 44));
  EXPECT_EQ(tile, files_["tile/0/001.p/44"]);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string bundle, log_.Bundle(1, 44));
  EXPECT_EQ(bundle, files_["tile/entries/001.p/44"]);
}

TEST_F(FolderLogTest, APartialFileThatIsGoneIsCutFromTheFullOne) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string tile, log_.Tile({0, 0}, 100));
  EXPECT_EQ(tile, files_["tile/0/000"].substr(0, 3200));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string bundle, log_.Bundle(0, 100));
  EXPECT_EQ(bundle, files_["tile/entries/000"].substr(0, bundle.size()));
  EXPECT_LT(bundle.size(), files_["tile/entries/000"].size());
}

TEST_F(FolderLogTest, WhatIsMissingIsNotFound) {
  EXPECT_THAT(log_.Tile({0, 7}, 256), FailsWith(Reason::kNotFound));
  EXPECT_THAT(log_.Tile({0, 7}, 3), FailsWith(Reason::kNotFound));
  EXPECT_THAT(log_.Bundle(7, 3), FailsWith(Reason::kNotFound));
  EXPECT_THAT(FolderLog(dir_.File("nowhere")).Checkpoint(), FailsWith(Reason::kNotFound));
}

TEST_F(FolderLogTest, WhatIsTooLongCannotBeATile) {
  WriteFile(dir_.File("tile/0/000"), std::string(8193, 'x'));
  EXPECT_THAT(log_.Tile({0, 0}, 256), FailsWith(Reason::kCorrupt));
}

TEST_F(FolderLogTest, AFullFileThatIsTooShortIsDamage) {
  WriteFile(dir_.File("tile/0/000"), std::string(32, 'x'));
  EXPECT_THAT(log_.Tile({0, 0}, 2), FailsWith(Reason::kCorrupt));
  WriteFile(dir_.File("tile/entries/000"), std::string("\0\1a\0", 4));
  EXPECT_THAT(log_.Bundle(0, 2), FailsWith(Reason::kCorrupt));
}

TEST(FilesTest, AFolderIsNoFile) {
  const TempDir dir;
  EXPECT_THAT(OpenFile::Open(dir.path()), FailsWith(Reason::kMalformed));
}

TEST(FilesTest, ReadingStopsWhereTheFileEnds) {
  const TempDir dir;
  WriteFile(dir.File("x"), "0123456789");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::unique_ptr<OpenFile> file,
                                OpenFile::Open(dir.File("x")));
  EXPECT_EQ(*file->ReadAt(4, 3), "456");
  EXPECT_EQ(*file->ReadAt(8, 100), "89");
  EXPECT_EQ(*file->ReadAt(10, 1), "");
  EXPECT_EQ(*file->ReadAt(uint64_t{1} << 63, 1), "");
  // A length from a damaged file must not make anyone reserve so much memory.
  EXPECT_EQ(*file->ReadAt(0, size_t{1} << 60), "0123456789");
  EXPECT_THAT(ReadWholeFile(dir.File("x"), 9), FailsWith(Reason::kOverLimit));
}

// Nobody writes into it: a reader that waited for that would wait for ever.
TEST(FilesTest, APipeIsNoFileAndKeepsNobodyWaiting) {
  TempDir dir;
  ASSERT_EQ(mkfifo(dir.File("x").c_str(), 0600), 0);
  EXPECT_THAT(OpenFile::Open(dir.File("x")), FailsWith(Reason::kMalformed));
  EXPECT_THAT(OpenFile::Open(dir.path()), FailsWith(Reason::kMalformed));
}

TEST(FilesTest, WhatCannotBeReadIsNotTakenForMissing) {
  EXPECT_THAT(SystemError("x", EACCES), HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(SystemError("x", EIO), HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(SystemError("x", ENOENT), FailsWith(Reason::kNotFound));
}

}  // namespace
}  // namespace scrutiny::ledger
