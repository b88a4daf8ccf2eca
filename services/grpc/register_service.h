// services/grpc/register_service.h
// RegisterService on a RegisterStore: the wire, the workers and today's date, nothing else.
//
// Guarantees:  those of the RPCs' comments; nothing of it waits on gRPC's threads.
// Threads:     thread-safe.
// Lifetime:    borrows registers and ledger; goes after the gRPC server is shut down.
// Limits:      two queries at once, kCallsWaitingMax queued; one rebuild at a time. A query that
//              waits for a minimum sequence holds no thread.
// Tests:       tests/services/grpc/register_service_test.cc
#ifndef SCRUTINY_SERVICES_GRPC_REGISTER_SERVICE_H_
#define SCRUTINY_SERVICES_GRPC_REGISTER_SERVICE_H_

#include <memory>

#include "grpcpp/impl/service_type.h"

#include "ledger/append/ledger.h"
#include "ledger/base/clock.h"
#include "ledger/checkpoint/checkpointer.h"
#include "ledger/papers/paper_store.h"
#include "projections/queries/register_store.h"

namespace scrutiny::services {

class RegisterService {
 public:
  virtual ~RegisterService() = default;

  // Checkpointer and papers may be null: then nothing can be proved, and nobody knows what is held.
  static std::unique_ptr<RegisterService> Create(projections::RegisterStore& registers,
                                                 ledger::Ledger& ledger,
                                                 ledger::Checkpointer* checkpointer,
                                                 ledger::Clock& clock,
                                                 const ledger::PaperStore* papers);

  // What is registered with the gRPC server.
  virtual grpc::Service* service() = 0;

  // Ends the waiting for rebuilds; they go on when the registers are opened again.
  virtual void Close() = 0;
};

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_GRPC_REGISTER_SERVICE_H_
