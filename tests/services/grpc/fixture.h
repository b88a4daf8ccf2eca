// tests/services/grpc/fixture.h
// A server of its own for each test, in this process, on a free loopback port and a temporary
// ledger, with the stubs to call it; with an identity and a key store beside the ledger where a
// test asks for them.
#ifndef SCRUTINY_TESTS_SERVICES_GRPC_FIXTURE_H_
#define SCRUTINY_TESTS_SERVICES_GRPC_FIXTURE_H_

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "gtest/gtest.h"

#include "ledger/append/ledger.h"
#include "ledger/base/clock.h"
#include "ledger/base/random.h"
#include "ledger/checkpoint/checkpointer.h"
#include "ledger/checkpoint/identity.h"
#include "ledger/papers/paper_store.h"
#include "ledger/seal/key_store.h"
#include "projections/queries/register_store.h"
#include "scrutiny/ledger/v1/ledger.grpc.pb.h"
#include "services/grpc/server.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::testing {

namespace api = ::scrutiny::ledger::v1;

// Lets writes through, or holds every sync until it is opened again.
class SyncGate {
 public:
  void Close();
  void Open();
  void Pass();
  // Waits until a sync stands before the gate.
  void AwaitSomebody();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool closed_ = false;
  int waiting_ = 0;
};

// The system's files, their syncs through a gate.
std::shared_ptr<rocksdb::FileSystem> GatedFileSystem(SyncGate& gate);

class GrpcTest : public ::testing::Test {
 public:
  // One append of these facts.
  static api::AppendRequest RequestOf(const std::string& id,
                                      std::vector<event::v1::Proposed> facts);

 protected:
  void SetUp() override { Start(); }
  void TearDown() override { Stop(); }

  void Start();
  // `closes_well`: false where a write failed before, of which closing may speak once more.
  void Stop(bool closes_well = true);
  std::string data() const { return dir_.File("data"); }
  std::string identity_folder() const { return dir_.File("identity"); }
  std::string keys_folder() const { return dir_.File("keys"); }
  // A second channel that shares no connection with the first.
  std::shared_ptr<grpc::Channel> NewChannel() const;

  grpc::Status Append(const api::AppendRequest& request, api::AppendResponse* response = nullptr);
  // Appends so many actions, one fact each, `per_append` in one append.
  void AppendActions(int count, int per_append = 1, const std::string& prefix = "actions/test");

  std::vector<std::string> ReadAll(const api::ReadRequest& request, grpc::Status* status = nullptr,
                                   std::vector<api::ReadResponse>* batches = nullptr);

  // Changed before Start.
  ledger::LedgerOptions ledger_options_;
  bool signs_ = false;           // with an identity, so that checkpoints are signed
  bool seals_ = false;           // with a key store
  int64_t key_backup_days_ = 7;  // what erasures reckon with

  TempDir dir_;
  ledger::SystemClock clock_;
  ledger::SystemRandom random_;
  std::unique_ptr<ledger::Identity> identity_;
  std::unique_ptr<ledger::KeyStore> keys_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<ledger::Checkpointer> checkpointer_;
  std::unique_ptr<projections::RegisterStore> registers_;
  std::unique_ptr<ledger::PaperStore> papers_;
  std::unique_ptr<services::GrpcServer> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<api::LedgerService::Stub> stub_;

 private:
  void OpenLedger();
  void OpenKeys();
};

// The particulars an error carried.
api::ErrorDetail DetailOf(const grpc::Status& status);
api::ErrorDetail DetailOf(const api::ErrorStatus& refused);

// The sequence in a stored entry.
uint64_t SequenceOf(const std::string& entry);
std::vector<uint64_t> SequencesOf(const std::vector<std::string>& entries);

MATCHER_P(IsRefusedFor, reason, "is refused for " + api::ErrorReason_Name(reason)) {
  *result_listener << arg.error_code() << " " << arg.error_message() << " "
                   << DetailOf(arg).ShortDebugString();
  return DetailOf(arg).reason() == reason;
}

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_SERVICES_GRPC_FIXTURE_H_
