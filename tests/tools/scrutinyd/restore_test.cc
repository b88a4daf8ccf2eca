// A ledger out of a copy, with the program: what comes back, what is refused, what stays erased.
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

#include "ledger/format/hash.h"
#include "tests/tools/scrutinyd/daemon_test.h"

namespace scrutiny::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RestoreTest : public DaemonTest {
 protected:
  // Serves what is restored, under the identity and the keys of the ledger there was.
  absl::Status StartRestored(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--identity", server_.identity(), "--keys", server_.keys()});
    return restored_.Start(arguments);
  }
  // The restored server is the one that is asked from here on.
  static std::unique_ptr<api::ProofService::Stub> ProofsOf(const ServerProcess& server) {
    return api::ProofService::NewStub(
        grpc::CreateChannel(server.address(), grpc::InsecureChannelCredentials()));
  }
  static std::string RootAt(const ServerProcess& server, uint64_t size) {
    grpc::ClientContext context;
    api::GetConsistencyRequest request;
    request.set_old_size(size);
    request.set_new_size(size);
    api::GetConsistencyResponse response;
    const grpc::Status status = ProofsOf(server)->GetConsistency(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.new_root();
  }
  static api::GetStatusResponse StatusOf(const ServerProcess& server) {
    grpc::ClientContext context;
    api::GetStatusResponse response;
    const auto stub = api::LedgerService::NewStub(
        grpc::CreateChannel(server.address(), grpc::InsecureChannelCredentials()));
    EXPECT_TRUE(stub->GetStatus(&context, api::GetStatusRequest(), &response).ok());
    return response;
  }
  static api::SealState StateOf(const ServerProcess& server, uint64_t sequence) {
    grpc::ClientContext context;
    api::OpenSealedRequest request;
    request.set_sequence(sequence);
    api::OpenSealedResponse response;
    const auto stub = api::SealService::NewStub(
        grpc::CreateChannel(server.address(), grpc::InsecureChannelCredentials()));
    const grpc::Status status = stub->OpenSealed(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.parts_size() > 0 ? response.parts(0).state() : api::SEAL_STATE_UNSPECIFIED;
  }
  void Erase(const std::string& id, const std::string& person) {
    grpc::ClientContext context;
    api::EraseSubjectRequest request;
    request.set_subject(person);
    request.set_reason("Asked for.");
    request.set_authority("Data protection officer");
    request.set_request_id(id);
    api::EraseSubjectResponse erased;
    const grpc::Status status = Seals()->EraseSubject(&context, request, &erased);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }

  std::string MakeFolder(const std::string& name) {
    fs::create_directories(dir_.File(name));
    return dir_.File(name);
  }
  ServerProcess restored_{MakeFolder("restored")};
};

TEST_F(RestoreTest, ABackupComesBackWithTheSameRoot) {
  SCRUTINY_ASSERT_OK(server_.Start());
  ASSERT_TRUE(Append("first", 300).ok());
  uint64_t sealed = 0;
  ASSERT_TRUE(AppendSealed("a", "Ann", "persons/ann", &sealed).ok());
  const uint64_t size = Size();
  const std::string root = RootAt(server_, size);
  ASSERT_TRUE(Backup(dir_.File("backup")).ok());
  SCRUTINY_ASSERT_OK(server_.Stop());
  SCRUTINY_ASSERT_OK(StartRestored({"--restore", dir_.File("backup")}));
  EXPECT_EQ(StatusOf(restored_).size(), size);
  EXPECT_EQ(RootAt(restored_, size), root);
  EXPECT_EQ(StateOf(restored_, sealed), api::SEAL_STATE_OPENED);
  // It is a ledger like any other: killed, it starts without being restored again.
  restored_.Kill();
  SCRUTINY_ASSERT_OK(StartRestored({}));
  EXPECT_EQ(RootAt(restored_, size), root);
}

TEST_F(RestoreTest, AnExportComesBackWithTheSameRoot) {
  SCRUTINY_ASSERT_OK(server_.Start());
  ASSERT_TRUE(Append("first", 300).ok());
  const uint64_t size = Size();
  const std::string root = RootAt(server_, size);
  CheckpointOfAll();
  ASSERT_NO_FATAL_FAILURE(Export(dir_.File("all.tar")));
  SCRUTINY_ASSERT_OK(server_.Stop());
  SCRUTINY_ASSERT_OK(StartRestored({"--restore", dir_.File("all.tar")}));
  EXPECT_EQ(StatusOf(restored_).size(), size);
  EXPECT_EQ(RootAt(restored_, size), root);
}

// The backup is of last night, and this morning's entries were signed: it alone is refused, with
// the export of this morning it is whole.
TEST_F(RestoreTest, WhatABackupLacksAnExportAdds) {
  SCRUTINY_ASSERT_OK(server_.Start());
  uint64_t sealed = 0;
  ASSERT_TRUE(AppendSealed("a", "Ann", "persons/ann", &sealed).ok());
  ASSERT_TRUE(Backup(dir_.File("night")).ok());
  ASSERT_TRUE(Append("morning", 700).ok());
  const uint64_t size = Size();
  const std::string root = RootAt(server_, size);
  CheckpointOfAll();
  ASSERT_NO_FATAL_FAILURE(Export(dir_.File("morning.tar")));
  SCRUTINY_ASSERT_OK(server_.Stop());
  EXPECT_THAT(Refusal({"--data", dir_.File("alone"), "--identity", server_.identity(), "--keys",
                       server_.keys(), "--restore", dir_.File("night")}),
              HasSubstr("older than what was signed"));
  SCRUTINY_ASSERT_OK(
      StartRestored({"--restore", dir_.File("night"), "--restore", dir_.File("morning.tar")}));
  EXPECT_EQ(StatusOf(restored_).size(), size);
  EXPECT_EQ(RootAt(restored_, size), root);
  EXPECT_EQ(StateOf(restored_, sealed), api::SEAL_STATE_OPENED) << "the backup has the ciphertext";
}

TEST_F(RestoreTest, ADamagedCopyIsRefusedAndNothingIsWritten) {
  SCRUTINY_ASSERT_OK(server_.Start());
  ASSERT_TRUE(Append("first", 300).ok());
  CheckpointOfAll();
  ASSERT_TRUE(Backup(dir_.File("backup")).ok());
  ASSERT_NO_FATAL_FAILURE(Export(dir_.File("all.tar")));
  SCRUTINY_ASSERT_OK(server_.Stop());
  const auto flip = [](const std::string& path, size_t at) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(at));
    const char was = static_cast<char>(file.get());
    file.seekp(static_cast<std::streamoff>(at));
    file.put(static_cast<char>(was ^ 1));
  };
  // One character of one entry.
  flip(dir_.File("all.tar"), ReadFileBytes(dir_.File("all.tar")).find("Provide crime data"));
  for (const auto& file : fs::directory_iterator(dir_.File("backup/log"))) {
    if (file.path().extension() == ".sst") flip(file.path().string(), file.file_size() / 2);
  }
  for (const std::string from : {"all.tar", "backup", "nowhere"}) {
    Refusal(
        {"--data", dir_.File("d"), "--identity", server_.identity(), "--restore", dir_.File(from)});
    EXPECT_FALSE(fs::exists(dir_.File("d/log"))) << from;
  }
}

