// The key store, as the program has it: what is lost without it and what is not.
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

#include "tests/tools/scrutinyd/daemon_test.h"

namespace scrutiny::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kSecret[] = "Ann Smith of cell three";

class KeysTest : public DaemonTest {
 protected:
  // A ledger with something sealed; where it is.
  void MakeSealed() {
    SCRUTINY_ASSERT_OK(server_.Start());
    EXPECT_THAT(Status().seals_problem(), IsEmpty());
    ASSERT_TRUE(AppendSealed("a", kSecret, "persons/ann", &sequence_).ok());
    SCRUTINY_ASSERT_OK(server_.Stop());
  }
  // It takes what is public, proves all there is, and says why it opens nothing.
  void ExpectServesWithoutKeys(const std::string& why, bool is_logged = true) {
    EXPECT_THAT(Status().seals_problem(), HasSubstr(why));
    if (is_logged) {
      EXPECT_THAT(server_.Log(), HasSubstr(why));
    }
    const uint64_t size = Size();
    EXPECT_TRUE(Append(absl::StrCat("public-", size), 3).ok());
    EXPECT_EQ(CheckpointOfAll().size.value(), size + 3);
    api::OpenSealedResponse opened;
    EXPECT_EQ(Open(sequence_, &opened).error_code(), grpc::StatusCode::UNIMPLEMENTED);
    const grpc::Status status = AppendSealed("b", kSecret, "persons/ann");
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
    EXPECT_THAT(status.error_message(), Not(HasSubstr("Smith")));
    EXPECT_EQ(Size(), size + 3);
  }
  void ExpectOpens() {
    EXPECT_THAT(Status().seals_problem(), IsEmpty());
    api::OpenSealedResponse opened;
    ASSERT_TRUE(Open(sequence_, &opened).ok());
    EXPECT_EQ(opened.opened().finding_recorded().personal_detail(), kSecret);
  }

  uint64_t sequence_ = 0;
};

TEST_F(KeysTest, WithoutItsKeysTheLedgerServesAndProves) {
  MakeSealed();
  fs::rename(server_.keys(), dir_.File("kept"));
  SCRUTINY_ASSERT_OK(server_.Start());
  ExpectServesWithoutKeys("missing");
  SCRUTINY_ASSERT_OK(server_.Stop());
  EXPECT_FALSE(fs::exists(server_.keys())) << "no other store is made in its place";
  fs::rename(dir_.File("kept"), server_.keys());
  SCRUTINY_ASSERT_OK(server_.Start());
  ExpectOpens();
}

TEST_F(KeysTest, AnEmptyFolderIsNotTakenForTheKeys) {
  MakeSealed();
  fs::rename(server_.keys(), dir_.File("kept"));
  fs::create_directories(server_.keys());
  fs::permissions(server_.keys(), fs::perms::owner_all);
  SCRUTINY_ASSERT_OK(server_.Start());
  ExpectServesWithoutKeys("lost its keys file");
  EXPECT_TRUE(fs::is_empty(server_.keys()));
}

TEST_F(KeysTest, DamagedKeysAreSaid) {
  MakeSealed();
  CopyFolder(server_.keys(), dir_.File("kept"));
  const std::string bytes = ReadFileBytes(server_.keys() + "/keys");
  std::ofstream(server_.keys() + "/keys", std::ios::binary) << bytes.substr(0, bytes.size() - 1);
  SCRUTINY_ASSERT_OK(server_.Start());
  ExpectServesWithoutKeys("");
  EXPECT_THAT(Status().seals_problem(), Not(IsEmpty()));
}

TEST_F(KeysTest, KeysThatOthersMayReadAreRefused) {
  MakeSealed();
  fs::permissions(server_.keys(), fs::perms(0755));
  SCRUTINY_ASSERT_OK(server_.Start());
  ExpectServesWithoutKeys(server_.keys());
  SCRUTINY_ASSERT_OK(server_.Stop());
  fs::permissions(server_.keys(), fs::perms(0700));
  fs::permissions(server_.keys() + "/keys", fs::perms(0640));
  SCRUTINY_ASSERT_OK(server_.Start());
  ExpectServesWithoutKeys(server_.keys() + "/keys");
}

TEST_F(KeysTest, KeysOfAnotherLedgerAreNotUsed) {
  MakeSealed();
  ServerProcess other(dir_.File("other"));
  fs::create_directories(dir_.File("other"));
  SCRUTINY_ASSERT_OK(other.Start());
  SCRUTINY_ASSERT_OK(other.Stop());
  SCRUTINY_ASSERT_OK(server_.Start({"--keys", other.keys()}));
  ExpectServesWithoutKeys("belongs to another ledger");
  SCRUTINY_ASSERT_OK(server_.Stop());
  SCRUTINY_ASSERT_OK(server_.Start());
  ExpectOpens();
}

TEST_F(KeysTest, OffSealsNothing) {
  SCRUTINY_ASSERT_OK(server_.Start({"--keys", "off"}));
  EXPECT_FALSE(fs::exists(server_.keys()));
  ExpectServesWithoutKeys("--keys off", false);  // It was asked for.
}

