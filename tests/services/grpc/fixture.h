// tests/services/grpc/fixture.h
// A server of its own for each test, in this process, on a free loopback port and a temporary
// ledger, with the stubs to call it.
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
 protected:
  void SetUp() override { Start(); }
  void TearDown() override { Stop(); }

  void Start();
  void Stop();
  // A second channel that shares no connection with the first.
  std::shared_ptr<grpc::Channel> NewChannel() const;

  // One append of these facts.
  static api::AppendRequest RequestOf(const std::string& id,
                                      std::vector<event::v1::Proposed> facts);
  grpc::Status Append(const api::AppendRequest& request, api::AppendResponse* response = nullptr);
  // Appends so many actions, one fact each, `per_append` in one append.
  void AppendActions(int count, int per_append = 1, const std::string& prefix = "actions/test");

  std::vector<std::string> ReadAll(const api::ReadRequest& request, grpc::Status* status = nullptr,
                                   std::vector<api::ReadResponse>* batches = nullptr);

  ledger::LedgerOptions ledger_options_;  // changed before Start
  TempDir dir_;
  ledger::SystemClock clock_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<projections::RegisterStore> registers_;
  std::unique_ptr<services::GrpcServer> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<api::LedgerService::Stub> stub_;
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
