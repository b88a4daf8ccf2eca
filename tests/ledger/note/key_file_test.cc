#include "ledger/note/key_file.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <signal.h>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "tests/ledger/note/support.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::HasCode;
using ::scrutiny::testing::TempDir;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class KeyFileTest : public ::testing::Test {
 protected:
  static std::vector<Signer> Keys(uint64_t first, size_t count) {
    std::vector<Signer> signers;
    for (uint64_t i = 0; i < count; ++i) {
      signers.push_back(SignerOf("a.example", KeyType::kEd25519, first + i));
    }
    return signers;
  }

  static std::string Contents(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }

  // A file of these bytes and mode.
  void Put(absl::string_view bytes, mode_t mode = 0600) const {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << bytes;
    ASSERT_EQ(chmod(path_.c_str(), mode), 0);
  }

  std::vector<std::string> FilesInFolder() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }

  static mode_t ModeOf(const std::string& path) {
    struct stat info {};
    EXPECT_EQ(stat(path.c_str(), &info), 0);
    return info.st_mode & 07777;
  }

  const TempDir folder_;
  const std::string path_ = folder_.File("log.key");
};

TEST_F(KeyFileTest, KeysAreReadBackNewestFirst) {
  SCRUTINY_ASSERT_OK(WriteKeyFile(path_, Keys(1, 3)));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::vector<Signer> read, ReadKeyFile(path_));
  const std::vector<Signer> expected = Keys(1, 3);
  ASSERT_EQ(read.size(), 3u);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(read[i].verifier(), expected[i].verifier());
    EXPECT_EQ(read[i].key().seed(), expected[i].key().seed());
  }
  EXPECT_EQ(Contents(path_), absl::StrCat(ToString(expected[0]), "\n", ToString(expected[1]), "\n",
                                          ToString(expected[2]), "\n"));
  EXPECT_THAT(FilesInFolder(), ElementsAre("log.key"));
}

TEST_F(KeyFileTest, WitnessesKeysAreKeptAlike) {
  std::vector<Signer> keys;
  keys.push_back(MirrorSigner());
  SCRUTINY_ASSERT_OK(WriteKeyFile(path_, keys));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::vector<Signer> read, ReadKeyFile(path_));
  ASSERT_EQ(read.size(), 1u);
  EXPECT_EQ(read[0].verifier(), KeyOf(kMirrorVkey));
}

TEST_F(KeyFileTest, OnlyTheOwnerMayReadWhatIsWritten) {
  const mode_t before = umask(0);
  const absl::Status status = WriteKeyFile(path_, Keys(1, 1));
  umask(before);
  SCRUTINY_ASSERT_OK(status);
  EXPECT_EQ(ModeOf(path_), 0600u);
  // Nor is an open file kept open.
  Put("old", 0644);
  SCRUTINY_ASSERT_OK(WriteKeyFile(path_, Keys(1, 1)));
  EXPECT_EQ(ModeOf(path_), 0600u);
}

TEST_F(KeyFileTest, AFileInTheWorkingFolderNeedsNoSlash) {
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder_.path());
  const absl::Status status = WriteKeyFile("here.key", Keys(1, 1));
  const bool reads = ReadKeyFile("here.key").ok();
  std::filesystem::current_path(before);
  SCRUTINY_EXPECT_OK(status);
  EXPECT_TRUE(reads);
}

TEST_F(KeyFileTest, AFileOpenToOthersIsRefused) {
  SCRUTINY_ASSERT_OK(WriteKeyFile(path_, Keys(1, 1)));
  for (const mode_t mode : {0640u, 0620u, 0604u, 0602u, 0644u, 0666u, 0660u, 0610u, 0601u}) {
    ASSERT_EQ(chmod(path_.c_str(), mode), 0);
    const absl::Status status = ReadKeyFile(path_).status();
    EXPECT_THAT(status, FailsWith(Reason::kNotAuthorised)) << mode;
    EXPECT_THAT(InfoOf(status).next, HasSubstr(absl::StrCat("chmod 600 ", path_)));
  }
  ASSERT_EQ(chmod(path_.c_str(), 0644), 0);
  EXPECT_THAT(std::string(ReadKeyFile(path_).status().message()), HasSubstr("(mode 644)"));
  for (const mode_t mode : {0600u, 0400u, 0700u}) {
    ASSERT_EQ(chmod(path_.c_str(), mode), 0);
    SCRUTINY_EXPECT_OK(ReadKeyFile(path_)) << mode;
  }
}

