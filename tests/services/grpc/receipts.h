// tests/services/grpc/receipts.h
// What a client does with the proofs in an answer: holds them against the checkpoint, and that
// against the log's keys, with the functions that an auditor uses.
#ifndef SCRUTINY_TESTS_SERVICES_GRPC_RECEIPTS_H_
#define SCRUTINY_TESTS_SERVICES_GRPC_RECEIPTS_H_

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "ledger/base/ids.h"
#include "ledger/base/status.h"
#include "ledger/format/hash.h"
#include "ledger/merkle/proof.h"
#include "ledger/note/checkpoint.h"
#include "ledger/note/tlog_proof.h"
#include "ledger/note/vkey.h"
#include "scrutiny/ledger/v1/ledger.pb.h"
#include "scrutiny/ledger/v1/proof.grpc.pb.h"

namespace scrutiny::testing {

inline absl::StatusOr<ledger::Hash> HashOf(absl::string_view bytes) {
  ledger::Hash hash{};
  if (bytes.size() != hash.size()) return absl::InvalidArgumentError("a hash has 32 bytes");
  std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

template <typename Repeated>
absl::StatusOr<std::vector<ledger::Hash>> HashesOf(const Repeated& hashes) {
  std::vector<ledger::Hash> path;
  for (const std::string& bytes : hashes) {
    SCRUTINY_ASSIGN_OR_RETURN(path.emplace_back(), HashOf(bytes));
  }
  return path;
}

template <typename Texts>
absl::StatusOr<std::vector<ledger::VerifierKey>> KeysOf(const Texts& texts) {
  std::vector<ledger::VerifierKey> keys;
  for (const std::string& text : texts) {
    SCRUTINY_ASSIGN_OR_RETURN(keys.emplace_back(), ledger::ParseVerifierKey(text));
  }
  return keys;
}

// An entry's place in the tree of a checkpoint; what EntryReceipt and EntryProof both are.
template <typename Entry>
absl::Status CheckInclusion(const Entry& entry, const ledger::Checkpoint& checkpoint) {
  SCRUTINY_ASSIGN_OR_RETURN(const ledger::Hash leaf, HashOf(entry.leaf_hash()));
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<ledger::Hash> path, HashesOf(entry.inclusion_path()));
  return ledger::VerifyInclusion(ledger::Sequence(entry.sequence()), checkpoint.size, leaf, path,
                                 checkpoint.root);
}

// All entries of a receipt or of proofs; what they are proved under.
template <typename Proved>
absl::StatusOr<ledger::Checkpoint> CheckProofs(const Proved& proved,
                                               const std::vector<ledger::VerifierKey>& keys) {
  SCRUTINY_ASSIGN_OR_RETURN(const ledger::Checkpoint checkpoint,
                            ledger::OpenCheckpoint(proved.checkpoint(), keys));
  for (const auto& entry : proved.entries()) {
    SCRUTINY_RETURN_IF_ERROR(CheckInclusion(entry, checkpoint));
  }
  return checkpoint;
}

// A consistency proof, for what it says of itself.
inline absl::Status CheckConsistency(const ledger::v1::GetConsistencyResponse& proof) {
  SCRUTINY_ASSIGN_OR_RETURN(const ledger::Hash old_root, HashOf(proof.old_root()));
  SCRUTINY_ASSIGN_OR_RETURN(const ledger::Hash new_root, HashOf(proof.new_root()));
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<ledger::Hash> path,
                            HashesOf(proof.consistency_path()));
  const ledger::TreeSize old_size(proof.old_size());
  // Every ledger begins with nothing; VerifyConsistency takes no such proof.
  if (old_size == ledger::TreeSize(0)) {
    return path.empty() ? absl::OkStatus() : absl::DataLossError("a path from nothing");
  }
  return ledger::VerifyConsistency(old_size, ledger::TreeSize(proof.new_size()), path, old_root,
                                   new_root);
}

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_SERVICES_GRPC_RECEIPTS_H_