TEST_F(RestoreTest, AnotherLedgersCopyIsNotTaken) {
  SCRUTINY_ASSERT_OK(server_.Start());
  ASSERT_TRUE(Backup(dir_.File("backup")).ok());
  SCRUTINY_ASSERT_OK(server_.Stop());
  ServerProcess other(MakeFolder("other"));
  SCRUTINY_ASSERT_OK(other.Start());
  SCRUTINY_ASSERT_OK(other.Stop());
  // Nothing says whose it is; the wrong identity; a ledger that is there already.
  EXPECT_THAT(Refusal({"--data", dir_.File("d"), "--restore", dir_.File("backup")}),
              HasSubstr("--vkey"));
  Refusal(
      {"--data", dir_.File("d"), "--identity", other.identity(), "--restore", dir_.File("backup")});
  EXPECT_FALSE(fs::exists(dir_.File("d/log")));
  EXPECT_THAT(Refusal({"--data", other.data(), "--restore", dir_.File("backup")}),
              HasSubstr("There is a ledger"));
  SCRUTINY_EXPECT_OK(other.Start());
}

// The key went with the machine; the ledger and its public key are left.
TEST_F(RestoreTest, WithoutTheKeyANewIncarnationGoesOn) {
  SCRUTINY_ASSERT_OK(server_.Start());
  ASSERT_TRUE(Append("first", 10).ok());
  const std::string vkey = GetCheckpoint().verifier_keys(0);
  const std::string root = RootAt(server_, 11);
  ASSERT_TRUE(Backup(dir_.File("backup")).ok());
  SCRUTINY_ASSERT_OK(server_.Stop());
  const std::vector<std::string> restore = {"--restore", dir_.File("backup"), "--vkey", vkey};
  std::vector<std::string> alone = restore;
  alone.insert(alone.begin(), {"--data", dir_.File("d")});
  EXPECT_THAT(Refusal(alone), HasSubstr("is not in the identity folder"));
  std::vector<std::string> next = restore;
  next.insert(next.end(), {"--new-incarnation", "--reason", "The machine burnt."});
  SCRUTINY_ASSERT_OK(restored_.Start(next));
  EXPECT_EQ(StatusOf(restored_).incarnation(), 2u);
  EXPECT_EQ(RootAt(restored_, 11), root);
  // Nothing but the copy knew of what was signed before: that is what it names.
  api::ReadRequest request;
  request.set_from_sequence(11);
  grpc::ClientContext context;
  const auto stub = api::LedgerService::NewStub(
      grpc::CreateChannel(restored_.address(), grpc::InsecureChannelCredentials()));
  const auto reader = stub->Read(&context, request);
  api::ReadResponse batch;
  ASSERT_TRUE(reader->Read(&batch));
  event::v1::Entry entry;
  ASSERT_TRUE(entry.ParseFromString(batch.entries(0)));
  EXPECT_THAT(entry.proposed().incarnation_started().previous_checkpoint(), HasSubstr("\n11\n"));
}

