#include "services/grpc/status.h"

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/text.h"

namespace scrutiny::services {
namespace {

namespace api = ::scrutiny::ledger::v1;

// Trailers: the sentence, percent-encoded, and the details, which some transports send as base64.
constexpr size_t kEncodedMessageBytesMax = 3000;
constexpr size_t kDetailsBytesMax = 3400;
// What is kept of each text once the whole is too long.
constexpr size_t kCutTextBytes = 160;

static_assert(static_cast<int>(ledger::Reason::kInternal) == api::ERROR_REASON_INTERNAL,
              "reasons have the same numbers inside and on the wire");
static_assert(static_cast<int>(ledger::Reason::kClock) == api::ERROR_REASON_CLOCK,
              "reasons have the same numbers inside and on the wire");
static_assert(static_cast<int>(absl::StatusCode::kDataLoss) ==
                  static_cast<int>(grpc::StatusCode::DATA_LOSS),
              "absl's codes are gRPC's");

// How long gRPC's percent-encoding makes a message.
size_t EncodedBytes(absl::string_view message) {
  size_t bytes = 0;
  for (const char c : message) bytes += (c >= 0x20 && c < 0x7f && c != '%') ? 1 : 3;
  return bytes;
}

// The message, shortened until it fits into the trailers.
std::string FitMessage(absl::string_view message) {
  size_t keep = ledger::kErrorMessageBytesMax;
  std::string fitted = ledger::Printable(message, keep);
  while (EncodedBytes(fitted) > kEncodedMessageBytesMax) {
    keep = keep * 3 / 4;
    fitted = ledger::Printable(message, keep);
  }
  return fitted;
}

void Shorten(std::string* text) { *text = ledger::Printable(*text, kCutTextBytes); }

}  // namespace

api::ErrorStatus ToErrorStatus(const absl::Status& status) {
  api::ErrorStatus wire;
  wire.set_code(static_cast<int>(status.code()));
  wire.set_message(FitMessage(status.message()));

  const ledger::ErrorInfo info = ledger::InfoOf(status);
  api::ErrorDetail detail;
  detail.set_reason(static_cast<api::ErrorReason>(info.reason));
  detail.set_field(info.field);
  detail.set_record(info.record);
  detail.set_value(info.value);
  detail.set_rule(info.rule);
  detail.set_next(info.next);
  if (info.fact_index.has_value()) detail.set_fact_index(*info.fact_index);

  if (detail.ByteSizeLong() + wire.ByteSizeLong() > kDetailsBytesMax - kCutTextBytes) {
    Shorten(detail.mutable_field());
    Shorten(detail.mutable_value());
    Shorten(detail.mutable_rule());
    Shorten(detail.mutable_next());
  }
  wire.add_details()->PackFrom(detail);
  return wire;
}

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const api::ErrorStatus wire = ToErrorStatus(status);
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), wire.message(),
                      wire.SerializeAsString());
}

}  // namespace scrutiny::services
