// services/grpc/server.h
// The gRPC server: ledger, registers, health and reflection on one port.
//
// Guarantees:  Start returns once it serves. Shutdown takes no new calls, lets those under way end,
//              ends subscriptions and streams with UNAVAILABLE, and cancels what is left at the
//              deadline.
// Threads:     thread-safe.
// Lifetime:    borrows ledger, registers and clock, which must outlive it.
// Errors:      INVALID_ARGUMENT (not a loopback address, or no address), UNAVAILABLE (the port is
//              taken).
// Limits:      kMessageBytesMax a request; kStreamsPerConnectionMax calls a connection;
//              kTransportBytesMax for all connections' buffers.
// Tests:       tests/services/grpc/server_test.cc
#ifndef SCRUTINY_SERVICES_GRPC_SERVER_H_
#define SCRUTINY_SERVICES_GRPC_SERVER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "ledger/append/ledger.h"
#include "ledger/base/clock.h"
#include "ledger/checkpoint/checkpointer.h"
#include "ledger/papers/paper_store.h"
#include "projections/queries/register_store.h"
#include "services/grpc/ledger_service.h"

namespace scrutiny::services {

struct ServerOptions {
  std::string listen = "127.0.0.1:7443";         // port 0 picks a free one
  std::string version;                           // shown by GetStatus
  ledger::Checkpointer* checkpointer = nullptr;  // null: nothing is signed
  ledger::PaperStore* papers = nullptr;          // null: no PaperService
  AddStatus add_status;                          // what others know, for GetStatus; may be empty
};

class GrpcServer {
 public:
  static absl::StatusOr<std::unique_ptr<GrpcServer>> Start(const ServerOptions& options,
                                                           ledger::Ledger& ledger,
                                                           projections::RegisterStore* registers,
                                                           ledger::Clock& clock);
  virtual ~GrpcServer() = default;

  // Where it listens, with the port that was chosen.
  virtual const std::string& address() const = 0;

  // What the health service says of a name, such as `register/actions`.
  virtual void SetHealth(const std::string& name, bool serving) = 0;

  // Ends everything, at the latest after so long. The destructor does it without waiting.
  virtual void Shutdown(int64_t timeout_micros) = 0;
};

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_GRPC_SERVER_H_
