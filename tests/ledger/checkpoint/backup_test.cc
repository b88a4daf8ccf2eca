// Backups: whole, of one moment, and exactly what their signed list says; a folder without that
// list is none.
#include "ledger/checkpoint/backup.h"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/base/folders.h"
#include "ledger/store/entry_log.h"
#include "ledger/verify/backup_manifest.h"
#include "tests/ledger/checkpoint/signed_ledger.h"

namespace scrutiny::ledger {
namespace {

namespace fs = std::filesystem;
using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::FilesBelow;
using ::scrutiny::testing::HasCode;
using ::scrutiny::testing::kTestOrigin;
using ::scrutiny::testing::LocalPrincipal;
using ::scrutiny::testing::ReadFile;
using ::scrutiny::testing::SignedLedgerTest;
using ::scrutiny::testing::WriteFile;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Lets time pass on the test's clock, about as fast as it does.
class PassingTime {
 public:
  explicit PassingTime(testing::ManualClock& clock)
      : thread_([this, &clock] {
          while (!stop_) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
            clock.Advance(1'000);
          }
        }) {}
  ~PassingTime() {
    stop_ = true;
    thread_.join();
  }

 private:
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

class BackupTest : public SignedLedgerTest {
 protected:
  void SetUp() override {
    Open();
    AppendSigned(20);
  }

  std::string folder() const { return dir_.File("backup"); }
  absl::StatusOr<BackupSummary> Backup(const std::string& folder) {
    return MakeBackup(log(), checkpointer(), clock_, folder, nullptr);
  }
  BackupReport Check(const std::string& folder) {
    Trust trust;
    trust.log_keys = {KeyOf(log().identity().log_key)};
    const auto report = CheckBackup(folder, trust, 1);
    SCRUTINY_EXPECT_OK(report);
    return report.value_or(BackupReport());
  }
};

TEST_F(BackupTest, ABackupIsWhatItsSignedListSays) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const BackupSummary summary, Backup(folder()));
  EXPECT_EQ(summary.size, log().size());
  const BackupReport report = Check(folder());
  EXPECT_THAT(report.damages, IsEmpty());
  EXPECT_EQ(report.manifest.origin, kTestOrigin);
  EXPECT_EQ(report.manifest.ledger_id, log().identity().ledger_id);
  EXPECT_EQ(report.manifest.size, log().size());
  EXPECT_EQ(report.manifest.created_at, clock_.WallMicros() / 1'000'000);
  const auto files = FilesBelow(folder());
  EXPECT_EQ(summary.files, files.size() - 1) << "all but the list itself";
  uint64_t bytes = 0;
  for (const auto& [name, content] : files) {
    if (name != kBackupManifestName) bytes += content.size();
  }
  EXPECT_EQ(summary.bytes, bytes);
}

// What it holds is not signed yet: it is, and that is in the checkpoint log, before the backup has
// a checkpoint of its own. A ledger that is set back behind the backup is refused for it.
TEST_F(BackupTest, ItsCheckpointIsOfExactlyWhatItHolds) {
  Append(7);
  ASSERT_LT(checkpointer().newest()->checkpoint.size, log().size());
  {
    const PassingTime passing(clock_);
    SCRUTINY_ASSERT_OK(Backup(folder()));
  }
  EXPECT_GE(NewestLogged(keys()).size, log().size());
  const BackupReport report = Check(folder());
  ASSERT_TRUE(report.checkpoint.has_value());
  EXPECT_EQ(report.checkpoint->checkpoint.size, log().size());
  EXPECT_EQ(report.checkpoint->checkpoint.root, log().tree().edge().Root());
}

TEST_F(BackupTest, ItHoldsEveryEntryAndNoKey) {
  SCRUTINY_ASSERT_OK(Backup(folder()));
  const std::string secret = ReadFile(identity() + "/key");
  for (const auto& [name, bytes] : FilesBelow(folder())) {
    EXPECT_FALSE(absl::StrContains(bytes, "PRIVATE+KEY")) << name;
    EXPECT_FALSE(absl::StrContains(bytes, secret.substr(secret.size() - 45, 40))) << name;
  }
  EntryLogOptions options;
  options.path = folder() + "/log";
  options.create_if_missing = false;
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto copy, EntryLog::Open(options));
  EXPECT_EQ(copy->size(), log().size());
}