TEST_F(KeyFileTest, AFileOfAnotherUserIsRefused) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  SCRUTINY_ASSERT_OK(WriteKeyFile(path_, Keys(1, 1)));
  ASSERT_EQ(chown(path_.c_str(), 12345, static_cast<gid_t>(-1)), 0);
  const absl::Status status = ReadKeyFile(path_).status();
  EXPECT_THAT(status, FailsWith(Reason::kNotAuthorised));
  EXPECT_THAT(std::string(status.message()), HasSubstr("belongs to user 12345"));
}

TEST_F(KeyFileTest, WhatIsNoFileIsRefused) {
  EXPECT_THAT(ReadKeyFile(path_), FailsWith(Reason::kNotFound));
  EXPECT_THAT(ReadKeyFile(path_ + "/x"), FailsWith(Reason::kNotFound));
  EXPECT_THAT(ReadKeyFile(folder_.path()), FailsWith(Reason::kMalformed));
  // A pipe without a writer must not hang the reader.
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_THAT(ReadKeyFile(path_), FailsWith(Reason::kMalformed));
}

TEST_F(KeyFileTest, ALinkLeadsToItsFile) {
  SCRUTINY_ASSERT_OK(WriteKeyFile(path_, Keys(1, 1)));
  const std::string link = folder_.File("link");
  std::filesystem::create_symlink(path_, link);
  SCRUTINY_EXPECT_OK(ReadKeyFile(link));
  ASSERT_EQ(chmod(path_.c_str(), 0644), 0);
  EXPECT_THAT(ReadKeyFile(link), FailsWith(Reason::kNotAuthorised));
}

TEST_F(KeyFileTest, MalformedFilesAreRefused) {
  const std::string one = ToString(Keys(1, 1)[0]);
  const std::string two = ToString(Keys(2, 1)[0]);
  Put(absl::StrCat(one, "\n", two, "\n"));
  SCRUTINY_EXPECT_OK(ReadKeyFile(path_));
  for (const std::string& bad :
       {std::string(), std::string("\n"), one, absl::StrCat(one, "\n", two),
        absl::StrCat(one, "\n\n"), absl::StrCat(one, "\n\n", two, "\n"), absl::StrCat("\n", one),
        absl::StrCat("# comment\n", one, "\n"), absl::StrCat(one, " \n"), absl::StrCat(one, "\r\n"),
        absl::StrCat(" ", one, "\n"), absl::StrCat(one, "\n", one, "\n"),
        absl::StrCat(one, std::string(1, '\0'), "\n"), absl::StrCat(kLogVkey, "\n")}) {
    Put(bad);
    EXPECT_THAT(ReadKeyFile(path_), FailsWith(Reason::kMalformed)) << bad;
  }
  Put(absl::StrCat(one, "\n", two, "x\n"));
  EXPECT_THAT(std::string(ReadKeyFile(path_).status().message()), HasSubstr("line 2"));
}

// Whatever is wrong with the file, no part of a key gets into the error.
TEST_F(KeyFileTest, ErrorsDoNotQuoteTheKeys) {
  const std::string good = absl::StrCat(ToString(LogSigner()), "\n");
  const std::string secret = "AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg";
  ASSERT_THAT(good, HasSubstr(secret));
  for (size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = '*';
    Put(bad);
    const absl::Status status = ReadKeyFile(path_).status();
    EXPECT_FALSE(status.ok());
    for (size_t part = 0; part + 6 <= secret.size(); part += 3) {
      EXPECT_THAT(status.ToString(), Not(HasSubstr(secret.substr(part, 6)))) << at;
    }
  }
}

