// Backups through the service: where to, what of, while it serves.
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

#include "ledger/checkpoint/restore.h"
#include "ledger/verify/backup_manifest.h"
#include "services/grpc/proof_service.h"
#include "tests/services/grpc/receipts.h"
#include "tests/services/grpc/sealed.h"
#include "tests/support/facts.h"

namespace scrutiny::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::IsEmpty;
using ::testing::Not;

class BackupTest : public SealTest {
 protected:
  void SetUp() override {
    SealTest::SetUp();
    proofs_ = api::ProofService::NewStub(channel_);
    SCRUTINY_ASSERT_OK_AND_ASSIGN(trust_.log_keys,
                                  KeysOf(std::vector<std::string>{ledger_->identity().log_key}));
  }
  void TearDown() override {
    proofs_.reset();
    SealTest::TearDown();
  }

  grpc::Status Backup(const std::string& folder, std::vector<api::BackupResponse>* progress) {
    grpc::ClientContext context;
    api::BackupRequest request;
    request.set_directory(folder);
    const auto reader = proofs_->Backup(&context, request);
    api::BackupResponse response;
    while (reader->Read(&response)) progress->push_back(response);
    return reader->Finish();
  }
  // Takes one, which must succeed and verify; the entries in it.
  uint64_t BackUp(const std::string& folder) {
    std::vector<api::BackupResponse> progress;
    const grpc::Status status = Backup(folder, &progress);
    EXPECT_TRUE(status.ok()) << status.error_message();
    if (progress.empty() || !progress.back().done()) {
      ADD_FAILURE() << "the last answer is not that it is done";
      return 0;
    }
    const auto report = ledger::CheckBackup(folder, trust_);
    EXPECT_THAT(report, IsOk());
    if (report.ok()) {
      EXPECT_THAT(report->damages, IsEmpty());
      EXPECT_EQ(report->manifest.size.value(), progress.back().size());
      EXPECT_EQ(report->manifest.files.size(), progress.back().files());
      EXPECT_EQ(report->checkpoint->checkpoint.size, report->manifest.size);
    }
    return progress.back().size();
  }

  std::unique_ptr<api::ProofService::Stub> proofs_;
  ledger::Trust trust_;
};

TEST_F(BackupTest, ABackupIsOfAllThereIsAndVerifies) {
  AppendActions(400, 50);
  const std::string folder = dir_.File("backups/monday/1");
  std::vector<api::BackupResponse> progress;
  const grpc::Status status = Backup(folder, &progress);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_THAT(progress, Not(IsEmpty()));
  uint64_t done = 0;
  for (size_t i = 0; i < progress.size(); ++i) {
    EXPECT_EQ(progress[i].done(), i + 1 == progress.size());
    EXPECT_GE(progress[i].bytes_done(), done);
    EXPECT_LE(progress[i].bytes_done(), progress[i].bytes_total());
    done = progress[i].bytes_done();
  }
  EXPECT_EQ(progress.back().size(), ledger_->size().value());
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto report, ledger::CheckBackup(folder, trust_));
  EXPECT_THAT(report.damages, IsEmpty());
}

TEST_F(BackupTest, PapersAreInABackupAndComeBack) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto upload, papers_->Begin());
  SCRUTINY_ASSERT_OK(upload->Add("the report"));
  bool held_already = false;
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const ledger::HeldPaper paper,
                                upload->Finish("", absl::nullopt, &held_already));
  const std::string folder = dir_.File("backup");
  BackUp(folder);
  ledger::RestoreOptions restore;
  restore.from = folder;
  restore.data = dir_.File("restored");
  restore.keys = trust_.log_keys;
  SCRUTINY_ASSERT_OK(ledger::Restore(restore));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto restored,
                                ledger::PaperStore::Open(dir_.File("restored/papers")));
  EXPECT_EQ(restored->count(), 1u);
  EXPECT_THAT(restored->Read(paper.sha256), IsOk());
  // One that was changed in the backup is found out with everything else in it.
  const std::string hex = ledger::ToHex(ledger::AsBytes(paper.sha256));
  std::ofstream(absl::StrCat(folder, "/papers/", hex.substr(0, 2), "/", hex, ".txt")) << "another";
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto report, ledger::CheckBackup(folder, trust_));
  EXPECT_THAT(report.damages, Not(IsEmpty()));
}

TEST_F(BackupTest, AnEmptyFolderWillDo) {
  fs::create_directories(dir_.File("empty"));
  EXPECT_EQ(BackUp(dir_.File("empty")), 1u);
}

