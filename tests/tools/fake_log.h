// tests/tools/fake_log.h
// A log in memory with real entries, hashes and signatures, and the proofs of it as a server gives
// them; a test may change each answer before it is sent.
//
// Threads:  handlers run on gRPC's threads; a test touches it while no call is under way.
#ifndef SCRUTINY_TESTS_TOOLS_FAKE_LOG_H_
#define SCRUTINY_TESTS_TOOLS_FAKE_LOG_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "grpcpp/grpcpp.h"

#include "ledger/base/ids.h"
#include "ledger/base/status.h"
#include "ledger/format/hash.h"
#include "ledger/merkle/proof.h"
#include "ledger/merkle/tile.h"
#include "ledger/note/base64.h"
#include "ledger/note/checkpoint.h"
#include "ledger/note/signed_note.h"
#include "ledger/note/vkey.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "scrutiny/ledger/v1/proof.grpc.pb.h"

namespace scrutiny::testing {

class FakeLog final : public ledger::v1::ProofService::Service {
 public:
  static constexpr char kOrigin[] = "ledger.example.org";

  FakeLog() {
    std::array<uint8_t, 32> seed{};
    seed.fill(7);
    signers_.push_back(*ledger::Signer::Create(kOrigin, ledger::KeyType::kEd25519,
                                               ledger::SigningKey::FromSeed(seed)));
  }

  // Adds an entry on a record, the next of the log; its bytes.
  std::string Add(const std::string& record, event::v1::Entry entry = {}) {
    entry.mutable_proposed()->set_record(record);
    if (entry.proposed().fact_case() == event::v1::Proposed::FACT_NOT_SET) {
      entry.mutable_proposed()->mutable_action_raised()->set_title(
          absl::StrCat("action ", entries_.size()));
    }
    event::v1::Assigned& assigned = *entry.mutable_assigned();
    assigned.set_sequence(entries_.size());
    std::vector<uint64_t>& history = by_record_[record];
    if (!history.empty()) assigned.set_previous(history.back());
    history.push_back(entries_.size());
    assigned.set_revision(history.size());
    assigned.set_fact_type(static_cast<uint32_t>(entry.proposed().fact_case()));
    // What a verifier asks of an entry taken alone.
    if (assigned.entry_id().empty()) {
      assigned.set_entry_id(absl::StrCat("entry id ", absl::Dec(entries_.size(), absl::kZeroPad7)));
    }
    if (assigned.append_count() == 0) assigned.set_append_count(1);
    entries_.push_back(entry.SerializeAsString());
    return entries_.back();
  }

  const std::vector<std::string>& entries() const { return entries_; }
  std::vector<std::string> History(const std::string& record) const {
    std::vector<std::string> history;
    const auto found = by_record_.find(record);
    if (found == by_record_.end()) return history;
    for (const uint64_t sequence : found->second) history.push_back(entries_[sequence]);
    return history;
  }
  std::string vkey() const { return ledger::ToString(signers_.back().verifier()); }

  std::string Root(uint64_t size) const {
    if (size == 0) return std::string(ledger::AsBytes(ledger::Sha256Of("")));
    Nodes nodes(*this);
    return std::string(ledger::AsBytes(*ledger::RootAt(nodes, ledger::TreeSize(size))));
  }
  std::vector<std::string> Path(uint64_t sequence, uint64_t size) const {
    Nodes nodes(*this);
    return Bytes(
        *ledger::InclusionProof(nodes, ledger::Sequence(sequence), ledger::TreeSize(size)));
  }
  std::string Checkpoint(uint64_t size) const {
    ledger::Checkpoint checkpoint;
    checkpoint.origin = kOrigin;
    checkpoint.size = ledger::TreeSize(size);
    const std::string root = Root(size);
    std::copy(root.begin(), root.end(), checkpoint.root.begin());
    ledger::SignedNote note;
    note.text = ledger::Format(checkpoint);
    note.signatures.push_back(ledger::SignNote(note.text, signers_.back()));
    return ledger::Format(note);
  }
  ledger::v1::EntryProof Proof(uint64_t sequence, uint64_t size) const {
    ledger::v1::EntryProof proof;
    proof.set_sequence(sequence);
    proof.set_leaf_hash(std::string(ledger::AsBytes(ledger::LeafHash(entries_[sequence]))));
    for (const std::string& hash : Path(sequence, size)) proof.add_inclusion_path(hash);
    return proof;
  }

  // The newest size that is signed; all there is if not set.
  uint64_t signed_size = 0;
  std::function<void(ledger::v1::GetCheckpointResponse*)> change_checkpoint;
  std::function<void(ledger::v1::GetProofResponse*)> change_proof;
  std::function<void(ledger::v1::GetConsistencyResponse*)> change_consistency;
  std::vector<ledger::v1::RotateKeyRequest> rotations;
  std::vector<ledger::v1::BackupRequest> backups;
  bool backup_breaks_off = false;

  uint64_t SignedSize() const { return signed_size == 0 ? entries_.size() : signed_size; }