TEST_F(BackupTest, ItIsNotInTheCheckpointLogNorPublished) {
  const PublishedCheckpointPtr before = checkpointer().newest();
  const std::string logged = keys().NewestCheckpoint().value();
  SCRUTINY_ASSERT_OK(Backup(folder()));
  EXPECT_EQ(checkpointer().newest(), before);
  EXPECT_EQ(keys().NewestCheckpoint().value(), logged);
}

TEST_F(BackupTest, WhatTheLedgerDoesLaterDoesNotChangeIt) {
  SCRUTINY_ASSERT_OK(Backup(folder()));
  const auto before = FilesBelow(folder());
  for (int i = 0; i < 5; ++i) Append(100);
  Close();
  Open();
  Append(100);
  EXPECT_TRUE(FilesBelow(folder()) == before);
  EXPECT_THAT(Check(folder()).damages, IsEmpty());
}

TEST_F(BackupTest, OneMadeWhileTheLedgerIsInUseIsOfOneMoment) {
  std::atomic<bool> stop{false};
  std::atomic<uint64_t> recorded{log().size().value()};
  const PassingTime passing(clock_);
  std::thread writer([&] {
    while (!stop) {
      Append(3);
      recorded = log().size().value();
    }
  });
  for (int i = 0; i < 3; ++i) {
    const uint64_t before = recorded;
    const std::string folder = dir_.File(absl::StrCat("backup", i));
    const auto summary = Backup(folder);
    SCRUTINY_EXPECT_OK(summary);
    if (!summary.ok()) break;
    EXPECT_GE(summary->size, TreeSize(before));
    EXPECT_EQ(summary->size.value() % 3, 0u) << "whole appends: 21 entries, then three at a time";
    EXPECT_THAT(Check(folder).damages, IsEmpty());
  }
  stop = true;
  writer.join();
}

TEST_F(BackupTest, AfterAChangeOfKeysTheNewestSigns) {
  const auto rotation = checkpointer().RotateKey(LocalPrincipal(), "rotate", "A year has passed.");
  SCRUTINY_ASSERT_OK(rotation);
  LetSign();
  SCRUTINY_ASSERT_OK(Backup(folder()));
  EXPECT_THAT(Check(folder()).damages, IsEmpty());
}

TEST_F(BackupTest, ProgressIsOfTheBytesHashed) {
  std::vector<std::pair<uint64_t, uint64_t>> heard;
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const BackupSummary summary,
      MakeBackup(log(), checkpointer(), clock_, folder(), [&](uint64_t done, uint64_t total) {
        heard.emplace_back(done, total);
        return true;
      }));
  ASSERT_THAT(heard, SizeIs(summary.files));
  uint64_t before = 0;
  for (const auto& [done, total] : heard) {
    EXPECT_GE(done, before);
    EXPECT_EQ(total, summary.bytes);
    before = done;
  }
  EXPECT_EQ(before, summary.bytes);
}

TEST_F(BackupTest, OneThatIsStoppedIsNoBackup) {
  int heard = 0;
  const auto stopped = MakeBackup(log(), checkpointer(), clock_, folder(),
                                  [&](uint64_t, uint64_t) { return ++heard < 2; });
  EXPECT_THAT(stopped, HasCode(absl::StatusCode::kCancelled));
  EXPECT_EQ(heard, 2);
  EXPECT_FALSE(fs::exists(folder() + "/" + kBackupManifestName));
}

// --- Where.

TEST_F(BackupTest, AFolderThatIsThereAndEmptyMayBeUsed) {
  fs::create_directories(folder());
  SCRUTINY_ASSERT_OK(Backup(folder()));
  EXPECT_THAT(Check(folder()).damages, IsEmpty());
}