// The entries are gone and their index is not: it is not one of those that come back.
TEST_F(RestoreTest, WhatIsDerivedIsMadeAgain) {
  SCRUTINY_ASSERT_OK(server_.Start());
  ASSERT_TRUE(Append("first", 10).ok());
  ASSERT_TRUE(Backup(dir_.File("night")).ok());
  ASSERT_TRUE(Append("second", 20).ok());
  SCRUTINY_ASSERT_OK(server_.Stop());
  fs::remove_all(server_.data() + "/log");
  SCRUTINY_ASSERT_OK(server_.Start(
      {"--restore", dir_.File("night"), "--new-incarnation", "--reason", "The second is lost."}));
  EXPECT_EQ(Status().size(), 12u);
  EXPECT_TRUE(Append("third", 5).ok());
}

// --- What was erased stays erased.

// From a backup of before the erasure, filled up to what was signed after: the ledger itself says
// what was erased.
TEST_F(RestoreTest, AnErasureInTheLedgerIsAppliedToAnOlderCopy) {
  SCRUTINY_ASSERT_OK(server_.Start());
  uint64_t ann = 0;
  uint64_t bob = 0;
  ASSERT_TRUE(AppendSealed("a", "Ann", "persons/ann", &ann).ok());
  ASSERT_TRUE(AppendSealed("b", "Bob", "persons/bob", &bob).ok());
  ASSERT_TRUE(Backup(dir_.File("night")).ok());
  ASSERT_NO_FATAL_FAILURE(Erase("e-1", "persons/ann"));
  CheckpointOfAll();
  const uint64_t size = Size();
  ASSERT_NO_FATAL_FAILURE(Export(dir_.File("morning.tar")));
  SCRUTINY_ASSERT_OK(server_.Stop());
  SCRUTINY_ASSERT_OK(
      StartRestored({"--restore", dir_.File("night"), "--restore", dir_.File("morning.tar")}));
  EXPECT_EQ(StateOf(restored_, ann), api::SEAL_STATE_ERASED);
  EXPECT_EQ(StateOf(restored_, bob), api::SEAL_STATE_OPENED);
  EXPECT_EQ(StatusOf(restored_).size(), size) << "it was recorded before";
}

