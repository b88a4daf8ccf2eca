// projections/queries/query.h
// A query as services see it: an RPC of RegisterService, whatever it asks. All of them are in one
// list, so that a query that is added there is served.
//
// Threads:  immutable; asking is thread-safe.
// Errors:   those of Scope; kNotFound, kMalformed for what a filter names.
// Tests:    tests/projections/queries
#ifndef SCRUTINY_PROJECTIONS_QUERIES_QUERY_H_
#define SCRUTINY_PROJECTIONS_QUERIES_QUERY_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message.h"

#include "ledger/base/status.h"
#include "projections/engine/engine.h"
#include "projections/queries/register_store.h"

namespace scrutiny::projections {

struct Query {
  std::string method;  // of RegisterService
  const google::protobuf::Message* request;
  const google::protobuf::Message* response;
  // The messages are of the types above.
  std::function<absl::Status(Engine& engine, const google::protobuf::Message& request,
                             const QueryContext& context, google::protobuf::Message* response)>
      ask;
};

template <typename Request, typename Response>
Query MakeQuery(std::string method,
                absl::StatusOr<Response> (*ask)(Engine&, const Request&, const QueryContext&)) {
  return {std::move(method), &Request::default_instance(), &Response::default_instance(),
          [ask](Engine& engine, const google::protobuf::Message& request,
                const QueryContext& context, google::protobuf::Message* response) -> absl::Status {
            SCRUTINY_ASSIGN_OR_RETURN(static_cast<Response&>(*response),
                                      ask(engine, static_cast<const Request&>(request), context));
            return absl::OkStatus();
          }};
}

// All queries, each method once.
const std::vector<Query>& AllQueries();
// Null if there is none of that method.
const Query* FindQuery(const std::string& method);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_QUERY_H_
