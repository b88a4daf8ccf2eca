// tests/tools/fake_seals.h
// A seal service whose answers a test chooses.
//
// Threads:  handlers run on gRPC's threads; a test reads what they saw after its call has returned.
#ifndef SCRUTINY_TESTS_TOOLS_FAKE_SEALS_H_
#define SCRUTINY_TESTS_TOOLS_FAKE_SEALS_H_

#include <functional>
#include <vector>

#include "grpcpp/grpcpp.h"

#include "scrutiny/ledger/v1/seal.grpc.pb.h"

namespace scrutiny::testing {

class FakeSeals final : public ledger::v1::SealService::Service {
 public:
  // Answers unless they are not set: then there is no key store.
  std::function<grpc::Status(const ledger::v1::OpenSealedRequest&, ledger::v1::OpenSealedResponse*)>
      on_open;
  std::function<grpc::Status(const ledger::v1::ListSubjectRequest&,
                             ledger::v1::ListSubjectResponse*)>
      on_list;
  std::function<grpc::Status(const ledger::v1::EraseSubjectRequest&,
                             ledger::v1::EraseSubjectResponse*)>
      on_erase;
  std::function<grpc::Status(const ledger::v1::BackupKeysRequest&, ledger::v1::BackupKeysResponse*)>
      on_backup_keys;
  std::vector<ledger::v1::EraseSubjectRequest> erasures;

  grpc::Status OpenSealed(grpc::ServerContext*, const ledger::v1::OpenSealedRequest* request,
                          ledger::v1::OpenSealedResponse* response) override {
    return on_open ? on_open(*request, response) : None();
  }
  grpc::Status ListSubject(grpc::ServerContext*, const ledger::v1::ListSubjectRequest* request,
                           ledger::v1::ListSubjectResponse* response) override {
    return on_list ? on_list(*request, response) : None();
  }
  grpc::Status EraseSubject(grpc::ServerContext*, const ledger::v1::EraseSubjectRequest* request,
                            ledger::v1::EraseSubjectResponse* response) override {
    erasures.push_back(*request);
    return on_erase ? on_erase(*request, response) : None();
  }
  grpc::Status BackupKeys(grpc::ServerContext*, const ledger::v1::BackupKeysRequest* request,
                          ledger::v1::BackupKeysResponse* response) override {
    return on_backup_keys ? on_backup_keys(*request, response) : None();
  }

 private:
  static grpc::Status None() {
    return grpc::Status(grpc::StatusCode::UNIMPLEMENTED, "There is no key store.");
  }
};

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_TOOLS_FAKE_SEALS_H_
