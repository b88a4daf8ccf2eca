// What stands beside the data folder: the identity and, with it, what keeps a ledger from being
// rolled back unnoticed.
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

#include "tests/tools/scrutinyd/daemon_test.h"
#include "tools/scrutinyd/open_ledger.h"

namespace scrutiny::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::AnyOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr fs::perms kOthers = fs::perms::group_all | fs::perms::others_all;

fs::perms OthersMay(const std::string& path) { return fs::status(path).permissions() & kOthers; }

class IdentityTest : public DaemonTest {
 protected:
  // A ledger of so many facts that was served and ended as it should.
  void MakeLedger(int facts = 10) {
    SCRUTINY_ASSERT_OK(server_.Start());
    ASSERT_TRUE(Append("first", facts).ok());
    SCRUTINY_ASSERT_OK(server_.Stop());
  }
  void Replace(const std::string& folder, const std::string& by) {
    fs::remove_all(folder);
    CopyFolder(by, folder);
  }
};

TEST_F(IdentityTest, KeysStandBesideTheDataAndAreForTheirOwnerAlone) {
  MakeLedger();
  for (const std::string& folder : {server_.data(), server_.identity(), server_.keys()}) {
    EXPECT_EQ(OthersMay(folder), fs::perms::none) << folder;
  }
  EXPECT_TRUE(fs::exists(server_.identity() + "/checkpoints"));
  EXPECT_EQ(OthersMay(server_.identity() + "/key"), fs::perms::none);
  for (const auto& file : fs::directory_iterator(server_.keys())) {
    EXPECT_EQ(OthersMay(file.path().string()), fs::perms::none) << file.path();
  }
  for (const auto& file : fs::recursive_directory_iterator(server_.data())) {
    EXPECT_NE(file.path().filename(), "key");
    EXPECT_NE(file.path().filename(), "keys");
  }
}

TEST_F(IdentityTest, ASlashBehindTheDataFolderChangesNothing) {
  fs::create_directories(dir_.File("x"));
  for (int i = 0; i < 2; ++i) {
    const ProgramResult result =
        RunProgram({"/usr/bin/timeout", "-s", "TERM", "2", ProgramPath("scrutinyd"), "--data",
                    dir_.File("x/d/"), "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0"});
    EXPECT_THAT(result.exit_code, AnyOf(0, 124)) << result.err;
  }
  EXPECT_TRUE(fs::exists(dir_.File("x/d.identity/key")));
  EXPECT_TRUE(fs::exists(dir_.File("x/d.keys")));
  EXPECT_FALSE(fs::exists(dir_.File("x/d/.identity")));
}

TEST_F(IdentityTest, TheyStandWhereTheyAreToldTo) {
  SCRUTINY_ASSERT_OK(
      server_.Start({"--identity", dir_.File("who/i/am"), "--keys", dir_.File("sealed")}));
  ASSERT_TRUE(AppendSealed("a", "Ann", "persons/ann").ok());
  SCRUTINY_ASSERT_OK(server_.Stop());
  EXPECT_TRUE(fs::exists(dir_.File("who/i/am/key")));
  EXPECT_TRUE(fs::exists(dir_.File("sealed/keys")));
  EXPECT_FALSE(fs::exists(server_.identity()));
  EXPECT_FALSE(fs::exists(server_.keys()));
}

