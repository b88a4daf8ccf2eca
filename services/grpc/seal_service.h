// services/grpc/seal_service.h
// SealService: opening sealed parts, what is held under a subject, erasing it.
//
// Guarantees:  those of the RPCs' comments; plaintext is in the answers alone. Without a key store
//              every call is UNIMPLEMENTED / SEALS_UNAVAILABLE.
// Threads:     thread-safe; erasures have a worker of their own and run one after another. Its
//              destructor waits for one that is under way.
// Lifetime:    borrows the ledger.
// Limits:      kCallsWaitingMax calls wait for each kind of worker.
// Tests:       tests/services/grpc/seal_service_test.cc
#ifndef SCRUTINY_SERVICES_GRPC_SEAL_SERVICE_H_
#define SCRUTINY_SERVICES_GRPC_SEAL_SERVICE_H_

#include <memory>

#include "grpcpp/impl/service_type.h"

#include "ledger/append/ledger.h"

namespace scrutiny::services {

class SealService {
 public:
  virtual ~SealService() = default;

  static std::unique_ptr<SealService> Create(ledger::Ledger& ledger);

  virtual grpc::Service* service() = 0;
};

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_GRPC_SEAL_SERVICE_H_
