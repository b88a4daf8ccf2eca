#include "services/grpc/register_service.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

#include "ledger/base/limits.h"
#include "ledger/base/status.h"
#include "projections/queries/query.h"
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
using google::protobuf::Message;
using grpc::ByteBuffer;
using grpc::CallbackServerContext;
using projections::Query;
using projections::QueryContext;
using projections::RegisterStore;

// Queries at once.
constexpr size_t kQueryThreads = 2;
// How long a query that waits for a minimum sequence holds a thread, and when it looks again.
constexpr int64_t kBriefWaitMicros = 2'000;
constexpr int64_t kLookAgainMicros = 5'000;

// The methods that stream; all others are queries.
using Methods = api::RegisterService::WithRawCallbackMethod_ListRegisters<
    api::RegisterService::WithRawCallbackMethod_Rebuild<api::RegisterService::Service>>;

const google::protobuf::ServiceDescriptor& ServiceDescriptor() {
  return *api::ListActionsRequest::descriptor()->file()->FindServiceByName("RegisterService");
}

// The view asked for: `view`, or that to which another is compared.
const api::View& ViewOf(const Message& request) {
  for (const char* name : {"view", "to"}) {
    const auto* field = request.GetDescriptor()->FindFieldByName(name);
    if (field == nullptr || field->message_type() != api::View::descriptor()) continue;
    return static_cast<const api::View&>(request.GetReflection()->GetMessage(request, field));
  }
  return api::View::default_instance();
}

class RegisterServiceImpl final : public RegisterService, public Methods {
 public:
  RegisterServiceImpl(RegisterStore& registers, ledger::Ledger& ledger,
                      ledger::Checkpointer* checkpointer, ledger::Clock& clock,
                      const ledger::PaperStore* papers)
      : registers_(registers),
        papers_(papers),
        clock_(clock),
        zone_(ledger, clock),
        queries_(kQueryThreads),
        rebuilds_(1),
        prover_(ledger, checkpointer, queries_) {
    for (const Query& query : projections::AllQueries()) Serve(query);
  }

  grpc::Service* service() override { return this; }
  void Close() override { closing_.store(true); }

  grpc::ServerUnaryReactor* ListRegisters(CallbackServerContext* context, const ByteBuffer* request,
                                          ByteBuffer* response) override {
    return AnswerOn<api::ListRegistersRequest, api::ListRegistersResponse>(
        queries_, context, request, response, [this](const api::ListRegistersRequest& asked) {
          return registers_.ListRegisters(asked, clock_.WallMicros());
        });
  }

  grpc::ServerWriteReactor<ByteBuffer>* Rebuild(CallbackServerContext* /*context*/,
                                                const ByteBuffer* request) override {
    return ProgressStream<api::RebuildRequest, api::RebuildResponse>::Start(
        rebuilds_, closing_, request, [this](const api::RebuildRequest& asked, const auto& report) {
          return registers_.Rebuild(asked, report);
        });
  }

 private:
  // A query on its way. Shared by the tasks that look again whether it can be answered.
  struct Asked {
    const Query* query;
    CallbackServerContext* context;
    grpc::ServerUnaryReactor* reactor;
    ByteBuffer* response;
    std::unique_ptr<Message> request;
    int64_t give_up_at = 0;
  };

  // As the generated code serves a method, by its place in the service.
  void Serve(const Query& query) {
    const auto* method = ServiceDescriptor().FindMethodByName(query.method);
    SCRUTINY_CHECK(method != nullptr) << query.method << " is no method of the service";
    MarkMethodRawCallback(method->index(),
                          new grpc::internal::CallbackUnaryHandler<ByteBuffer, ByteBuffer>(
                              [this, &query](CallbackServerContext* context,
                                             const ByteBuffer* request, ByteBuffer* response) {
                                return Ask(query, context, request, response);
                              }));
  }

  // Answers once the registers have come to the minimum sequence asked for. What waits for that
  // holds no thread.
  grpc::ServerUnaryReactor* Ask(const Query& query, CallbackServerContext* context,
                                const ByteBuffer* bytes, ByteBuffer* response) {
    auto asked = std::make_shared<Asked>();
    asked->query = &query;
    asked->context = context;
    asked->reactor = context->DefaultReactor();
    asked->response = response;
    asked->request.reset(query.request->New());
    asked->give_up_at = clock_.MonotonicMicros() + ledger::kMinimumSequenceWaitMaxMicros;
    grpc::ServerUnaryReactor* const reactor = asked->reactor;
    const absl::Status posted = queries_.TryPost([this, asked, bytes] {
      if (absl::Status status = ParseRequest(*bytes, asked->request.get()); !status.ok()) {
        asked->reactor->Finish(ToGrpc(status));
      } else {
        TryToAnswer(asked);
      }
    });
    if (!posted.ok()) reactor->Finish(ToGrpc(posted));
    return reactor;
  }

  void TryToAnswer(const std::shared_ptr<Asked>& asked) {
    const api::View& view = ViewOf(*asked->request);
    if (view.has_min_sequence()) {
      const absl::Status level =
          registers_.WaitForPosition(ledger::Sequence(view.min_sequence()), kBriefWaitMicros);
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
    const std::unique_ptr<Message> answer(asked->query->response->New());
    absl::Status status = registers_.Answer(*asked->query, *asked->request, Now(), answer.get());
    if (status.ok() && view.with_proofs()) status = AddProofs(answer.get());
    if (status.ok()) *asked->response = ToBuffer(*answer);
    asked->reactor->Finish(ToGrpc(status));
  }

  absl::Status AddProofs(Message* answer) {
    SCRUTINY_ASSIGN_OR_RETURN(scrutiny::ledger::v1::Proofs proofs,
                              prover_.Prove(EntriesOfRows(*answer)));
    const auto* field = answer->GetDescriptor()->FindFieldByName("basis");
    SCRUTINY_CHECK(field != nullptr) << answer->GetTypeName() << " has no basis";
    auto* const basis =
        static_cast<api::Basis*>(answer->GetReflection()->MutableMessage(answer, field));
    *basis->mutable_proofs() = std::move(proofs);
    return absl::OkStatus();
  }

  QueryContext Now() {
    QueryContext context;
    const absl::TimeZone zone = zone_.Get();
    context.today = zone_.Today();
    context.day_of = [zone](int64_t micros) { return DayIn(zone, micros); };
    if (papers_ != nullptr) {
      context.paper_held = [this](absl::string_view sha256) {
        ledger::Hash hash;
        if (sha256.size() != hash.size()) return false;
        std::copy(sha256.begin(), sha256.end(), hash.begin());
        return papers_->Find(hash).has_value();
      };
    }
    return context;
  }

  RegisterStore& registers_;
  const ledger::PaperStore* const papers_;
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
                                                         ledger::Clock& clock,
                                                         const ledger::PaperStore* papers) {
  return std::make_unique<RegisterServiceImpl>(registers, ledger, checkpointer, clock, papers);
}

}  // namespace scrutiny::services