// The keys would be copied with it.
TEST_F(BackupTest, NotInTheLedgersOwnFolders) {
  for (const std::string& own : {data(), identity()}) {
    EXPECT_THAT(Backup(own + "/backup"), FailsWith(Reason::kMalformed));
    EXPECT_FALSE(fs::exists(own + "/backup"));
  }
}

TEST_F(BackupTest, FoldersAboveAreMade) {
  SCRUTINY_ASSERT_OK(Backup(dir_.File("a/b/backup")));
  EXPECT_THAT(Check(dir_.File("a/b/backup")).damages, IsEmpty());
}

TEST_F(BackupTest, NothingIsEverOverwritten) {
  fs::create_directories(folder());
  WriteFile(folder() + "/file", "kept");
  const absl::Status status = Backup(folder()).status();
  EXPECT_THAT(status, HasCode(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(InfoOf(status).next, HasSubstr("does not exist yet"));
  EXPECT_THAT(FilesBelow(folder()), SizeIs(1));
  fs::remove(folder() + "/file");
  SCRUTINY_ASSERT_OK(Backup(folder()));
  const auto before = FilesBelow(folder());
  EXPECT_THAT(Backup(folder()), HasCode(absl::StatusCode::kAlreadyExists));
  EXPECT_TRUE(FilesBelow(folder()) == before);
}

TEST_F(BackupTest, ARelativePathIsRefused) {
  for (const char* path : {"", "backup", "./backup", "../backup"}) {
    EXPECT_THAT(Backup(path), FailsWith(Reason::kMalformed)) << path;
  }
  EXPECT_FALSE(fs::exists("backup"));
}

TEST_F(BackupTest, AFolderInTheDataFolderIsRefused) {
  for (const std::string& path : {data(), data() + "/backup", data() + "/../data/backup"}) {
    EXPECT_THAT(Backup(path), FailsWith(Reason::kMalformed)) << path;
  }
  EXPECT_FALSE(fs::exists(data() + "/backup"));
}

TEST_F(BackupTest, WhereNoFolderCanBeItIsRefused) {
  WriteFile(dir_.File("file"), "");
  EXPECT_THAT(Backup(dir_.File("file/backup")), HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(Backup(dir_.File("file")), HasCode(absl::StatusCode::kUnavailable));
}

// --- Folders and files.

TEST_F(BackupTest, ANewFileIsWrittenWholeAndNotOverAnother) {
  SCRUTINY_ASSERT_OK(WriteNewFile(dir_.File("new"), "bytes"));
  EXPECT_EQ(ReadFile(dir_.File("new")), "bytes");
  EXPECT_THAT(WriteNewFile(dir_.File("new"), "others"), HasCode(absl::StatusCode::kUnavailable));
  EXPECT_EQ(ReadFile(dir_.File("new")), "bytes");
  EXPECT_THAT(WriteNewFile(dir_.File("no/new"), ""), HasCode(absl::StatusCode::kUnavailable));
}

TEST_F(BackupTest, AFileIsCopiedWholeAndNotOverAnother) {
  const std::string bytes(3 * (1 << 20) + 7, 'x');
  WriteFile(dir_.File("from"), bytes);
  SCRUTINY_ASSERT_OK(CopyFileSynced(dir_.File("from"), dir_.File("to")));
  EXPECT_EQ(ReadFile(dir_.File("to")), bytes);
  EXPECT_FALSE(CopyFileSynced(dir_.File("from"), dir_.File("to")).ok());
  EXPECT_FALSE(CopyFileSynced(dir_.File("nothing"), dir_.File("other")).ok());
  EXPECT_FALSE(fs::exists(dir_.File("other")));
  EXPECT_FALSE(CopyFileSynced("/dev/null/x", dir_.File("other")).ok());
}

TEST_F(BackupTest, WhatCannotBeDoneIsToldInTheSystemsWords) {
  const absl::Status status = SyncFolder(dir_.File("nowhere"));
  EXPECT_THAT(status, HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(std::string(status.message()), HasSubstr("No such file or directory"));
}

}  // namespace
}  // namespace scrutiny::ledger
