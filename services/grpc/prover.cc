#include "services/grpc/prover.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "ledger/append/tree.h"
#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/status.h"
#include "ledger/note/tlog_proof.h"

namespace scrutiny::services {
namespace {

namespace api = ::scrutiny::ledger::v1;
using ledger::Error;
using ledger::Hash;
using ledger::PublishedCheckpoint;
using ledger::PublishedCheckpointPtr;
using ledger::Reason;
using ledger::Sequence;
using ledger::TreeSize;

// What proofs may take of a message, beside what they prove.
constexpr size_t kProofsBytesMax = ledger::kMessageBytesMax / 2;

template <typename Repeated>
void PutHashes(const std::vector<Hash>& hashes, Repeated* out) {
  for (const Hash& hash : hashes) {
    out->Add(std::string(reinterpret_cast<const char*>(hash.data()), hash.size()));
  }
}

void PutHash(const Hash& hash, std::string* out) {
  out->assign(reinterpret_cast<const char*>(hash.data()), hash.size());
}

absl::Status NoCheckpoints() {
  return Error(absl::StatusCode::kUnavailable, Reason::kUnspecified,
               "This server signs no checkpoints.")
      .Next("Ask the operator; `scrutiny status` says why.");
}

}  // namespace

absl::StatusOr<PublishedCheckpointPtr> Prover::Covering(TreeSize size) const {
  if (checkpointer_ == nullptr) return NoCheckpoints();
  if (size > ledger_.size()) {
    return Error(Reason::kBeyondHead, absl::StrCat("The ledger has ", ledger_.size().value(),
                                                   " entries, not ", size.value(), " or more."))
        .Value(size.ToString());
  }
  return checkpointer_->WaitCovered(size);
}

absl::Status Prover::PutPaths(const PublishedCheckpoint& checkpoint, api::Receipt* receipt) const {
  std::vector<Sequence> sequences;
  for (const api::EntryReceipt& entry : receipt->entries()) {
    sequences.emplace_back(entry.sequence());
  }
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::vector<Hash>> paths,
                            ledger_.tree().Inclusions(sequences, checkpoint.checkpoint.size));
  for (size_t i = 0; i < paths.size(); ++i) {
    PutHashes(paths[i], receipt->mutable_entries(static_cast<int>(i))->mutable_inclusion_path());
  }
  receipt->set_checkpoint(checkpoint.note);
  return absl::OkStatus();
}

void Prover::ProveReceipt(api::Receipt* receipt, std::function<void()> done) const {
  if (checkpointer_ == nullptr || receipt->entries().empty()) {
    done();
    return;
  }
  const TreeSize size(receipt->entries(receipt->entries_size() - 1).sequence() + 1);
  checkpointer_->WhenCovered(size, [this, receipt, done = std::move(done)](
                                       absl::StatusOr<PublishedCheckpointPtr> covering) {
    if (!covering.ok()) {
      done();
      return;
    }
    // Paths take longer to make than a signature: not on the thread that signs.
    workers_.Post([this, receipt, done, checkpoint = *std::move(covering)] {
      ledger::IgnoreError(PutPaths(*checkpoint, receipt),
                          "the entries are recorded; without proof the receipt still says so");
      done();
    });
  });
}

absl::StatusOr<api::Proofs> Prover::Prove(const std::vector<Sequence>& sequences) const {
  api::Proofs proofs;
  const TreeSize least = sequences.empty() ? TreeSize(0) : ledger::SizeThrough(sequences.back());
  SCRUTINY_ASSIGN_OR_RETURN(const PublishedCheckpointPtr covering, Covering(least));
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::vector<Hash>> paths,
                            ledger_.tree().Inclusions(sequences, covering->checkpoint.size));
  size_t bytes = 0;
  for (size_t i = 0; i < sequences.size(); ++i) {
    api::EntryProof* const proof = proofs.add_entries();
    proof->set_sequence(sequences[i].value());
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<ledger::ChunkPtr> chunks,
                              ledger_.Chunks(sequences[i], 1));
    const absl::string_view leaf =
        chunks.front()->leaf_hash(sequences[i] - chunks.front()->first());
    proof->set_leaf_hash(leaf.data(), leaf.size());
    PutHashes(paths[i], proof->mutable_inclusion_path());
    bytes += 64 + paths[i].size() * (sizeof(Hash) + 2);
    if (bytes > kProofsBytesMax) {
      return Error(Reason::kOverLimit, "The proofs of so many entries do not fit one answer.")
          .Next("Ask for smaller pages, or for proofs one by one.");
    }
  }
  proofs.set_checkpoint(covering->note);
  return proofs;
}

