// services/grpc/proof_service.h
// ProofService: checkpoints, proofs, the key's change, backups.
//
// Guarantees:  those of the RPCs' comments.
// Threads:     thread-safe; kProofThreads workers for proofs, one for backups, so that a backup
//              delays no proof. Its destructor waits for a backup that is being made.
// Lifetime:    borrows ledger, checkpointer and clock; closed before the gRPC server is shut down.
// Limits:      kCallsWaitingMax calls wait for each kind of worker.
// Tests:       tests/services/grpc/proof_service_test.cc
#ifndef SCRUTINY_SERVICES_GRPC_PROOF_SERVICE_H_
#define SCRUTINY_SERVICES_GRPC_PROOF_SERVICE_H_

#include <memory>

#include "grpcpp/impl/service_type.h"

#include "ledger/append/ledger.h"
#include "ledger/base/clock.h"
#include "ledger/checkpoint/checkpointer.h"
#include "ledger/papers/paper_store.h"

namespace scrutiny::services {

class ProofService {
 public:
  virtual ~ProofService() = default;

  // `checkpointer` may be null: then there are proofs of hashes, and none is signed. `papers` go
  // into backups; it may be null too.
  static std::unique_ptr<ProofService> Create(ledger::Ledger& ledger,
                                              ledger::Checkpointer* checkpointer,
                                              ledger::Clock& clock,
                                              const ledger::PaperStore* papers = nullptr);

  virtual grpc::Service* service() = 0;
  virtual void Close() = 0;
};

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_GRPC_PROOF_SERVICE_H_
