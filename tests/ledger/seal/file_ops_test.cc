#include "ledger/seal/file_ops.h"

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::HasCode;
using ::scrutiny::testing::TempDir;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class FileOpsTest : public ::testing::Test {
 protected:
  std::string Path(const std::string& name) const { return dir_.File(name); }
  std::string Content(const std::string& name) const {
    const absl::StatusOr<Secret> bytes = files_.Read(Path(name));
    return bytes.ok() ? std::string(bytes->view()) : bytes.status().ToString();
  }

  TempDir dir_;
  FileOps& files_ = SystemFiles();
};

TEST_F(FileOpsTest, WhatIsCreatedIsReadAndIsItsOwnersAlone) {
  const mode_t before = umask(0);
  SCRUTINY_EXPECT_OK(files_.Create(Path("a"), absl::string_view("x\0y", 3)));
  SCRUTINY_EXPECT_OK(files_.MakeFolder(Path("folder")));
  umask(before);
  EXPECT_EQ(Content("a"), std::string("x\0y", 3));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const uint32_t mode, files_.Mode(Path("a")));
  EXPECT_EQ(mode, 0600u);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const uint32_t folder_mode, files_.Mode(Path("folder")));
  EXPECT_EQ(folder_mode, 0700u);
  SCRUTINY_EXPECT_OK(files_.SyncFolder(Path("folder")));
}

TEST_F(FileOpsTest, NothingIsCreatedOverWhatIsThere) {
  SCRUTINY_EXPECT_OK(files_.Create(Path("a"), "first"));
  EXPECT_THAT(files_.Create(Path("a"), "second"), HasCode(absl::StatusCode::kAlreadyExists));
  EXPECT_EQ(Content("a"), "first");
  SCRUTINY_EXPECT_OK(files_.MakeFolder(Path("folder")));
  EXPECT_THAT(files_.MakeFolder(Path("folder")), HasCode(absl::StatusCode::kAlreadyExists));
}

TEST_F(FileOpsTest, OverwritingGoesOverTheSameBytes) {
  SCRUTINY_EXPECT_OK(files_.Create(Path("a"), "secret"));
  const std::string link = Path("same");
  ASSERT_EQ(::link(Path("a").c_str(), link.c_str()), 0);
  SCRUTINY_EXPECT_OK(files_.Overwrite(Path("a"), "random"));
  EXPECT_EQ(Content("same"), "random") << "the same file, not a new one in its place";
  EXPECT_THAT(files_.Overwrite(Path("b"), "x"), HasCode(absl::StatusCode::kNotFound));
}

TEST_F(FileOpsTest, RenamingReplaces) {
  SCRUTINY_EXPECT_OK(files_.Create(Path("a"), "old"));
  SCRUTINY_EXPECT_OK(files_.Create(Path("b"), "new"));
  SCRUTINY_EXPECT_OK(files_.Rename(Path("b"), Path("a")));
  EXPECT_EQ(Content("a"), "new");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::vector<std::string> names, files_.List(dir_.path()));
  EXPECT_THAT(names, ElementsAre("a"));
  SCRUTINY_EXPECT_OK(files_.Remove(Path("a")));
  EXPECT_THAT(files_.Remove(Path("a")), HasCode(absl::StatusCode::kNotFound));
}

TEST_F(FileOpsTest, WhatIsNotThereIsNotFound) {
  EXPECT_THAT(files_.Mode(Path("a")), HasCode(absl::StatusCode::kNotFound));
  EXPECT_THAT(files_.Read(Path("a")), HasCode(absl::StatusCode::kNotFound));
  EXPECT_THAT(files_.List(Path("a")), HasCode(absl::StatusCode::kNotFound));
  EXPECT_THAT(files_.Lock(Path("a")), HasCode(absl::StatusCode::kNotFound));
  EXPECT_THAT(files_.MakeFolder(Path("a/b")), HasCode(absl::StatusCode::kNotFound));
  EXPECT_THAT(std::string(files_.Read(Path("a")).status().message()), HasSubstr(Path("a")));
}

TEST_F(FileOpsTest, LinksAreNotFollowed) {
  SCRUTINY_EXPECT_OK(files_.Create(Path("a"), "x"));
  ASSERT_EQ(symlink(Path("a").c_str(), Path("link").c_str()), 0);
  EXPECT_FALSE(files_.Read(Path("link")).ok());
  EXPECT_FALSE(files_.Overwrite(Path("link"), "y").ok());
  EXPECT_FALSE(files_.Create(Path("link"), "y").ok());
  EXPECT_FALSE(files_.Mode(Path("link")).ok());
  EXPECT_EQ(Content("a"), "x");
}

TEST_F(FileOpsTest, AFolderIsHeldByOne) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(auto lock, files_.Lock(dir_.path()));
  EXPECT_THAT(files_.Lock(dir_.path()), HasCode(absl::StatusCode::kFailedPrecondition));
  lock.reset();
  SCRUTINY_EXPECT_OK(files_.Lock(dir_.path()));
}

// Whoever dies lets go: the system closes what it held.
TEST_F(FileOpsTest, ALockEndsWithItsProcess) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto lock = files_.Lock(dir_.path());
    _exit(lock.ok() ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  SCRUTINY_EXPECT_OK(files_.Lock(dir_.path()));
}

}  // namespace
}  // namespace scrutiny::ledger
