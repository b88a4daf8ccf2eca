#include "services/grpc/register_service.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "ledger/base/limits.h"
#include "scrutiny/register/v1/register.grpc.pb.h"
#include "services/grpc/office_zone.h"
#include "services/grpc/progress_stream.h"
#include "services/grpc/prover.h"
#include "services/grpc/row_proofs.h"
#include "services/grpc/status.h"
#include "services/grpc/unary.h"
#include "services/grpc/wire.h"
#include "services/grpc/workers.h"

namespace scrutiny::services {
namespace {

namespace api = ::scrutiny::register_::v1;
using grpc::ByteBuffer;
using grpc::CallbackServerContext;
using projections::QueryContext;
using projections::RegisterStore;

// Queries at once.
constexpr size_t kQueryThreads = 2;
// How long a query that waits for a minimum sequence holds a thread, and when it looks again.
constexpr int64_t kBriefWaitMicros = 2'000;
constexpr int64_t kLookAgainMicros = 5'000;

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
  RegisterServiceImpl(RegisterStore& registers, ledger::Ledger& ledger,
                      ledger::Checkpointer* checkpointer, ledger::Clock& clock)
      : registers_(registers),
        clock_(clock),
        zone_(ledger, clock),
        queries_(kQueryThreads),
        rebuilds_(1),
        prover_(ledger, checkpointer, queries_) {}

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
    return ProgressStream<api::RebuildRequest, api::RebuildResponse>::Start(
        rebuilds_, closing_, request, [this](const api::RebuildRequest& asked, const auto& report) {
          return registers_.Rebuild(asked, report);
        });
  }

 private:
  template <typename Request, typename Response>
  using Query = absl::StatusOr<Response> (RegisterStore::*)(const Request&, const QueryContext&);

  // A query on its way. Shared by the tasks that look again whether it can be answered.
  template <typename Request, typename Response>
  struct Asked {
    Query<Request, Response> query;
    CallbackServerContext* context;
    grpc::ServerUnaryReactor* reactor;
    ByteBuffer* response;
    Request request;
    int64_t give_up_at = 0;
  };

  // Answers with one of the store's queries, once it has come to the minimum sequence asked for.
  // What waits for that holds no thread.
  template <typename Request, typename Response>
  grpc::ServerUnaryReactor* Ask(Query<Request, Response> query, CallbackServerContext* context,
                                const ByteBuffer* bytes, ByteBuffer* response) {
    auto asked = std::make_shared<Asked<Request, Response>>();
    asked->query = query;
    asked->context = context;
    asked->reactor = context->DefaultReactor();
    asked->response = response;
    asked->give_up_at = clock_.MonotonicMicros() + ledger::kMinimumSequenceWaitMaxMicros;
    grpc::ServerUnaryReactor* const reactor = asked->reactor;
    const absl::Status posted = queries_.TryPost([this, asked, bytes] {
      if (absl::Status status = ParseRequest(*bytes, &asked->request); !status.ok()) {
        asked->reactor->Finish(ToGrpc(status));
      } else {
        TryToAnswer(asked);
      }
    });
    if (!posted.ok()) reactor->Finish(ToGrpc(posted));
    return reactor;
  }

  template <typename Request, typename Response>
  void TryToAnswer(const std::shared_ptr<Asked<Request, Response>>& asked) {
    if (asked->request.view().has_min_sequence()) {
      const absl::Status level = registers_.WaitForPosition(
          ledger::Sequence(asked->request.view().min_sequence()), kBriefWaitMicros);
      if (closing_.load()) {
        asked->reactor->Finish(
            grpc::Status(grpc::StatusCode::UNAVAILABLE, "The server is shutting down."));
        return;
      }
      if (!level.ok() && !asked->context->IsCancelled() &&
          clock_.MonotonicMicros() < asked->give_up_at) {
        queries_.After(kLookAgainMicros, [this, asked] { TryToAnswer(asked); });
        return;
      }
      if (!level.ok()) {
        asked->reactor->Finish(ToGrpc(level));
        return;
      }
    }
    absl::StatusOr<Response> answer = (registers_.*asked->query)(asked->request, Now());
    if (answer.ok() && asked->request.view().with_proofs()) {
      absl::StatusOr<scrutiny::ledger::v1::Proofs> proofs = prover_.Prove(EntriesOfRows(*answer));
      if (!proofs.ok()) {
        asked->reactor->Finish(ToGrpc(proofs.status()));
        return;
      }
      *answer->mutable_basis()->mutable_proofs() = *std::move(proofs);
    }
    if (answer.ok()) *asked->response = ToBuffer(*answer);
    asked->reactor->Finish(ToGrpc(answer.status()));
  }

  QueryContext Now() {
    QueryContext context;
    const absl::TimeZone zone = zone_.Get();
    context.today = zone_.Today();
    context.day_of = [zone](int64_t micros) { return DayIn(zone, micros); };
    return context;
  }

  RegisterStore& registers_;
  ledger::Clock& clock_;
  OfficeZone zone_;
  std::atomic<bool> closing_{false};
  Workers queries_;
  Workers rebuilds_;
  Prover prover_;
};

}  // namespace

std::unique_ptr<RegisterService> RegisterService::Create(RegisterStore& registers,
                                                         ledger::Ledger& ledger,
                                                         ledger::Checkpointer* checkpointer,
                                                         ledger::Clock& clock) {
  return std::make_unique<RegisterServiceImpl>(registers, ledger, checkpointer, clock);
}

}  // namespace scrutiny::services
