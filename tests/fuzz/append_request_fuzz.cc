// Append requests as their bytes come over the wire: refused with a reason, or taken as they are.
#include <string>

#include "grpcpp/support/byte_buffer.h"

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "scrutiny/ledger/v1/ledger.pb.h"
#include "services/grpc/append.h"
#include "services/grpc/wire.h"
#include "tests/fuzz/fuzz.h"

namespace scrutiny::services {
namespace {

namespace api = ::scrutiny::ledger::v1;

void CheckRefused(const absl::Status& status) {
  fuzz::CheckRefusal(status);
  SCRUTINY_CHECK(ledger::IsValidUtf8(status.message()));
}

template <typename Request>
absl::optional<Request> Parsed(absl::string_view bytes) {
  const grpc::ByteBuffer buffer = ToBuffer(std::string(bytes));
  Request request;
  if (const absl::Status parsed = ParseAppend(buffer, &request); !parsed.ok()) {
    CheckRefused(parsed);
    return absl::nullopt;
  }
  if (const absl::Status checked = CheckAppend(request); !checked.ok()) {
    CheckRefused(checked);
    return absl::nullopt;
  }
  return request;
}

void CheckTaken(api::AppendRequest request) {
  const auto facts = static_cast<size_t>(request.facts_size());
  const auto guards = static_cast<size_t>(request.guards_size());
  SCRUTINY_CHECK(facts <= ledger::kAppendFactsMax && guards <= ledger::kGuardsMax);
  const std::string id = request.request_id();
  const ledger::NewAppend append = TakeAppend(std::move(request));
  SCRUTINY_CHECK(append.facts.size() == facts && append.guards.size() == guards);
  SCRUTINY_CHECK(append.request_id == id);
}

}  // namespace
}  // namespace scrutiny::services

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace scrutiny::services;  // NOLINT: a target is one function
  const absl::string_view bytes = scrutiny::fuzz::AsView(data, size);
  if (const auto request = Parsed<api::AppendRequest>(bytes); request.has_value()) {
    CheckTaken(*request);
  }
  if (const auto request = Parsed<api::AppendStreamRequest>(bytes); request.has_value()) {
    CheckTaken(request->append());
  }
  const grpc::ByteBuffer buffer = ToBuffer(std::string(bytes));
  api::AppendRequest request;
  if (request.ParseFromArray(data, static_cast<int>(size))) {
    // What is looked for without parsing is what parsing finds.
    SCRUTINY_CHECK(FlagIn(buffer, api::AppendRequest::kValidateOnlyFieldNumber) ==
                   request.validate_only());
  } else {
    CheckRefused(ExplainUnreadable(bytes, request));
  }
  return 0;
}
