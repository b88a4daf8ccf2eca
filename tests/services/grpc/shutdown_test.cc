// The server ends while everything is under way: each call is answered, nothing is used after it is
// gone, and what was acknowledged is there at the next start.
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

#include "scrutiny/register/v1/register.grpc.pb.h"
#include "tests/services/grpc/receipts.h"
#include "tests/services/grpc/sealed.h"
#include "tests/support/facts.h"

namespace scrutiny::testing {
namespace {

namespace rapi = ::scrutiny::register_::v1;

class ShutdownTest : public SealTest {
 protected:
  // Calls until it fails; a call that is not answered in 20 seconds fails the test.
  void Repeat(std::function<grpc::Status(grpc::ClientContext*, int)> call) {
    callers_.emplace_back([this, call = std::move(call)] {
      for (int i = 0;; ++i) {
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
        const grpc::Status status = call(&context, i);
        EXPECT_NE(status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
        if (status.error_code() == grpc::StatusCode::UNAVAILABLE ||
            status.error_code() == grpc::StatusCode::CANCELLED ||
            status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
          return;
        }
      }
    });
  }
  template <typename Reader, typename Response>
  static grpc::Status Drain(Reader reader, Response* response) {
    while (reader->Read(response)) {
    }
    return reader->Finish();
  }

  void StartCallers() {
    const auto ledger = std::shared_ptr(api::LedgerService::NewStub(NewChannel()));
    const auto proofs = std::shared_ptr(api::ProofService::NewStub(NewChannel()));
    const auto seals = std::shared_ptr(api::SealService::NewStub(NewChannel()));
    const auto registers = std::shared_ptr(rapi::RegisterService::NewStub(NewChannel()));
    Repeat([this, ledger](grpc::ClientContext* context, int i) {
      const std::string id = absl::StrCat("f-", round_, "-", i);
      api::AppendRequest request =
          SealedFinding(id, "findings/" + id, "Ann", absl::StrCat("persons/p-", i % 5));
      request.set_with_proof(true);
      api::AppendResponse response;
      const grpc::Status status = ledger->Append(context, request, &response);
      if (status.ok()) acknowledged_ = response.receipt().first_sequence();
      return status;
    });
    Repeat([ledger](grpc::ClientContext* context, int) {
      api::ReadRequest request;
      request.set_with_proofs(true);
      api::ReadResponse response;
      return Drain(ledger->Read(context, request), &response);
    });
    Repeat([proofs](grpc::ClientContext* context, int) {
      api::GetProofResponse response;
      return proofs->GetProof(context, api::GetProofRequest(), &response);
    });
    Repeat([proofs](grpc::ClientContext* context, int) {
      api::GetCheckpointResponse response;
      return proofs->GetCheckpoint(context, api::GetCheckpointRequest(), &response);
    });
    Repeat([this, proofs](grpc::ClientContext* context, int i) {
      api::BackupRequest request;
      request.set_directory(dir_.File(absl::StrCat("backup-", round_, "-", i)));
      api::BackupResponse response;
      return Drain(proofs->Backup(context, request), &response);
    });
    Repeat([this, seals](grpc::ClientContext* context, int i) {
      api::EraseSubjectResponse response;
      return seals->EraseSubject(
          context, Erasure(absl::StrCat("e-", round_, "-", i), absl::StrCat("persons/p-", i % 5)),
          &response);
    });
    Repeat([seals](grpc::ClientContext* context, int) {
      api::OpenSealedRequest request;
      request.set_sequence(1);
      api::OpenSealedResponse response;
      return seals->OpenSealed(context, request, &response);
    });
    Repeat([registers](grpc::ClientContext* context, int) {
      rapi::ListFindingsRequest request;
      request.mutable_view()->set_with_proofs(true);
      rapi::ListFindingsResponse response;
      return registers->ListFindings(context, request, &response);
    });
  }

  int round_ = 0;
  std::atomic<uint64_t> acknowledged_{0};
  std::vector<std::thread> callers_;
};

TEST_F(ShutdownTest, EverythingUnderWayIsAnsweredAndWhatWasAcknowledgedStands) {
  for (round_ = 0; round_ < 8; ++round_) {
    StartCallers();
    std::this_thread::sleep_for(std::chrono::milliseconds(30 * round_));
    const auto start = std::chrono::steady_clock::now();
    server_->Shutdown(round_ % 2 == 0 ? 2'000'000 : 0);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
    for (std::thread& caller : callers_) caller.join();
    callers_.clear();
    Restart();
    EXPECT_GT(ledger_->size().value(), acknowledged_.load());
  }
}

}  // namespace
}  // namespace scrutiny::testing
