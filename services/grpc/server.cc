#include "services/grpc/server.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/resource_quota.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/status.h"
#include "services/grpc/ledger_service.h"
#include "services/grpc/paper_service.h"
#include "services/grpc/proof_service.h"
#include "services/grpc/register_service.h"
#include "services/grpc/seal_service.h"
#include "services/http/address.h"

namespace scrutiny::services {
namespace {

using ledger::Error;
using ledger::Reason;

constexpr int kStreamsPerConnectionMax = 2048;
constexpr size_t kTransportBytesMax = 96 * ledger::kMiB;
// How often a client may ask whether the connection is alive.
constexpr int kKeepalivePingMs = 10'000;

constexpr const char* kServices[] = {
    "scrutiny.ledger.v1.LedgerService", "scrutiny.ledger.v1.ProofService",
    "scrutiny.ledger.v1.SealService", "scrutiny.ledger.v1.PaperService",
    "scrutiny.register.v1.RegisterService"};

class GrpcServerImpl final : public GrpcServer {
 public:
  GrpcServerImpl(const ServerOptions& options, ledger::Ledger& ledger,
                 projections::RegisterStore* registers, ledger::Clock& clock)
      : ledger_service_(LedgerService::Create(ledger, options.checkpointer, options.version,
                                              options.add_status)),
        proof_service_(ProofService::Create(ledger, options.checkpointer, clock, options.papers)),
        seal_service_(SealService::Create(ledger)),
        paper_service_(options.papers == nullptr ? nullptr
                                                 : PaperService::Create(*options.papers, ledger)),
        register_service_(registers == nullptr
                              ? nullptr
                              : RegisterService::Create(*registers, ledger, options.checkpointer,
                                                        clock, options.papers)) {}

  ~GrpcServerImpl() override { Shutdown(0); }

  absl::Status Listen(const ServerOptions& options) {
    SCRUTINY_ASSIGN_OR_RETURN(ListenAddress listen, ParseListenAddress(options.listen, true));
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();

    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort(listen.ToString(), grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(ledger_service_->service());
    builder.RegisterService(proof_service_->service());
    builder.RegisterService(seal_service_->service());
    if (paper_service_ != nullptr) builder.RegisterService(paper_service_->service());
    if (register_service_ != nullptr) builder.RegisterService(register_service_->service());
    builder.SetMaxReceiveMessageSize(static_cast<int>(ledger::kMessageBytesMax));
    builder.SetResourceQuota(grpc::ResourceQuota("scrutiny").Resize(kTransportBytesMax));
    // A second server on the same port is refused, not given half of the connections.
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kStreamsPerConnectionMax);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                               kKeepalivePingMs);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || port == 0) {
      server_.reset();
      return Error(absl::StatusCode::kUnavailable, Reason::kUnspecified,
                   absl::StrCat("Cannot listen on ", options.listen,
                                ": the port is taken, or the address is not this machine's."))
          .Field("listen")
          .Value(options.listen)
          .Next("End what listens there, or choose another port; 0 picks a free one.");
    }
    listen.port = static_cast<uint16_t>(port);
    address_ = listen.ToString();
    SetServing(true);
    return absl::OkStatus();
  }

  const std::string& address() const override { return address_; }

  void SetHealth(const std::string& name, bool serving) override {
    grpc::HealthCheckServiceInterface* const health =
        server_ == nullptr ? nullptr : server_->GetHealthCheckService();
    if (health != nullptr) health->SetServingStatus(name, serving);
  }

  void Shutdown(int64_t timeout_micros) override {
    if (server_ == nullptr) return;
    SetServing(false);
    ledger_service_->Close();
    proof_service_->Close();
    if (register_service_ != nullptr) register_service_->Close();
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::microseconds(timeout_micros));
    server_->Wait();
    server_.reset();
  }

 private:
  void SetServing(bool serving) {
    grpc::HealthCheckServiceInterface* const health = server_->GetHealthCheckService();
    if (health == nullptr) return;
    health->SetServingStatus(serving);
    for (const char* const name : kServices) health->SetServingStatus(name, serving);
  }

  std::unique_ptr<LedgerService> ledger_service_;
  std::unique_ptr<ProofService> proof_service_;
  std::unique_ptr<SealService> seal_service_;
  std::unique_ptr<PaperService> paper_service_;
  std::unique_ptr<RegisterService> register_service_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<GrpcServer>> GrpcServer::Start(const ServerOptions& options,
                                                              ledger::Ledger& ledger,
                                                              projections::RegisterStore* registers,
                                                              ledger::Clock& clock) {
  auto server = std::make_unique<GrpcServerImpl>(options, ledger, registers, clock);
  SCRUTINY_RETURN_IF_ERROR(server->Listen(options));
  return std::unique_ptr<GrpcServer>(std::move(server));
}

}  // namespace scrutiny::services
