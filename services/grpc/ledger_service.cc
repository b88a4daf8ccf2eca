#include "services/grpc/ledger_service.h"

#include <utility>

#include "ledger/base/clock.h"
#include "ledger/base/status.h"
#include "scrutiny/ledger/v1/ledger.grpc.pb.h"
#include "services/grpc/append.h"
#include "services/grpc/prover.h"
#include "services/grpc/read_stream.h"
#include "services/grpc/records.h"
#include "services/grpc/subscribe_stream.h"
#include "services/grpc/subscription_hub.h"
#include "services/grpc/unary.h"
#include "services/grpc/workers.h"

namespace scrutiny::services {
namespace {

namespace api = ::scrutiny::ledger::v1;
using grpc::ByteBuffer;
using grpc::CallbackServerContext;
using ledger::Ledger;

// Threads that read and look up; more would only compete for the disk.
constexpr size_t kReadThreads = 2;

// Every method takes and gives bytes: requests are parsed by us (wire.h), and entries go out as
// they are stored.
using Api = api::LedgerService;
using Methods = Api::WithRawCallbackMethod_Append<Api::WithRawCallbackMethod_AppendStream<
    Api::WithRawCallbackMethod_Read<Api::WithRawCallbackMethod_Subscribe<
        Api::WithRawCallbackMethod_GetRecord<Api::WithRawCallbackMethod_Resolve<
            Api::WithRawCallbackMethod_ListRecords<Api::WithRawCallbackMethod_GetStatus<
                Api::WithRawCallbackMethod_ConfirmClock<Api::Service>>>>>>>>>;

class LedgerServiceImpl final : public LedgerService, public Methods {
 public:
  LedgerServiceImpl(Ledger& ledger, ledger::Checkpointer* checkpointer, std::string version,
                    AddStatus add_status)
      : ledger_(ledger),
        checkpointer_(checkpointer),
        version_(std::move(version)),
        add_status_(std::move(add_status)),
        readers_(kReadThreads),
        lookups_(kReadThreads),
        provers_(kReadThreads),
        prover_(ledger, checkpointer, provers_),
        hub_(ledger, readers_),
        streams_(ledger, prover_) {}

  ~LedgerServiceImpl() override {
    Close();
    // What still waits there looks at the hub.
    readers_.Stop();
    lookups_.Stop();
    provers_.Stop();
  }

  grpc::Service* service() override { return this; }

  void Close() override {
    hub_.Close();
    streams_.Close();
  }

  grpc::ServerUnaryReactor* Append(CallbackServerContext* context, const ByteBuffer* request,
                                   ByteBuffer* response) override {
    return AnswerAppend(ledger_, prover_, context, request, response);
  }

  grpc::ServerBidiReactor<ByteBuffer, ByteBuffer>* AppendStream(
      CallbackServerContext* /*context*/) override {
    return streams_.Start();
  }

  grpc::ServerWriteReactor<ByteBuffer>* Read(CallbackServerContext* /*context*/,
                                             const ByteBuffer* request) override {
    return AnswerRead(ledger_, prover_, readers_, reads_, request);
  }

  grpc::ServerWriteReactor<ByteBuffer>* Subscribe(CallbackServerContext* /*context*/,
                                                  const ByteBuffer* request) override {
    return AnswerSubscribe(ledger_, readers_, hub_, request);
  }

  grpc::ServerUnaryReactor* GetRecord(CallbackServerContext* context, const ByteBuffer* request,
                                      ByteBuffer* response) override {
    return AnswerOn<api::GetRecordRequest, api::GetRecordResponse>(
        lookups_, context, request, response,
        [this](const api::GetRecordRequest& asked) { return services::GetRecord(ledger_, asked); });
  }

  grpc::ServerUnaryReactor* Resolve(CallbackServerContext* context, const ByteBuffer* request,
                                    ByteBuffer* response) override {
    return AnswerOn<api::ResolveRequest, api::ResolveResponse>(
        lookups_, context, request, response,
        [this](const api::ResolveRequest& asked) { return services::Resolve(ledger_, asked); });
  }

