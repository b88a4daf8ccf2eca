#include "services/grpc/register_service.h"

#include <atomic>
#include <cstddef>
#include <functional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "scrutiny/register/v1/register.grpc.pb.h"
#include "services/grpc/office_zone.h"
#include "services/grpc/rebuild_stream.h"
#include "services/grpc/unary.h"
#include "services/grpc/workers.h"

namespace scrutiny::services {
namespace {

namespace api = ::scrutiny::register_::v1;
using grpc::ByteBuffer;
using grpc::CallbackServerContext;
using projections::QueryContext;
using projections::RegisterStore;

// Queries at once: most of those that hold a thread wait for a minimum sequence.
constexpr size_t kQueryThreads = 8;

using Api = api::RegisterService;
using Methods = Api::WithRawCallbackMethod_ListActions<
    Api::WithRawCallbackMethod_ListForwardPlan<Api::WithRawCallbackMethod_ListDecisions<
        Api::WithRawCallbackMethod_ListResolutions<Api::WithRawCallbackMethod_ListAssurance<
            Api::WithRawCallbackMethod_ListFindings<Api::WithRawCallbackMethod_ListSessions<
                Api::WithRawCallbackMethod_ListSchemes<Api::WithRawCallbackMethod_ListMeetings<
                    Api::WithRawCallbackMethod_GetMeeting<Api::WithRawCallbackMethod_ListRegisters<
                        Api::WithRawCallbackMethod_Rebuild<Api::Service>>>>>>>>>>>>;

class RegisterServiceImpl final : public RegisterService, public Methods {
 public:
  RegisterServiceImpl(RegisterStore& registers, ledger::Ledger& ledger, ledger::Clock& clock)
      : registers_(registers), zone_(ledger, clock), queries_(kQueryThreads), rebuilds_(1) {}

  grpc::Service* service() override { return this; }
  void Close() override { closing_.store(true); }

  grpc::ServerUnaryReactor* ListActions(CallbackServerContext* context, const ByteBuffer* request,
                                        ByteBuffer* response) override {
    return Ask(&RegisterStore::ListActions, context, request, response);
  }

  grpc::ServerUnaryReactor* ListForwardPlan(CallbackServerContext* context,
                                            const ByteBuffer* request,
                                            ByteBuffer* response) override {
    return Ask(&RegisterStore::ListForwardPlan, context, request, response);
  }

  grpc::ServerUnaryReactor* ListDecisions(CallbackServerContext* context, const ByteBuffer* request,
                                          ByteBuffer* response) override {
    return Ask(&RegisterStore::ListDecisions, context, request, response);
  }

  grpc::ServerUnaryReactor* ListResolutions(CallbackServerContext* context,
                                            const ByteBuffer* request,
                                            ByteBuffer* response) override {
    return Ask(&RegisterStore::ListResolutions, context, request, response);
  }

  grpc::ServerUnaryReactor* ListAssurance(CallbackServerContext* context, const ByteBuffer* request,
                                          ByteBuffer* response) override {
    return Ask(&RegisterStore::ListAssurance, context, request, response);
  }

  grpc::ServerUnaryReactor* ListFindings(CallbackServerContext* context, const ByteBuffer* request,
                                         ByteBuffer* response) override {
    return Ask(&RegisterStore::ListFindings, context, request, response);
  }

  grpc::ServerUnaryReactor* ListSessions(CallbackServerContext* context, const ByteBuffer* request,
                                         ByteBuffer* response) override {
    return Ask(&RegisterStore::ListSessions, context, request, response);
  }

  grpc::ServerUnaryReactor* ListSchemes(CallbackServerContext* context, const ByteBuffer* request,
                                        ByteBuffer* response) override {
    return Ask(&RegisterStore::ListSchemes, context, request, response);
  }

  grpc::ServerUnaryReactor* ListMeetings(CallbackServerContext* context, const ByteBuffer* request,
                                         ByteBuffer* response) override {
    return Ask(&RegisterStore::ListMeetings, context, request, response);
  }

  grpc::ServerUnaryReactor* GetMeeting(CallbackServerContext* context, const ByteBuffer* request,
                                       ByteBuffer* response) override {
    return Ask(&RegisterStore::GetMeeting, context, request, response);
  }

  grpc::ServerUnaryReactor* ListRegisters(CallbackServerContext* context, const ByteBuffer* request,
                                          ByteBuffer* response) override {
    return AnswerOn<api::ListRegistersRequest, api::ListRegistersResponse>(
        queries_, context, request, response,
        [this](const api::ListRegistersRequest& asked) { return registers_.ListRegisters(asked); });
  }

  grpc::ServerWriteReactor<ByteBuffer>* Rebuild(CallbackServerContext* /*context*/,
                                                const ByteBuffer* request) override {
    return AnswerRebuild(registers_, rebuilds_, closing_, request);
  }

 private:
  // Answers with one of the store's queries.
  template <typename Request, typename Response>
  grpc::ServerUnaryReactor* Ask(
      absl::StatusOr<Response> (RegisterStore::*query)(const Request&, const QueryContext&),
      CallbackServerContext* context, const ByteBuffer* request, ByteBuffer* response) {
    return AnswerOn<Request, Response>(
        queries_, context, request, response,
        [this, query](const Request& asked) { return (registers_.*query)(asked, Now()); });
  }

  QueryContext Now() {
    QueryContext context;
    const absl::TimeZone zone = zone_.Get();
    context.today = zone_.Today();
    context.day_of = [zone](int64_t micros) { return DayIn(zone, micros); };
    return context;
  }

  RegisterStore& registers_;
  OfficeZone zone_;
  std::atomic<bool> closing_{false};
  Workers queries_;
  Workers rebuilds_;
};

}  // namespace

std::unique_ptr<RegisterService> RegisterService::Create(RegisterStore& registers,
                                                         ledger::Ledger& ledger,
                                                         ledger::Clock& clock) {
  return std::make_unique<RegisterServiceImpl>(registers, ledger, clock);
}

}  // namespace scrutiny::services