TEST_F(BackupTest, WhereABackupCannotGoItIsRefused) {
  fs::create_directories(dir_.File("full"));
  std::ofstream(dir_.File("full/file")) << "x";
  std::ofstream(dir_.File("file")) << "x";
  std::vector<api::BackupResponse> progress;
  EXPECT_EQ(Backup("", &progress).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Backup("relative/folder", &progress).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Backup("./here", &progress).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Backup(dir_.File("full"), &progress).error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(Backup("/", &progress).error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(Backup(data(), &progress).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_FALSE(Backup(dir_.File("file"), &progress).ok());
  EXPECT_FALSE(Backup(dir_.File("file/below"), &progress).ok());
  EXPECT_THAT(progress, IsEmpty());
  const auto files = fs::directory_iterator(dir_.File("full"));
  EXPECT_EQ(std::distance(begin(files), end(files)), 1) << "nothing is added";
}

// Inside the data folder it would be lost with it, and a copy of the data would hold it twice.
TEST_F(BackupTest, NoBackupGoesIntoTheDataFolder) {
  std::vector<api::BackupResponse> progress;
  for (const std::string& folder :
       {data() + "/backup", data() + "/log/backup", dir_.File("keys/../data/backup")}) {
    EXPECT_EQ(Backup(folder, &progress).error_code(), grpc::StatusCode::INVALID_ARGUMENT) << folder;
    EXPECT_FALSE(fs::exists(folder)) << folder;
  }
  Restart();
}

TEST_F(BackupTest, AFolderIsTakenOnce) {
  BackUp(dir_.File("one"));
  std::vector<api::BackupResponse> progress;
  EXPECT_EQ(Backup(dir_.File("one"), &progress).error_code(), grpc::StatusCode::ALREADY_EXISTS);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto report, ledger::CheckBackup(dir_.File("one"), trust_));
  EXPECT_THAT(report.damages, IsEmpty());
}

// While many write, backups are each whole: of a size that was acknowledged before or came after,
// never less than what was acknowledged when it was asked for.
TEST_F(BackupTest, ABackupOfAServerUnderLoadIsWhole) {
  std::atomic<bool> stop{false};
  std::vector<std::thread> writers;
  for (int w = 0; w < 4; ++w) {
    writers.emplace_back([&, w] {
      for (int i = 0; !stop; ++i) {
        const std::string name = absl::StrCat("findings/w", w, "/", i);
        Record(SealedFinding(name, name, "Ann", "persons/ann"));
      }
    });
  }
  for (int i = 0; i < 5; ++i) {
    const uint64_t acknowledged = ledger_->size().value();
    EXPECT_GE(BackUp(dir_.File(absl::StrCat("backup-", i))), acknowledged);
  }
  stop = true;
  for (std::thread& writer : writers) writer.join();
}

// Who asked went away: the server neither waits for it nor breaks, and the next one is served.
TEST_F(BackupTest, AClientThatGoesAwayHoldsUpNobody) {
  AppendActions(2000, 500);
  for (int i = 0; i < 5; ++i) {
    grpc::ClientContext context;
    api::BackupRequest request;
    request.set_directory(dir_.File(absl::StrCat("left-", i)));
    const auto reader = proofs_->Backup(&context, request);
    context.TryCancel();
    EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  EXPECT_EQ(BackUp(dir_.File("stayed")), ledger_->size().value());
}

// The files of a backup and of the ledger may be one on the disk: what happens to the ledger later
// does not change the backup.
TEST_F(BackupTest, ABackupStaysAsItIs) {
  for (int i = 0; i < 200; ++i) {
    const std::string name = absl::StrCat("findings/a/", i);
    Record(SealedFinding(name, name, "Ann", "persons/ann"));
  }
  BackUp(dir_.File("before"));
  api::EraseSubjectResponse erased;
  ASSERT_TRUE(Erase(Erasure("e-1", "persons/ann"), &erased).ok());
  AppendActions(500, 100);
  Restart();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto report,
                                ledger::CheckBackup(dir_.File("before"), trust_));
  EXPECT_THAT(report.damages, IsEmpty());
}

TEST_F(BackupTest, KeysAreNotInIt) {
  Record(SealedFinding("r-1", "findings/a", "Ann Smith", "persons/ann"));
  BackUp(dir_.File("backup"));
  for (const auto& file : fs::recursive_directory_iterator(dir_.File("backup"))) {
    const std::string name = file.path().filename();
    EXPECT_NE(name, "key");
    EXPECT_NE(name, "keys");
    EXPECT_EQ(name.rfind("epoch-", 0), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace scrutiny::testing
