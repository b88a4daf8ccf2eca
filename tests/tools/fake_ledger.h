// tests/tools/fake_ledger.h
// A ledger service whose answers a test chooses, on a free loopback port, for the client side of
// the command line: retries, refusals, error details.
//
// Threads:  handlers run on gRPC's threads; a test reads what they saw after its call has returned.
#ifndef SCRUTINY_TESTS_TOOLS_FAKE_LEDGER_H_
#define SCRUTINY_TESTS_TOOLS_FAKE_LEDGER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "grpcpp/grpcpp.h"

#include "ledger/base/status.h"
#include "scrutiny/ledger/v1/ledger.grpc.pb.h"

namespace scrutiny::testing {

// The wire form of an error with a detail.
inline ledger::v1::ErrorStatus ErrorOf(grpc::StatusCode code, const std::string& message,
                                       const ledger::v1::ErrorDetail& detail) {
  ledger::v1::ErrorStatus error;
  error.set_code(code);
  error.set_message(message);
  error.add_details()->PackFrom(detail);
  return error;
}

inline grpc::Status WireStatus(const ledger::v1::ErrorStatus& error) {
  return grpc::Status(static_cast<grpc::StatusCode>(error.code()), error.message(),
                      error.SerializeAsString());
}

class FakeLedger final : public ledger::v1::LedgerService::Service {
 public:
  FakeLedger() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
    SCRUTINY_CHECK(server_ != nullptr) << "a free port can be bound";
    address_ = absl::StrCat("127.0.0.1:", port);
  }
  ~FakeLedger() override { server_->Shutdown(); }

  const std::string& address() const { return address_; }

  // What becomes of each append; records it as the next entry if not set.
  std::function<grpc::Status(const ledger::v1::AppendRequest&)> on_append;
  std::vector<ledger::v1::AppendRequest> appends;

  grpc::Status Append(grpc::ServerContext*, const ledger::v1::AppendRequest* request,
                      ledger::v1::AppendResponse* response) override {
    appends.push_back(*request);
    if (on_append) {
      grpc::Status status = on_append(*request);
      if (!status.ok()) return status;
    }
    Fill(*request, response);
    return grpc::Status::OK;
  }

  grpc::Status AppendStream(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<ledger::v1::AppendStreamResponse, ledger::v1::AppendStreamRequest>*
          stream) override {
    ledger::v1::AppendStreamRequest request;
    bool refused = false;
    for (uint64_t index = 0; stream->Read(&request); ++index) {
      ledger::v1::AppendStreamResponse response;
      response.set_index(index);
      const grpc::Status status = on_append ? on_append(request.append()) : grpc::Status::OK;
      if (refused || !status.ok()) {
        ledger::v1::ErrorStatus* error = response.mutable_refused();
        error->ParseFromString(status.error_details());
        error->set_code(refused ? grpc::StatusCode::ABORTED : status.error_code());
        error->set_message(refused ? "after a refusal" : status.error_message());
        refused = request.stop_at_refusal() || refused;
      } else {
        appends.push_back(request.append());
        Fill(request.append(), response.mutable_appended());
      }
      if (!stream->Write(response)) break;
    }
    return grpc::Status::OK;
  }

 private:
  void Fill(const ledger::v1::AppendRequest& request, ledger::v1::AppendResponse* response) {
    response->set_validated_only(request.validate_only());
    ledger::v1::Receipt* receipt = response->mutable_receipt();
    receipt->set_request_id(request.request_id());
    for (const ledger::v1::NewFact& fact : request.facts()) {
      ledger::v1::EntryReceipt* entry = receipt->add_entries();
      entry->set_sequence(next_sequence_++);
      entry->set_record(fact.proposed().record());
    }
  }

  std::unique_ptr<grpc::Server> server_;
  std::string address_;
  uint64_t next_sequence_ = 100;
};

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_TOOLS_FAKE_LEDGER_H_