// Only the backup is left, and the erasure it does not know of: the key store does, and the ledger
// is told.
TEST_F(RestoreTest, AnErasureThatTheCopyDoesNotKnowOfIsRecordedAnew) {
  SCRUTINY_ASSERT_OK(server_.Start());
  uint64_t ann = 0;
  uint64_t bob = 0;
  ASSERT_TRUE(AppendSealed("a", "Ann", "persons/ann", &ann).ok());
  ASSERT_TRUE(AppendSealed("b", "Bob", "persons/bob", &bob).ok());
  ASSERT_TRUE(Backup(dir_.File("night")).ok());
  ASSERT_NO_FATAL_FAILURE(Erase("e-1", "persons/ann"));
  SCRUTINY_ASSERT_OK(server_.Stop());
  SCRUTINY_ASSERT_OK(StartRestored(
      {"--restore", dir_.File("night"), "--new-incarnation", "--reason", "The morning is lost."}));
  EXPECT_EQ(StateOf(restored_, ann), api::SEAL_STATE_ERASED);
  EXPECT_EQ(StateOf(restored_, bob), api::SEAL_STATE_OPENED);
  const uint64_t size = StatusOf(restored_).size();
  SCRUTINY_ASSERT_OK(restored_.Stop());
  SCRUTINY_ASSERT_OK(StartRestored({}));
  EXPECT_EQ(StatusOf(restored_).size(), size) << "once is enough";
  EXPECT_EQ(StateOf(restored_, ann), api::SEAL_STATE_ERASED);
}

// Data, identity and keys, all from the day before: nothing here knows of the erasure. With the
// export of today the ledger does, and the key is destroyed again.
TEST_F(RestoreTest, AnOlderKeyStoreFollowsTheLedger) {
  SCRUTINY_ASSERT_OK(server_.Start());
  uint64_t ann = 0;
  ASSERT_TRUE(AppendSealed("a", "Ann", "persons/ann", &ann).ok());
  ASSERT_TRUE(Backup(dir_.File("night")).ok());
  {
    grpc::ClientContext context;
    api::BackupKeysRequest request;
    request.set_directory(dir_.File("old-keys"));
    api::BackupKeysResponse response;
    ASSERT_TRUE(Seals()->BackupKeys(&context, request, &response).ok());
  }
  ASSERT_NO_FATAL_FAILURE(Erase("e-1", "persons/ann"));
  CheckpointOfAll();
  ASSERT_NO_FATAL_FAILURE(Export(dir_.File("morning.tar")));
  SCRUTINY_ASSERT_OK(server_.Stop());
  SCRUTINY_ASSERT_OK(
      restored_.Start({"--identity", server_.identity(), "--keys", dir_.File("old-keys"),
                       "--restore", dir_.File("night"), "--restore", dir_.File("morning.tar")}));
  EXPECT_THAT(StatusOf(restored_).seals_problem(), IsEmpty());
  EXPECT_EQ(StateOf(restored_, ann), api::SEAL_STATE_ERASED);
}

}  // namespace
}  // namespace scrutiny::testing