  grpc::Status GetCheckpoint(grpc::ServerContext*, const ledger::v1::GetCheckpointRequest*,
                             ledger::v1::GetCheckpointResponse* response) override {
    response->set_checkpoint(Checkpoint(SignedSize()));
    for (auto signer = signers_.rbegin(); signer != signers_.rend(); ++signer) {
      response->add_verifier_keys(ledger::ToString(signer->verifier()));
    }
    response->set_size(SignedSize());
    if (change_checkpoint) change_checkpoint(response);
    return grpc::Status::OK;
  }

  grpc::Status GetProof(grpc::ServerContext*, const ledger::v1::GetProofRequest* request,
                        ledger::v1::GetProofResponse* response) override {
    const uint64_t size = request->has_tree_size() ? request->tree_size() : SignedSize();
    if (request->sequence() >= size || size > entries_.size()) {
      return grpc::Status(grpc::StatusCode::OUT_OF_RANGE, "beyond the head");
    }
    response->set_entry(entries_[request->sequence()]);
    const ledger::v1::EntryProof proof = Proof(request->sequence(), size);
    response->set_leaf_hash(proof.leaf_hash());
    response->set_tree_size(size);
    response->set_root(Root(size));
    *response->mutable_inclusion_path() = proof.inclusion_path();
    std::string file = absl::StrCat("c2sp.org/tlog-proof@v1\nindex ", request->sequence(), "\n");
    for (const std::string& hash : proof.inclusion_path()) {
      absl::StrAppend(&file, ledger::EncodeBase64(hash), "\n");
    }
    response->set_tlog_proof(absl::StrCat(file, "\n", Checkpoint(size)));
    if (change_proof) change_proof(response);
    return grpc::Status::OK;
  }

  grpc::Status GetConsistency(grpc::ServerContext*,
                              const ledger::v1::GetConsistencyRequest* request,
                              ledger::v1::GetConsistencyResponse* response) override {
    const uint64_t size = request->has_new_size() ? request->new_size() : SignedSize();
    if (request->old_size() > size || size > entries_.size()) {
      return grpc::Status(grpc::StatusCode::OUT_OF_RANGE, "beyond the head");
    }
    response->set_old_size(request->old_size());
    response->set_old_root(Root(request->old_size()));
    response->set_new_size(size);
    response->set_new_root(Root(size));
    if (request->old_size() > 0) {
      Nodes nodes(*this);
      const auto path = *ledger::ConsistencyProof(nodes, ledger::TreeSize(request->old_size()),
                                                  ledger::TreeSize(size));
      for (const std::string& hash : Bytes(path)) response->add_consistency_path(hash);
    }
    if (change_consistency) change_consistency(response);
    return grpc::Status::OK;
  }

  grpc::Status RotateKey(grpc::ServerContext*, const ledger::v1::RotateKeyRequest* request,
                         ledger::v1::RotateKeyResponse* response) override {
    rotations.push_back(*request);
    std::array<uint8_t, 32> seed{};
    seed.fill(static_cast<uint8_t>(8 + signers_.size()));
    signers_.push_back(*ledger::Signer::Create(kOrigin, ledger::KeyType::kEd25519,
                                               ledger::SigningKey::FromSeed(seed)));
    response->set_verifier_key(vkey());
    response->set_sequence(entries_.size());
    response->set_both_sign_until_us(1'800'000'000'000'000);
    return grpc::Status::OK;
  }

  grpc::Status Backup(grpc::ServerContext*, const ledger::v1::BackupRequest* request,
                      grpc::ServerWriter<ledger::v1::BackupResponse>* writer) override {
    backups.push_back(*request);
    ledger::v1::BackupResponse response;
    response.set_bytes_total(20'480);
    for (const uint64_t bytes : {0, 10'240, 20'480}) {
      response.set_bytes_done(bytes);
      writer->Write(response);
    }
    if (backup_breaks_off) return grpc::Status::OK;
    response.set_done(true);
    response.set_size(entries_.size());
    response.set_files(12);
    writer->Write(response);
    return grpc::Status::OK;
  }

 private:
  class Nodes final : public ledger::NodeReader {
   public:
    explicit Nodes(const FakeLog& log) : log_(log) {}
    absl::StatusOr<ledger::Hash> Node(uint8_t level, uint64_t index) override {
      std::vector<ledger::Hash> leaves;
      for (uint64_t i = index << level; i < (index + 1) << level; ++i) {
        leaves.push_back(ledger::LeafHash(log_.entries_[i]));
      }
      return ledger::SubtreeRoot(leaves);
    }

   private:
    const FakeLog& log_;
  };

  static std::vector<std::string> Bytes(absl::Span<const ledger::Hash> hashes) {
    std::vector<std::string> bytes;
    for (const ledger::Hash& hash : hashes) bytes.emplace_back(ledger::AsBytes(hash));
    return bytes;
  }

  std::vector<std::string> entries_;
  std::map<std::string, std::vector<uint64_t>> by_record_;
  std::vector<ledger::Signer> signers_;
};

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_TOOLS_FAKE_LOG_H_