TEST_F(KeysTest, WhenAnErasureIsFinalDependsOnHowLongBackupsAreKept) {
  for (const int days : {0, 35, 3650}) {
    const std::string person = absl::StrCat("persons/p-", days);
    SCRUTINY_ASSERT_OK(server_.Start({"--key-backup-days", absl::StrCat(days)}));
    ASSERT_TRUE(AppendSealed(absl::StrCat("d-", days), kSecret, person).ok());
    grpc::ClientContext context;
    api::EraseSubjectRequest request;
    request.set_subject(person);
    request.set_reason("Asked for.");
    request.set_authority("Data protection officer");
    request.set_request_id(absl::StrCat("e-", days));
    api::EraseSubjectResponse erased;
    ASSERT_TRUE(Seals()->EraseSubject(&context, request, &erased).ok());
    EXPECT_EQ(erased.unrecoverable_by_us() - erased.erased_at_us(),
              int64_t{days} * 24 * 3600 * 1'000'000);
    SCRUTINY_ASSERT_OK(server_.Stop());
  }
  EXPECT_EQ(RunServer({"--data", server_.data(), "--key-backup-days", "-1"}).exit_code, 2);
}

// Whatever is sealed, opened, refused and erased: the server's own words hold nothing of it.
TEST_F(KeysTest, TheLogHoldsNothingOfWhatIsSealed) {
  SCRUTINY_ASSERT_OK(server_.Start({"--log-level", "debug"}));
  ASSERT_TRUE(AppendSealed("a", kSecret, "persons/ann", &sequence_).ok());
  ExpectOpens();
  EXPECT_FALSE(AppendSealed("a", absl::StrCat(kSecret, " more"), "persons/ann").ok());
  EXPECT_FALSE(AppendSealed("b", absl::StrCat(kSecret, "\xff"), "persons/ann").ok());
  EXPECT_FALSE(AppendSealed("c", absl::StrCat(kSecret, "\x01"), "persons/ann").ok());
  EXPECT_FALSE(AppendSealed("d", kSecret, "nobody").ok());
  EXPECT_FALSE(AppendSealed("e", std::string(70'000, 'x') + kSecret, "persons/ann").ok());
  SCRUTINY_ASSERT_OK(server_.Stop());
  EXPECT_THAT(server_.Log(), Not(HasSubstr("Smith")));
}

// Goal: an erasure whose key the disk keeps is not said to be done, however often the server looks,
// and is done by a start that can. Method: the file of the old key is a link, which is not
// followed.
TEST_F(KeysTest, WhatIsNotDestroyedIsNotSaidToBeErased) {
  MakeSealed();
  const std::string key = server_.keys() + "/epoch-1.key";
  SCRUTINY_ASSERT_OK(server_.Start());
  fs::rename(key, dir_.File("kept.key"));
  fs::create_symlink(dir_.File("kept.key"), key);
  const uint64_t size = Size();
  api::EraseSubjectRequest request;
  request.set_subject("persons/ann");
  request.set_reason("Asked for.");
  request.set_authority("Data protection officer");
  request.set_request_id("e-1");
  api::EraseSubjectResponse erased;
  {
    grpc::ClientContext context;
    EXPECT_FALSE(Seals()->EraseSubject(&context, request, &erased).ok());
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(2500));
  EXPECT_EQ(Size(), size) << "nothing is recorded";
  EXPECT_TRUE(fs::exists(dir_.File("kept.key")));
  EXPECT_THAT(Status().seals_problem(), HasSubstr("not destroyed yet"));
  api::OpenSealedResponse opened;
  ASSERT_TRUE(Open(sequence_, &opened).ok());
  EXPECT_EQ(opened.parts(0).state(), api::SEAL_STATE_NO_KEY);
  SCRUTINY_ASSERT_OK(server_.Stop());
  fs::remove(key);
  fs::rename(dir_.File("kept.key"), key);
  SCRUTINY_ASSERT_OK(server_.Start());
  EXPECT_THAT(Status().seals_problem(), IsEmpty());
  EXPECT_FALSE(fs::exists(key));
  grpc::ClientContext context;
  ASSERT_TRUE(Seals()->EraseSubject(&context, request, &erased).ok());
  ASSERT_TRUE(Open(sequence_, &opened).ok());
  EXPECT_EQ(opened.parts(0).state(), api::SEAL_STATE_ERASED);
}

TEST_F(KeysTest, ItsMemoryIsNotWrittenToADump) {
  SCRUTINY_ASSERT_OK(server_.Start());
  std::ifstream limits(absl::StrCat("/proc/", server_.pid(), "/limits"));
  std::string line;
  while (std::getline(limits, line) && line.rfind("Max core file size", 0) != 0) continue;
  EXPECT_THAT(line, ::testing::ContainsRegex("size +0 +0 "));
}

}  // namespace
}  // namespace scrutiny::testing
