// services/grpc/ledger_service.h
// LedgerService on one ledger: takes each call to where it is answered.
//
// Guarantees:  those of the RPCs' comments; nothing of it waits on gRPC's threads.
// Threads:     thread-safe.
// Lifetime:    borrows the ledger. Close ends subscriptions and streams of appends; then the gRPC
//              server is shut down, then this may go.
// Tests:       tests/services/grpc
#ifndef SCRUTINY_SERVICES_GRPC_LEDGER_SERVICE_H_
#define SCRUTINY_SERVICES_GRPC_LEDGER_SERVICE_H_

#include <functional>
#include <memory>
#include <string>

#include "grpcpp/impl/service_type.h"

#include "ledger/append/ledger.h"
#include "ledger/checkpoint/checkpointer.h"
#include "scrutiny/ledger/v1/ledger.pb.h"

namespace scrutiny::services {

using AddStatus = std::function<void(scrutiny::ledger::v1::GetStatusResponse*)>;

class LedgerService {
 public:
  virtual ~LedgerService() = default;

  // `checkpointer` may be null: then receipts come without proofs. `add_status` puts into a status
  // what others know; it may be empty.
  static std::unique_ptr<LedgerService> Create(ledger::Ledger& ledger,
                                               ledger::Checkpointer* checkpointer,
                                               std::string version, AddStatus add_status);

  // What is registered with the gRPC server.
  virtual grpc::Service* service() = 0;

  // Ends subscriptions, and streams of appends once what they took is answered.
  virtual void Close() = 0;
};

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_GRPC_LEDGER_SERVICE_H_