  grpc::ServerUnaryReactor* ListRecords(CallbackServerContext* context, const ByteBuffer* request,
                                        ByteBuffer* response) override {
    return AnswerOn<api::ListRecordsRequest, api::ListRecordsResponse>(
        lookups_, context, request, response, [this](const api::ListRecordsRequest& asked) {
          return services::ListRecords(ledger_, asked);
        });
  }

  grpc::ServerUnaryReactor* GetStatus(CallbackServerContext* context, const ByteBuffer* request,
                                      ByteBuffer* response) override {
    return AnswerOn<api::GetStatusRequest, api::GetStatusResponse>(
        lookups_, context, request, response,
        [this](const api::GetStatusRequest&) { return Status(); });
  }

  grpc::ServerUnaryReactor* ConfirmClock(CallbackServerContext* context, const ByteBuffer* request,
                                         ByteBuffer* response) override {
    return AnswerOn<api::ConfirmClockRequest, api::ConfirmClockResponse>(
        lookups_, context, request, response,
        [this](const api::ConfirmClockRequest& asked) { return Confirm(asked); });
  }

 private:
  absl::StatusOr<api::GetStatusResponse> Status() {
    const ledger::LedgerStatus status = ledger_.status();
    api::GetStatusResponse response;
    response.set_ledger_id(status.identity.ledger_id);
    response.set_incarnation(status.identity.incarnation);
    response.set_origin(status.identity.origin);
    response.set_format_version(status.identity.format_version);
    response.set_size(status.size.value());
    response.set_head_recorded_at_us(status.head_recorded_at_us);
    response.set_indexed_size(status.indexed.value());
    response.set_queued_appends(status.queued_appends);
    response.set_read_only_because(status.read_only_because);
    response.set_clock_unconfirmed(status.clock_unconfirmed);
    response.set_clock_message(status.clock_message);
    response.set_subscribers(hub_.subscribers());
    response.set_server_time_us(ledger::SystemClock().WallMicros());
    response.set_server_version(version_);
    if (checkpointer_ != nullptr) {
      const ledger::CheckpointStatus checkpoints = checkpointer_->status();
      if (checkpoints.newest != nullptr) {
        response.set_checkpoint_size(checkpoints.newest->checkpoint.size.value());
        response.set_checkpoint_at_us(checkpoints.newest->signed_at_us);
      }
      response.set_checkpoint_problem(checkpoints.problem);
    } else {
      response.set_checkpoint_problem("This server has no key to sign with.");
    }
    if (add_status_) add_status_(&response);
    return response;
  }

  absl::StatusOr<api::ConfirmClockResponse> Confirm(const api::ConfirmClockRequest& asked) {
    SCRUTINY_ASSIGN_OR_RETURN(
        const ledger::Receipt receipt,
        ledger_.ConfirmClock(LocalPrincipal(), asked.request_id(), asked.reason()));
    api::ConfirmClockResponse response;
    response.set_sequence(receipt.first.value());
    return response;
  }

  Ledger& ledger_;
  ledger::Checkpointer* const checkpointer_;
  const std::string version_;
  const AddStatus add_status_;
  Workers readers_;  // streams
  Workers lookups_;  // calls that may wait for the index
  Workers provers_;  // receipts that wait for their proofs
  Prover prover_;
  SubscriptionHub hub_;
  AppendStreams streams_;
  std::atomic<int> reads_{0};
};

}  // namespace

std::unique_ptr<LedgerService> LedgerService::Create(Ledger& ledger,
                                                     ledger::Checkpointer* checkpointer,
                                                     std::string version, AddStatus add_status) {
  return std::make_unique<LedgerServiceImpl>(ledger, checkpointer, std::move(version),
                                             std::move(add_status));
}

}  // namespace scrutiny::services
