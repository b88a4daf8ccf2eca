// tests/crash/proof_clients.h
// Clients that work until their server is gone, and tell the oracle what they were told.
#ifndef SCRUTINY_TESTS_CRASH_PROOF_CLIENTS_H_
#define SCRUTINY_TESTS_CRASH_PROOF_CLIENTS_H_

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "grpcpp/grpcpp.h"

#include "ledger/format/hash.h"
#include "ledger/merkle/proof.h"
#include "ledger/note/tlog_proof.h"
#include "scrutiny/ledger/v1/ledger.grpc.pb.h"
#include "scrutiny/ledger/v1/proof.grpc.pb.h"
#include "scrutiny/ledger/v1/seal.grpc.pb.h"
#include "tests/crash/proof_oracle.h"
#include "tests/support/facts.h"

namespace scrutiny::crash {

namespace api = ::scrutiny::ledger::v1;

// Every sealed text holds it, so that one search finds any.
inline constexpr char kSecretMark[] = "Secret of somebody";
inline constexpr int kSubjects = 12;

inline std::string SubjectOf(uint64_t i) { return absl::StrCat("persons/p-", i % kSubjects); }

inline std::shared_ptr<grpc::Channel> ChannelTo(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

// A finding whose detail is sealed for the subject.
inline api::AppendRequest SealedFinding(const std::string& id, const std::string& subject,
                                        const std::string& detail) {
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
  fact.mutable_seals(0)->set_sealed_for(subject);
  return request;
}

// Appends with proof, sealed and not.
inline void LoadReceipts(const std::string& address, const std::string& prefix, uint64_t seed,
                         ProofOracle& oracle) {
  std::mt19937_64 random(seed);
  const auto stub = api::LedgerService::NewStub(ChannelTo(address));
  for (int i = 0;; ++i) {
    const std::string id = absl::StrCat(prefix, "-", i);
    Sealed sealed;
    api::AppendRequest request;
    if (random() % 2 == 0) {
      sealed.subject = SubjectOf(random());
      sealed.detail = absl::StrCat(kSecretMark, " ", id);
      request = SealedFinding(id, sealed.subject, sealed.detail);
    } else {
      request.set_request_id(id);
      const uint64_t facts = 1 + random() % 40;
      for (uint64_t k = 0; k < facts; ++k) {
        *request.add_facts()->mutable_proposed() =
            testing::ActionRaised(absl::StrCat("actions/", id, "/", k), "Do it.");
      }
    }
    request.set_with_proof(true);
    grpc::ClientContext context;
    api::AppendResponse response;
    if (!stub->Append(&context, request, &response).ok()) return;
    oracle.AddReceipt(response.receipt());
    if (sealed.subject.empty()) continue;
    sealed.sequence = response.receipt().first_sequence();
    oracle.AddSealed(std::move(sealed));
  }
}

// Asks for checkpoints and for proofs of what is there; now and then for another key.
inline void LoadProofs(const std::string& address, const std::string& prefix, uint64_t seed,
                       ProofOracle& oracle) {
  std::mt19937_64 random(seed);
  const auto stub = api::ProofService::NewStub(ChannelTo(address));
  for (int i = 0;; ++i) {
    api::GetCheckpointResponse newest;
    {
      grpc::ClientContext context;
      if (!stub->GetCheckpoint(&context, api::GetCheckpointRequest(), &newest).ok()) return;
      oracle.AddCheckpoint(newest.checkpoint());
      for (const std::string& key : newest.verifier_keys()) oracle.AddKey(key);
    }
    {
      grpc::ClientContext context;
      api::GetProofRequest request;
      request.set_sequence(random() % newest.size());
      api::GetProofResponse response;
      if (!stub->GetProof(&context, request, &response).ok()) return;
      const auto file = ledger::ParseTlogProof(response.tlog_proof());
      if (!file.ok()) continue;
      Proof proof{file->index.value(), response.leaf_hash(), {}, file->checkpoint};
      for (const ledger::Hash& hash : file->path) {
        proof.path.emplace_back(ledger::AsBytes(hash));
      }
      oracle.AddProof(std::move(proof));
    }
    if (i != 5) continue;
    grpc::ClientContext context;
    api::RotateKeyRequest request;
    request.set_request_id(absl::StrCat("rotate-", prefix));
    request.set_reason("To be sure.");
    api::RotateKeyResponse response;
    if (!stub->RotateKey(&context, request, &response).ok()) return;
    oracle.AddKey(response.verifier_key());
  }
}

inline void LoadErasures(const std::string& address, const std::string& prefix, uint64_t seed,
                         ProofOracle& oracle) {
  std::mt19937_64 random(seed);
  const auto stub = api::SealService::NewStub(ChannelTo(address));
  for (int i = 0;; ++i) {
    api::EraseSubjectRequest request;
    request.set_request_id(absl::StrCat("erase-", prefix, "-", i));
    request.set_subject(SubjectOf(random()));
    request.set_reason("Asked for by the person.");
    request.set_authority("Data protection officer");
    oracle.SendErasure(request);
    grpc::ClientContext context;
    api::EraseSubjectResponse response;
    const grpc::Status status = stub->EraseSubject(&context, request, &response);
    // Nothing may be sealed for this one yet, or not since the last time.
    if (status.ok()) oracle.AcknowledgeErasure(request.request_id(), response.sequence());
    if (!status.ok() && status.error_code() != grpc::StatusCode::NOT_FOUND) return;
  }
}

inline void LoadBackups(const std::string& address, const std::string& prefix,
                        const std::string& folder, ProofOracle& oracle) {
  const auto stub = api::ProofService::NewStub(ChannelTo(address));
  for (int i = 0;; ++i) {
    api::BackupRequest request;
    request.set_directory(absl::StrCat(folder, "/", prefix, "-", i));
    oracle.AddBackup(request.directory(), false);
    grpc::ClientContext context;
    const auto reader = stub->Backup(&context, request);
    api::BackupResponse response;
    bool done = false;
    while (reader->Read(&response)) done = response.done();
    if (!reader->Finish().ok()) return;
    oracle.AddBackup(request.directory(), done);
  }
}

}  // namespace scrutiny::crash

#endif  // SCRUTINY_TESTS_CRASH_PROOF_CLIENTS_H_