absl::StatusOr<api::GetProofResponse> Prover::GetProof(const api::GetProofRequest& asked) const {
  const Sequence sequence(asked.sequence());
  api::GetProofResponse response;
  SCRUTINY_ASSIGN_OR_RETURN(*response.mutable_entry(), ledger_.EntryBytes(sequence));
  PutHash(ledger::LeafHash(response.entry()), response.mutable_leaf_hash());

  PublishedCheckpointPtr covering;
  if (!asked.has_tree_size()) {
    SCRUTINY_ASSIGN_OR_RETURN(covering, Covering(ledger::SizeThrough(sequence)));
  } else if (checkpointer_ != nullptr) {
    covering = checkpointer_->newest();
  }
  const TreeSize size =
      asked.has_tree_size() ? TreeSize(asked.tree_size()) : covering->checkpoint.size;
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<Hash> path, ledger_.tree().Inclusion(sequence, size));
  SCRUTINY_ASSIGN_OR_RETURN(const Hash root, ledger_.tree().Root(size));
  response.set_tree_size(size.value());
  PutHash(root, response.mutable_root());
  PutHashes(path, response.mutable_inclusion_path());
  if (covering != nullptr && covering->checkpoint.size == size) {
    ledger::TlogProof proof;
    proof.index = sequence;
    proof.path = path;
    proof.checkpoint = covering->note;
    response.set_tlog_proof(ledger::Format(proof));
  }
  return response;
}

absl::StatusOr<api::GetConsistencyResponse> Prover::GetConsistency(
    const api::GetConsistencyRequest& asked) const {
  PublishedCheckpointPtr newest;
  if (checkpointer_ != nullptr) newest = checkpointer_->newest();
  if (!asked.has_new_size() && newest == nullptr) return NoCheckpoints();
  const TreeSize old_size(asked.old_size());
  const TreeSize new_size =
      asked.has_new_size() ? TreeSize(asked.new_size()) : newest->checkpoint.size;
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<Hash> path,
                            ledger_.tree().Consistency(old_size, new_size));
  api::GetConsistencyResponse response;
  response.set_old_size(old_size.value());
  response.set_new_size(new_size.value());
  SCRUTINY_ASSIGN_OR_RETURN(const Hash old_root, ledger_.tree().Root(old_size));
  SCRUTINY_ASSIGN_OR_RETURN(const Hash new_root, ledger_.tree().Root(new_size));
  PutHash(old_root, response.mutable_old_root());
  PutHash(new_root, response.mutable_new_root());
  PutHashes(path, response.mutable_consistency_path());
  if (newest != nullptr && newest->checkpoint.size == new_size) {
    response.set_checkpoint(newest->note);
  }
  return response;
}

absl::StatusOr<api::GetCheckpointResponse> Prover::GetCheckpoint() const {
  if (checkpointer_ == nullptr) return NoCheckpoints();
  // Whoever has just recorded something finds it covered; where none can be signed now, the newest
  // there is still says what it says.
  ledger::IgnoreError(checkpointer_->WaitCovered(ledger_.size()).status(), "see above");
  const ledger::CheckpointStatus status = checkpointer_->status();
  if (status.newest == nullptr) return NoCheckpoints();
  api::GetCheckpointResponse response;
  response.set_checkpoint(status.newest->note);
  for (const std::string& key : status.verifier_keys) response.add_verifier_keys(key);
  response.set_size(status.newest->checkpoint.size.value());
  response.set_signed_at_us(status.newest->signed_at_us);
  return response;
}

}  // namespace scrutiny::services
