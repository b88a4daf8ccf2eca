#include "tools/scrutiny-verify/witness_http.h"

#include <utility>

#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace scrutiny::tools::verify {
namespace {

services::HttpResponse ToHttp(ledger::WitnessAnswer answer) {
  return {
      .status = answer.status,
      .headers = {{"Content-Type", std::move(answer.content_type)}, {"Cache-Control", "no-store"}},
      .body = std::move(answer.body)};
}

}  // namespace

services::HttpResponse AnswerAsWitness(ledger::Witness& witness,
                                       const services::HttpRequest& request) {
  if (request.target == "/add-checkpoint") {
    if (request.method != "POST") return services::MethodNotAllowed("POST");
    return ToHttp(witness.Add(request.body));
  }
  if (request.method != "GET") return services::MethodNotAllowed("GET, HEAD");
  if (request.target == "/") return ToHttp(witness.Describe());
  absl::string_view origin_hash = request.target;
  if (absl::ConsumePrefix(&origin_hash, "/") && absl::ConsumeSuffix(&origin_hash, "/checkpoint")) {
    return ToHttp(witness.Latest(origin_hash));
  }
  return services::TextResponse(404, "There is nothing here. See / for what there is.");
}

}  // namespace scrutiny::tools::verify
