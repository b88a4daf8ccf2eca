// tests/services/grpc/sealed.h
// Facts with parts that are sealed, and a server with the stubs for them.
#ifndef SCRUTINY_TESTS_SERVICES_GRPC_SEALED_H_
#define SCRUTINY_TESTS_SERVICES_GRPC_SEALED_H_

#include <memory>
#include <string>
#include <utility>

#include "scrutiny/ledger/v1/seal.grpc.pb.h"
#include "tests/services/grpc/fixture.h"

namespace scrutiny::testing {

inline constexpr char kPersonalPath[] = "finding_recorded.personal_detail";
inline constexpr char kRestrictedPath[] = "finding_recorded.restricted_detail";

inline event::v1::Proposed Finding(const std::string& record) {
  event::v1::Proposed proposed;
  proposed.set_record(record);
  proposed.mutable_occurred()->set_on("2019-05-02");
  event::v1::FindingRecorded& finding = *proposed.mutable_finding_recorded();
  finding.set_scheme("schemes/custody");
  finding.set_title("Meals were late");
  finding.set_grade(event::v1::FINDING_GRADE_CONCERN);
  return proposed;
}

inline void AddSeal(api::NewFact* fact, const std::string& path, const std::string& sealed_for) {
  api::SealRequest* const seal = fact->add_seals();
  seal->set_field_path(path);
  seal->set_sealed_for(sealed_for);
}

// One finding whose personal detail is sealed for somebody.
inline api::AppendRequest SealedFinding(const std::string& id, const std::string& record,
                                        const std::string& detail, const std::string& sealed_for) {
  api::AppendRequest request = GrpcTest::RequestOf(id, {Finding(record)});
  request.mutable_facts(0)->mutable_proposed()->mutable_finding_recorded()->set_personal_detail(
      detail);
  AddSeal(request.mutable_facts(0), kPersonalPath, sealed_for);
  return request;
}

class SealTest : public GrpcTest {
 protected:
  void SetUp() override {
    signs_ = true;
    seals_ = true;
    StartAll();
  }
  void TearDown() override {
    stub_of_seals_.reset();
    Stop();
  }
  void StartAll() {
    ASSERT_NO_FATAL_FAILURE(Start());
    stub_of_seals_ = api::SealService::NewStub(channel_);
  }
  void Restart() {
    stub_of_seals_.reset();
    Stop();
    StartAll();
  }

  // Appends and says where; fails the test if it is refused.
  uint64_t Record(const api::AppendRequest& request) {
    api::AppendResponse response;
    const grpc::Status status = Append(request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.receipt().first_sequence();
  }
  api::OpenSealedResponse Open(uint64_t sequence) {
    api::OpenSealedResponse response;
    const grpc::Status status = Open(sequence, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  grpc::Status Open(uint64_t sequence, api::OpenSealedResponse* response) {
    grpc::ClientContext context;
    api::OpenSealedRequest request;
    request.set_sequence(sequence);
    return stub_of_seals_->OpenSealed(&context, request, response);
  }
  grpc::Status List(const api::ListSubjectRequest& request, api::ListSubjectResponse* response) {
    grpc::ClientContext context;
    return stub_of_seals_->ListSubject(&context, request, response);
  }
  grpc::Status ListFor(const std::string& subject, api::ListSubjectResponse* response) {
    api::ListSubjectRequest request;
    request.set_subject(subject);
    return List(request, response);
  }
  static api::EraseSubjectRequest Erasure(const std::string& id, const std::string& subject) {
    api::EraseSubjectRequest request;
    request.set_request_id(id);
    request.set_subject(subject);
    request.set_reason("Asked for by the person.");
    request.set_authority("Data protection officer");
    return request;
  }
  grpc::Status Erase(const api::EraseSubjectRequest& request, api::EraseSubjectResponse* response) {
    grpc::ClientContext context;
    return stub_of_seals_->EraseSubject(&context, request, response);
  }
  grpc::Status Preview(const std::string& subject, api::EraseSubjectResponse* response) {
    api::EraseSubjectRequest request;
    request.set_subject(subject);
    request.set_preview(true);
    return Erase(request, response);
  }
  grpc::Status BackupKeys(const std::string& folder, api::BackupKeysResponse* response) {
    grpc::ClientContext context;
    api::BackupKeysRequest request;
    request.set_directory(folder);
    return stub_of_seals_->BackupKeys(&context, request, response);
  }

  std::unique_ptr<api::SealService::Stub> stub_of_seals_;
};

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_SERVICES_GRPC_SEALED_H_