TEST_F(KeyFileTest, ALargeFileIsRefused) {
  const size_t line = ToString(SignerOf("a.example", KeyType::kEd25519, 1)).size() + 1;
  const size_t fits = kKeyFileBytesMax / line;
  SCRUTINY_EXPECT_OK(WriteKeyFile(path_, Keys(1, fits)));
  SCRUTINY_EXPECT_OK(ReadKeyFile(path_));
  EXPECT_THAT(WriteKeyFile(path_, Keys(1, fits + 1)), FailsWith(Reason::kOverLimit));
  EXPECT_EQ(ReadKeyFile(path_)->size(), fits);
  Put(std::string(kKeyFileBytesMax + 1, 'x'));
  EXPECT_THAT(ReadKeyFile(path_), FailsWith(Reason::kOverLimit));
  Put(std::string(kKeyFileBytesMax, 'x'));
  EXPECT_THAT(ReadKeyFile(path_), FailsWith(Reason::kMalformed));
}

TEST_F(KeyFileTest, WhatWouldNotBeReadIsNotWritten) {
  EXPECT_THAT(WriteKeyFile(path_, {}), FailsWith(Reason::kMalformed));
  std::vector<Signer> twice = Keys(1, 1);
  twice.push_back(std::move(Keys(1, 1)[0]));
  EXPECT_THAT(WriteKeyFile(path_, twice), FailsWith(Reason::kMalformed));
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(KeyFileTest, AnExistingFileIsNotCreatedAgain) {
  SCRUTINY_ASSERT_OK(CreateKeyFile(path_, Keys(1, 1)));
  const std::string before = Contents(path_);
  EXPECT_THAT(CreateKeyFile(path_, Keys(2, 1)), HasCode(absl::StatusCode::kAlreadyExists));
  EXPECT_EQ(Contents(path_), before);
  EXPECT_THAT(FilesInFolder(), ElementsAre("log.key"));
  // Not even where a link leads nowhere yet.
  std::filesystem::create_symlink(folder_.File("nowhere"), folder_.File("link"));
  EXPECT_THAT(CreateKeyFile(folder_.File("link"), Keys(2, 1)),
              HasCode(absl::StatusCode::kAlreadyExists));
}

TEST_F(KeyFileTest, AWriteThatFailsLeavesTheOldFile) {
  SCRUTINY_ASSERT_OK(WriteKeyFile(path_, Keys(1, 1)));
  const std::string before = Contents(path_);
  // Files may not grow beyond ten bytes: the new one is cut short, as on a full disk.
  struct rlimit old_limit {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old_limit), 0);
  const auto old_handler = signal(SIGXFSZ, SIG_IGN);
  const struct rlimit limit = {10, old_limit.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  const absl::Status status = WriteKeyFile(path_, Keys(2, 1));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &old_limit), 0);
  signal(SIGXFSZ, old_handler);
  EXPECT_THAT(status, FailsWith(Reason::kOutcomeUnknown));
  EXPECT_THAT(std::string(status.message()), HasSubstr("what it held before stands"));
  EXPECT_EQ(Contents(path_), before);
  EXPECT_THAT(FilesInFolder(), ElementsAre("log.key"));
}

TEST_F(KeyFileTest, AWriteToWhereNoFileCanBeFails) {
  EXPECT_THAT(WriteKeyFile(folder_.File("no/such.key"), Keys(1, 1)),
              FailsWith(Reason::kOutcomeUnknown));
  const std::string taken = folder_.File("folder");
  std::filesystem::create_directory(taken);
  EXPECT_THAT(WriteKeyFile(taken, Keys(1, 1)), FailsWith(Reason::kOutcomeUnknown));
  EXPECT_THAT(FilesInFolder(), ElementsAre("folder"));
}

}  // namespace
}  // namespace scrutiny::ledger
