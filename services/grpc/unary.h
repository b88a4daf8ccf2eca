// services/grpc/unary.h
// A unary call answered by a function: parsed, run on the workers, its answer or error sent.
//
// Threads:  the function runs on one of the workers; it may wait.
#ifndef SCRUTINY_SERVICES_GRPC_UNARY_H_
#define SCRUTINY_SERVICES_GRPC_UNARY_H_

#include <functional>
#include <utility>

#include "absl/status/statusor.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"

#include "services/grpc/status.h"
#include "services/grpc/wire.h"
#include "services/grpc/workers.h"

namespace scrutiny::services {

// `answer` is called with the request; `response` lives until the call is finished.
template <typename Request, typename Response>
grpc::ServerUnaryReactor* AnswerOn(Workers& workers, grpc::CallbackServerContext* context,
                                   const grpc::ByteBuffer* bytes, grpc::ByteBuffer* response,
                                   std::function<absl::StatusOr<Response>(const Request&)> answer) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  const absl::Status posted =
      workers.TryPost([reactor, bytes, response, answer = std::move(answer)] {
        Request request;
        if (absl::Status status = ParseRequest(*bytes, &request); !status.ok()) {
          reactor->Finish(ToGrpc(status));
          return;
        }
        absl::StatusOr<Response> answered = answer(request);
        if (!answered.ok()) {
          reactor->Finish(ToGrpc(answered.status()));
          return;
        }
        *response = ToBuffer(*answered);
        reactor->Finish(grpc::Status::OK);
      });
  if (!posted.ok()) reactor->Finish(ToGrpc(posted));
  return reactor;
}

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_GRPC_UNARY_H_
