// tests/tools/scrutinyd/daemon_test.h
// A scrutinyd in a process and a folder of its own, with the stubs to talk to it and the command to
// run another beside it.
#ifndef SCRUTINY_TESTS_TOOLS_SCRUTINYD_DAEMON_TEST_H_
#define SCRUTINY_TESTS_TOOLS_SCRUTINYD_DAEMON_TEST_H_

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"

#include "ledger/note/checkpoint.h"
#include "ledger/note/vkey.h"
#include "scrutiny/ledger/v1/ledger.grpc.pb.h"
#include "scrutiny/ledger/v1/proof.grpc.pb.h"
#include "scrutiny/ledger/v1/seal.grpc.pb.h"
#include "services/http/client.h"
#include "tests/support/server_process.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::testing {

namespace api = ::scrutiny::ledger::v1;

inline std::string ReadFileBytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

class DaemonTest : public ::testing::Test {
 protected:
  std::shared_ptr<grpc::Channel> Channel() {
    return grpc::CreateChannel(server_.address(), grpc::InsecureChannelCredentials());
  }
  std::unique_ptr<api::LedgerService::Stub> Stub() {
    return api::LedgerService::NewStub(Channel());
  }
  std::unique_ptr<api::ProofService::Stub> Proofs() {
    return api::ProofService::NewStub(Channel());
  }
  std::unique_ptr<api::SealService::Stub> Seals() { return api::SealService::NewStub(Channel()); }

  // Appends so many facts with texts of this length.
  grpc::Status Append(const std::string& id, int facts, size_t bytes = 20) {
    api::AppendRequest request;
    request.set_request_id(id);
    for (int i = 0; i < facts; ++i) {
      event::v1::Proposed& proposed = *request.add_facts()->mutable_proposed();
      proposed.set_record(absl::StrCat("actions/", id, "/", i));
      proposed.mutable_action_raised()->set_title("Provide crime data");
      proposed.mutable_action_raised()->set_detail(std::string(bytes, 'x'));
    }
    grpc::ClientContext context;
    api::AppendResponse response;
    return Stub()->Append(&context, request, &response);
  }
  // A finding with a part that is sealed; where it is.
  grpc::Status AppendSealed(const std::string& id, const std::string& detail,
                            const std::string& sealed_for, uint64_t* sequence = nullptr) {
    api::AppendRequest request;
    request.set_request_id(id);
    api::NewFact& fact = *request.add_facts();
    fact.mutable_proposed()->set_record(absl::StrCat("findings/", id));
    event::v1::FindingRecorded& finding = *fact.mutable_proposed()->mutable_finding_recorded();
    finding.set_scheme("schemes/custody");
    finding.set_title("Meals were late");
    finding.set_grade(event::v1::FINDING_GRADE_CONCERN);
    finding.set_personal_detail(detail);
    fact.add_seals()->set_field_path("finding_recorded.personal_detail");
    fact.mutable_seals(0)->set_sealed_for(sealed_for);
    grpc::ClientContext context;
    api::AppendResponse response;
    const grpc::Status status = Stub()->Append(&context, request, &response);
    if (sequence != nullptr) *sequence = response.receipt().first_sequence();
    return status;
  }
  grpc::Status Open(uint64_t sequence, api::OpenSealedResponse* response) {
    grpc::ClientContext context;
    api::OpenSealedRequest request;
    request.set_sequence(sequence);
    return Seals()->OpenSealed(&context, request, response);
  }
  api::GetStatusResponse Status() {
    grpc::ClientContext context;
    api::GetStatusResponse response;
    const grpc::Status status = Stub()->GetStatus(&context, api::GetStatusRequest(), &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  uint64_t Size() { return Status().size(); }
  event::v1::Entry EntryAt(uint64_t sequence) {
    grpc::ClientContext context;
    api::GetProofRequest request;
    request.set_sequence(sequence);
    request.set_tree_size(sequence + 1);
    api::GetProofResponse response;
    event::v1::Entry entry;
    EXPECT_TRUE(Proofs()->GetProof(&context, request, &response).ok());
    EXPECT_TRUE(entry.ParseFromString(response.entry()));
    return entry;
  }
  api::GetCheckpointResponse GetCheckpoint() {
    grpc::ClientContext context;
    api::GetCheckpointResponse response;
    const grpc::Status status =
        Proofs()->GetCheckpoint(&context, api::GetCheckpointRequest(), &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  // The newest checkpoint, once it covers all there is; it must verify under the keys it comes
  // with.
  ledger::Checkpoint CheckpointOfAll() {
    const uint64_t size = Size();
    api::GetProofResponse proof;
    api::GetProofRequest request;
    request.set_sequence(size - 1);
    grpc::ClientContext context;
    EXPECT_TRUE(Proofs()->GetProof(&context, request, &proof).ok());
    const api::GetCheckpointResponse newest = GetCheckpoint();
    std::vector<ledger::VerifierKey> keys;
    for (const std::string& text : newest.verifier_keys()) {
      const auto key = ledger::ParseVerifierKey(text);
      EXPECT_THAT(key, IsOk());
      if (key.ok()) keys.push_back(*key);
    }
    const auto checkpoint = ledger::OpenCheckpoint(newest.checkpoint(), keys);
    EXPECT_THAT(checkpoint, IsOk());
    return checkpoint.ok() ? *checkpoint : ledger::Checkpoint();
  }
  grpc::Status Backup(const std::string& folder) {
    grpc::ClientContext context;
    api::BackupRequest request;
    request.set_directory(folder);
    const auto reader = Proofs()->Backup(&context, request);
    api::BackupResponse response;
    while (reader->Read(&response)) {
    }
    return reader->Finish();
  }
  // Everything there is as a file that proves itself.
  void Export(const std::string& file) {
    const ProgramResult exported = RunProgram(
        {ProgramPath("scrutiny"), "--server", server_.address(), "export", "--all", file});
    ASSERT_EQ(exported.exit_code, 0) << exported.err;
  }

  static ProgramResult RunServer(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), ProgramPath("scrutinyd"));
    return RunProgram(arguments);
  }
  // Runs it on free ports with more arguments; it must refuse to start. What it says.
  static std::string Refusal(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--listen", "127.0.0.1:0", "--http", "127.0.0.1:0"});
    const ProgramResult result = RunServer(std::move(arguments));
    EXPECT_EQ(result.exit_code, 1) << result.err;
    EXPECT_THAT(result.err, ::testing::HasSubstr("scrutinyd: "));
    EXPECT_THAT(result.err, ::testing::Not(::testing::HasSubstr("terminate")));
    return result.err;
  }
  absl::StatusOr<services::HttpResponse> Get(const std::string& path) {
    return services::HttpClient().Get(absl::StrCat("http://", server_.http_address(), path));
  }
  std::string ReadPortFile() { return ReadFileBytes(dir_.File("port")); }

  // A copy of a folder as it lies there.
  static void CopyFolder(const std::string& from, const std::string& to) {
    std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
  }

  TempDir dir_;
  ServerProcess server_{dir_.path()};
};

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_TOOLS_SCRUTINYD_DAEMON_TEST_H_
