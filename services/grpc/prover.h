// services/grpc/prover.h
// Proofs for answers: the inclusion paths of entries under the newest signed checkpoint, waiting
// for the next signature where none covers them yet.
//
// Guarantees:  all proofs of one call are under one checkpoint.
// Threads:     thread-safe. ProveReceipt does not wait: it answers on a worker; without proof, on
//              the calling thread or the checkpointer's. The others work and wait where they are
//              called, at most for the next signature.
// Lifetime:    borrows ledger, checkpointer and workers, which must outlive its calls.
// Errors:      UNAVAILABLE while no checkpoint can be signed; kBeyondHead; kQueueFull where too
//              many wait; kOverLimit for proofs that do not fit an answer; those of reading.
// Limits:      proofs of one answer: half of kMessageBytesMax.
// Tests:       tests/services/grpc/proof_service_test.cc
#ifndef SCRUTINY_SERVICES_GRPC_PROVER_H_
#define SCRUTINY_SERVICES_GRPC_PROVER_H_

#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "ledger/append/ledger.h"
#include "ledger/checkpoint/checkpointer.h"
#include "scrutiny/ledger/v1/ledger.pb.h"
#include "scrutiny/ledger/v1/proof.pb.h"
#include "services/grpc/workers.h"

namespace scrutiny::services {

class Prover {
 public:
  // `checkpointer` may be null: then nothing is signed.
  Prover(ledger::Ledger& ledger, ledger::Checkpointer* checkpointer, Workers& workers)
      : ledger_(ledger), checkpointer_(checkpointer), workers_(workers) {}

  // Adds the proofs to a receipt and calls `done`. What was recorded is recorded: where none can be
  // made, the receipt stays without.
  void ProveReceipt(scrutiny::ledger::v1::Receipt* receipt, std::function<void()> done) const;

  // The proofs of these entries, which must be in order and each once.
  absl::StatusOr<scrutiny::ledger::v1::Proofs> Prove(
      const std::vector<ledger::Sequence>& sequences) const;

  // The newest checkpoint, or the next where that does not cover so many entries. kBeyondHead for
  // more than there are.
  absl::StatusOr<ledger::PublishedCheckpointPtr> Covering(ledger::TreeSize size) const;

  // See ProofService in the protos.
  absl::StatusOr<scrutiny::ledger::v1::GetProofResponse> GetProof(
      const scrutiny::ledger::v1::GetProofRequest& asked) const;
  absl::StatusOr<scrutiny::ledger::v1::GetConsistencyResponse> GetConsistency(
      const scrutiny::ledger::v1::GetConsistencyRequest& asked) const;
  absl::StatusOr<scrutiny::ledger::v1::GetCheckpointResponse> GetCheckpoint() const;

 private:
  absl::Status PutPaths(const ledger::PublishedCheckpoint& checkpoint,
                        scrutiny::ledger::v1::Receipt* receipt) const;

  ledger::Ledger& ledger_;
  ledger::Checkpointer* const checkpointer_;
  Workers& workers_;
};

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_GRPC_PROVER_H_
