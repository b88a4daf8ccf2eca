// tests/tools/fake_ledger.h
// A server whose answers a test chooses, on a free loopback port, for the client side of the
// command line: retries, refusals, error details, and with the log and the seals beside it proofs
// and what is sealed.
//
// Threads:  handlers run on gRPC's threads; a test reads what they saw after its call has returned.
#ifndef SCRUTINY_TESTS_TOOLS_FAKE_LEDGER_H_
#define SCRUTINY_TESTS_TOOLS_FAKE_LEDGER_H_

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "grpcpp/grpcpp.h"

#include "ledger/base/names.h"
#include "ledger/base/status.h"
#include "scrutiny/ledger/v1/ledger.grpc.pb.h"
#include "scrutiny/register/v1/register.grpc.pb.h"
#include "tests/tools/fake_log.h"
#include "tests/tools/fake_seals.h"

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

// Answers lists of actions; knows no meeting.
class FakeRegisters final : public register_::v1::RegisterService::Service {
 public:
  std::function<grpc::Status(const register_::v1::ListActionsRequest&,
                             register_::v1::ListActionsResponse*)>
      on_actions;
  grpc::Status ListActions(grpc::ServerContext*, const register_::v1::ListActionsRequest* request,
                           register_::v1::ListActionsResponse* response) override {
    return on_actions(*request, response);
  }
  grpc::Status GetMeeting(grpc::ServerContext*, const register_::v1::GetMeetingRequest*,
                          register_::v1::GetMeetingResponse*) override {
    return grpc::Status(grpc::StatusCode::NOT_FOUND, "no such meeting");
  }
  grpc::Status ListRegisters(grpc::ServerContext*, const register_::v1::ListRegistersRequest*,
                             register_::v1::ListRegistersResponse*) override {
    return grpc::Status::OK;
  }
};

class FakeLedger final : public ledger::v1::LedgerService::Service {
 public:
  FakeLedger() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(this);
    builder.RegisterService(&log);
    builder.RegisterService(&seals);
    builder.RegisterService(&registers);
    server_ = builder.BuildAndStart();
    SCRUTINY_CHECK(server_ != nullptr) << "a free port can be bound";
    address_ = absl::StrCat("127.0.0.1:", port);
  }
  ~FakeLedger() override { server_->Shutdown(); }

  const std::string& address() const { return address_; }

  // What becomes of each append; records it as the next entry if not set.
  std::function<grpc::Status(const ledger::v1::AppendRequest&)> on_append;
  std::vector<ledger::v1::AppendRequest> appends;
  // Called before a receipt with proofs is sent.
  std::function<void(ledger::v1::Receipt*)> change_receipt;
  // What is read, and proved.
  FakeLog log;
  FakeSeals seals;
  FakeRegisters registers;
  ledger::v1::GetStatusResponse status;
  size_t batch_entries = 100;
  // Called before each batch is sent.
  std::function<void(ledger::v1::ReadResponse*)> change_batch;

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

  grpc::Status Read(grpc::ServerContext*, const ledger::v1::ReadRequest* request,
                    grpc::ServerWriter<ledger::v1::ReadResponse>* writer) override {
    uint64_t end = request->with_proofs() ? log.SignedSize() : log.entries().size();
    if (request->has_to_sequence()) end = std::min(end, request->to_sequence() + 1);
    ledger::v1::ReadResponse batch;
    const auto send = [&] {
      if (request->with_proofs()) {
        batch.mutable_proofs()->set_checkpoint(log.Checkpoint(log.SignedSize()));
      }
      if (change_batch) change_batch(&batch);
      writer->Write(batch);
      batch.Clear();
    };
    for (uint64_t i = request->from_sequence(); i < end; ++i) {
      event::v1::Entry entry;
      SCRUTINY_CHECK(entry.ParseFromString(log.entries()[i]));
      const auto& prefixes = request->filter().record_prefixes();
      const bool wanted = std::any_of(prefixes.begin(), prefixes.end(), [&](const auto& prefix) {
        return ledger::IsSegmentPrefix(prefix, entry.proposed().record());
      });
      if (!prefixes.empty() && !wanted) continue;
      batch.add_entries(log.entries()[i]);
      if (request->with_proofs()) {
        *batch.mutable_proofs()->add_entries() = log.Proof(i, log.SignedSize());
      }
      if (static_cast<size_t>(batch.entries_size()) == batch_entries) send();
    }
    if (!batch.entries().empty()) send();
    return grpc::Status::OK;
  }

  grpc::Status GetStatus(grpc::ServerContext*, const ledger::v1::GetStatusRequest*,
                         ledger::v1::GetStatusResponse* response) override {
    *response = status;
    return grpc::Status::OK;
  }

  grpc::Status GetRecord(grpc::ServerContext*, const ledger::v1::GetRecordRequest* request,
                         ledger::v1::GetRecordResponse* response) override {
    response->set_record(request->record());
    for (const std::string& bytes : log.History(request->record())) response->add_entries(bytes);
    if (response->entries().empty()) return grpc::Status(grpc::StatusCode::NOT_FOUND, "none");
    response->set_state(ledger::v1::RECORD_STATE_HELD);
    response->set_revision(static_cast<uint64_t>(response->entries_size()));
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
    if (!request.with_proof() || request.validate_only()) return;
    // The log grows to where the receipt says its entries are.
    while (log.entries().size() < next_sequence_) log.Add("actions/log/1");
    receipt->set_checkpoint(log.Checkpoint(next_sequence_));
    for (ledger::v1::EntryReceipt& entry : *receipt->mutable_entries()) {
      const ledger::v1::EntryProof proof = log.Proof(entry.sequence(), next_sequence_);
      entry.set_leaf_hash(proof.leaf_hash());
      *entry.mutable_inclusion_path() = proof.inclusion_path();
    }
    if (change_receipt) change_receipt(receipt);
  }

  std::unique_ptr<grpc::Server> server_;
  std::string address_;
  uint64_t next_sequence_ = 100;
};

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_TOOLS_FAKE_LEDGER_H_
