// tests/crash/proof_rounds.h
// Goal: whatever moment the server is killed at, every proof it ever gave still holds, what was
// erased stays erased and what was begun to be erased is finished, and a backup is whole or none.
//
// Method: clients append with receipts, ask for proofs, change keys, erase and take backups; the
// server is killed (SIGKILL) at a random moment, again and again over one folder. After each
// restart the whole ledger is read, its roots are computed here, and everything that was ever
// answered is held against them. The seed is printed.
#ifndef SCRUTINY_TESTS_CRASH_PROOF_ROUNDS_H_
#define SCRUTINY_TESTS_CRASH_PROOF_ROUNDS_H_

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "tests/crash/proof_checks.h"
#include "tests/crash/search.h"
#include "tests/support/server_process.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::crash {

inline api::GetStatusResponse StatusOf(const std::string& address) {
  const auto stub = api::LedgerService::NewStub(ChannelTo(address));
  grpc::ClientContext context;
  api::GetStatusResponse response;
  const grpc::Status status = stub->GetStatus(&context, api::GetStatusRequest(), &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

class ProofRounds {
 public:
  explicit ProofRounds(int rounds) : rounds_(rounds) {
    uint64_t seed = std::random_device()();
    if (const char* wanted = std::getenv("SCRUTINY_SEED")) {
      EXPECT_TRUE(absl::SimpleAtoi(wanted, &seed));
    }
    std::printf("SCRUTINY_SEED=%llu\n", static_cast<unsigned long long>(seed));
    random_.seed(seed);
  }

  void Run() {
    for (int round = 0; round <= rounds_; ++round) {
      SCOPED_TRACE(absl::StrCat("round ", round));
      SCRUTINY_ASSERT_OK(server_.Start());
      ASSERT_NO_FATAL_FAILURE(Check(round == rounds_ ? 2000 : 60));
      if (round == rounds_) break;
      Load(absl::StrCat("r", round));
    }
    ASSERT_NO_FATAL_FAILURE(KeepBackup());
    ASSERT_NO_FATAL_FAILURE(EraseEverybody());
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const int exit_code, server_.Stop());
    EXPECT_EQ(exit_code, 0) << server_.Log();
    SearchForSecrets(dir_.path());
    std::printf("%d rounds, %zu entries, %zu proofs, %zu sealed, %zu erasures, %d backups\n",
                rounds_, entries_, oracle_.proofs().size(), oracle_.sealed().size(),
                oracle_.erasures().size(), backups_);
    RestoreKeptBackup();
  }

 private:
  void Load(const std::string& prefix) {
    std::vector<std::thread> clients;
    const std::string address = server_.address();
    for (int c = 0; c < 2; ++c) {
      clients.emplace_back(LoadReceipts, address, absl::StrCat(prefix, "c", c), random_(),
                           std::ref(oracle_));
    }
    clients.emplace_back(LoadProofs, address, prefix, random_(), std::ref(oracle_));
    clients.emplace_back(LoadErasures, address, prefix, random_(), std::ref(oracle_));
    clients.emplace_back(LoadBackups, address, prefix, dir_.File("backups"), std::ref(oracle_));
    std::this_thread::sleep_for(std::chrono::milliseconds(20 + random_() % 400));
    server_.Kill();
    for (std::thread& client : clients) client.join();
  }

  void Check(size_t sample) {
    const std::string address = server_.address();
    EXPECT_EQ(StatusOf(address).seals_problem(), "");
    ASSERT_NO_FATAL_FAILURE(LearnKeys(address, oracle_));
    const WholeLog log = ReadLog(address);
    ASSERT_GE(log.entries.size(), entries_) << "entries that were readable are gone";
    entries_ = log.entries.size();
    ASSERT_NO_FATAL_FAILURE(CheckCheckpoints(log, oracle_));
    ASSERT_NO_FATAL_FAILURE(CheckAllProofs(log, oracle_));
    ASSERT_NO_FATAL_FAILURE(CheckConsistencies(address, log, random_));
    // Erasures that were begun are finished by the start; those that were not are sent again.
    ASSERT_NO_FATAL_FAILURE(CheckSealed(address, oracle_, sample, sample, random_));
    ASSERT_NO_FATAL_FAILURE(RetryErasures(address, oracle_));
    ASSERT_NO_FATAL_FAILURE(CheckSealed(address, oracle_, sample, sample, random_));
    backups_ += CheckBackups(oracle_, log);
  }

  // A backup with something sealed for everybody.
  void KeepBackup() {
    const auto ledger = api::LedgerService::NewStub(ChannelTo(server_.address()));
    for (int i = 0; i < kSubjects; ++i) {
      grpc::ClientContext context;
      const std::string id = absl::StrCat("for-the-backup-", i);
      api::AppendResponse response;
      const grpc::Status status =
          ledger->Append(&context,
                         SealedFinding(id, SubjectOf(static_cast<uint64_t>(i)),
                                       absl::StrCat(kSecretMark, " ", id)),
                         &response);
      ASSERT_TRUE(status.ok()) << status.error_message();
    }
    const auto stub = api::ProofService::NewStub(ChannelTo(server_.address()));
    api::BackupRequest request;
    request.set_directory(kept_backup_);
    grpc::ClientContext context;
    const auto reader = stub->Backup(&context, request);
    api::BackupResponse response;
    while (reader->Read(&response)) {
    }
    const grpc::Status status = reader->Finish();
    ASSERT_TRUE(status.ok()) << status.error_message();
  }

  void EraseEverybody() {
    for (int i = 0; i < kSubjects; ++i) {
      api::EraseSubjectRequest request;
      request.set_request_id(absl::StrCat("at-the-end-", i));
      request.set_subject(SubjectOf(static_cast<uint64_t>(i)));
      request.set_reason("Asked for by the person.");
      request.set_authority("Data protection officer");
      oracle_.SendErasure(request);
    }
    ASSERT_NO_FATAL_FAILURE(RetryErasures(server_.address(), oracle_));
    ASSERT_NO_FATAL_FAILURE(CheckSealed(server_.address(), oracle_, 2000, 0, random_));
    for (const std::string& entry : ReadLog(server_.address()).entries) {
      event::v1::Entry parsed;
      ASSERT_TRUE(parsed.ParseFromString(entry));
      AddSeals(parsed, &sealed_);
    }
  }

  // Nothing of what was sealed is anywhere, in the clear or, once all is erased, as a ciphertext.
  void SearchForSecrets(const std::string& folder) {
    EXPECT_TRUE(FilesWith(folder, kSecretMark).empty()) << *FilesWith(folder, kSecretMark).begin();
    EXPECT_EQ(CountCiphertexts(server_.data(), sealed_), 0u);
  }

  // The backup holds ciphertexts of what was erased since: a ledger that is restored from it
  // follows the erasures before it serves.
  void RestoreKeptBackup() {
    EXPECT_GE(CountCiphertexts(kept_backup_, sealed_), size_t{kSubjects});
    std::filesystem::create_directories(dir_.File("restored"));
    testing::ServerProcess restored(dir_.File("restored"));
    SCRUTINY_ASSERT_OK(restored.Start({"--identity", server_.identity(), "--keys", server_.keys(),
                                       "--restore", kept_backup_, "--new-incarnation", "--reason",
                                       "Everything since is lost."}));
    EXPECT_EQ(StatusOf(restored.address()).seals_problem(), "");
    const auto stub = api::SealService::NewStub(ChannelTo(restored.address()));
    size_t erased = 0;
    for (const std::string& entry : ReadLog(restored.address()).entries) {
      event::v1::Entry parsed;
      ASSERT_TRUE(parsed.ParseFromString(entry));
      if (parsed.seals_size() == 0) continue;
      grpc::ClientContext context;
      api::OpenSealedRequest request;
      request.set_sequence(parsed.assigned().sequence());
      api::OpenSealedResponse response;
      ASSERT_TRUE(stub->OpenSealed(&context, request, &response).ok());
      ASSERT_EQ(response.parts(0).state(), api::SEAL_STATE_ERASED) << request.sequence();
      ++erased;
    }
    EXPECT_GT(erased, 0u);
    EXPECT_EQ(CountCiphertexts(restored.data(), sealed_), 0u);
    SCRUTINY_EXPECT_OK(restored.Stop());
  }

  const int rounds_;
  std::mt19937_64 random_;
  testing::TempDir dir_;
  testing::ServerProcess server_{dir_.path()};
  ProofOracle oracle_;
  size_t entries_ = 0;
  int backups_ = 0;
  const std::string kept_backup_ = dir_.File("kept-backup");
  Ciphertexts sealed_;
};

}  // namespace scrutiny::crash

#endif  // SCRUTINY_TESTS_CRASH_PROOF_ROUNDS_H_