// A copy of the data would take them along, and whoever restores it would not be told apart.
TEST_F(IdentityTest, NothingOfItLiesInTheDataFolder) {
  fs::create_directories(dir_.File("real"));
  fs::create_directory_symlink(dir_.File("real"), dir_.File("link"));
  const std::string data = dir_.File("real/d");
  const std::vector<std::string> inside = {
      data,
      data + "/",
      data + "/identity",
      data + "/a/b/c",
      data + "/../d/identity",
      dir_.File("real/./d/identity"),
      dir_.File("link/d/identity"),
  };
  for (const std::string& folder : inside) {
    for (const std::string& named :
         {data, data + "/", dir_.File("link/d"), dir_.File("real/x/../d")}) {
      for (const std::string option : {"--identity", "--keys"}) {
        EXPECT_THAT(Refusal({"--data", named, option, folder}), HasSubstr("in the data folder"))
            << named << " " << option << " " << folder;
        ASSERT_FALSE(fs::exists(data)) << "before anything is made";
      }
    }
  }
  // One folder by two kinds of name, neither of which is there yet.
  const ProgramResult result = RunProgram(
      {"/usr/bin/env", "-C", dir_.File("real"), ProgramPath("scrutinyd"), "--data", "d",
       "--identity", data + "/identity", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0"},
      "", 5);
  EXPECT_THAT(result.err, HasSubstr("in the data folder"));
  EXPECT_FALSE(fs::exists(data));
  // A name that merely begins with the data folder's is another folder.
  SCRUTINY_EXPECT_OK(server_.Start({"--identity", server_.data() + "-too"}));
}

TEST_F(IdentityTest, AKeyThatOthersMayReadIsRefused) {
  MakeLedger();
  const std::string key = server_.identity() + "/key";
  fs::permissions(key, fs::perms(0644));
  const std::string said = Refusal({"--data", server_.data()});
  EXPECT_THAT(said, HasSubstr(key));
  EXPECT_THAT(said, Not(HasSubstr("PRIVATE+KEY")));
  fs::permissions(key, fs::perms(0600));
  SCRUTINY_EXPECT_OK(server_.Start());
}

TEST_F(IdentityTest, ALostKeyIsSaidAndNothingIsMadeInItsPlace) {
  MakeLedger();
  fs::rename(server_.identity() + "/key", dir_.File("kept"));
  EXPECT_THAT(Refusal({"--data", server_.data()}), HasSubstr("--new-incarnation"));
  EXPECT_FALSE(fs::exists(server_.identity() + "/key"));
  fs::rename(dir_.File("kept"), server_.identity() + "/key");
  SCRUTINY_EXPECT_OK(server_.Start());
}

TEST_F(IdentityTest, ALostCheckpointLogIsSaid) {
  MakeLedger();
  fs::rename(server_.identity() + "/checkpoints", dir_.File("kept"));
  EXPECT_THAT(Refusal({"--data", server_.data()}), HasSubstr("checkpoint log is gone"));
  EXPECT_FALSE(fs::exists(server_.identity() + "/checkpoints"));
  fs::rename(dir_.File("kept"), server_.identity() + "/checkpoints");
  SCRUTINY_EXPECT_OK(server_.Start());
}

TEST_F(IdentityTest, ALostIdentityIsNotMadeAnew) {
  MakeLedger();
  fs::rename(server_.identity(), dir_.File("kept"));
  EXPECT_THAT(Refusal({"--data", server_.data()}), HasSubstr("is not in the identity folder"));
  fs::remove_all(server_.identity());
  fs::rename(dir_.File("kept"), server_.identity());
  SCRUTINY_EXPECT_OK(server_.Start());
}

TEST_F(IdentityTest, AnIdentityOfAnotherLedgerIsRefused) {
  MakeLedger();
  ServerProcess other(dir_.File("other"));
  fs::create_directories(dir_.File("other"));
  SCRUTINY_ASSERT_OK(other.Start());
  SCRUTINY_ASSERT_OK(other.Stop());
  EXPECT_THAT(Refusal({"--data", server_.data(), "--identity", other.identity()}),
              HasSubstr("is not in the identity folder"));
  // A new ledger does not take the place of one that was signed.
  EXPECT_THAT(Refusal({"--data", dir_.File("new"), "--identity", other.identity()}),
              HasSubstr("signed checkpoints of a ledger"));
  SCRUTINY_EXPECT_OK(other.Start());
  SCRUTINY_EXPECT_OK(server_.Start());
}

TEST_F(IdentityTest, LostDataIsSaid) {
  MakeLedger();
  fs::rename(server_.data(), dir_.File("kept"));
  EXPECT_THAT(Refusal({"--data", server_.data()}), HasSubstr("signed checkpoints of a ledger"));
  fs::remove_all(server_.data());
  fs::rename(dir_.File("kept"), server_.data());
  SCRUTINY_EXPECT_OK(server_.Start());
}

// --- Two servers.

TEST_F(IdentityTest, OneServerAtATimeHasAnIdentityAndKeys) {
  SCRUTINY_ASSERT_OK(server_.Start());
  EXPECT_THAT(Refusal({"--data", dir_.File("other"), "--identity", server_.identity()}),
              HasSubstr("another server is using it"));
  ServerProcess other(dir_.File("other"));
  fs::create_directories(dir_.File("other"));
  // Without its keys the other one serves, and says so.
  SCRUTINY_ASSERT_OK(other.Start({"--keys", server_.keys()}));
  EXPECT_THAT(other.Log(), HasSubstr("can be neither made nor opened"));
  ASSERT_TRUE(AppendSealed("a", "Ann", "persons/ann").ok());
  SCRUTINY_EXPECT_OK(other.Stop());
}

TEST_F(IdentityTest, WhatAKilledServerHeldIsFree) {
  SCRUTINY_ASSERT_OK(server_.Start());
  ASSERT_TRUE(AppendSealed("a", "Ann", "persons/ann").ok());
  server_.Kill();
  SCRUTINY_ASSERT_OK(server_.Start());
  EXPECT_TRUE(AppendSealed("b", "Ann", "persons/ann").ok());
}

// --- Rolled back.

TEST_F(IdentityTest, AnOlderCopyOfTheDataIsRefusedInASentence) {
  MakeLedger();
  CopyFolder(server_.data(), dir_.File("old"));
  SCRUTINY_ASSERT_OK(server_.Start());
  ASSERT_TRUE(Append("second", 10).ok());
  SCRUTINY_ASSERT_OK(server_.Stop());
  fs::rename(server_.data(), dir_.File("current"));
  CopyFolder(dir_.File("old"), server_.data());
  const std::string said = Refusal({"--data", server_.data()});
  EXPECT_THAT(said, HasSubstr("This ledger is older than what was signed: it has 11 entries, and "
                              "its checkpoint log in"));
  EXPECT_THAT(said, HasSubstr("has a checkpoint of 21."));
  EXPECT_THAT(said, HasSubstr("--restore"));
  EXPECT_THAT(said, HasSubstr("--new-incarnation"));
  Replace(server_.data(), dir_.File("current"));
  SCRUTINY_ASSERT_OK(server_.Start());
  EXPECT_EQ(Size(), 21u);
}

// Rolled back and written on, so that it is longer than what was signed: it differs.
TEST_F(IdentityTest, AnotherHistoryIsRefusedInASentence) {
  MakeLedger();
  CopyFolder(server_.data(), dir_.File("old"));
  CopyFolder(server_.identity(), dir_.File("old-identity"));
  SCRUTINY_ASSERT_OK(server_.Start());
  ASSERT_TRUE(Append("second", 10).ok());
  SCRUTINY_ASSERT_OK(server_.Stop());
  CopyFolder(server_.identity(), dir_.File("signed"));
  Replace(server_.data(), dir_.File("old"));
  Replace(server_.identity(), dir_.File("old-identity"));
  SCRUTINY_ASSERT_OK(server_.Start());
  ASSERT_TRUE(Append("other", 30).ok());
  SCRUTINY_ASSERT_OK(server_.Stop());
  Replace(server_.identity(), dir_.File("signed"));
  EXPECT_THAT(Refusal({"--data", server_.data()}), HasSubstr("Somebody wrote another history"));
}

TEST_F(IdentityTest, ANewIncarnationGoesOnUnderAnotherNameAndSaysSo) {
  MakeLedger();
  CopyFolder(server_.data(), dir_.File("old"));
  SCRUTINY_ASSERT_OK(server_.Start());
  const std::string origin = Status().origin();
  const std::string key_before = GetCheckpoint().verifier_keys(0);
  ASSERT_TRUE(Append("second", 10).ok());
  grpc::ClientContext context;
  api::ReadResponse batch;
  const auto reader = Stub()->Read(&context, api::ReadRequest());
  ASSERT_TRUE(reader->Read(&batch));
  SCRUTINY_ASSERT_OK(server_.Stop());
  Replace(server_.data(), dir_.File("old"));
  SCRUTINY_ASSERT_OK(server_.Start({"--new-incarnation", "--reason", "The disk of May failed."}));
  const api::GetStatusResponse status = Status();
  EXPECT_EQ(status.incarnation(), 2u);
  EXPECT_EQ(status.origin(), origin + "/2");
  EXPECT_EQ(status.size(), 12u);
  const event::v1::Entry entry = EntryAt(11);
  const event::v1::IncarnationStarted& started = entry.proposed().incarnation_started();
  EXPECT_EQ(started.reason(), "The disk of May failed.");
  EXPECT_THAT(started.previous_checkpoint(), HasSubstr(absl::StrCat(origin, "\n21\n")));
  EXPECT_EQ(started.log_key(), GetCheckpoint().verifier_keys(0));
  EXPECT_NE(started.log_key(), key_before);
  EXPECT_EQ(CheckpointOfAll().origin, origin + "/2");
  // A place from before is not taken for one of this ledger.
  grpc::ClientContext again;
  api::ReadRequest request;
  *request.mutable_cursor() = batch.next();
  const auto resumed = Stub()->Read(&again, request);
  while (resumed->Read(&batch)) {
  }
  EXPECT_EQ(resumed->Finish().error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  // It stays that, without being told again, and what was signed before is kept.
  SCRUTINY_ASSERT_OK(server_.Stop());
  SCRUTINY_ASSERT_OK(server_.Start());
  EXPECT_EQ(Status().incarnation(), 2u);
  EXPECT_TRUE(fs::exists(server_.identity() + "/key.1"));
  EXPECT_TRUE(fs::exists(server_.identity() + "/checkpoints.1"));
}

TEST_F(IdentityTest, ANewIncarnationMayHaveANameOfItsOwn) {
  MakeLedger();
  SCRUTINY_ASSERT_OK(server_.Start({"--new-incarnation", "--origin", "elsewhere.example/log",
                                    "--reason", "The key was stolen."}));
  EXPECT_EQ(CheckpointOfAll().origin, "elsewhere.example/log");
  SCRUTINY_ASSERT_OK(server_.Stop());
  EXPECT_EQ(RunServer({"--data", server_.data(), "--reason", "x"}).exit_code, 2);
  EXPECT_EQ(RunServer({"--data", server_.data(), "--new-incarnation"}).exit_code, 2);
}

// Restored once more from a copy of before: what the first one signed keeps its name and number.
TEST_F(IdentityTest, ASecondNewIncarnationFromTheSameCopyIsAnother) {
  MakeLedger();
  CopyFolder(server_.data(), dir_.File("old"));
  SCRUTINY_ASSERT_OK(server_.Start({"--new-incarnation", "--reason", "First."}));
  const std::string first = Status().origin();
  ASSERT_TRUE(Append("only-there", 3).ok());
  SCRUTINY_ASSERT_OK(server_.Stop());
  Replace(server_.data(), dir_.File("old"));
  SCRUTINY_ASSERT_OK(server_.Start({"--new-incarnation", "--reason", "Second."}));
  EXPECT_EQ(Status().incarnation(), 3u);
  EXPECT_NE(Status().origin(), first);
  EXPECT_THAT(Status().origin(), EndsWith("/3"));
  EXPECT_EQ(CheckpointOfAll().origin, Status().origin());
  SCRUTINY_ASSERT_OK(server_.Stop());
  EXPECT_TRUE(fs::exists(server_.identity() + "/checkpoints.1"));
  EXPECT_TRUE(fs::exists(server_.identity() + "/checkpoints.2"));
  SCRUTINY_ASSERT_OK(server_.Start());
  EXPECT_EQ(Status().incarnation(), 3u);
}

// As a service is started again and again with the options it has.
TEST_F(IdentityTest, ANewIncarnationIsBegunOnceForOneReason) {
  MakeLedger();
  const std::vector<std::string> options = {"--new-incarnation", "--reason", "The disk was lost."};
  for (int i = 0; i < 3; ++i) {
    SCRUTINY_ASSERT_OK(server_.Start(options));
    EXPECT_EQ(Status().incarnation(), 2u);
    ASSERT_TRUE(Append(absl::StrCat("r", i), 3).ok());
    SCRUTINY_ASSERT_OK(server_.Stop());
  }
  EXPECT_THAT(server_.Log(), HasSubstr("was begun for this reason already"));
  SCRUTINY_ASSERT_OK(
      server_.Start({"--new-incarnation", "--reason", "The disk was lost once more."}));
  EXPECT_EQ(Status().incarnation(), 3u);
}

// Killed at any moment while it begins: the next start goes on where it was, as one or the other.
TEST_F(IdentityTest, ANewIncarnationIsBegunWholeOrNotAtAll) {
  MakeLedger();
  for (int round = 0; round < 12; ++round) {
    const ProgramResult killed = RunProgram(
        {"/usr/bin/timeout", "-s", "KILL", absl::StrCat("0.0", 1 + 2 * round),
         ProgramPath("scrutinyd"), "--data", server_.data(), "--listen", "127.0.0.1:0", "--http",
         "127.0.0.1:0", "--new-incarnation", "--reason", absl::StrCat("Again, ", round)});
    SCRUTINY_ASSERT_OK(server_.Start()) << round << killed.err;
    const api::GetStatusResponse status = Status();
    const ledger::Checkpoint checkpoint = CheckpointOfAll();
    EXPECT_EQ(checkpoint.origin, status.origin());
    if (status.incarnation() > 1) {
      EXPECT_THAT(status.origin(), EndsWith(absl::StrCat("/", status.incarnation())));
    }
    SCRUTINY_ASSERT_OK(server_.Stop());
  }
}

// All keys of the last 90 days sign, and the entry that begins an incarnation has room for a few.
TEST_F(IdentityTest, ANewIncarnationBeginsAfterManyChangesOfTheKey) {
  SCRUTINY_ASSERT_OK(server_.Start());
  for (int i = 0; i < 60; ++i) {
    grpc::ClientContext context;
    api::RotateKeyRequest request;
    request.set_request_id(absl::StrCat("rotate-", i));
    request.set_reason("To be sure.");
    api::RotateKeyResponse response;
    const grpc::Status status = Proofs()->RotateKey(&context, request, &response);
    ASSERT_TRUE(status.ok()) << i << ": " << status.error_message();
  }
  EXPECT_EQ(CheckpointOfAll().size.value(), 61u);
  SCRUTINY_ASSERT_OK(server_.Stop());
  SCRUTINY_ASSERT_OK(server_.Start());
  EXPECT_EQ(CheckpointOfAll().size.value(), 61u);
  SCRUTINY_ASSERT_OK(server_.Stop());
  SCRUTINY_ASSERT_OK(server_.Start({"--new-incarnation", "--reason", "Enough."}));
  const event::v1::Entry entry = EntryAt(61);
  EXPECT_THAT(entry.proposed().incarnation_started().previous_checkpoint(), HasSubstr("\n61\n"));
}

// Two changes of the key, one right behind the other, and then the power goes.
TEST_F(IdentityTest, TwoRotationsAndAKillLeaveItServing) {
  SCRUTINY_ASSERT_OK(server_.Start());
  ASSERT_TRUE(Append("first", 5).ok());
  CheckpointOfAll();
  for (const std::string id : {"rotate-1", "rotate-2"}) {
    grpc::ClientContext context;
    api::RotateKeyRequest request;
    request.set_request_id(id);
    request.set_reason("To be sure.");
    api::RotateKeyResponse response;
    ASSERT_TRUE(Proofs()->RotateKey(&context, request, &response).ok());
  }
  server_.Kill();
  SCRUTINY_ASSERT_OK(server_.Start());
  EXPECT_EQ(CheckpointOfAll().size.value(), 8u);
}

}  // namespace
}  // namespace scrutiny::testing
